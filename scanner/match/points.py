"""Local features as arrays to reckon with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.match.hamming import count_ones
from scanner.model.matching import LocalFeatures

CODE_BITS = 128
Floats = NDArray[np.float64]
Indexes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Points:
    """The points of one picture, n rows.

    Places are in units of the picture's longer side, so that a turn is a turn and a circle a circle; `size` says how far the
    picture reaches in the same units.
    """

    size: tuple[float, float]
    """Width and height; the longer one is 1."""
    places: Floats
    """Shape (n, 2)."""
    sizes: Floats
    """Logarithm to the base 2 of each point's diameter."""
    angles: Floats
    """Radians."""
    codes: NDArray[np.uint64]
    """Shape (n, 2)."""

    def __len__(self) -> int:
        return len(self.sizes)


def points_of(features: LocalFeatures) -> Points:
    """Unpack local features.

    Raises:
        ValueError: their arrays are not of one length (a damaged store).
    """
    rows = features.count
    numbers = np.frombuffer(features.places, "<u2").reshape(rows, 4).astype(np.float64)
    longer = max(features.width, features.height, 1)
    size = (features.width / longer, features.height / longer)
    return Points(
        size,
        numbers[:, :2] / 65535 * size,
        (numbers[:, 2] - 32768) / 2048,
        numbers[:, 3] * (2 * np.pi / 65536),
        np.frombuffer(features.codes, "<u8").reshape(rows, 2).astype(np.uint64),
    )


@dataclass(frozen=True, slots=True)
class Pairs:
    """Points of a reference, each with the point of the asset that may be the same; surest first."""

    reference: Floats
    """Places, shape (n, 2)."""
    asset: Floats
    growth: Floats
    """How much larger the point is in the asset: logarithm to the base 2."""
    turn: Floats
    """By how much it is turned there, radians, clockwise."""

    def __len__(self) -> int:
        return len(self.growth)

    def __getitem__(self, chosen: NDArray[np.generic]) -> Pairs:
        return Pairs(self.reference[chosen], self.asset[chosen], self.growth[chosen], self.turn[chosen])


MOST_BITS = 32
"""Differing bits of two codes up to which two points may be the same; unlike points differ in 64, give or take 6."""
NEXT_BEST = 0.88
"""A point's second best partner must differ in more bits than its best by this factor (Lowe's ratio test)."""


def pair_up(asset: Points, reference: Points) -> Pairs:
    """Pair each point of the asset with the reference's most similar one, where it stands out; each point at most once."""
    if not len(asset) or len(reference) < 2:
        return pairs_at(asset, reference, np.zeros(0, np.intp), np.zeros(0, np.intp))
    differing = _differing_bits(asset.codes, reference.codes)
    rows = np.arange(len(asset))
    best = differing.argmin(axis=1)
    least = differing[rows, best].copy()
    differing[rows, best] = np.iinfo(differing.dtype).max
    stands_out = (least <= MOST_BITS) & (least < NEXT_BEST * differing.min(axis=1))
    rows = rows[stands_out]
    order = np.lexsort((best[rows], least[rows]))
    first = np.unique(best[rows][order], return_index=True)[1]
    chosen = rows[order][np.sort(first)]
    return pairs_at(asset, reference, chosen, best[chosen])


def pairs_at(asset: Points, reference: Points, asset_rows: Indexes, reference_rows: Indexes) -> Pairs:
    """Return the pairs of these rows."""
    return Pairs(
        reference.places[reference_rows],
        asset.places[asset_rows],
        asset.sizes[asset_rows] - reference.sizes[reference_rows],
        asset.angles[asset_rows] - reference.angles[reference_rows],
    )


def _differing_bits(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.uint8]:
    total = count_ones(one[:, :1] ^ other[None, :, 0])
    total += count_ones(one[:, 1:] ^ other[None, :, 1])
    return total
