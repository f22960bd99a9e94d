"""What post-production lays over a picture, told from what alters it: lower thirds, timecodes, logos.

An overlay is a box near an edge of the picture: straight sides, one colour at its rim and over most of it, text in it. Text of
a line or two may stand without a box. What is not surely that is an alteration: a reviewer who is shown a title loses a
minute, one who is not shown a splice loses the film.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.match.common_frame import Frame
from scanner.match.planes import Floats, Mask, Rectangle, bounds

LOWER_THIRD = "lower third"
TIMECODE = "timecode"
LOGO = "logo"

_LEAST_SHARE = 0.003
_MOST_SHARE = 0.35
_MOST_HEIGHT = 0.34
_CHANGED_NOISE = 4.0
_CHANGED_LEVELS = 14.0
_FLAT_LEVELS, _STRICT_LEVELS = 16.0, 8.0
_ONE_WAY = 0.9
"""Share of what changed that must be a mixture with one colour to be letters: an alteration makes places lighter and darker."""
_ABOVE, _BELOW = 0.3, 0.62
"""Overlays have their middle above or below these shares of the height."""
_TIMECODE_HEIGHT = 0.12
_TIMECODE_WIDTH = 0.6
_PAD_PX = 5
_LEAST_SIDE_PX = 6
_FILLED, _FLAT_PART, _FLAT_BEHIND_LETTERS, _CORNER_FILLED, _MOST_BEYOND = 0.85, 0.5, 0.2, 0.6, 0.6
_WINDOW_PX, _MOST_LEFT = 10, 0.1
"""A box accounts for what differs within a window of it. What it leaves over, in shares of its own area, is a bump where the
picture beside it differs a little, or an altered blob with a flat box in it."""
_MIXED_LEVELS, _MIXED_PART, _LEAST_MIX, _MOST_MIX = 12.0, 0.6, 0.1, 0.8
_LEAST_INK, _MOST_INK, _RUNS_A_SQUARE, _LETTERS_OF_CHANGED = 0.12, 0.7, 0.7, 0.25
_INK_INSIDE = 0.02
"""Share of a box or emblem that something else than its one colour fills: letters. What is of one colour alone may be a bar over
a face, and is told as an alteration."""
_CORNER, _LOGO_SHARE, _EMBLEM_OF_CHANGED, _EMBLEM_STEP = 0.25, 0.035, 0.5, 25.0


_Kind = TypeVar("_Kind", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Found:
    """An overlay in the frame."""

    kind: str
    rectangle: Rectangle


@dataclass(frozen=True, slots=True)
class _Scene:
    """What an overlay is judged by."""

    asset: Floats
    mapped: Floats
    changed: Mask
    blob: Mask
    """The connected place that differs."""


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
    joined = cv2.morphologyEx((score > 0.6).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 9), np.uint8))
    count, labels, measured, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    area = float(frame.valid.sum())
    found = []
    for label in range(1, count):
        left, top, width, height, pixels = (int(number) for number in measured[label])
        if pixels >= _LEAST_SHARE * area:
            scene = _Scene(frame.asset, mapped, changed, labels == label)
            overlay = _overlay(scene, (left, top, left + width, top + height))
            if overlay is not None:
                found.append(overlay)
    return tuple(found)


def padded(rectangle: Rectangle, size: tuple[int, int]) -> Rectangle:
    """A little more than the rectangle: compression rings beyond it."""
    left, top, right, bottom = rectangle
    return max(0, left - _PAD_PX), max(0, top - _PAD_PX), min(size[0], right + _PAD_PX), min(size[1], bottom + _PAD_PX)


def _overlay(scene: _Scene, rectangle: Rectangle) -> Found | None:
    height, width = scene.blob.shape
    left, top, right, bottom = padded(rectangle, (width, height))
    inner = np.s_[top:bottom, left:right]
    part = _Scene(scene.asset[inner], scene.mapped[inner], scene.changed[inner], scene.blob[inner])
    for kind_of, box in _candidates(part, height):
        if box is not None:
            whole = (left + box[0], top + box[1], left + box[2], top + box[3])
            kind = kind_of(whole, width, height)
            if kind is not None:
                return Found(kind, whole)
    return None


def _candidates(part: _Scene, height: int) -> Iterator[tuple[Callable[[Rectangle, int, int], str | None], Rectangle | None]]:
    flat = _of_one_colour(part, _FLAT_LEVELS)
    if flat is None:
        return
    yield _logo, _emblem(part, flat)
    yield _kind, _boxed(part, flat, flat, height)
    # The picture beside a box may be nearly of the box's colour.
    strict = _of_one_colour(part, _STRICT_LEVELS)
    if strict is not None:
        yield _kind, _boxed(part, strict, flat, height, mixed=False)
    yield _kind, _lettered(part, flat & part.changed)
    yield _kind, _lettered(part, _inked(part))


def _kind(rectangle: Rectangle, width: int, height: int) -> str | None:
    """Lower third or timecode by size; None where neither is ever laid."""
    left, top, right, bottom = rectangle
    wide, high = right - left, bottom - top
    if wide < 1.5 * high or wide * high > _MOST_SHARE * width * height or high > _MOST_HEIGHT * height:
        return None
    if _ABOVE < (top + bottom) / 2 / height < _BELOW:
        return None
    return TIMECODE if high <= _TIMECODE_HEIGHT * height and wide <= _TIMECODE_WIDTH * width else LOWER_THIRD


def _logo(rectangle: Rectangle, width: int, height: int) -> str | None:
    left, top, right, bottom = rectangle
    across, down = (left + right) / 2 / width, (top + bottom) / 2 / height
    in_corner = min(across, 1 - across) < _CORNER and min(down, 1 - down) < _CORNER
    wide, high = right - left, bottom - top
    return LOGO if in_corner and wide < 2 * high and wide * high <= _LOGO_SHARE * width * height else None


def _boxed(part: _Scene, flat: Mask, blank: Mask, height: int, *, mixed: bool = True) -> Rectangle | None:
    """A box with straight sides, of one colour or, with `mixed`, of one mixed with the picture; no letter stands in `blank`."""
    filled = flat | part.changed
    box = _tight(filled)
    if box is None:
        return None
    own = _cut(filled, box)
    if _left_over(part.blob, box) > _MOST_LEFT:
        return None
    # Letters fill most of a timecode's box.
    least_flat = _FLAT_PART if own.shape[0] > _TIMECODE_HEIGHT * height else _FLAT_BEHIND_LETTERS
    if min(own.shape) < _LEAST_SIDE_PX or own.mean() < _FILLED or not _has_corners(own) or _goes_on(part.changed, box):
        return None
    if mixed and _is_mixed(part, box):
        return box
    inside = _cut(blank, box)[2:-2, 2:-2]
    return box if _cut(flat, box).mean() >= least_flat and inside.size and (~inside).mean() >= _INK_INSIDE else None


def _left_over(blob: Mask, box: Rectangle) -> float:
    """What of a blob a box does not account for, in shares of the box."""
    rest = blob.copy()
    left, top, right, bottom = box
    rest[max(0, top - _WINDOW_PX) : bottom + _WINDOW_PX, max(0, left - _WINDOW_PX) : right + _WINDOW_PX] = False
    return float(rest.sum()) / ((right - left) * (bottom - top))


def _has_ink(emblem: Mask) -> bool:
    """Whether something stands within what is of one colour."""
    solid = cv2.morphologyEx(emblem.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    outlines, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    within = np.zeros(emblem.shape, np.uint8)
    cv2.drawContours(within, outlines, -1, 1, cv2.FILLED)
    filled = cv2.erode(within, np.ones((3, 3), np.uint8)).astype(np.bool_)
    return bool((filled & ~emblem).sum() >= _INK_INSIDE * max(1, filled.sum()))


def _has_corners(filled: Mask) -> bool:
    """Whether all four corners are filled; a blob's are not."""
    side = max(3, round(0.2 * min(filled.shape)))
    corners = (filled[:side, :side], filled[:side, -side:], filled[-side:, :side], filled[-side:, -side:])
    return all(corner.mean() >= _CORNER_FILLED for corner in corners)


