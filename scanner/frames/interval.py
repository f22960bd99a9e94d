"""Every frame of an interval: for the ends of what was found."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from scanner.frames.feeding import Feeder, ticks_of
from scanner.frames.groups import PacketReader, Timed, groups
from scanner.frames.rendering import SIDE_PX, Renderer
from scanner.frames.retiming import Retimer, is_unordered
from scanner.frames.sampling import SampledFrame, mark_of
from scanner.frames.seeking import packets_from
from scanner.frames.tone import ToneCurve, rolled_off

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from scanner.frames.opening import Film


def frames_between(
    film: Film, start: Fraction, end: Fraction, *, side_px: int = SIDE_PX, tone: ToneCurve = rolled_off
) -> Iterator[SampledFrame]:
    """Yield every frame shown from `start` up to, not including, `end`, in order: seconds on the film's own clock.

    Decoding starts at the key frame before. Damaged frames are missing.

    Raises:
        FilmError: nothing decodes it.
    """
    base = film.description.time_base
    first, past = -(-start // base), -(-end // base)
    renderer = Renderer(film.description, side_px, tone)
    feeder = Feeder(film, side_px)
    feeder.restart()
    for frame in _frames(film, packets_from(film, PacketReader(film), first), feeder, past):
        if first <= ticks_of(frame) < past:
            yield SampledFrame(mark_of(film, ticks_of(frame)), renderer.render(frame))


def _frames(film: Film, packets: Iterator[Timed], feeder: Feeder, past: int) -> Iterator[VideoFrame]:
    """Frames as they are shown, up to the first that is not before `past`."""
    for frame in _decoded(film, packets, feeder):
        if ticks_of(frame) >= past:
            feeder.drain()
            return
        yield frame


def _decoded(film: Film, packets: Iterator[Timed], feeder: Feeder) -> Iterator[VideoFrame]:
    for group in groups(packets):
        if is_unordered(film, group):
            yield from feeder.drain()
            retimer = Retimer(group)
            for timed in group.packets:
                yield from retimer.retimed(feeder.feed(timed))
            yield from retimer.retimed(feeder.drain())
        else:
            for timed in group.packets:
                yield from feeder.feed(timed)
    yield from feeder.drain()
