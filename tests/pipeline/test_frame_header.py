"""Rate and timecode of film frames, as ExifTool tells what OpenEXR and DPX hold."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.pipeline.frame_header import frame_rate, frame_timecode

EXR, DPX = "OpenEXR:TimeCode", "File:TimeCode"


@pytest.mark.parametrize(
    ("told", "rate"),
    [
        ({"OpenEXR:FramesPerSecond": "24"}, Fraction(24)),
        ({"OpenEXR:FramesPerSecond": "23.97602398"}, Fraction(24_000, 1001)),
        ({"File:FrameRate": "29.9699993133545"}, Fraction(30_000, 1001)),
        ({"File:FrameRate": "0", "File:OriginalFrameRate": "25"}, Fraction(25)),
        ({"File:FrameRate": "undef", "File:OriginalFrameRate": "25"}, Fraction(25)),
        ({"File:FrameRate": "1", "File:OriginalFrameRate": "24"}, Fraction(24)),
        ({"File:FrameRate": "1"}, None),
        ({"File:FrameRate": "17.3"}, None),
        ({"File:FrameRate": "1e9"}, None),
        ({"File:FrameRate": "999"}, None),
        ({"QuickTime:VideoFrameRate": "25"}, None),
        ({}, None),
    ],
)
def test_a_rate_is_one_that_there_is(told, rate):
    assert frame_rate(told) == rate


@pytest.mark.parametrize(
    ("told", "timecode"),
    [
        ({EXR: "16909060 0"}, "01:02:03:04"),
        ({DPX: "16909060"}, "01:02:03:04"),
        ({DPX: str(0x01020344)}, "01:02:03;04"),
        # Flags of SMPTE 12M above the tens are no digits.
        ({DPX: str(0x81828384)}, "01:02:03:04"),
        ({DPX: "0"}, "00:00:00:00"),
        # What DPX writes for "not known".
        ({DPX: "4294967295"}, ""),
        ({DPX: str(0x0A000000)}, ""),
        ({DPX: str(0x24000000)}, ""),
        ({DPX: str(0x00610000)}, ""),
        ({DPX: "99999999999"}, ""),
        ({DPX: "01:02:03:04"}, ""),
        ({EXR: "1 2 3"}, ""),
        ({}, ""),
    ],
)
def test_a_timecode_is_one_that_there_is(told, timecode):
    assert frame_timecode(told) == timecode


@given(st.integers(0, (1 << 32) - 1))
def test_whatever_the_bits_are_no_nonsense_comes_of_them(bits):
    told = frame_timecode({DPX: str(bits)})
    if told:
        hours, minutes, seconds, frames = map(int, told.replace(";", ":").split(":"))
        assert hours < 24
        assert minutes < 60
        assert seconds < 60
        assert frames < 40
