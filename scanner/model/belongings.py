"""What a library keeps of a reference beside the reference itself: to find it by, to compare it with, to show it.

Kept apart because of its size: a scan reads the references of a whole library, and these of a few.
"""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.matching import GlobalHash

FEATURES_LIMIT_BYTES = 64 << 10
"""Most bytes that the local features of one reference may take."""
COLLECTION_LIMIT = 80
"""Most characters of a collection's name, which is one line."""


@dataclass(frozen=True, slots=True)
class HashRow:
    """All hashes that one reference has by one algorithm, as they are kept: to be laid into an array without a detour."""

    reference: str
    """Id of the reference."""
    variants: tuple[str, ...]
    bits: bytes
    """The hashes one after the other, equally long, in the order of `variants`."""


@dataclass(frozen=True, slots=True)
class PackedFeatures:
    """The local features of one picture, packed by whoever made them."""

    algorithm: str
    """Name and version; only equal algorithms are compared."""
    count: int
    """Number of points; 0 where the picture is too plain to have any."""
    payload: bytes
    """At most `FEATURES_LIMIT_BYTES`."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """All that is kept of one reference; what is empty is not known, or could not be made."""

    thumbnail: bytes = b""
    """Small JPEG for lists; no part of the library's digest."""
    picture: bytes = b""
    """JPEG or WebP of moderate size: compared where an asset was altered, and shown beside it."""
    hashes: tuple[GlobalHash, ...] = ()
    plain_for: tuple[str, ...] = ()
    """Algorithms of hashes that found every view of the picture too plain: made, with nothing to keep."""
    features: tuple[PackedFeatures, ...] = ()
    """At most one an algorithm."""
    collections: tuple[str, ...] = ()
    """Names of the collections that it belongs to."""


NOTHING = Belongings()


@dataclass(frozen=True, slots=True)
class KnownAlgorithm:
    """An algorithm whose values this scanner can compare, and how long they are."""

    name: str
    bytes_each: int
    """Bytes of one hash, or of one point of local features."""
    bytes_before: int = 0
    """Bytes of local features that stand before the points."""


@dataclass(frozen=True, slots=True)
class KnownAlgorithms:
    """All algorithms that this scanner compares."""

    fingerprints: tuple[KnownAlgorithm, ...]
    hashes: tuple[KnownAlgorithm, ...] = ()
    features: tuple[KnownAlgorithm, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in a library that is not as it should be."""

    reference: str
    """Id of the reference that it is about; empty where it is about the whole library."""
    name: str
    """The reference's name, where there is one."""
    what: str
    """A sentence without its full stop."""
    part: str = ""
    """What can be made anew from the file: ``thumbnail``, ``picture``, ``hashes``, ``features``, ``reference``; or ``orphan``,
    which can be taken out. Empty where nothing can be done here."""
