"""The decoder, fed packets that need not follow each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.frames.failures import FilmError, told_apart
from scanner.frames.groups import Timed
from scanner.model.moving import FilmObstacle

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from scanner.frames.opening import Film

_FRUITLESS_LIMIT = 5_000
"""Packets fed one after another without a frame, until the film is given up."""


_HEADER_BYTES = 4096


class Feeder:
    """Decodes packets and counts what comes of them."""

    def __init__(self, film: Film, side_px: int) -> None:
        """`side_px`: JPEG 2000 is decoded at the least of its resolutions whose longer side has that many pixels."""
        self._context = film.stream.codec_context
        self._side_px = side_px
        self._fruitless = 0
        self.decoded = 0
        self.damaged = 0
        self.gap = True
        """Whether what was fed last does not lead up to what comes next: the decoder is empty."""

    def set_skipping(self, skips: bool) -> None:
        """Leave out frames that no other frame needs, or decode all."""
        wanted = "NONREF" if skips else "DEFAULT"
        if self._context.skip_frame != wanted:
            self._context.skip_frame = wanted

    def feed(self, timed: Timed) -> list[VideoFrame]:
        """Decode one packet; frames come out in the order they are shown, later than they go in.

        Raises:
            FilmError: `CODEC_UNKNOWN`; `BROKEN` where nothing came of many packets. One damaged packet is counted, no more.
        """
        self.gap = False
        if self._context.name == "jpeg2000" and not self._context.is_open:
            self._reduce(bytes(timed.packet)[:_HEADER_BYTES])
        frames = self._tried(timed)
        self._fruitless = 0 if frames else self._fruitless + 1
        if self._fruitless > _FRUITLESS_LIMIT:
            raise FilmError(FilmObstacle.BROKEN, f"no picture comes of {_FRUITLESS_LIMIT} packets")
        return frames

    def drain(self) -> list[VideoFrame]:
        """Return what the decoder still holds and empty it."""
        if self.gap:
            return []
        frames = self._tried(None)
        self._context.flush_buffers()
        self.gap = True
        return frames

    def restart(self) -> None:
        """Empty the decoder after another pass over the film, and decode all frames from here."""
        self.set_skipping(False)
        if self._context.is_open:
            self._context.flush_buffers()

    def _reduce(self, header: bytes) -> None:
        longest = max(self._context.width, self._context.height)
        steps = max(0, (longest // max(1, self._side_px)).bit_length() - 1)
        self._context.options = {**self._context.options, "lowres": str(min(steps, _resolutions(header)))}

    def _tried(self, timed: Timed | None) -> list[VideoFrame]:
        try:
            with told_apart():
                frames = self._context.decode(timed.packet if timed else None)
        except FilmError as error:
            if error.obstacle is not FilmObstacle.BROKEN:
                raise
            self.damaged += 1
            return []
        whole = [frame for frame in frames if not frame.is_corrupt]
        self.damaged += len(frames) - len(whole)
        self.decoded += len(frames)
        return [frame for frame in whole if frame.pts is not None or frame.dts is not None]


def ticks_of(frame: VideoFrame) -> int:
    """Return the frame's time in the stream's ticks; frames without one are never handed on by `Feeder`."""
    return int(frame.pts if frame.pts is not None else frame.dts)


def _resolutions(header: bytes) -> int:
    """Return how often a JPEG 2000 codestream can be halved: its decomposition levels (ISO/IEC 15444-1, A.6.1), 0 if not told."""
    place = header.find(b"\xff\x52")
    return header[place + 9] if 0 <= place < len(header) - 9 else 0
