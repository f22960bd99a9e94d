"""Films whose packets are whole pictures: only the wanted ones are decoded, and all are read only where no index is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from scanner.frames.choosing import Chosen, PacketChooser
from scanner.frames.describing import has_whole_index
from scanner.frames.failures import FilmError, told_apart
from scanner.frames.feeding import Feeder, ticks_of
from scanner.frames.groups import PacketReader, Timed
from scanner.frames.seeking import packets_from
from scanner.model.moving import SampleReason

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from scanner.frames.opening import Film


@dataclass(frozen=True, slots=True)
class _Place:
    """A packet in the index."""

    ticks: int
    size_bytes: int


class IntraSampler:
    """Chooses frames of an intra-only film."""

    def __init__(
        self, film: Film, reader: PacketReader, feeder: Feeder, interval_ticks: int, ticks: tuple[int | None, int | None]
    ) -> None:
        """`ticks`: from where on frames are wanted, and where the last wanted one lies; None for the ends of the film."""
        self._film = film
        self._begin, self._end = ticks
        self._reader = reader
        self._feeder = feeder
        self._interval = interval_ticks
        self._chooser = PacketChooser(interval_ticks)
        self._newest: int | None = None
        self.in_order = True

    def chosen(self) -> Iterator[Chosen[VideoFrame]]:
        """Choose frames of the stretch, a little more at both ends."""
        yield from self._by_index() if has_whole_index(self._film.stream) else self._by_reading()

    def _by_reading(self) -> Iterator[Chosen[VideoFrame]]:
        held: Timed | None = None
        stretch = self._reader.packets() if self._begin is None else packets_from(self._film, self._reader, self._begin)
        for timed in stretch:
            if held:
                yield from self._asked(held, timed.ticks)
            held = timed
        if held:
            yield from self._asked(held, held.ticks + held.span)

    def _asked(self, timed: Timed, following: int) -> Iterator[Chosen[VideoFrame]]:
        reason = self._chooser.wants(timed.ticks, timed.size_bytes, following)
        if reason:
            yield from self._decoded(timed, reason)

    def _by_index(self) -> Iterator[Chosen[VideoFrame]]:
        index = self._film.stream.index_entries
        begin = self._begin if self._begin is not None else index[0].timestamp
        places = (
            _Place(entry.timestamp, entry.size)
            for entry in index
            if not entry.is_discard and entry.timestamp >= begin - self._interval
        )
        last = index[len(index) - 1]
        end = _Place(max(last.timestamp + self._reader.usual_span, self._claimed_end()), 0)
        for place, following in pairwise(chain(places, (end,))):
            reason = self._chooser.wants(place.ticks, place.size_bytes, following.ticks)
            timed = self._fetched(place) if reason else None
            if reason and timed:
                yield from self._decoded(timed, reason)
            if self._reader.is_cut or (self._end is not None and place.ticks > self._end + self._interval):
                return
        # The last packet is read though it may not be wanted: it tells whether the film is there to its end.
        self._fetched(_Place(last.timestamp, last.size))

    def _claimed_end(self) -> int:
        stream = self._film.stream
        return int((stream.start_time or 0) + (stream.duration or 0))

    def _fetched(self, place: _Place) -> Timed | None:
        try:
            with told_apart():
                self._film.container.seek(place.ticks, stream=self._film.stream)
            timed = next((timed for timed in self._reader.packets() if timed.ticks >= place.ticks), None)
        except FilmError as error:
            self._reader.failure, timed = error, None
        self._reader.is_cut = timed is None
        return timed

    def _decoded(self, timed: Timed, reason: SampleReason) -> Iterator[Chosen[VideoFrame]]:
        frames = [*self._feeder.feed(timed), *self._feeder.drain()]
        if not frames:
            self._chooser.lost()
        for frame in frames:
            ticks = ticks_of(frame)
            self.in_order = self.in_order and (self._newest is None or ticks > self._newest)
            self._newest = ticks
            yield Chosen(frame, ticks, reason)
