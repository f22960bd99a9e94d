"""Every sampled time against what was drawn in the frame."""

from __future__ import annotations

import random
import struct
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

pytest.importorskip("av", reason="films need the extra `video`")

from scanner.frames import groups
from scanner.frames.failures import FilmError
from scanner.frames.opening import open_moving
from scanner.frames.sampling import SampledFrame, Sampling
from scanner.model.moving import FilmObstacle, SampleReason, SamplingOutcome
from tests.frames.films import Film, made, number_on

QUIET = {"x265-params": "log-level=none"}
DNXHR = Film("dnxhd", "mxf", pixel_format="yuv422p", options={"profile": "dnxhr_sq"}, width=256, height=144)
OPEN_GOP = {"x264-params": "open-gop=1:keyint=60:min-keyint=60:scenecut=0:bframes=3"}
CASES: dict[str, tuple[str, Film]] = {
    "h264-b-frames.mp4": ("mp4", Film(gop=250, b_frames=3, frames=160)),
    "h264-open-gop.mov": ("mov", Film(options=OPEN_GOP, frames=200)),
    "h264-short-gop.mkv": ("mkv", Film(gop=6, frames=120)),
    "h264-intra.mov": ("mov", Film(options={"x264-params": "keyint=1"})),
    "h264-intra.ts": ("mpeg-ts", Film(container="mpegts", options={"x264-params": "keyint=1"})),
    "h264-29.97.mov": ("mov", Film(gop=90, frames=150, rate=Fraction(30_000, 1001))),
    "h264-59.94.mp4": ("mp4", Film(gop=120, frames=200, rate=Fraction(60_000, 1001))),
    "h264-fragmented.mp4": ("mp4", Film(gop=50, frames=120, container_options={"movflags": "frag_keyframe+empty_moov"})),
    "hevc.mov": ("mov", Film("libx265", gop=250, frames=120, options=QUIET)),
    "hevc.mkv": ("mkv", Film("libx265", gop=40, frames=120, options=QUIET)),
    "vp9.webm": ("webm", Film("libvpx-vp9", gop=100, frames=120)),
    "prores.mov": ("mov", Film("prores_ks", pixel_format="yuv422p10le")),
    "dnxhr.mxf": ("mxf", DNXHR),
    "dnxhr.mov": ("mov", replace(DNXHR, container="mov")),
    "jpeg2000.mxf": ("mxf", Film("jpeg2000", "mxf", pixel_format="yuv422p10le", frames=60)),
    "mjpeg.avi": ("avi", Film("mjpeg", pixel_format="yuvj420p")),
    "h264.mxf": ("mxf", Film(container="mxf", gop=40, b_frames=3, frames=150)),
    "h264-long.mxf": ("mxf", Film(container="mxf", gop=250, b_frames=3, frames=150)),
    "mpeg4-b-frames.avi": ("avi", Film("mpeg4", gop=60, b_frames=2)),
    "dv.dv": ("dv", Film("dvvideo", "dv", width=720, height=576, frames=60)),
    "h264.flv": ("flv", Film(gop=60, b_frames=2)),
    "wmv2.wmv": ("asf", Film("wmv2", "asf", gop=60)),
    "mpeg2.mxf": ("mxf", Film("mpeg2video", "mxf", gop=12, b_frames=2)),
    "mpeg2.ts": ("mpeg-ts", Film("mpeg2video", "mpegts", gop=60, b_frames=2, frames=150)),
    "mpeg2.mpg": ("mpeg-ps", Film("mpeg2video", "vob", gop=12, b_frames=2)),
    "mpeg2.m2v": ("mpeg-video", Film("mpeg2video", "mpeg2video", gop=12, b_frames=2)),
}


def sampled(path: Path, format_name: str, **options: object) -> tuple[list[SampledFrame], SamplingOutcome]:
    with open_moving(str(path), format_name) as opened:
        sampling = Sampling(opened, **options)  # type: ignore[arg-type]
        return list(sampling), sampling.outcome


def widest(frames: list[SampledFrame], end: Fraction) -> Fraction:
    return max(later - earlier for earlier, later in pairwise([*(frame.mark.time for frame in frames), end]))


