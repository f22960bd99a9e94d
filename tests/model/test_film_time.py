from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from scanner.model.film_time import timecode_after, timecode_at
from scanner.model.moving import Coding, MovingPicture, Orientation, StartTimecode, Transfer

FILM = MovingPicture(
    container="mov",
    codec="h264",
    profile="High",
    coding=Coding.LONG_GOP,
    width=1920,
    height=1080,
    sample_aspect=Fraction(1),
    rate=Fraction(25),
    variable_rate=False,
    time_base=Fraction(1, 12_800),
    start=Fraction(0),
    duration=Fraction(60),
    timecode=None,
    orientation=Orientation(),
    interlaced=False,
    transfer=Transfer.SDR,
    video_streams=1,
    audio_streams=0,
    data_streams=0,
)
NTSC = Fraction(30_000, 1001)


def begins(text, rate, drop_frame=False):
    return replace(FILM, rate=rate, timecode=StartTimecode(text, rate, drop_frame))


@pytest.mark.parametrize(
    ("film", "seconds", "timecode"),
    [
        (FILM, Fraction(10), "00:00:10:00"),
        (replace(FILM, start=Fraction(2)), Fraction(10), "00:00:08:00"),
        (begins("01:00:00:00", Fraction(25)), Fraction(252, 25), "01:00:10:02"),
        (begins("00:59:59;28", NTSC, drop_frame=True), 2 / NTSC, "01:00:00;00"),
        (begins("00:59:59:28", NTSC), 2 / NTSC, "01:00:00:00"),
        # A timecode that cannot be is no start.
        (begins("25:00:00:00", Fraction(25)), Fraction(1), "00:00:01:00"),
        (begins("rubbish", Fraction(25)), Fraction(1), "00:00:01:00"),
        (replace(FILM, rate=None), Fraction(1), ""),
        (replace(FILM, rate=Fraction(100_000)), Fraction(1), ""),
    ],
)
def test_timecode_of_a_place(film, seconds, timecode):
    assert timecode_at(film, seconds) == timecode


@pytest.mark.parametrize(
    ("text", "rate", "following"),
    [
        ("01:00:00:23", Fraction(24), "01:00:01:00"),
        ("00:00:59;29", NTSC, "00:01:00;02"),
        ("23:59:59:24", Fraction(25), "00:00:00:00"),
        ("01:00:00:24", Fraction(24), ""),
        ("00:00:59;29", Fraction(25), ""),
        ("01:00:00:00", None, ""),
        ("", Fraction(24), ""),
    ],
)
def test_the_timecode_after_another(text, rate, following):
    assert timecode_after(text, rate) == following
