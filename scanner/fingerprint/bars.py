"""Black bars around a picture: letterbox, pillarbox, both at once, with compression noise, grain or lettering in them.

A bar is a run of rows (or columns) from the border inwards, of one near-black level all along, that ends in a step to something
brighter along much of its length. A dark picture fades; it does not step.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.uint8]
Means = NDArray[np.float32]
"""Mean levels, one row a row of the picture, one column a part of its width."""
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""

_PARTS = 16
"""A row is looked at in this many parts: long enough for grain to average out, short enough to see lettering."""
_BLACKEST, _EVEN, _STEP = 48.0, 6.0, 8.0
"""Levels of 255. Black bars of video are at 16 and lower, lifted ones about 30; grain of 8 levels gives means of 3."""
_STEPPING = 0.4
"""Share of a bar's length along which the picture must step away from it."""
_LETTERED = 0.6
"""Share of a row that must be bar where the bar across is sure: a timecode or title may stand in one of the two."""
_LEAST_LEFT = 0.25
"""Share of a side that bars leave at least: an upright phone picture in a wide frame keeps 0.32."""
_THINNEST = 0.01
_SHORTEST_PX = 32
_BLOCK_PX = 8
_RINGING, _RINGING_SHARE = 16.0, 0.3
"""Mean levels that compression at q40 rings into a black bar, at most, and as a share of the picture's own."""


def find_bars(levels: Levels) -> Box | None:
    """Return what bars leave of an eight-bit grey picture (rows, columns), or None where it has no bars."""
    height, width = levels.shape
    left, top, right, bottom = 0, 0, width, height
    # Twice: where a picture is boxed on all sides, the bars above reach their step only once those beside it are gone.
    for _ in range(2):
        if min(right - left, bottom - top) < _SHORTEST_PX:
            break
        before, behind = _bars_along(levels[top:bottom, left:right])
        top, bottom = top + before, bottom - behind
        before, behind = _bars_along(levels[top:bottom, left:right].T)
        left, right = left + before, right - behind
    box = (left, top, right, bottom)
    return None if box == (0, 0, width, height) else box


def _bars_along(levels: Levels) -> tuple[int, int]:
    """Rows of bar at the top and at the bottom."""
    # Nine pictures of ten are told by their outermost rows, for a fiftieth of the time.
    if all(float(np.median(_means(edge))) > _BLACKEST for edge in (levels[:2], levels[-2:])):
        return 0, 0
    means = _means(levels)
    first, last = _bar(means), _bar(means[::-1])
    if first and not last:
        last = _bar_across(means[::-1], first)
    elif last and not first:
        first = _bar_across(means, last)
    return (first, last) if len(means) - first - last >= _LEAST_LEFT * len(means) else (0, 0)


def _means(levels: Levels) -> Means:
    cuts = np.linspace(0, levels.shape[1], _PARTS + 1).astype(np.intp)
    sums = np.add.reduceat(levels, cuts[:-1], axis=1, dtype=np.float32)
    return (sums / np.diff(cuts)).astype(np.float32)


def _bar(means: Means) -> int:
    """Rows of bar at the top; 0 for none."""
    level = float(np.median(means[:2]))
    if level > _BLACKEST:
        return 0
    others = np.flatnonzero((np.abs(means - level) > _EVEN).any(axis=1))
    rows = _past_ringing(means, int(others[0]), level) if len(others) else len(means)
    if not max(2.0, _THINNEST * len(means)) <= rows <= (1 - _LEAST_LEFT) * len(means):
        return 0
    return rows if _steps(means, rows, level) else 0


def _past_ringing(means: Means, row: int, level: float) -> int:
    """The first row of the picture, given the first that is not bar: compression rings into the bar, up to a block of it."""
    departures = np.abs(means[row : row + 2 * _BLOCK_PX] - level).mean(axis=1)
    typical = float(departures[_BLOCK_PX:].mean()) if len(departures) > _BLOCK_PX else 0.0
    ringing = departures[:_BLOCK_PX] < min(_RINGING, _RINGING_SHARE * typical)
    return row + (int(np.argmin(ringing)) if not ringing.all() else len(ringing))


def _bar_across(means: Means, rows: int) -> int:
    """Rows of bar at the top, given that the bar across has `rows`; 0 for none."""
    level = float(np.median(means[:2]))
    slack = max(1, round(_THINNEST * len(means)))
    mostly = (np.abs(means[: rows + slack] - level) <= _EVEN).mean(axis=1) >= _LETTERED
    if level > _BLACKEST or not mostly[: max(1, rows - slack)].all():
        return 0
    candidates = sorted(range(max(1, rows - slack), rows + slack + 1), key=lambda row: abs(row - rows))
    return next((row for row in candidates if _steps(means, row, level, depth=1)), 0)


def _steps(means: Means, row: int, level: float, *, depth: int = 3) -> bool:
    # The row at the border itself may be half bar, half picture.
    inside = means[row + 1 : row + 1 + depth]
    return bool(len(inside)) and float(((inside - level) > _STEP).any(axis=0).mean()) >= _STEPPING
