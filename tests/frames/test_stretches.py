"""Stretches that follow each other, taken together, hold what sampling promises of the whole film."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.frames.films import Film, made, number_on

pytest.importorskip("av", reason="films need the extra `video`")

from scanner.frames.opening import open_moving
from scanner.frames.sampling import SampledFrame, Sampling, Stretch
from scanner.model.moving import FilmObstacle

CASES = {
    "long-gop.mp4": ("mp4", Film(gop=250, b_frames=3, frames=200)),
    "short-gop.mp4": ("mp4", Film(gop=12, b_frames=2, frames=200, first_time=90)),
    "intra.mov": ("mov", Film("prores_ks", pixel_format="yuv422p10le", frames=200)),
    "no-index.mkv": ("mkv", Film("mjpeg", "matroska", pixel_format="yuvj420p", frames=120)),
    "long-gop.mxf": ("mxf", Film("mpeg2video", "mxf", gop=12, b_frames=2, frames=150)),
}


def sampled(path: Path, format_name: str, stretch: Stretch) -> list[SampledFrame]:
    with open_moving(str(path), format_name) as film:
        return list(Sampling(film, stretch))


@pytest.mark.parametrize("length", [Fraction(13, 10), Fraction(3)])
@pytest.mark.parametrize("name", CASES)
def test_no_second_is_without_a_frame_and_each_is_the_one_drawn(tmp_path: Path, name: str, length: Fraction) -> None:
    format_name, film = CASES[name]
    path = made(tmp_path / name, film)
    start = Fraction(film.first_time) / film.rate
    end = start + film.frames / film.rate

    edges = [start + length * part for part in range(int((end - start) / length) + 1)]
    stretches = [Stretch(begin, until) for begin, until in zip(edges, [*edges[1:], None], strict=True)]
    parts = [sampled(path, format_name, stretch) for stretch in stretches]

    for part, stretch in zip(parts, stretches, strict=True):
        assert all(frame.mark.time >= (stretch.begin or 0) for frame in part)
        # One frame at or after the end and no more: the promise holds over the border, and nothing is looked at twice for long.
        assert sum(stretch.end is not None and frame.mark.time >= stretch.end for frame in part) <= 1
    times = sorted({frame.mark.time for part in parts for frame in part})
    assert times[0] == start
    assert max(later - earlier for earlier, later in zip(times, [*times[1:], end], strict=True)) <= 1
    for frame in (frame for part in parts for frame in part):
        assert number_on(frame.pixels) == (frame.mark.time - start) * film.rate


def test_a_stretch_behind_the_end_holds_nothing_and_is_no_error(tmp_path: Path) -> None:
    format_name, film = CASES["short-gop.mp4"]
    path = made(tmp_path / "short-gop.mp4", film)
    assert sampled(path, format_name, Stretch(Fraction(500), Fraction(560))) == []


def test_the_last_stretch_tells_that_a_film_is_cut_short(tmp_path: Path) -> None:
    path = made(tmp_path / "cut.mkv", Film("mpeg2video", "matroska", gop=12, frames=200))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with open_moving(str(path), "mkv") as film:
        sampling = Sampling(film, Stretch(Fraction(2)))
        list(sampling)
    assert sampling.outcome.obstacle is FilmObstacle.TRUNCATED
