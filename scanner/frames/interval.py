"""Every frame of an interval: for the ends of what was found."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

from scanner.frames.feeding import Feeder, ticks_of
from scanner.frames.groups import PacketReader, Timed, groups
from scanner.frames.rendering import SIDE_PX, Renderer
from scanner.frames.retiming import Retimer, is_unordered
from scanner.frames.sampling import SampledFrame, mark_of
from scanner.frames.tone import ToneCurve, rolled_off

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from scanner.frames.opening import Film

_BACK_SECONDS = (0, 1, 2, 4, 8, 16, 32, 64)
"""How far before the interval a key frame is looked for, one after another, before the film is read from its start: some
containers seek by the times of decoding, or land behind."""
_RECKONED = frozenset({"mpeg-ps", "mpeg-video"})
"""Containers that give few times or none: the library reckons the others from the start, and wrongly after it has sought. They
are read from their start, and decoded from the key frame."""


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
    for frame in _frames(film, _packets_from(film, first), feeder, past):
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


def _packets_from(film: Film, first: int) -> Iterator[Timed]:
    """Packets from the last key frame whose time is not after `first`."""
    if film.description.container in _RECKONED:
        return _read_up_to(film, first)
    earliest = film.start_ticks or 0
    for back in (*_BACK_SECONDS, None):
        ticks = None if back is None else max(earliest, first - int(back / film.description.time_base))
        sought = film.rewound() if ticks is None else film.sought(ticks)
        packets = _after_key(PacketReader(film).packets())
        leading = next(packets, None) if sought else None
        if leading and (leading.ticks <= first or back is None):
            return chain((leading,), packets)
    return iter(())


def _read_up_to(film: Film, first: int) -> Iterator[Timed]:
    if film.rewound():
        for group in groups(PacketReader(film).packets()):
            if group.ends is None or group.ends > first:
                yield from group.packets


def _after_key(packets: Iterator[Timed]) -> Iterator[Timed]:
    started = False
    for timed in packets:
        started = started or timed.packet.is_keyframe
        if started:
            yield timed
