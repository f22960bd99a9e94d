"""Timecode of a place in a film."""

from __future__ import annotations

from fractions import Fraction

from scanner.model.moving import MovingPicture
from scanner.model.timecode import Rate, TimecodeError, can_drop, format_timecode, parse_timecode, says_drop_frame


def timecode_after(text: str, rate: Fraction | None) -> str:
    """Return the timecode of the frame after the one whose own is `text`; empty where there is none, or none at this rate."""
    if not text or rate is None:
        return ""
    try:
        counted = Rate(rate, drop_frame=says_drop_frame(text))
        return format_timecode(parse_timecode(text, counted) + 1, counted)
    except TimecodeError:
        return ""


def timecode_at(film: MovingPicture, seconds: Fraction) -> str:
    """Return the timecode of the frame at `seconds` on the film's clock.

    By the film's own start timecode; where it has none, or one that cannot be, since 00:00:00:00. Empty where it tells no rate.
    """
    rate = film.timecode.rate if film.timecode and film.timecode.rate else film.rate
    if rate is None:
        return ""
    try:
        counted = Rate(rate, drop_frame=bool(film.timecode and film.timecode.drop_frame and can_drop(rate)))
        start = parse_timecode(film.timecode.text, counted) if film.timecode else 0
    except TimecodeError:
        try:
            counted, start = Rate(rate), 0
        except TimecodeError:
            return ""
    return format_timecode(start + counted.nearest_frame(seconds - (film.start or 0)), counted)