@pytest.mark.parametrize("name", CASES)
def test_each_sampled_time_is_that_of_the_frame_drawn(tmp_path: Path, name: str) -> None:
    format_name, film = CASES[name]
    frames, outcome = sampled(made(tmp_path / name, film), format_name)
    start = frames[0].mark.time
    # Matroska counts milliseconds.
    rounding = Fraction(1, 1000) if name.endswith(("mkv", "webm")) else Fraction(0)

    assert [number_on(frame.pixels) for frame in frames] == [frame.mark.number for frame in frames]
    for frame in frames:
        assert frame.mark.number is not None
        assert abs(frame.mark.time - start - frame.mark.number / film.rate) <= rounding
    assert frames[0].mark.number == 0
    assert widest(frames, start + film.frames / film.rate) <= 1 + rounding
    assert (outcome.obstacle, outcome.damaged, outcome.times_in_order) == (None, 0, True)
    assert outcome.sampled == len(frames)


def test_key_frames_only_where_that_is_asked_for(tmp_path: Path) -> None:
    film = Film(frames=200, options={"x264-params": "keyint=60:min-keyint=60:scenecut=0:bframes=3"})
    frames, outcome = sampled(made(tmp_path / "film.mp4", film), "mp4", keys_only=True)

    assert [number_on(frame.pixels) for frame in frames] == [0, 60, 120, 180]
    assert outcome.decoded == 4


@pytest.mark.parametrize("name", ["prores.mov", "dnxhr.mxf", "jpeg2000.mxf", "mjpeg.avi", "h264-intra.mov"])
def test_of_whole_pictures_only_the_sampled_are_decoded(tmp_path: Path, name: str) -> None:
    format_name, film = CASES[name]
    frames, outcome = sampled(made(tmp_path / name, film), format_name)

    assert outcome.decoded == len(frames)


def test_with_an_index_only_the_wanted_packets_are_read(tmp_path: Path) -> None:
    frames, outcome = sampled(made(tmp_path / "film.mov", CASES["prores.mov"][1]), "mov")

    assert outcome.packets <= len(frames) + 1


def test_key_frames_a_second_apart_are_all_that_is_decoded(tmp_path: Path) -> None:
    frames, outcome = sampled(made(tmp_path / "film.mp4", Film(gop=25, frames=200, b_frames=3)), "mp4")

    assert {number_on(frame.pixels) % 25 for frame in frames} == {0}
    assert outcome.decoded == 8


def test_frames_that_nothing_needs_are_not_decoded(tmp_path: Path) -> None:
    film = Film(frames=200, options={"x264-params": "bframes=3:b-pyramid=none:b-adapt=0:keyint=250:scenecut=0"})
    _, outcome = sampled(made(tmp_path / "film.mp4", film), "mp4")

    assert outcome.decoded <= 50


def test_what_follows_the_last_frame_needed_of_a_group_is_not_decoded(tmp_path: Path) -> None:
    film = Film(frames=200, options={"x264-params": "keyint=50:min-keyint=50:scenecut=0:bframes=0"})
    _, outcome = sampled(made(tmp_path / "film.mp4", film), "mp4")

    assert outcome.decoded <= 4 * 28


@pytest.mark.parametrize(
    "name", ["h264-b-frames.mp4", "h264-open-gop.mov", "h264-short-gop.mkv", "hevc.mov", "prores.mov", "mpeg2.ts"]
)
def test_a_still_held_for_a_second_has_a_sampled_frame(tmp_path: Path, name: str) -> None:
    """Stills of a second to two, some of them right before a key frame or at the end, over scenes that resemble each other."""
    format_name, film = CASES[name]
    lengths = random.Random(name)
    cuts = [0]
    while cuts[-1] < 250:
        cuts.append(cuts[-1] + lengths.randint(25, 50))
    scenes = [scene for scene, (first, past) in enumerate(pairwise(cuts)) for _ in range(first, past)]
    path = made(tmp_path / name, replace(film, frames=len(scenes), scene_of=lambda number: scenes[number]))

    frames, _ = sampled(path, format_name)

    assert {scenes[number_on(frame.pixels)] for frame in frames} == set(scenes)


