"""What tests of cut files share: where the corpus lies, and cuts in the words of an editor."""

from __future__ import annotations

from pathlib import Path

from scanner.model.cut import Cut, Event
from scanner.model.timecode import format_timecode

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def on_screen(cut: Cut, event: Event) -> str:
    """Programme in and out as timecode."""
    assert event.programme
    return f"{format_timecode(event.programme.start, cut.rate)} {format_timecode(event.programme.end, cut.rate)}"


def shown(cut: Cut) -> list[tuple[str, str, str]]:
    """Track, name and programme time of each event."""
    return [(event.track, event.source.name, on_screen(cut, event)) for event in cut.events]
