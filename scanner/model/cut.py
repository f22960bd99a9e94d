"""A cut: which stretch of which source stands where in the programme.

All readers of cut files deliver these, whatever the file's own way to say it: nested timelines are flattened, times are
frame numbers since 00:00:00:00, an end is the first frame that is no longer in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scanner.model.errors import UsageError
from scanner.model.timecode import Rate


class CutError(UsageError):
    """A cut file cannot be read, or not with what was given beside it."""


class TrackKind(StrEnum):
    """What a track carries."""

    VIDEO = "video"
    AUDIO = "audio"


class TransitionKind(StrEnum):
    """How one picture gives way to the next."""

    DISSOLVE = "dissolve"
    """Also a fade, where one side is black."""
    WIPE = "wipe"
    KEY = "key"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FrameRange:
    """Frames from `start` until before `end`; `end` is never less. They may run past midnight."""

    start: int
    end: int

    @property
    def duration(self) -> int:
        """How many frames."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition at one end of an event."""

    kind: TransitionKind
    frames: int
    """How long it lasts, in frames of the programme."""
    name: str = ""
    """As the file calls it: an effect's name, a wipe's code."""


@dataclass(frozen=True, slots=True)
class Source:
    """What an event shows, by every name that the cut gives it; a name that it does not give is empty."""

    name: str = ""
    """Of the clip, as editors see it in their bin."""
    file: str = ""
    """Path or name of the media file as the cut says it, usually of another machine. Never opened."""
    tape: str = ""
    """Reel or tape."""
    uuids: tuple[str, ...] = ()
    """Identities of the media, nearest first: UUID, UMID in lower case, or what the editing program uses for one."""
    range: FrameRange | None = None
    """Frames of the source, in its own timecode where the cut knows it, else since its first frame. None: not said."""
    rate: Rate | None = None
    """How `range` counts; None: as the programme."""


@dataclass(frozen=True, slots=True)
class Event:
    """One stretch of a source in the programme."""

    kind: TrackKind
    track: str
    """As the file names or numbers it."""
    programme: FrameRange | None
    """Where the source is to be seen or heard, transitions at both ends included. None in a list that places nothing."""
    source: Source
    place: str
    """Where in the file the event stands: a line, an element."""
    transition_in: Transition | None = None
    """Its frames are the first ones of `programme`."""
    transition_out: Transition | None = None
    """Its frames are the last ones of `programme`."""
    speed: Fraction = Fraction(1)
    """Frames of the source a frame of the programme, as seconds to seconds: 0 is a freeze, less than 0 runs backwards."""
    enabled: bool = True
    """False: in the timeline, but switched off."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One timeline, flattened."""

    file: str
    """Path of the file that says it."""
    format: str
    """Format of that file, for people."""
    title: str
    rate: Rate
    """Of the programme, with its way to number frames."""
    events: Sequence[Event]
    """In the order of the file; readers give a `model.event_table.EventTable`."""
    notes: tuple[str, ...] = ()
    """What a reader should know: what was taken as what, what could not be told. Whole sentences without full stop."""
