"""Timecode of a place in a film."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import count

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


def frame_number_at(film: MovingPicture, seconds: Fraction) -> int | None:
    """Return the number that the frame at `seconds` has in a numbered sequence, be it there or missing; None for a film."""
    return None if film.first_frame is None else film.first_frame + round((seconds - (film.start or 0)) / film.time_base)


def timecode_at(film: MovingPicture, seconds: Fraction) -> str:
    """Return the timecode of the frame at `seconds` on the film's clock.

    By the film's own start timecode; where it has none, or one that cannot be, since 00:00:00:00. Empty where it tells no rate.
    """
    counting = _counting(film)
    if counting is None:
        return ""
    rate, start = counting
    return format_timecode(start + rate.nearest_frame(seconds - (film.start or 0)), rate)


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


def whole_timecodes(film: MovingPicture, step_seconds: int, length: Fraction) -> Iterator[tuple[Fraction, str]]:
    """Yield the places of a film where a multiple of `step_seconds` begins in its timecode: seconds on its clock, and timecode.

    Nothing where it tells no rate. `length` is the film's, in seconds.
    """
    counting = _counting(film)
    if counting is None:
        return
    rate, start = counting
    for step in count(start // (step_seconds * rate.nominal)):
        frame = _first_frame(step * step_seconds, rate)
        after = rate.seconds(frame - start)
        if after > length:
            return
        if after >= 0:
            yield (film.start or Fraction(0)) + after, format_timecode(frame, rate)


def _first_frame(second: int, rate: Rate) -> int:
    """The first frame of a second of timecode: ``00:01:00;02`` in drop-frame, where a minute begins without its first numbers."""
    minutes, dropped = second // 60, rate.dropped_a_minute
    frame = second * rate.nominal - dropped * (minutes - minutes // 10)
    return frame + dropped if minutes % 10 and not second % 60 else frame


def _counting(film: MovingPicture) -> tuple[Rate, int] | None:
    """How a film's frames are counted, and the number of its first one."""
    rate = film.timecode.rate if film.timecode and film.timecode.rate else film.rate
    if rate is None:
        return None
    try:
        counted = Rate(rate, drop_frame=bool(film.timecode and film.timecode.drop_frame and can_drop(rate)))
        return counted, parse_timecode(film.timecode.text, counted) if film.timecode else 0
    except TimecodeError:
        try:
            return Rate(rate), 0
        except TimecodeError:
            return None
