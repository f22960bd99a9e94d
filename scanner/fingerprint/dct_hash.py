"""A hash of 256 bits from the low frequencies of a picture, built as PDQ is, and how much it can hold on to.

The picture is brought to 64 × 64 with a tent filter, of its discrete cosine transform the 16 × 16 frequencies beside the
constant ones are compared with their median. Made with Pillow and NumPy; not bit for bit that of Meta's library, so not
named after it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scanner.fingerprint.coefficients import Coefficients

ALGORITHM = "dct256/1"
"""Name and version; golden values in the tests hold it to what it says."""
FIRST = 1
"""Lowest frequency used: the constant ones say how bright and how tilted a picture is, not what it shows."""

_SIDE_PX = 64
_FREQUENCIES = 16
_GRADIENTS_FULL = 90.0
"""Sum of the steps between neighbours, in hundredths of the range each, at which quality is 100 (PDQ's own figure)."""

Levels = NDArray[np.uint8]
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


def levels_of(grey: Image.Image, box: Box | None = None) -> Levels:
    """Bring an eight-bit grey picture, or a box of it, to the 64 × 64 levels that are hashed."""
    return np.asarray(grey.resize((_SIDE_PX, _SIDE_PX), Image.Resampling.BILINEAR, box=box))


def coefficients_of(levels: Levels) -> Coefficients:
    """Return the 16 × 16 coefficients of the lowest frequencies."""
    across = _COSINES @ levels.astype(np.float64)
    coefficients: Coefficients = across @ _COSINES.T
    return coefficients


def quality_of(levels: Levels) -> int:
    """Return how much stands in the picture for the hash to hold on to, 0 (nothing) to 100."""
    whole = levels.astype(np.int64)
    steps = sum(int((np.abs(np.diff(whole, axis=axis)) * 100 // 255).sum()) for axis in (0, 1))
    return min(100, int(steps / _GRADIENTS_FULL))


def _cosines() -> NDArray[np.float64]:
    places, frequencies = np.arange(_SIDE_PX) * 2 + 1, np.arange(FIRST, FIRST + _FREQUENCIES)
    cosines: NDArray[np.float64] = np.cos(np.pi / (2 * _SIDE_PX) * frequencies[:, None] * places[None, :])
    return cosines


_COSINES = _cosines()
