"""Times of frames in containers that number packets as they are decoded, not as they are shown.

FFmpeg writes H.264 into MXF so. Where every frame of a closed group is decoded, the frames come out as they are shown, and the
times of the group's packets, sorted, are theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from scanner.frames.groups import Group
    from scanner.frames.opening import Film


def is_unordered(film: Film, group: Group) -> bool:
    """Tell whether frames of the group are shown in another order than their packets' times say."""
    if film.description.container != "mxf" or not film.stream.codec_context.has_b_frames:
        return False
    return all(timed.packet.pts == timed.packet.dts for timed in group.packets)


class Retimer:
    """Gives the frames of one group, all decoded and in the order they are shown, their times."""

    def __init__(self, group: Group) -> None:
        self._times = sorted(timed.ticks for timed in group.packets)
        self._place = 0

    def retimed(self, frames: Iterable[VideoFrame]) -> Iterator[VideoFrame]:
        """Set the time of each frame; frames beyond the group's number keep theirs."""
        for frame in frames:
            if self._place < len(self._times):
                frame.pts = self._times[self._place]
            self._place += 1
            yield frame
