"""Frame rates as fractions, and SMPTE timecode as a way to write a frame number.

Times in the model are frame numbers: whole frames since 00:00:00:00, exact at every rate. A timecode is how people write
one. Drop-frame leaves out numbers, never frames, and only counts so where the source says so; nothing here guesses it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from scanner.model.errors import UsageError

_NTSC = Fraction(1000, 1001)
_HOURS_A_DAY = 24
_FASTEST = 240
_RATE_HINT = "Give it as 23.976, 24, 25, 29.97, 30, 48, 50, 59.94 or 60, or as a fraction such as 30000/1001"
_TIMECODE = re.compile(r"(\d{1,2})[:;.,](\d{1,2})[:;.,](\d{1,2})([:;.,])(\d{1,3})", re.ASCII)
_DECIMAL = re.compile(r"\d{1,4}(\.\d{1,9})?", re.ASCII)
_FRACTION = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})", re.ASCII)
DROP_SIGNS = ";,"
_SECONDS_KEPT = 1 << 15


class TimecodeError(UsageError):
    """A timecode or a frame rate that cannot be."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Frames a second, exact, and how they are numbered."""

    frames_per_second: Fraction
    drop_frame: bool = False
    """Whether frame numbers are left out so that timecode keeps to the clock; at 29.97 and 59.94 only."""

    nominal: int = field(init=False, repr=False, compare=False)
    """Frames that timecode counts in a second: 30 at 29.97."""
    dropped_a_minute: int = field(init=False, repr=False, compare=False)
    """Frame numbers left out at the start of each minute that is no tenth one: 2 at 29.97, 4 at 59.94, else 0."""
    frames_a_day: int = field(init=False, repr=False, compare=False)
    """Frames from 00:00:00:00 until timecode begins again."""

    def __post_init__(self) -> None:
        if not 0 < self.frames_per_second <= _FASTEST:
            raise TimecodeError(f"{self.frames_per_second} frames a second is no frame rate", next_step=_RATE_HINT)
        if self.drop_frame and not can_drop(self.frames_per_second):
            raise TimecodeError(
                f"drop-frame timecode exists at 29.97 and 59.94 frames a second, not at {_said(self.frames_per_second)}",
                next_step="Give the frame rate that the timecode was made with",
            )
        nominal = -(-self.frames_per_second.numerator // self.frames_per_second.denominator)
        dropped = nominal // 15 if self.drop_frame else 0
        object.__setattr__(self, "nominal", nominal)
        object.__setattr__(self, "dropped_a_minute", dropped)
        object.__setattr__(self, "frames_a_day", _HOURS_A_DAY * (3600 * nominal - 54 * dropped))

    def seconds(self, frames: int) -> Fraction:
        """How long so many frames last on a clock."""
        return frames / self.frames_per_second

    def nearest_frame(self, seconds: Fraction) -> int:
        """The frame that begins nearest to `seconds`; halves go up.

        Nearest, not the one running then: containers round the start of a frame down to their own time base.
        """
        return (2 * seconds * self.frames_per_second + 1).__floor__() // 2

    def __str__(self) -> str:
        return f"{_said(self.frames_per_second)}{' drop-frame' if self.drop_frame else ''}"


def can_drop(frames_per_second: Fraction) -> bool:
    """Whether drop-frame timecode is defined at this rate (SMPTE ST 12-1, and ST 12-3 for 59.94 and 119.88)."""
    return frames_per_second in (30 * _NTSC, 60 * _NTSC, 120 * _NTSC)


def parse_frames_per_second(text: str, *, where: str = "") -> Fraction:
    """Read a frame rate: ``25``, ``23.976``, ``23.98``, ``30000/1001``.

    Raises:
        TimecodeError: it is none, or a decimal that is neither whole nor near an NTSC rate.
    """
    text = text.strip()
    if fraction := _FRACTION.fullmatch(text):
        numerator, denominator = int(fraction[1]), int(fraction[2])
        found = Fraction(numerator, denominator) if denominator else None
    else:
        found = known_rate(Fraction(text)) if _DECIMAL.fullmatch(text) else None
    if found is None or not 0 < found <= _FASTEST:
        raise TimecodeError(f"{text[:40]!r} is no frame rate", where=where, next_step=_RATE_HINT)
    return found


def known_rate(value: Fraction) -> Fraction | None:
    """The whole or NTSC rate that a decimal stands for: 23.98 and 23.976 for 24000/1001. None where there is none.

    Decimals are written with two digits at least; neighbours (23.976 and 24) lie 0.024 apart.
    """
    whole = round(value)
    if value == whole:
        return Fraction(whole)
    ntsc = -(-value.numerator // value.denominator) * _NTSC
    return ntsc if abs(value - ntsc) <= Fraction(6, 1000) else None


def parse_timecode(text: str, rate: Rate, *, where: str = "") -> int:
    """Read a timecode as a frame number: ``01:00:00:00``, ``01:00:00;00``.

    A semicolon or comma before the frames says drop-frame; a colon or point says nothing, since many programs write it
    in both countings. Hours run to 23.

    Raises:
        TimecodeError: it is no timecode, it does not exist at this rate, or it says drop-frame and `rate` does not.
    """
    found = _TIMECODE.fullmatch(text.strip())
    if not found:
        raise TimecodeError(f"{text[:40]!r} is no timecode", where=where, next_step="Timecode is written as 01:02:03:04")
    written, sign = found.group(1, 2, 3, 5), found[4]
    hours, minutes, seconds, frames = map(int, written)
    if sign in DROP_SIGNS and not rate.drop_frame:
        raise TimecodeError(
            f"timecode {text.strip()} is drop-frame, but frames are counted at {rate} without",
            where=where,
            next_step="Give the frame rate that the timecode was made with: 29.97 or 59.94",
        )
    if hours >= _HOURS_A_DAY or minutes >= 60 or seconds >= 60 or frames >= rate.nominal:
        raise TimecodeError(
            f"timecode {text.strip()} does not exist at {rate} frames a second",
            where=where,
            next_step="Give the frame rate that the timecode was made with",
        )
    dropped = rate.dropped_a_minute
    if dropped and minutes % 10 and not seconds and frames < dropped:
        raise TimecodeError(
            f"timecode {text.strip()} does not exist in drop-frame",
            where=where,
            next_step="The file is not drop-frame, or was written by a program that counts wrongly: export it again",
        )
    whole_minutes = 60 * hours + minutes
    return (60 * whole_minutes + seconds) * rate.nominal + frames - dropped * (whole_minutes - whole_minutes // 10)


class TimecodeReader:
    """Reads many timecodes of one rate as `parse_timecode` does, most of them without looking at their hours and minutes again.

    Their parts have two digits each, frames two or more.
    """

    def __init__(self, rate: Rate) -> None:
        """Start to read timecodes counted at `rate`."""
        self.rate = rate
        self._seconds: dict[str, int] = {}
        """Timecode up to its frames → number of the second's first frame, were none left out."""
        self._frames = {f"{frame:02}": frame for frame in range(rate.dropped_a_minute, rate.nominal)}
        """Those that every second has: the first ones are what drop-frame may leave out."""

    def read(self, text: str) -> int:
        """Return the frame number of a timecode.

        Raises:
            TimecodeError: as of `parse_timecode`.
        """
        try:
            return self._seconds[text[:9]] + self._frames[text[9:]]
        except KeyError:
            number = parse_timecode(text, self.rate)
        if len(self._seconds) >= _SECONDS_KEPT:
            self._seconds.clear()
        self._seconds[text[:9]] = number - int(text[9:])
        return number

    def read_both(self, begin: str, end: str) -> tuple[int, int]:
        """Return the frame numbers of two timecodes.

        Raises:
            TimecodeError: as of `parse_timecode`.
        """
        seconds, frames = self._seconds, self._frames
        try:
            return seconds[begin[:9]] + frames[begin[9:]], seconds[end[:9]] + frames[end[9:]]
        except KeyError:
            return self.read(begin), self.read(end)


def format_timecode(frame: int, rate: Rate) -> str:
    """Write a frame number as timecode, with a semicolon before the frames in drop-frame.

    Numbers beyond a day, and negative ones, wrap around midnight.
    """
    frame %= rate.frames_a_day
    if dropped := rate.dropped_a_minute:
        frame += dropped * _dropping_minutes(frame, rate)
    seconds, frames = divmod(frame, rate.nominal)
    digits = 3 if rate.nominal > 100 else 2
    sign = ";" if rate.drop_frame else ":"
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{sign}{frames:0{digits}}"


def says_drop_frame(text: str) -> bool:
    """Whether a timecode's own punctuation says that it is drop-frame."""
    found = _TIMECODE.fullmatch(text.strip())
    return found is not None and found[4] in DROP_SIGNS


def _dropping_minutes(frame: int, rate: Rate) -> int:
    """How many minutes that leave out numbers began before this frame, or with it."""
    dropped = rate.dropped_a_minute
    minute = 60 * rate.nominal - dropped
    tens, rest = divmod(frame, 10 * minute + dropped)
    # The first minute of ten is the longer one: it leaves out nothing.
    return 9 * tens + max(0, (rest - dropped) // minute)


def _said(frames_per_second: Fraction) -> str:
    if frames_per_second.denominator == 1:
        return str(frames_per_second.numerator)
    return f"{float(frames_per_second):.3f}".rstrip("0")
