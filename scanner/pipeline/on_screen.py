"""When the programme shows what was found in a film: a stretch of the film carried over into the cut that shows the film.

A film of the delivery may be a source of the cut, or the programme itself. A source's frames are counted as its own timecode
or since its first frame, as the cut's program has it; which of both is told by where the numbers lie.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from scanner.model.cut import Cut, Event, FrameRange, TrackKind
from scanner.model.in_cut import OnScreenInCut
from scanner.model.matching import Segment
from scanner.model.moving import MovingPicture
from scanner.model.placement import Medium, Placement
from scanner.model.scan import AssetRecord
from scanner.model.timecode import Rate, TimecodeError, format_timecode
from scanner.timeline.locating import programme_range

TIMES_LIMIT = 1_000
"""Times told of one stretch; a title background stands in a programme some dozens of times."""
_SAME_SPAN = Fraction(4, 5)
"""Share of the time that a film and a cut cover together which both must cover: bars, leader and a trimmed tail differ, and no
clip of a programme is as long as the programme."""


@dataclass(frozen=True, slots=True)
class FilmClock:
    """How the frames of a film are numbered."""

    begin: Fraction
    """Seconds of the first frame on the film's clock."""
    length: int
    """Frames."""
    start: int | None
    """Number of its first frame in its own timecode; None where it has none."""
    rate: Rate

    def frames(self, segment: Segment) -> FrameRange:
        """A stretch, from the film's first frame on."""
        first, after = (self.rate.nearest_frame(time - self.begin) for time in (segment.first, segment.after))
        return FrameRange(first, max(after, first + 1))


def clock_of(film: MovingPicture, medium: Medium) -> FilmClock | None:
    """Return how a film's frames are numbered; None where it tells no rate or length."""
    rate = medium.rate
    try:
        rate = rate or (Rate(film.rate) if film.rate else None)
    except TimecodeError:
        return None
    if rate is None:
        return None
    length = medium.timecode.duration if medium.timecode else rate.nearest_frame(film.duration or Fraction(0))
    start = medium.timecode.start if medium.timecode else None
    return FilmClock(film.start or Fraction(0), length, start, rate) if length > 0 else None


def span_of(cut: Cut) -> FrameRange | None:
    """Return a cut's programme from its first event to its last; None for a list that places nothing."""
    placed = [event.programme for event in cut.events if event.programme and event.enabled]
    return FrameRange(min(one.start for one in placed), max(one.end for one in placed)) if placed else None


def is_programme(medium: Medium, span: FrameRange, rate: Rate) -> bool:
    """Whether a film is taken for the programme: its own timecode runs over it, from end to end or nearly so."""
    film = medium.timecode
    if film is None or medium.rate is None or medium.rate.frames_per_second != rate.frames_per_second:
        return False
    shared = min(span.end, film.end) - max(span.start, film.start)
    return shared > 0 and shared >= _SAME_SPAN * (max(span.end, film.end) - min(span.start, film.start))


@dataclass(frozen=True, slots=True)
class Showing:
    """A film in a cut."""

    clock: FilmClock | None
    """None where its frames cannot be numbered."""
    cut: Cut
    number: int
    """Index of the cut in the scan."""
    placed: Sequence[Placement]
    """Where the cut shows the film as a source."""
    is_programme: bool = False

    def with_times(self, record: AssetRecord) -> AssetRecord:
        """Return the film's record with when the programme shows what was found in it."""
        matches = tuple(replace(one, segments=tuple(map(self._told, one.segments))) for one in record.matches)
        copies = tuple(replace(one, segments=tuple(map(self._told, one.segments))) for one in record.near_copies)
        return replace(record, matches=matches, near_copies=copies)

    def _told(self, segment: Segment) -> Segment:
        seen = sorted(self._times(segment), key=lambda one: (one.programme.start, one.programme.end, one.track))
        return replace(segment, in_cut=(*segment.in_cut, *seen[:TIMES_LIMIT]))

    def _times(self, segment: Segment) -> Iterator[OnScreenInCut]:
        clock = self.clock
        if self.is_programme and clock and clock.start is not None:
            shown = clock.frames(segment)
            yield self._time(FrameRange(clock.start + shown.start, clock.start + shown.end), "", exact=segment.exact)
        for one in self.placed:
            event = self.cut.events[one.event]
            if event.kind is not TrackKind.VIDEO or event.programme is None:
                continue
            found, exact = _carried(event, clock, segment, self.cut.rate) if clock else (event.programme, False)
            if found is not None:
                told = self._time(found, event.track, exact=exact and segment.exact)
                yield replace(told, enabled=event.enabled, among=one.rivals + 1)

    def _time(self, frames: FrameRange, track: str, *, exact: bool) -> OnScreenInCut:
        tc_in, tc_out = (format_timecode(frame, self.cut.rate) for frame in (frames.start, frames.end))
        return OnScreenInCut(self.number, track, frames, tc_in, tc_out, exact)


def _carried(event: Event, clock: FilmClock, segment: Segment, programme_rate: Rate) -> tuple[FrameRange | None, bool]:
    """Where an event shows a stretch of a film, and whether that is exact; all of the event where it cannot be told."""
    used, counted = event.source.range, event.source.rate or programme_rate
    begin = _origin(used, counted, clock) if used else None
    if used is None or begin is None or event.programme is None:
        return event.programme, False
    ratio, shown = counted.frames_per_second / clock.rate.frames_per_second, clock.frames(segment)
    stretch = FrameRange(begin + (shown.start * ratio).__floor__(), begin + (shown.end * ratio).__ceil__())
    alike = ratio == 1 and (not begin or counted.drop_frame == clock.rate.drop_frame)
    as_shot = event.speed == 1 and used.duration == event.programme.duration
    return programme_range(event, stretch, programme_rate), alike and (as_shot or event.speed == 0)


def _origin(used: FrameRange, counted: Rate, clock: FilmClock) -> int | None:
    """The number that a cut gives to a film's first frame; None where what it shows lies in neither way to count."""
    ratio = counted.frames_per_second / clock.rate.frames_per_second
    length = (clock.length * ratio).__ceil__()
    origins = [0]
    if clock.start is not None:
        # Timecode that is counted at another rate keeps its hours, minutes and seconds, and so the number of its seconds.
        said = clock.start if ratio == 1 else round(Fraction(clock.start, clock.rate.nominal) * counted.nominal)
        origins.insert(0, said)
    # A transition may ask for a handle that the film lacks.
    return next((origin for origin in origins if origin < used.end and used.start < origin + length), None)
