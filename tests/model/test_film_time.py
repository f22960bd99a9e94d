from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from scanner.model.film_time import timecode_after, timecode_at, whole_timecodes
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


def whole(film, step, length):
    return [(float(seconds), timecode) for seconds, timecode in whole_timecodes(film, step, Fraction(length))]


def test_whole_timecodes_begin_where_the_timecode_is_round():
    film = replace(FILM, start=Fraction(100), timecode=StartTimecode("09:59:58:12", Fraction(25), False))
    assert whole(film, 5, 12) == [(101.52, "10:00:00:00"), (106.52, "10:00:05:00"), (111.52, "10:00:10:00")]


def test_whole_timecodes_count_frames_and_not_the_clock():
    assert whole(begins("00:00:00:00", Fraction(24_000, 1001)), 60, 100) == [(0, "00:00:00:00"), (60.06, "00:01:00:00")]


def test_a_minute_of_drop_frame_begins_with_its_first_number():
    told = whole(begins("00:09:00;02", NTSC, drop_frame=True), 60, 130)
    assert [timecode for _, timecode in told] == ["00:09:00;02", "00:10:00;00", "00:11:00;02"]
    assert told[2][0] == pytest.approx(120.0, abs=0.1)


def test_a_film_without_a_rate_has_no_whole_timecodes():
    assert whole(replace(FILM, rate=None), 5, 60) == []


@pytest.mark.parametrize(("rate", "drop_frame"), [(NTSC, True), (NTSC, False), (Fraction(25), False)])
def test_whole_timecodes_are_those_of_their_places(rate, drop_frame):
    film = begins("00:58:30;10" if drop_frame else "00:58:30:10", rate, drop_frame=drop_frame)
    places = list(whole_timecodes(film, 30, Fraction(900)))
    assert len(places) in (29, 30)
    assert [timecode_at(film, seconds) for seconds, _ in places] == [timecode for _, timecode in places]
