"""What an asset and a reference have in common, brought to one frame and one resolution.

The frame is the part of the asset that the reference reaches, without black bars, reduced to `SIDE_PX`: fine enough for a
region of 2 % of the area to be 40 pixels wide, coarse enough that grain, sharpening and compression have mostly averaged out.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.match.alignment import in_pixels
from scanner.match.planes import Floats, Mask, Matrix, Pixels, bounds, grey
from scanner.model.matching import Alignment

SIDE_PX = 320
"""Longer side of the frame."""
FEWEST_PX = 24
"""Least side of a frame that can be compared."""
_BAR_LEVEL = 64.0
"""Grey level up to which a bar is black; a grade lifts blacks to about 45."""
_BAR_EVEN = 9.0
"""How far a bar's row may be from the bar's level, in grey levels, once grain is smoothed away."""
_BAR_SHARE = 0.8
"""Share of a row that must be of the bar's level: a timecode may stand in the bar."""
_MOST_BAR = 0.45


@dataclass(frozen=True, slots=True)
class Frame:
    """Two pictures in one frame."""

    asset: Floats
    """(h, w, 3), RGB, 0 to 255."""
    reference: Floats
    """(h, w, 3): as it lies in the asset."""
    valid: Mask
    """(h, w): where both have something to show."""
    left: int
    top: int
    width: int
    height: int
    """Where the frame lies in the asset, in its pixels."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of the frame."""
        return self.valid.shape[1], self.valid.shape[0]


def lay_over(reference: Pixels, alignment: Alignment, size: tuple[int, int]) -> Pixels:
    """Return the reference as it lies in an asset of `size` (width, height): black where it does not reach."""
    matrix = in_pixels(alignment, _size(reference), size)
    return _warped(reference, matrix, size).astype(np.uint8)


def common_frame(asset: Pixels, reference: Pixels, alignment: Alignment) -> Frame | None:
    """Bring both to one frame, or return None where they have too little in common."""
    matrix = in_pixels(alignment, _size(reference), _size(asset))
    covered = _covered(reference, matrix, _size(asset))
    bars = _bars(asset)
    covered &= bars
    box = bounds(covered)
    if box is None or min(box[2] - box[0], box[3] - box[1]) < FEWEST_PX:
        return None
    left, top, right, bottom = box
    scale = min(1.0, SIDE_PX / max(right - left, bottom - top))
    size = (max(FEWEST_PX, round((right - left) * scale)), max(FEWEST_PX, round((bottom - top) * scale)))
    to_frame = np.diag([size[0] / (right - left), size[1] / (bottom - top), 1.0]) @ np.array(
        [[1.0, 0, -left], [0, 1, -top], [0, 0, 1]]
    )
    small = cv2.resize(asset[top:bottom, left:right], size, interpolation=cv2.INTER_AREA)
    valid = cv2.resize(covered[top:bottom, left:right].astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0
    laid = _warped(reference, to_frame @ matrix, size)
    return Frame(np.asarray(small, np.float32), np.asarray(laid, np.float32), valid, left, top, right - left, bottom - top)


def _size(pixels: Pixels) -> tuple[int, int]:
    return pixels.shape[1], pixels.shape[0]


def _warped(pixels: Pixels, matrix: Matrix, size: tuple[int, int]) -> Pixels:
    """Warp; averages where it shrinks. OpenCV counts from the middle of the first pixel."""
    growth = np.sqrt(abs(np.linalg.det(matrix[:2, :2] / matrix[2, 2])))
    source, shrunk = pixels, np.eye(3)
    if growth < 0.8:
        share = max(growth, 0.02)
        to = (max(8, round(pixels.shape[1] * share)), max(8, round(pixels.shape[0] * share)))
        source = cv2.resize(pixels, to, interpolation=cv2.INTER_AREA).astype(np.uint8)
        shrunk = np.diag([pixels.shape[1] / to[0], pixels.shape[0] / to[1], 1.0])
    half = np.array([[1.0, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    back = np.array([[1.0, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
    warped: Pixels = cv2.warpPerspective(source, back @ matrix @ shrunk @ half, size, flags=cv2.INTER_LINEAR).astype(np.uint8)
    return warped


def _covered(reference: Pixels, matrix: Matrix, size: tuple[int, int]) -> Mask:
    """Where the reference reaches, without a margin of its edge, which no alignment places exactly."""
    inside = np.zeros(reference.shape[:2], np.uint8)
    margin = max(1, round(0.008 * max(reference.shape[:2])))
    inside[margin:-margin, margin:-margin] = 255
    return _warped(inside, matrix, size) > 127


def _bars(asset: Pixels) -> Mask:
    """True where the asset shows a picture, not a black bar at its edge."""
    even = np.asarray(cv2.blur(grey(asset), (9, 9)), np.float32)
    above, below = _bar(even), _bar(even[::-1])
    before, after = _bar(even.T), _bar(even.T[::-1])
    shown = np.zeros(even.shape, np.bool_)
    shown[above : even.shape[0] - below, before : even.shape[1] - after] = True
    return shown


def _bar(plane: Floats) -> int:
    """Rows from the first on that are a bar, and a margin where there is one."""
    count = round(_MOST_BAR * plane.shape[0])
    level = float(np.median(plane[:2]))
    if level > _BAR_LEVEL:
        return 0
    even = (np.abs(plane[:count] - level) < _BAR_EVEN).mean(axis=1) >= _BAR_SHARE
    rows = count if even.all() else int(np.argmin(even))
    return rows + 6 if rows >= 5 else 0
