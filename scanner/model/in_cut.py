"""Where the assets of a delivery stand in a cut, and what the cut shows that the delivery does not hold."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.cut import FrameRange, TrackKind
from scanner.model.placement import RecognisedBy
from scanner.model.timecode import Rate


@dataclass(frozen=True, slots=True)
class InCut:
    """One stretch of the programme in which a cut has an asset."""

    cut: int
    """Index into the scan's cuts."""
    kind: TrackKind
    track: str
    programme: FrameRange | None
    """In frames of the programme, transitions included; None in a list that places nothing."""
    tc_in: str
    """First frame as timecode; empty where `programme` is None."""
    tc_out: str
    """The frame after the last one, as cut lists write it."""
    by: RecognisedBy
    among: int = 1
    """Assets of the delivery that fit as well; more than 1 says that which of them it is is not known."""
    place: str = ""
    """Where in the cut's file the event stands."""
    enabled: bool = True
    """False: in the timeline, but switched off."""


@dataclass(frozen=True, slots=True)
class OnScreenInCut:
    """When the programme shows what was found in a stretch of a film."""

    cut: int
    """Index into the scan's cuts."""
    track: str
    """Of the film in the cut; empty where the film is the programme itself."""
    programme: FrameRange
    tc_in: str
    tc_out: str
    """Of the frame after the last one."""
    exact: bool
    """False where the cut changes the film's speed or counts it otherwise, or does not say which part of it is shown: then the
    time is about right, or that of all of the film's stretch."""
    enabled: bool = True
    """False: in the timeline, but switched off."""
    among: int = 1
    """As of `InCut`."""


@dataclass(frozen=True, slots=True)
class MissingMedia:
    """Something that a cut shows and the delivery does not hold under any name that the cut gives."""

    name: str
    events: int
    tc_in: str
    """Of its first event; empty where the list places nothing."""
    tc_out: str
    place: str


@dataclass(frozen=True, slots=True)
class CutStamp:
    """One cut that the assets were looked for in."""

    file: str
    """Its file name."""
    sha256: str
    """Of that file; of an IMF package, of its composition playlist."""
    format: str
    title: str
    rate: Rate
    events: int
    located: int
    """Events whose source is in the delivery."""
    missing: tuple[MissingMedia, ...] = ()
    """Sources that are not, by first appearance; at most `MISSING_LIMIT`."""
    missing_total: int = 0
    notes: tuple[str, ...] = ()
    """Whole sentences without full stop."""


MISSING_LIMIT = 1000
APPEARANCES_LIMIT = 1000
"""Events of one cut told of one asset."""
