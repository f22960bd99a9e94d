"""Every sampled time against what was drawn in the frame."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.frames.films import Film, made, number_on

pytest.importorskip("av", reason="films need the extra `video`")

from scanner.frames.opening import open_moving
from scanner.frames.sampling import Sampling

CASES = {
    "h264-b-frames.mp4": ("mp4", Film(gop=250, b_frames=3, frames=160)),
    "hevc.mov": ("mov", Film("libx265", gop=250, frames=120, options={"x265-params": "log-level=none"})),
    "prores.mov": ("mov", Film("prores_ks", pixel_format="yuv422p10le")),
    "dnxhr.mxf": ("mxf", Film("dnxhd", "mxf", pixel_format="yuv422p", options={"profile": "dnxhr_sq"}, width=256, height=144)),
    "mpeg2.mxf": ("mxf", Film("mpeg2video", "mxf", gop=12, b_frames=2)),
}


@pytest.mark.parametrize("name", CASES)
def test_each_sampled_time_is_that_of_the_frame_drawn(tmp_path: Path, name: str) -> None:
    format_name, film = CASES[name]
    path = made(tmp_path / name, film)

    with open_moving(str(path), format_name) as opened:
        sampling = Sampling(opened)
        frames = list(sampling)

    for frame in frames:
        assert number_on(frame.pixels) == frame.mark.number == frame.mark.time * film.rate
    times = [frame.mark.time for frame in frames]
    ends = [*times[1:], Fraction(film.frames) / film.rate]
    assert times[0] == 0
    assert max(later - earlier for earlier, later in zip(times, ends, strict=True)) <= 1
    assert sampling.outcome.obstacle is None
    assert sampling.outcome.times_in_order
