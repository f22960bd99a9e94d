"""Fingerprints, references and matches."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanner.model.judging import Zone
from scanner.model.marks import Provenance


class Role(StrEnum):
    """What a reference is to us."""

    OWNED = "owned"
    LICENSED = "licensed"
    RESTRICTED = "restricted"
    AI = "ai"


class Relation(StrEnum):
    """How an asset relates to a reference."""

    SAME = "same"
    SIMILAR = "similar"
    DERIVED = "derived"
    ALTERED = "altered"
    CONTAINS = "contains"
    CONTAINED = "contained"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Perceptual hash of one picture."""

    algorithm: str
    """Name and version, ``phash64/imagehash-4.3``; only equal algorithms are compared."""
    bits: str
    """The hash as lower-case hexadecimal, 16 digits for 64 bits."""
    width: int
    height: int
    """Size in pixels after EXIF orientation."""
    flat: bool
    """A picture too plain to tell from others (black, slate, title, bars): never matched."""
    inner: tuple[float, ...] = ()
    """Where black bars stand around the picture: what they leave, as left, top, right, bottom in shares of width and height
    (0 to 1). Empty without bars."""
    quality: int = 0
    """How much stands in the picture for hashes to hold on to, 0 (nothing) to 100."""


@dataclass(frozen=True, slots=True)
class GlobalHash:
    """One perceptual hash of one view of a picture, beside the fingerprint. Never of a view too plain to be told from others."""

    algorithm: str
    """Name and version, ``dct256/1``; only equal algorithms are compared."""
    variant: str
    """Of which view: ``whole``, or ``inner`` (what black bars leave)."""
    bits: str
    """The hash as lower-case hexadecimal, 64 digits for 256 bits; of one algorithm all have the same length."""


@dataclass(frozen=True, slots=True)
class Rights:
    """Where a reference comes from and on what terms, as its manifest says; all free text but the last."""

    source: str = ""
    owner: str = ""
    licence: str = ""
    no_ai_alteration: bool = False
    """Whether its terms forbid altering it with AI."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One picture of the library."""

    id: str
    role: Role
    name: str
    """The path it was added from, as text that can be shown."""
    sha256: str
    """Of the file's bytes."""
    fingerprint: Fingerprint | None = None
    pixel_digest: str = ""
    """Digest of the decoded pixels (see fingerprint.pixels), with its algorithm; empty where it could not be made."""
    rights: Rights = Rights()
    """Where it comes from and what is allowed; empty where nobody said."""


@dataclass(frozen=True, slots=True)
class Match:
    """An asset and a reference, with what was measured."""

    reference: Reference
    relation: Relation
    basis: str
    """``bytes``, ``pixels`` or the fingerprint's algorithm."""
    distance_bits: int | None = None
    """Differing bits of the hashes; None where bytes or pixels are equal."""
    frames: str = ""
    """Sequences only: the frame it was seen in."""


@dataclass(frozen=True, slots=True)
class NearCopy:
    """Another asset of the same delivery that shows the same picture, as far as its fingerprint says."""

    root: int
    path: str
    zone: Zone
    provenance: Provenance
    """What the marks of that asset say; its own sidecars' included."""
    distance_bits: int
    """Least differing bits between any two of their pictures."""
    relation: Relation = Relation.SIMILAR
    """``same`` where bytes or pixels are known to be equal, else ``similar``."""
