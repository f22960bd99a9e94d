"""What is a scene change to a thumbnail."""

from __future__ import annotations

import numpy as np
import pytest

av = pytest.importorskip("av", reason="films need the extra `video`")

from scanner.frames.changes import SceneWatch  # noqa: E402
from tests.frames.films import Pixels, numbered  # noqa: E402


def changes(pictures: list[Pixels]) -> list[bool]:
    watch = SceneWatch()
    return [watch.changed(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")) for picture in pictures]


def textured(seed: int) -> Pixels:
    """180 rows and 640 columns whose levels change as slowly as those of a landscape do."""
    knots = np.random.default_rng(seed).uniform(20, 236, (180, 9))
    rows = [np.interp(np.arange(640), np.linspace(0, 640, 9), row) for row in np.repeat(knots[::45], 45, axis=0)]
    return np.repeat(np.array(rows, np.uint8)[..., None], 3, axis=2)


def test_the_first_frame_changes_nothing() -> None:
    assert changes([numbered(0)]) == [False]


def test_a_cut() -> None:
    assert changes([numbered(0, 1), numbered(0, 6), numbered(0, 6)]) == [False, True, False]


def test_a_pan_is_none() -> None:
    wide = textured(1)

    assert not any(changes([wide[:, at : at + 320] for at in range(0, 300, 20)]))


def test_a_slow_fade_is_none() -> None:
    picture = textured(1).astype(float)

    assert not any(changes([(picture * (1 - step / 24)).astype(np.uint8) for step in range(25)]))


def test_grain_is_none() -> None:
    random = np.random.default_rng(3)
    picture = textured(1)[:, :320].astype(float)

    assert not any(changes([np.clip(picture + random.normal(0, 20, picture.shape), 0, 255).astype(np.uint8) for _ in range(5)]))


def test_a_frame_of_another_size_is_compared() -> None:
    assert changes([numbered(0, 1), numbered(0, 1, 320, 180)]) == [False, False]