def _goes_on(changed: Mask, box: Rectangle) -> bool:
    """Whether as much has changed beyond the box as within."""
    around = np.zeros_like(changed)
    left, top, right, bottom = box
    around[max(0, top - 4) : bottom + 4, max(0, left - 4) : right + 4] = True
    around[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1] = False
    return bool(around.sum() > 20 and changed[around].mean() > _MOST_BEYOND)


def _is_mixed(part: _Scene, box: Rectangle) -> bool:
    """Whether the picture shines through: less contrast everywhere, by one factor, towards one colour."""
    asset, mapped = (_cut(picture, box).mean(axis=2).ravel() for picture in (part.asset, part.mapped))
    chosen = np.ones(len(asset), np.bool_)
    slope = offset = 0.0
    for _ in range(4):
        if np.ptp(mapped[chosen]) < 1:
            return False
        slope, offset = np.polyfit(mapped[chosen], asset[chosen], 1)
        apart = np.abs(asset - slope * mapped - offset)
        chosen = apart <= max(_MIXED_LEVELS, float(np.percentile(apart, 60)))
    return bool(_LEAST_MIX < slope < _MOST_MIX and (apart <= _MIXED_LEVELS).mean() >= _MIXED_PART)


def _lettered(part: _Scene, letters: Mask) -> Rectangle | None:
    """A line or two of letters."""
    box = bounds(letters, 2)
    if box is None:
        return None
    own = _cut(letters, box)
    high, wide = own.shape
    if high < _LEAST_SIDE_PX or wide < 3 * high or not _LEAST_INK < own.mean() < _MOST_INK:
        return None
    runs = (np.diff(own.astype(np.int8), axis=1) == 1).sum(axis=1)
    if np.median(runs) < _RUNS_A_SQUARE * wide / high or letters.sum() < _LETTERS_OF_CHANGED * part.changed.sum():
        return None
    return box


