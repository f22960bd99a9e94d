"""Low frequencies of a picture, the ways it can be laid, and the hash bits that follow.

Mirroring a picture turns the sign of every odd frequency across, standing it on its head those down, and turning it by a
quarter swaps the two: one transform gives the hashes of all eight ways to lay it, without decoding or scaling anew.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Coefficients = NDArray[np.float64]
"""Square; rows are frequencies down the picture, columns across it."""

UPRIGHT = ""
WAYS = (
    UPRIGHT,
    "mirrored",
    "flipped",
    "turned 180",
    "turned 90",
    "turned 270",
    "transposed",
    "transversed",
)
"""Ways to lay a picture, as `laid` yields them: mirrored left to right, flipped top to bottom, turned clockwise by degrees,
mirrored along the diagonal from the upper left, and along the other."""


def laid(coefficients: Coefficients, first: int) -> Iterator[Coefficients]:
    """Yield the coefficients of the picture laid in each of the `WAYS`; `first` is the lowest frequency they hold."""
    odd = np.where((np.arange(len(coefficients)) + first) % 2, -1.0, 1.0)
    across, down = odd[None, :], odd[:, None]
    stood = coefficients.T
    yield from (coefficients, coefficients * across, coefficients * down, coefficients * across * down)
    yield from (stood * across, stood * down, stood, stood * across * down)


def bits_above_median(coefficients: Coefficients) -> str:
    """Return one bit a coefficient, row by row, set where it is above the median of all, as lower-case hexadecimal."""
    return np.packbits((coefficients > np.median(coefficients)).ravel()).tobytes().hex()
