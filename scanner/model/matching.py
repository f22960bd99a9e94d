"""Fingerprints, references and matches."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scanner.model.in_cut import OnScreenInCut
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
    """Equal bytes or pixels."""
    SIMILAR = "similar"
    """A hash says so, no more known."""
    DERIVED = "derived"
    """The asset is the reference, or a crop, push-in, grade or resize of it."""
    ALTERED = "altered"
    """Aligned, yet a region differs."""
    CONTAINS = "contains"
    """The reference is a part of what the asset shows: a picture in the picture, a framed print."""
    CONTAINED = "contained"
    """The asset is a small part of what the reference shows: one picture of a contact sheet."""


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
class LocalFeatures:
    """Marked points of one picture, each with a description that survives crops, grades and changes of size.

    The bytes are little-endian arrays, one row a point, strongest first; 28 bytes a point in all. No points at all means
    that the picture is too plain, or too repetitive, to be told from others by its parts.
    """

    algorithm: str
    """Name and version; only equal algorithms are compared."""
    width: int
    height: int
    """Size in pixels of the picture they were taken from, after EXIF orientation; any decode of it gives the same points."""
    places: bytes
    """Four 16-bit numbers a point: x and y in 65,535ths of width and height; size; angle in 65,536ths of a turn.

    The size is log2(diameter in units of the longer side) × 2,048 + 32,768.
    """
    codes: bytes
    """128 bits a point: the description; the number of differing bits tells how unlike two are."""
    words: bytes
    """One 32-bit number a point: the word of the vocabulary that its description falls to."""

    @property
    def count(self) -> int:
        """Number of points."""
        return len(self.words) // 4


@dataclass(frozen=True, slots=True)
class LocalQuery:
    """What is looked for among references: the points of a picture, and those of its mirror image."""

    features: LocalFeatures
    mirrored: LocalFeatures
    """Of the picture flopped left to right, in the coordinates of the flopped picture."""
    near_words: bytes
    mirrored_near_words: bytes
    """32-bit numbers, an equal number a point: the words next to its description, nearest first."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a reference lies in an asset: found by points that agree on one transform."""

    matrix: tuple[float, ...]
    """Nine numbers, row by row: a homography that takes a point of the reference to the asset. Both are in units of their
    picture's width and height (0 to 1, from the upper left), so that it holds for decodes of any size. Where the asset is
    mirrored the matrix has the flop in it."""
    mirrored: bool
    """Whether the asset shows the reference flopped."""
    inliers: int
    """Points at different places that agree on the transform."""
    candidates: int
    """Pairs of points that were put to the test."""
    asset_share: float
    """Share of the asset's area that the reference fills, 0 to 1."""
    reference_share: float
    """Share of the reference's area that the asset shows, 0 to 1."""
    coverage: float
    """Share of the common area in which points agree: 1 where they lie all over it, small where only a part is alike."""


Box = tuple[float, float, float, float]
"""Left, top, right and bottom in shares of a picture's width and height, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """Something laid over the picture that post-production lays there."""

    kind: str
    """``lower third``, ``timecode`` or ``logo``."""
    box: Box
    """Of the asset."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """Where an asset differs from the reference it is aligned with, beyond grade, noise, grain and compression."""

    share: float
    """Share of the common area that differs, overlays left out; 0 to 1, 0 where nothing does."""
    boxes: tuple[Box, ...] = ()
    """Around the differing regions, in the asset; largest first."""
    overlays: tuple[Overlay, ...] = ()


@dataclass(frozen=True, slots=True)
class LaidOver:
    """Two pictures that local features aligned, brought to one frame: that of the asset. All have the same size in pixels."""

    asset: bytes
    """JPEG."""
    reference: bytes
    """JPEG: the reference as it lies in the asset; black where it does not reach."""
    difference: bytes
    """PNG with transparency, to be laid over either: what differs is opaque. Empty where nothing does."""
    width: int
    height: int


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
class ClipPart:
    """The part of a clip that is seen in another film, by the clip's own time; good to half a second where the clip moves."""

    first: Fraction
    """Seconds on the clip's clock."""
    after: Fraction
    """Seconds: where that part ends. Not before `first`, whichever way the clip runs."""
    tc_in: str
    """Timecode of `first`: the clip's own, else since 00:00:00:00; empty where it tells no frame rate."""
    tc_out: str
    best: Fraction
    """Seconds: its frame in which most points agree."""


