"""A hash of 256 bits from the low frequencies of a picture, of the kind of PDQ, and how much it can hold on to.

The picture is brought to 64 × 64 with a tent filter; of its discrete cosine transform the signs of 16 × 16 frequencies, the
constant ones left out, are the bits. PDQ compares with the median instead: signs are as telling (docs/decisions/0018), and say
by themselves what they would be were the picture mirrored or turned (`match.ways`), so that one hash stands for eight.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIDE_PX = 64
_FREQUENCIES = 16
_FIRST = 1
"""Lowest frequency used: the constant ones say how bright and how tilted a picture is, not what it shows."""
_GRADIENTS_FULL = 90.0
"""Sum of the steps between neighbours, in hundredths of the range each, at which quality is 100 (PDQ's own figure)."""

Levels = NDArray[np.uint8]
Coefficients = NDArray[np.float64]
"""Square; rows are frequencies down the picture, columns across it."""


def levels_of(grey: Image.Image) -> Levels:
    """Bring an eight-bit grey picture to the 64 × 64 levels that are hashed."""
    return np.asarray(grey.resize((_SIDE_PX, _SIDE_PX), Image.Resampling.BILINEAR))


def coefficients_of(levels: Levels) -> Coefficients:
    """Return the 16 × 16 coefficients that are hashed."""
    coefficients: Coefficients = _COSINES @ levels.astype(np.float64) @ _COSINES.T
    return coefficients


def bits_of(coefficients: Coefficients) -> str:
    """Return one bit a coefficient, row by row, set where it is above nought, as lower-case hexadecimal."""
    return np.packbits((coefficients > 0).ravel()).tobytes().hex()


def laid(coefficients: Coefficients) -> Iterator[Coefficients]:
    """Yield the coefficients of the picture in all eight ways to lay it, upright first.

    Mirroring turns the sign of every odd frequency across, standing it on its head those down; a quarter turn swaps the two.
    """
    odd = np.where((np.arange(_FREQUENCIES) + _FIRST) % 2, -1.0, 1.0)
    for stood in (coefficients, coefficients.T):
        for across in (1.0, odd[None, :]):
            for down in (1.0, odd[:, None]):
                yield stood * across * down


def quality_of(levels: Levels) -> int:
    """Return how much stands in the picture for the hash to hold on to, 0 (nothing) to 100."""
    whole = levels.astype(np.int64)
    steps = sum(int((np.abs(np.diff(whole, axis=axis)) * 100 // 255).sum()) for axis in (0, 1))
    return min(100, int(steps / _GRADIENTS_FULL))


def _cosines() -> Coefficients:
    places, frequencies = np.arange(_SIDE_PX) * 2 + 1, np.arange(_FIRST, _FIRST + _FREQUENCIES)
    cosines: Coefficients = np.cos(np.pi / (2 * _SIDE_PX) * frequencies[:, None] * places[None, :])
    return cosines


_COSINES = _cosines()
