"""Every frame of an interval, by seeking."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

pytest.importorskip("av", reason="films need the extra `video`")

from scanner.frames.interval import frames_between
from scanner.frames.opening import open_moving
from scanner.frames.sampling import Sampling
from tests.frames.films import Film, made, number_on

OPEN_GOP = {"x264-params": "open-gop=1:keyint=30:min-keyint=30:scenecut=0:bframes=3"}
DNXHR = Film("dnxhd", "mxf", pixel_format="yuv422p", options={"profile": "dnxhr_sq"}, width=256, height=144, frames=150)
CASES = {
    "h264.mp4": ("mp4", Film(gop=40, b_frames=3, frames=150)),
    "h264-open-gop.mov": (
        "mov",
        Film(frames=150, options=OPEN_GOP),
    ),
    "hevc.mkv": ("mkv", Film("libx265", gop=40, frames=150, options={"x265-params": "log-level=none:keyint=40"})),
    "prores.mov": ("mov", Film("prores_ks", pixel_format="yuv422p10le", frames=150)),
    "dnxhr.mxf": (
        "mxf",
        Film("dnxhd", "mxf", pixel_format="yuv422p", options={"profile": "dnxhr_sq"}, width=256, height=144, frames=150),
    ),
    "h264.mxf": ("mxf", Film(container="mxf", gop=40, b_frames=3, frames=150)),
    "mpeg2.mxf": ("mxf", Film("mpeg2video", "mxf", gop=12, b_frames=2, frames=150)),
    "mpeg2.ts": ("mpeg-ts", Film("mpeg2video", "mpegts", gop=12, b_frames=2, frames=150)),
    "mpeg2.m2v": ("mpeg-video", Film("mpeg2video", "mpeg2video", gop=12, b_frames=2, frames=150)),
    "mjpeg.avi": ("avi", Film("mjpeg", pixel_format="yuvj420p", frames=150)),
    "mpeg2.mpg": ("mpeg-ps", Film("mpeg2video", "vob", gop=12, b_frames=2, frames=150)),
}


@pytest.mark.parametrize("name", CASES)
def test_each_frame_of_an_interval_and_no_other(tmp_path: Path, name: str) -> None:
    format_name, film = CASES[name]
    path = made(tmp_path / name, film)

    with open_moving(str(path), format_name) as opened:
        start = next(iter(Sampling(opened))).mark.time
        for first, past in ((60, 75), (0, 5), (145, 400), (39, 41), (100, 101), (29, 31)):
            frames = list(frames_between(opened, start + Fraction(first, 25), start + Fraction(past, 25)))
            assert [number_on(frame.pixels) for frame in frames] == list(range(first, min(past, 150)))
            assert [frame.mark.number for frame in frames] == list(range(first, min(past, 150)))


def test_after_a_sampling(tmp_path: Path) -> None:
    path = made(tmp_path / "film.mp4", Film(gop=50, b_frames=3))

    with open_moving(str(path), "mp4") as opened:
        list(Sampling(opened))
        frames = list(frames_between(opened, Fraction(1), Fraction(2)))
    assert [number_on(frame.pixels) for frame in frames] == list(range(25, 50))


def test_during_an_interval_not_read_to_its_end(tmp_path: Path) -> None:
    path = made(tmp_path / "film.mp4", Film(gop=50, b_frames=3))

    with open_moving(str(path), "mp4") as opened:
        next(frames_between(opened, Fraction(3), Fraction(4)))
        frames = list(frames_between(opened, Fraction(1), Fraction(2)))
    assert [number_on(frame.pixels) for frame in frames] == list(range(25, 50))


@pytest.mark.parametrize("bounds", [(9, 10), (2, 2), (3, 1), (-5, -1)])
def test_nothing_where_nothing_is(tmp_path: Path, bounds: tuple[int, int]) -> None:
    path = made(tmp_path / "film.mp4", Film())

    with open_moving(str(path), "mp4") as opened:
        assert list(frames_between(opened, Fraction(bounds[0]), Fraction(bounds[1]))) == []


def test_a_time_between_two_frames_starts_with_the_second(tmp_path: Path) -> None:
    path = made(tmp_path / "film.mp4", Film())

    with open_moving(str(path), "mp4") as opened:
        frames = list(frames_between(opened, Fraction(101, 100), Fraction(109, 100)))
    assert [number_on(frame.pixels) for frame in frames] == [26, 27]


@pytest.mark.parametrize("name", CASES)
def test_a_film_can_be_sampled_again(tmp_path: Path, name: str) -> None:
    format_name, film = CASES[name]
    path = made(tmp_path / name, film)

    with open_moving(str(path), format_name) as opened:
        once = [(frame.mark, number_on(frame.pixels)) for frame in Sampling(opened)]
        list(frames_between(opened, once[1][0].time, once[2][0].time))
        again = [(frame.mark, number_on(frame.pixels)) for frame in Sampling(opened)]
    assert again == once