def _inked(part: _Scene) -> Mask:
    """What changed, if nearly all of it is the picture mixed with one lighter colour, as thin strokes are; else nothing."""
    apart = (part.asset - part.mapped).mean(axis=2)
    lighter = part.changed & (apart > 0)
    if lighter.sum() < max(20.0, _ONE_WAY * part.changed.sum()):
        return np.zeros_like(part.changed)
    values = apart[lighter]
    ink = np.median(part.asset[lighter][values >= np.percentile(values, 90)], axis=0)
    towards, way = ink - part.mapped[lighter], part.asset[lighter] - part.mapped[lighter]
    mix = (way * towards).sum(axis=1) / np.maximum((towards * towards).sum(axis=1), 1.0)
    off = np.abs(way - mix[:, None] * towards).max(axis=1)
    return lighter if (off <= _FLAT_LEVELS).mean() >= _ONE_WAY else np.zeros_like(part.changed)


def _emblem(part: _Scene, flat: Mask) -> Rectangle | None:
    """A sharply bounded thing, mostly of one colour."""
    own = flat & part.changed
    box = bounds(own, 2)
    if box is None or own.sum() < _EMBLEM_OF_CHANGED * part.changed.sum() or not _has_ink(_cut(own, box)):
        return None
    beyond = cv2.dilate(own.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    beyond &= ~cv2.dilate(own.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    if not beyond.any():
        return None
    step = np.abs(part.asset[beyond] - np.median(part.asset[own], axis=0)).max(axis=1)
    return box if float(np.percentile(step, 25)) > _EMBLEM_STEP else None


def _of_one_colour(part: _Scene, levels: float) -> Mask | None:
    """Where the asset has the colour that most of what changed has, to so many grey levels."""
    asset, changed = part.asset, part.changed
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
    return np.asarray(np.abs(asset - colour).max(axis=2) < levels, np.bool_)


def _tight(mask: Mask) -> Rectangle | None:
    """The rows and columns that the mask fills, more and more strictly."""
    x0, y0, x1, y1 = 0, 0, mask.shape[1], mask.shape[0]
    for share in (0.55, 0.7, 0.75):
        rows = np.flatnonzero(mask[y0:y1, x0:x1].mean(axis=1) > share)
        if not len(rows):
            return None
        y0, y1 = y0 + int(rows[0]), y0 + int(rows[-1]) + 1
        columns = np.flatnonzero(mask[y0:y1, x0:x1].mean(axis=0) > share)
        if not len(columns):
            return None
        x0, x1 = x0 + int(columns[0]), x0 + int(columns[-1]) + 1
    return x0, y0, x1, y1


def _cut(picture: NDArray[_Kind], box: Rectangle) -> NDArray[_Kind]:
    left, top, right, bottom = box
    return picture[top:bottom, left:right]
