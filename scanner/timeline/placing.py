"""Where a stretch of a nested timeline lies in the programme, in exact seconds, and the event that it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from scanner.model.cut import CutError, Event, FrameRange, Source, TrackKind, Transition
from scanner.model.event_table import EventRows
from scanner.model.timecode import Rate

EVENTS_LIMIT = 250_000
"""A feature has some ten thousand, with all its tracks."""
VISITS_LIMIT = 2_000_000
"""Nested timelines can multiply: ten that show the next one ten times each are 10^10 stretches in a small file."""
NESTING_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of the programme, in seconds; what lies outside is not on screen. None: without end."""

    start: Fraction | None = None
    end: Fraction | None = None

    def narrowed(self, start: Fraction, end: Fraction) -> Window:
        """What of this window lies between two times."""
        return Window(start if self.start is None else max(self.start, start), end if self.end is None else min(self.end, end))

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it is left."""
        return self.start is not None and self.end is not None and self.end <= self.start


@dataclass(frozen=True, slots=True)
class Stretch:
    """A source, where it was laid and how it runs there, in seconds."""

    begin: Fraction
    """In the programme."""
    end: Fraction
    source_begin: Fraction
    """In the source, at `begin`."""
    speed: Fraction
    """Seconds of the source a second of the programme."""

    def cut_to(self, window: Window) -> Stretch | None:
        """What of it lies in the window; None where nothing does."""
        begin = self.begin if window.start is None else max(self.begin, window.start)
        end = self.end if window.end is None else min(self.end, window.end)
        if end <= begin:
            return None
        return Stretch(begin, end, self.source_begin + (begin - self.begin) * self.speed, self.speed)


@dataclass(frozen=True, slots=True)
class Ends:
    """The transitions at both ends of a stretch."""

    opening: Transition | None = None
    closing: Transition | None = None


NO_ENDS = Ends()


class Placing:
    """Collects the events of one timeline, and bounds them.

    `rate` numbers the programme, `start` is the number of the frame at its second 0, `path` names the file in errors.
    """

    def __init__(self, path: str, rate: Rate, start: int) -> None:
        self.path = path
        self.rate = rate
        self.start = start
        self.events = EventRows()
        self._visits = 0

    def visit(self, depth: int, elements: int = 1) -> None:
        """Count elements of a timeline that are looked at, `depth` timelines deep.

        Raises:
            CutError: there are more than is given to one file.
        """
        self._visits += elements
        if self._visits > VISITS_LIMIT or len(self.events) > EVENTS_LIMIT or depth > NESTING_LIMIT:
            raise CutError(
                f"its nested timelines unfold to more than {EVENTS_LIMIT:,} events, or {NESTING_LIMIT} levels",
                where=self.path,
                next_step="Export the cut with its nested timelines flattened",
            )

    def frames(self, begin: Fraction, end: Fraction) -> FrameRange:
        """A stretch of the programme in frames."""
        first = self.start + self.rate.nearest_frame(begin)
        return FrameRange(first, max(first, self.start + self.rate.nearest_frame(end)))

    def place(
        self,
        kind: TrackKind,
        track: str,
        stretch: Stretch,
        source: Source,
        place: str,
        *,
        ends: Ends = NO_ENDS,
        enabled: bool = True,
    ) -> None:
        """Take in an event; `source` comes without its range, and with the rate that the range shall be counted in."""
        rate = source.rate or self.rate
        self.events.append(
            Event(
                kind=kind,
                track=track,
                programme=self.frames(stretch.begin, stretch.end),
                source=Source(
                    source.name,
                    source.file,
                    source.tape,
                    source.uuids,
                    _source_frames(stretch, rate),
                    None if rate == self.rate else rate,
                ),
                place=place,
                transition_in=ends.opening,
                transition_out=ends.closing,
                speed=stretch.speed,
                enabled=enabled,
            )
        )


def _source_frames(stretch: Stretch, rate: Rate) -> FrameRange:
    """The frames that are shown, in their own order: a source that runs backwards, or stands, has a range all the same."""
    until = stretch.source_begin + (stretch.end - stretch.begin) * stretch.speed
    first, last = sorted((rate.nearest_frame(stretch.source_begin), rate.nearest_frame(until)))
    return FrameRange(first, last if last > first else first + 1)