@dataclass(frozen=True, slots=True)
class NumberedFrames:
    """A stretch of a numbered sequence: numbers as they stand in the files' names."""

    first: int
    """The first frame that shows it."""
    last: int
    """The last frame that shows it; frames between may be missing."""
    best: int
    """The frame in which most points agree."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a film or numbered sequence in which a reference is on screen."""

    first: Fraction
    """Seconds on the film's clock: the first frame that shows it. A sequence's first frame is 0, and one whose rate nobody
    tells is counted at `model.moving.ASSUMED_RATE`."""
    after: Fraction
    """Seconds: the first frame that shows it no more, or the end of the film."""
    tc_in: str
    """Timecode of the first frame: the film's own, else since 00:00:00:00; empty where the film tells no frame rate."""
    tc_out: str
    """Of the frame after the last one."""
    best: Fraction
    """Seconds: the frame in which most points agree."""
    frames: int
    """Looked-at frames that show it."""
    exact: bool = False
    """Whether both ends were looked for frame by frame; else they are good to the distance of the looked-at frames."""
    points: int = 0
    """Points that agree in the frame at `best`; 0 in reports that did not tell."""
    in_cut: tuple[OnScreenInCut, ...] = ()
    """When the programme shows it, by the scan's cuts; empty where no cut shows this stretch of the film."""
    numbers: NumberedFrames | None = None
    """Of a sequence, its frames; None for a film."""
    of_clip: ClipPart | None = None
    """Where the reference is a film itself: which part of it is on screen."""


@dataclass(frozen=True, slots=True)
class Match:
    """An asset and a reference, with what was measured."""

    reference: Reference
    relation: Relation
    basis: str
    """``bytes``, ``pixels`` or the algorithm of the fingerprint or of the local features."""
    distance_bits: int | None = None
    """Differing bits of the hashes; None where bytes or pixels are equal."""
    frames: str = ""
    """Sequences only: the frame it was seen in."""
    alignment: Alignment | None = None
    """How the reference lies in the asset, where local features found it."""
    alteration: Alteration | None = None
    """What differs between the two, where their pictures were laid over each other."""
    segments: tuple[Segment, ...] = ()
    """Films and sequences: when the reference is on screen; the rest is said of the frame in which most points agree."""
    clip_time: Fraction | None = None
    """Where the reference is a film itself: seconds, on its clock, of its frame that was recognised."""

    @property
    def has_file(self) -> bool:
        """Whether the picture that it is said of is a file, not a frame inside a film."""
        return not self.segments or bool(self.frames)

    @property
    def inliers(self) -> int | None:
        """Points that agree on one transform; None where no local features were compared."""
        return self.alignment.inliers if self.alignment else None


@dataclass(frozen=True, slots=True)
class NearCopy:
    """Another asset of the same delivery that shows the same picture, or a part of it, as far as was measured."""

    root: int
    path: str
    zone: Zone
    provenance: Provenance
    """What the marks of that asset say; its own sidecars' included."""
    distance_bits: int | None
    """Least differing bits between any two of their pictures; None where no hash says that they are alike."""
    relation: Relation = Relation.SIMILAR
    """What the asset is to this copy, as in `Match`: ``similar`` where no more than a hash is known."""
    alignment: Alignment | None = None
    """How this copy lies in the asset, where local features found it."""
    alteration: Alteration | None = None
    """What differs between the two, where their pictures were laid over each other."""
    segments: tuple[Segment, ...] = ()
    """Films and sequences: when the copy is on screen."""

    @property
    def inliers(self) -> int | None:
        """Points that agree on one transform; None where no local features were compared."""
        return self.alignment.inliers if self.alignment else None
