"""One pair of pictures, compared by every stage."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.matching import Alignment, Alteration, Fingerprint, LaidOver, Relation


@dataclass(frozen=True, slots=True)
class PairSide:
    """One of the two pictures."""

    path: str
    format: str
    fingerprint: Fingerprint | None
    points: int
    """Local features; 0 where the picture is too plain, or could not be decoded."""
    note: str
    """Why there is no fingerprint; else empty."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What an asset is to a reference, and what each stage said; what could not be measured is None."""

    asset: PairSide
    reference: PairSide
    equal_bytes: bool
    equal_pixels: bool | None
    fingerprint_bits: int | None
    """Differing bits of the fingerprints, of 64."""
    fingerprint_limit: int
    """Bits up to which two fingerprints are alike."""
    global_bits: int | None
    """Least differing bits of the global hashes, of 256, the asset laid in eight ways."""
    global_way: str
    """How the asset was laid then, one of `match.ways.WAYS`; empty where there is no hash."""
    paired_points: int
    """Points of the asset, or of its mirror image, that have a partner."""
    alignment: Alignment | None
    alteration: Alteration | None
    relation: Relation | None
    """What the asset is to the reference; None where nothing says that they show the same picture."""
    laid_over: LaidOver | None = None
