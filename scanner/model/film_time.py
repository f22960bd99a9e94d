"""Timecode of a place in a film."""

from __future__ import annotations

from fractions import Fraction

from scanner.model.moving import MovingPicture
from scanner.model.timecode import Rate, TimecodeError, can_drop, format_timecode, parse_timecode


def timecode_at(film: MovingPicture, seconds: Fraction) -> str:
    """Return the timecode of the frame at `seconds` on the film's clock.

    By the film's own start timecode; where it has none, or one that cannot be, since 00:00:00:00. Empty where it tells no rate.
    """
    start = start_of(film) or _uncounted(film)
    return format_timecode(frame_at(film, seconds, *start), start[1]) if start else ""


def start_of(film: MovingPicture) -> tuple[int, Rate] | None:
    """Return the number of a film's first frame by its own timecode, and how it is counted; None without one that can be."""
    said = film.timecode
    rate = (said.rate or film.rate) if said else None
    if said is None or rate is None:
        return None
    try:
        counted = Rate(rate, drop_frame=said.drop_frame and can_drop(rate))
        return parse_timecode(said.text, counted), counted
    except TimecodeError:
        return None


def frame_at(film: MovingPicture, seconds: Fraction, start: int, rate: Rate) -> int:
    """Return the number of the frame at `seconds` on the film's clock, the first one being `start`."""
    return start + rate.nearest_frame(seconds - (film.start or 0))


def _uncounted(film: MovingPicture) -> tuple[int, Rate] | None:
    rate = film.timecode.rate if film.timecode and film.timecode.rate else film.rate
    try:
        return (0, Rate(rate)) if rate else None
    except TimecodeError:
        return None