def test_a_hard_cut_is_a_scene_change(tmp_path: Path) -> None:
    film = Film(frames=150, gop=250, b_frames=0, scene_of=lambda number: number // 40 * 5 + 1)
    frames, _ = sampled(made(tmp_path / "film.mp4", film), "mp4")
    changes = {frame.mark.number for frame in frames if frame.mark.reason is SampleReason.SCENE_CHANGE}

    assert changes == {40, 80, 120}
    assert frames[0].mark.reason is SampleReason.FIRST


def test_variable_frame_rate(tmp_path: Path) -> None:
    """Stills that stand for seconds as one frame, among sixty frames a second, none of them left out."""
    times, at = [], 0
    for number in range(80):
        times.append(at)
        at += 150 if number % 20 == 19 else 1
    film = Film(frames=80, rate=Fraction(60), gop=250, b_frames=3, times=times)
    frames, outcome = sampled(made(tmp_path / "film.mp4", film), "mp4")

    assert [frame.mark.time * 60 for frame in frames] == [times[number_on(frame.pixels)] for frame in frames]
    assert {19, 39, 59, 79} <= {number_on(frame.pixels) for frame in frames}
    assert outcome.obstacle is None


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.ts"])
def test_a_film_that_does_not_start_at_zero(tmp_path: Path, name: str) -> None:
    format_name = {"mp4": "mp4", "mkv": "mkv", "ts": "mpeg-ts"}[name[5:]]
    path = made(tmp_path / name, Film(gop=50, b_frames=2, first_time=1000))
    with open_moving(str(path), format_name) as opened:
        start = opened.description.start
        frames = list(Sampling(opened))

    assert frames[0].mark.time == start
    assert [number_on(frame.pixels) for frame in frames] == [frame.mark.number for frame in frames]
    if name != "film.ts":
        assert start == 40


@pytest.mark.parametrize("name", ["h264-b-frames.mp4", "prores.mov", "mpeg2.ts", "vp9.webm"])
def test_another_interval(tmp_path: Path, name: str) -> None:
    format_name, film = CASES[name]
    path = made(tmp_path / name, film)
    close, _ = sampled(path, format_name, interval=Fraction(1, 4))
    wide, _ = sampled(path, format_name, interval=Fraction(3))
    start = close[0].mark.time

    assert widest(close, start + film.frames / film.rate) <= Fraction(1, 4) + Fraction(1, 1000)
    assert 1 <= len(wide) < len(close)


@pytest.mark.parametrize("limit", [1, 7, 40])
def test_groups_that_are_too_long_to_hold_come_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(groups, "AHEAD_PACKETS", limit)
    for name in ("h264-b-frames.mp4", "h264-open-gop.mov", "mpeg2.mxf"):
        format_name, film = CASES[name]
        frames, outcome = sampled(made(tmp_path / name, film), format_name)

        assert [number_on(frame.pixels) for frame in frames] == [frame.mark.number for frame in frames]
        assert widest(frames, film.frames / film.rate) <= 1
        assert outcome.damaged == 0


def cut_short(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: round(len(content) * share)])


FAST_START = {"movflags": "+faststart"}


@pytest.mark.parametrize(
    ("name", "container_options"),
    [
        ("prores.mov", FAST_START),
        ("h264-b-frames.mp4", FAST_START),
        ("hevc.mkv", {}),
        ("mpeg2.mxf", {}),
        ("dnxhr.mxf", {}),
        ("mjpeg.avi", {}),
    ],
)
def test_a_truncated_film_gives_what_it_has_and_says_so(tmp_path: Path, name: str, container_options: dict[str, str]) -> None:
    format_name, film = CASES[name]
    path = made(tmp_path / name, replace(film, container_options=container_options))
    cut_short(path, 0.6)

    frames, outcome = sampled(path, format_name)

    assert outcome.obstacle is FilmObstacle.TRUNCATED
    assert [number_on(frame.pixels) for frame in frames] == [frame.mark.number for frame in frames]
    assert len(frames) >= 2
    assert outcome.reached is not None
    assert outcome.reached < Fraction(film.frames) / film.rate


