"""Pictures as arrays of numbers, and the two things done to them everywhere."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""(h, w, 3), RGB, or (h, w)."""
Floats = NDArray[np.float32]
"""(h, w, 3), RGB, or (h, w); 0 to 255 where it is a picture."""
Mask = NDArray[np.bool_]
Matrix = NDArray[np.float64]
Rectangle = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; the last two are beyond it."""


def grey(picture: Pixels | Floats) -> Floats:
    """Return the grey of a picture in RGB."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)


def soft(picture: Floats, sigma_px: float) -> Floats:
    """Return a picture or a plane softened by a Gaussian."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma_px), np.float32)


def bounds(mask: Mask, least: int = 1) -> Rectangle | None:
    """Return the rectangle around the rows and columns in which at least so many pixels are set; None where none are."""
    rows, columns = np.flatnonzero(mask.sum(axis=1) >= least), np.flatnonzero(mask.sum(axis=0) >= least)
    if not len(rows) or not len(columns):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
