"""Which files of a delivery a cut shows, where, and by what they were recognised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanner.model.cut import FrameRange
from scanner.model.timecode import Rate


class RecognisedBy(StrEnum):
    """What an event and a file have in common; the strongest first."""

    UUID = "uuid"
    PATH = "path"
    """Name and at least one folder above it; machines mount drives in different places."""
    TAPE = "tape"
    """Reel or tape, and source timecode that the file contains."""
    NAME = "name"
    """The file's name; or the clip's or the tape's, with or without the file's extension."""
    PROGRAMME = "programme"
    """It is no source: its own timecode runs over the programme's from end to end, so that it is taken for the programme."""
    FILM = "film"
    """No name of it: a film that the cut shows, or that is the programme, was found to show it."""


@dataclass(frozen=True, slots=True)
class Medium:
    """A file or image sequence of the delivery, by what a cut can know it by."""

    path: str
    """POSIX; a sequence in fileseq notation, ``shots/a.1001-1045#.exr``."""
    uuids: tuple[str, ...] = ()
    """In lower case, as in `Source.uuids`."""
    tape: str = ""
    timecode: FrameRange | None = None
    """All its frames in its own timecode; None where it has none."""
    rate: Rate | None = None
    """How `timecode` counts."""


@dataclass(frozen=True, slots=True)
class MediaIdentity:
    """What a file says of itself that a cut can know it by."""

    uuids: tuple[str, ...] = ()
    """As in `Medium`; the nearest first."""
    tape: str = ""
    timecode: FrameRange | None = None
    rate: Rate | None = None


UNKNOWN_MEDIA = MediaIdentity()


@dataclass(frozen=True, slots=True)
class Placement:
    """A medium in the programme."""

    medium: int
    """Index of the medium."""
    event: int
    """Index of the event in the cut."""
    recognised_by: RecognisedBy
    rivals: int = 0
    """How many other media fit this event equally well: none can be told from the others, and not all may be placed."""


@dataclass(frozen=True, slots=True)
class Placements:
    """A delivery's media in one cut."""

    placed: tuple[Placement, ...]
    """In the order of the events."""
    not_in_cut: tuple[int, ...]
    """Indexes of media that no event shows."""
    missing: tuple[int, ...]
    """Indexes of events whose medium is not in the delivery."""
