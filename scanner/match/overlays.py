"""What post-production lays over a picture, told from what alters it: lower thirds, timecodes, logos.

An overlay is a box near an edge of the picture: straight sides, one colour at its rim and over most of it, text in it. Text of
a line or two may stand without a box. What is not surely that is an alteration: a reviewer who is shown a title loses a
minute, one who is not shown a splice loses the film.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.match.common_frame import Floats, Frame, Mask

LOWER_THIRD = "lower third"
TIMECODE = "timecode"
LOGO = "logo"

Rectangle = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the frame."""

_LEAST_SHARE = 0.003
_MOST_SHARE = 0.35
_MOST_HEIGHT = 0.34
_CHANGED_NOISE = 4.0
_CHANGED_LEVELS = 14.0
_FLAT_LEVELS = 16.0
_ABOVE, _BELOW = 0.3, 0.62
"""Overlays have their middle above or below these shares of the height."""
_TIMECODE_HEIGHT = 0.12
_TIMECODE_WIDTH = 0.6
_PAD_PX = 5


@dataclass(frozen=True, slots=True)
class Found:
    """An overlay in the frame."""

    kind: str
    rectangle: Rectangle


@dataclass(frozen=True, slots=True)
class _Scene:
    """What an overlay is judged by."""

    asset: Floats
    changed: Mask
    valid: Mask


def find_overlays(frame: Frame, mapped: Floats, score: Floats, noise: float) -> tuple[Found, ...]:
    """Return the overlays among the places that differ.

    Args:
        frame: the two pictures.
        mapped: the reference in the asset's tones.
        score: of the difference, 1 where it counts.
        noise: deviation of the residual where nothing differs, in grey levels.
    """
    residual = np.abs(frame.asset - mapped).max(axis=2)
    changed = (residual > max(_CHANGED_LEVELS, _CHANGED_NOISE * noise)) & frame.valid
    scene = _Scene(frame.asset, changed, frame.valid)
    joined = cv2.morphologyEx((score > 0.6).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 9), np.uint8))
    count, _, measured, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    area = float(frame.valid.sum())
    found = []
    for label in range(1, count):
        left, top, width, height, pixels = (int(number) for number in measured[label])
        if pixels >= _LEAST_SHARE * area:
            overlay = _overlay(scene, (left, top, left + width, top + height))
            if overlay is not None:
                found.append(overlay)
    return tuple(found)


def padded(rectangle: Rectangle, size: tuple[int, int]) -> Rectangle:
    """A little more than the rectangle: compression rings beyond it."""
    left, top, right, bottom = rectangle
    return max(0, left - _PAD_PX), max(0, top - _PAD_PX), min(size[0], right + _PAD_PX), min(size[1], bottom + _PAD_PX)


def _overlay(scene: _Scene, rectangle: Rectangle) -> Found | None:
    height, width = scene.valid.shape
    boxed = _boxed(scene, rectangle)
    if boxed is not None and _is_placed(boxed, width, height):
        return Found(_kind(boxed, width, height), boxed)
    return None


def _is_placed(rectangle: Rectangle, width: int, height: int) -> bool:
    left, top, right, bottom = rectangle
    middle = (top + bottom) / 2 / height
    share = (right - left) * (bottom - top) / (width * height)
    wide = right - left >= 1.5 * (bottom - top)
    return wide and share <= _MOST_SHARE and bottom - top <= _MOST_HEIGHT * height and not _ABOVE < middle < _BELOW


def _kind(rectangle: Rectangle, width: int, height: int) -> str:
    low = rectangle[3] - rectangle[1] <= _TIMECODE_HEIGHT * height
    return TIMECODE if low and rectangle[2] - rectangle[0] <= _TIMECODE_WIDTH * width else LOWER_THIRD


def _boxed(scene: _Scene, rectangle: Rectangle) -> Rectangle | None:
    """The box of one colour that lies within the rectangle, if that is what it is."""
    left, top, right, bottom = padded(rectangle, scene.valid.shape[::-1])
    inner = np.s_[top:bottom, left:right]
    flat = _of_one_colour(scene.asset[inner], scene.changed[inner])
    if flat is None:
        return None
    box = _tight(flat | scene.changed[inner])
    if box is None:
        return None
    x0, y0, x1, y1 = box
    if min(x1 - x0, y1 - y0) < 6:
        return None
    rim = np.ones((y1 - y0, x1 - x0), np.bool_)
    rim[2:-2, 2:-2] = False
    own = flat[y0:y1, x0:x1]
    filled = (flat | scene.changed[inner])[y0:y1, x0:x1]
    if own[rim].mean() < 0.7 or own.mean() < 0.4 or filled.mean() < 0.85:
        return None
    return left + x0, top + y0, left + x1, top + y1


def _of_one_colour(asset: Floats, changed: Mask) -> Mask | None:
    """Where the asset has the colour that most of what changed has."""
    if changed.sum() < 20:
        return None
    grey = asset.mean(axis=2)
    histogram, edges = np.histogram(grey[changed], bins=32, range=(0, 256))
    smooth = np.convolve(histogram, (0.5, 1, 0.5), "same")
    peak = int(smooth.argmax())
    near = changed & (np.abs(grey - (edges[peak] + 4)) < 10)
    if near.sum() < 10:
        return None
    colour = np.median(asset[near], axis=0)
    return np.asarray(np.abs(asset - colour).max(axis=2) < _FLAT_LEVELS, np.bool_)


def _tight(mask: Mask) -> Rectangle | None:
    """The rows and columns that the mask fills by more than half."""
    x0, y0, x1, y1 = 0, 0, mask.shape[1], mask.shape[0]
    for _ in range(3):
        rows = np.flatnonzero(mask[y0:y1, x0:x1].mean(axis=1) > 0.55)
        if not len(rows):
            return None
        y0, y1 = y0 + int(rows[0]), y0 + int(rows[-1]) + 1
        columns = np.flatnonzero(mask[y0:y1, x0:x1].mean(axis=0) > 0.55)
        if not len(columns):
            return None
        x0, x1 = x0 + int(columns[0]), x0 + int(columns[-1]) + 1
    return x0, y0, x1, y1
