"""Rate and timecode of a film frame, as the headers of OpenEXR and DPX have them and ExifTool tells them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from scanner.model.timecode import TimecodeError, parse_frames_per_second

_RATES = ("OpenEXR:FramesPerSecond", "File:FrameRate", "File:OriginalFrameRate")
"""OpenEXR's own; of DPX the television header's, then the film header's."""
_TIMECODES = ("OpenEXR:TimeCode", "File:TimeCode")
_DECIMAL = re.compile(r"\d{1,3}(?:\.\d{1,17})?")
_NUMBER = re.compile(r"(\d{1,10})(?: \d{1,10})?")
_DROP_FRAME = 1 << 6
SLOWEST = 8
"""Frames a second below which a header is not believed: nothing runs so slowly, and every frame would be looked at."""


def frame_rate(told: Mapping[str, str]) -> Fraction | None:
    """Return the frames a second among the fields of a frame; None where there are none, or none that can be."""
    for field in _RATES:
        value = told.get(field, "")
        if _DECIMAL.fullmatch(value):
            try:
                # A header's rate is a binary float or a quotient written out: 23.97602398.
                rate = parse_frames_per_second(f"{float(value):.5f}")
            except TimecodeError:
                continue
            if rate >= SLOWEST:
                return rate
    return None


def frame_timecode(told: Mapping[str, str]) -> str:
    """Return the timecode among the fields of a frame; empty where there is none, or none that can be.

    Both formats hold the 32 bits of SMPTE ST 12-1, two decimal digits a byte with flags above the tens: hours first.
    """
    found = next((match for field in _TIMECODES if (match := _NUMBER.fullmatch(told.get(field, "")))), None)
    bits = int(found[1]) if found else 1 << 32
    # All ones is what DPX writes for "not known".
    if bits >= (1 << 32) - 1:
        return ""
    hours, minutes, seconds, frames = (
        10 * (bits >> shift + 4 & tens) + (bits >> shift & 15) for shift, tens in ((24, 3), (16, 7), (8, 7), (0, 3))
    )
    if hours > 23 or minutes > 59 or seconds > 59 or any(bits >> shift & 15 > 9 for shift in (24, 16, 8, 0)):
        return ""
    return f"{hours:02}:{minutes:02}:{seconds:02}{';' if bits & _DROP_FRAME else ':'}{frames:02}"
