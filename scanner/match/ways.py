"""What a hash of signs (`fingerprint.dct_hash`) becomes when its picture is mirrored or turned: bits move, bits flip.

A table of references laid in all `WAYS` finds pictures however they lie with one look; or a query is laid in all of them, and the
table stays an eighth as large. Both are exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WAYS = ("upright", "flipped", "mirrored", "turned 180", "transposed", "turned 270", "turned 90", "transversed")
"""Ways to lay a picture: flipped top to bottom, mirrored left to right, turned clockwise by degrees, mirrored along the diagonal
from the upper left, and along the other."""

_SIDE, _FIRST = 16, 1
_AT_ONCE = 50_000

Hashes = NDArray[np.uint8]
"""Shape (n, 32): 256 bits a hash, row by row of frequencies down the picture, the most significant bit first."""


def laid(hashes: Hashes, way: str) -> Hashes:
    """Return the hashes that the pictures would have if they were laid in this way (one of `WAYS`)."""
    places, flips = _TABLES[way]
    parts = [_moved(hashes[start : start + _AT_ONCE], places) for start in range(0, len(hashes), _AT_ONCE)]
    return np.concatenate([*parts, np.zeros((0, _SIDE * _SIDE // 8), np.uint8)]) ^ flips


def _moved(hashes: Hashes, places: NDArray[np.intp]) -> Hashes:
    return np.packbits(np.unpackbits(hashes, axis=1)[:, places], axis=1)


def _table(number: int) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
    """Where each bit comes from, and which are then turned over."""
    places = np.arange(_SIDE * _SIDE).reshape(_SIDE, _SIDE)
    odd = (np.arange(_SIDE) + _FIRST) % 2 == 1
    turned, across, down = number >> 2 & 1, number >> 1 & 1, number & 1
    flips = (odd[None, :] & bool(across)) ^ (odd[:, None] & bool(down))
    return (places.T if turned else places).ravel(), np.packbits(flips.ravel())


_TABLES = {way: _table(number) for number, way in enumerate(WAYS)}