@pytest.mark.parametrize(
    "name", ["h264-b-frames.mp4", "hevc.mov", "prores.mov", "dnxhr.mxf", "mpeg2.ts", "vp9.webm", "mjpeg.avi"]
)
def test_a_film_damaged_all_over_ends_without_a_crash(tmp_path: Path, name: str) -> None:
    format_name, film = CASES[name]
    content = bytearray(made(tmp_path / name, film).read_bytes())
    places = random.Random(name)
    for _ in range(40):
        content[places.randrange(len(content) // 3, len(content))] ^= 1 << places.randrange(8)
    (tmp_path / name).write_bytes(content)

    try:
        frames, outcome = sampled(tmp_path / name, format_name)
    except FilmError as error:
        assert error.obstacle in FilmObstacle
    else:
        assert outcome.sampled == len(frames) >= 1


def test_a_film_none_of_whose_frames_decode_is_broken(tmp_path: Path) -> None:
    path = made(tmp_path / "film.mov", CASES["prores.mov"][1])
    content = path.read_bytes()
    index = content.index(b"moov")
    path.write_bytes(content[:48] + bytes(index - 52) + content[index - 4 :])

    with pytest.raises(FilmError) as caught:
        sampled(path, "mov")
    assert caught.value.obstacle is FilmObstacle.BROKEN


@pytest.mark.parametrize("table", [b"stsz", b"stts", b"stsc"])
def test_a_billion_frames_cost_nothing(tmp_path: Path, table: bytes) -> None:
    path = made(tmp_path / "film.mov", CASES["prores.mov"][1])
    content = bytearray(path.read_bytes())
    struct.pack_into(">I", content, content.index(table) + 12, 1_000_000_000)
    path.write_bytes(content)

    try:
        _, outcome = sampled(path, "mov")
    except FilmError as error:
        assert error.obstacle in (FilmObstacle.TOO_LARGE, FilmObstacle.BROKEN)
    else:
        assert outcome.packets <= CASES["prores.mov"][1].frames


def test_a_frame_that_lasts_for_a_day_is_one_frame(tmp_path: Path) -> None:
    times = [number if number < 50 else number + 25 * 100_000 for number in range(60)]
    frames, _ = sampled(made(tmp_path / "film.mp4", Film(frames=60, times=times)), "mp4")

    assert len(frames) < 10
    assert frames[-1].mark.time > 100_000


def test_a_last_frame_that_stands_is_sampled(tmp_path: Path) -> None:
    """Twenty frames, and a still that is one packet of five seconds."""
    frame_options = {"movflags": "+faststart"}
    for codec, pixel_format in (("prores_ks", "yuv422p10le"), ("libx264", "yuv420p")):
        times = [*range(20), 145]
        film = Film(codec, pixel_format=pixel_format, frames=21, times=times, gop=250, container_options=frame_options)
        frames, _ = sampled(made(tmp_path / "film.mov", film), "mov")

        assert {19, 20} <= {number_on(frame.pixels) for frame in frames}


def test_a_clock_that_starts_anew_leaves_nothing_out(tmp_path: Path) -> None:
    """Two transport streams end to end: the second's clock starts before the first's end."""
    first = made(tmp_path / "first.ts", Film("mpeg2video", "mpegts", gop=250, b_frames=2, frames=200))
    second = made(tmp_path / "second.ts", Film("mpeg2video", "mpegts", gop=250, b_frames=2, frames=150))
    path = tmp_path / "both.ts"
    path.write_bytes(first.read_bytes() + second.read_bytes())

    frames, outcome = sampled(path, "mpeg-ts")
    numbers = [number_on(frame.pixels) for frame in frames]
    again = numbers.index(0, 1)

    assert max(later - earlier for earlier, later in pairwise([*numbers[:again], 200])) <= 25
    assert max(later - earlier for earlier, later in pairwise([*numbers[again:], 150])) <= 25
    assert (outcome.times_in_order, outcome.obstacle) == (False, None)


def test_a_movie_short_of_its_last_frames_is_truncated(tmp_path: Path) -> None:
    path = made(tmp_path / "film.mp4", Film(gop=50, frames=100, container_options=FAST_START))
    path.write_bytes(path.read_bytes()[:-200])

    assert sampled(path, "mp4")[1].obstacle is FilmObstacle.TRUNCATED
