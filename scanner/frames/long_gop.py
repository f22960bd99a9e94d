"""Films whose frames need others: key frames first, and of what lies between only what a chosen frame depends on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from scanner.frames.changes import SceneWatch
from scanner.frames.choosing import Chosen, FrameChooser, last_spike
from scanner.frames.feeding import Feeder, ticks_of
from scanner.frames.groups import Group, PacketReader, Timed, groups
from scanner.frames.retiming import Retimer, is_unordered

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from scanner.frames.opening import Film

_KEYS_APART = 4
"""Key frames closer together than this part of the interval are not all decoded: all-intra streams without an index."""


class LongGopSampler:
    """Chooses frames of a film in groups of pictures."""

    def __init__(
        self,
        film: Film,
        packets: Iterator[Timed],
        feeder: Feeder,
        interval_ticks: int,
        *,
        keys_only: bool = False,
        whole: PacketReader | None = None,
    ) -> None:
        """`whole` is told the first group and the end, where the packets are all of the film's."""
        self._film = film
        self._packets = packets
        self._whole = whole
        self._feeder = feeder
        self._interval = interval_ticks
        self._keys_only = keys_only
        self._scenes = SceneWatch()
        self.chooser: FrameChooser[VideoFrame] = FrameChooser(interval_ticks)

    @property
    def in_order(self) -> bool:
        """Whether frames came with rising times."""
        return self.chooser.in_order

    def chosen(self) -> Iterator[Chosen[VideoFrame]]:
        """Read the packets to their end."""
        end = None
        for place, group in enumerate(groups(self._packets)):
            if place == 0 and self._whole:
                self._whole.found_start(group)
            elif end is not None and self._starts_anew(group):
                yield from self._offered(self._feeder.drain())
                yield from self.chooser.restart(end)
            yield from self._group(group)
            end = group.ends
        yield from self._offered(self._feeder.drain())
        if self._whole:
            self._whole.finish()
        if end is not None:
            yield from self.chooser.finish(end)

    def _group(self, group: Group) -> Iterator[Chosen[VideoFrame]]:
        if self._can_wait(group):
            yield from self._offered(self._feeder.drain())
            return
        if is_unordered(self._film, group):
            yield from self._all_of(group)
            return
        packets = self._decodable(group)
        self._feeder.set_skipping(not self._is_sparse(group))
        goal = self._goal(group)
        least = 0 if self._keys_only or not group.from_key else last_spike([timed.size_bytes for timed in packets])
        for place, timed in enumerate(packets):
            if place > least and goal is not None and self._has_reached(goal, group):
                yield from self._offered(self._feeder.drain())
                return
            yield from self._offered(self._feeder.feed(timed))

    def _all_of(self, group: Group) -> Iterator[Chosen[VideoFrame]]:
        yield from self._offered(self._feeder.drain())
        self._feeder.set_skipping(False)
        retimer = Retimer(group)
        goal = self._goal(group)
        for place, timed in enumerate(group.packets):
            if place and goal is not None and self._has_reached(goal, group):
                # Of several packets, what the decoder still holds need not follow what came out.
                held = self._feeder.drain()
                yield from self._offered(retimer.retimed(held) if place == 1 else ())
                return
            yield from self._offered(retimer.retimed(self._feeder.feed(timed)))
        yield from self._offered(retimer.retimed(self._feeder.drain()))

    def _starts_anew(self, group: Group) -> bool:
        """Whether the clock was set back: broadcasts cut together."""
        newest = self.chooser.newest
        return newest is not None and group.from_key and group.start + self._interval < newest

    def _can_wait(self, group: Group) -> bool:
        """Whether the key frame that follows comes early enough, and this one brings nothing new."""
        anchor, newest = self.chooser.anchor, self.chooser.newest
        if anchor is None or newest is None or group.ends is None or not group.from_key:
            return False
        return group.ends - anchor <= self._interval and (group.start - newest) * _KEYS_APART < self._interval

    def _goal(self, group: Group) -> int | None:
        """Ticks from which on one decoded frame is enough; None where all that is here is needed."""
        if self._keys_only and group.from_key:
            return group.start
        return None if group.ends is None else group.ends - self._interval

    def _decodable(self, group: Group) -> list[Timed]:
        # After a gap, frames shown before their key frame refer to what was never decoded.
        leading = self._feeder.gap and group.from_key
        return [timed for timed in group.packets if not leading or timed.ticks >= group.start]

    def _is_sparse(self, group: Group) -> bool:
        """Whether a frame stands so long that none may be left out."""
        times = sorted(timed.ticks for timed in group.packets)
        times.append(group.ends if group.ends is not None else times[-1])
        return max(later - earlier for earlier, later in pairwise(times)) * 2 > self._interval

    def _has_reached(self, goal: int, group: Group) -> bool:
        if group.from_key and group.start >= goal:
            return True
        newest = self.chooser.newest
        return newest is not None and newest >= max(goal, group.start)

    def _offered(self, frames: Iterable[VideoFrame]) -> Iterator[Chosen[VideoFrame]]:
        for frame in frames:
            yield from self.chooser.take(frame, ticks_of(frame), self._scenes.changed(frame))
