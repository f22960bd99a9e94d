"""Whether the picture changed at once, by signals that cost next to nothing: a thumbnail of luma, sizes of packets."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_ACROSS, _DOWN = 32, 18
_MOVED_LEVELS, _OTHER_LEVELS = 18.0, 45.0
_REPAINTED = 0.25
"""Mean difference of two thumbnails in levels: below the first they are one scene, from the second on two. Between them it may be
motion, which moves levels about: then two scenes are so much of the area apart in their histograms."""
_HISTORY = 12
_STEP_FLOOR, _STEP_TIMES = 0.06, 6.0
"""A packet differs from the one before where the logarithm of their sizes' ratio is above the floor and so many times the
median of the last ones: sizes of whole pictures follow what is in them and hardly move within a shot."""


class SceneWatch:
    """Tells for each frame whether another scene than that of the frame before is on it."""

    def __init__(self) -> None:
        from av.video.reformatter import VideoReformatter

        self._scaler = VideoReformatter()
        self._last: NDArray[np.int16] | None = None

    def changed(self, frame: VideoFrame) -> bool:
        """Take the next frame; True where the picture changed at once. Never for the first."""
        from av.video.reformatter import Interpolation

        small = self._scaler.reformat(frame, _ACROSS, _DOWN, "gray8", interpolation=Interpolation.AREA, threads=1)
        levels = small.to_ndarray().astype(np.int16)
        last, self._last = self._last, levels
        return last is not None and _differ(levels, last)


def _differ(levels: NDArray[np.int16], last: NDArray[np.int16]) -> bool:
    moved = float(np.abs(levels - last).mean())
    if moved < _MOVED_LEVELS or moved >= _OTHER_LEVELS:
        return moved >= _OTHER_LEVELS
    counts = [np.bincount(one.ravel() >> 4, minlength=16) for one in (levels, last)]
    return float(np.abs(counts[0] - counts[1]).sum()) >= 2 * _REPAINTED * levels.size


class SizeWatch:
    """Tells for each packet of an intra-only film whether its size leaves those before it."""

    def __init__(self) -> None:
        self._last = 0
        self._steps: deque[float] = deque(maxlen=_HISTORY)

    def changed(self, size_bytes: int) -> bool:
        """Take the next packet's size; True where it leaves the last ones. Codecs of constant size never do."""
        last, self._last = self._last, size_bytes
        if last <= 0 or size_bytes <= 0:
            return False
        step = abs(math.log(size_bytes / last))
        usual = sorted(self._steps)[len(self._steps) // 2] if self._steps else 0.0
        left = step > max(_STEP_FLOOR, _STEP_TIMES * usual)
        if not left:
            self._steps.append(step)
        return left
