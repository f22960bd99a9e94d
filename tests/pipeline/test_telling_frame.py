"""The frame of a film that stands for it."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scanner.pipeline.frame_sources import frame_at, telling_frame
from tests.fingerprint.landscapes import landscape
from tests.frames.films import Film, made

av = pytest.importorskip("av", reason="films need the extra `video`")


def test_a_telling_frame_is_not_the_black_that_a_film_begins_with(tmp_path: Path) -> None:
    def drawn(number: int) -> Any:
        grain = np.random.default_rng(number).normal(0, 4, (90, 160, 3))
        lit = np.asarray(landscape(4).resize((160, 90))).astype(int) if number >= 60 else 0
        return av.VideoFrame.from_ndarray(np.clip(grain + lit, 0, 255).astype(np.uint8), "rgb24")

    path = tmp_path / "fade.mov"
    made(path, Film(frames=120, width=160, height=90, draw=drawn, gop=25))
    pixels = telling_frame(str(path), "mov")
    first = frame_at(str(path), "mov", Fraction(0))
    assert pixels is not None and first is not None
    assert first.mean() < 10 < 60 < pixels.mean()


def test_a_black_film_still_has_a_frame(tmp_path: Path) -> None:
    path = tmp_path / "black.mov"
    black = np.zeros((90, 160, 3), np.uint8)
    made(path, Film(frames=30, width=160, height=90, draw=lambda _: av.VideoFrame.from_ndarray(black, "rgb24"), gop=10))
    pixels = telling_frame(str(path), "mov")
    assert pixels is not None and pixels.mean() < 10
