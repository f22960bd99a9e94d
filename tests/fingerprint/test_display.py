from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.fingerprint.display import BRIGHTEST, from_cineon, shown_light, to_levels
from tests.fingerprint.frames import cineon, display, linear


def test_cineon_black_and_white():
    codes = np.array([[[0.0, 95 / 1023, 685 / 1023]]], np.float32)
    assert np.allclose(from_cineon(codes), [[[0, 0, 1]]], atol=1e-4)
    assert from_cineon(np.ones((1, 1, 3), np.float32)).max() > 10


def test_cineon_there_and_back():
    light = linear(display(1))
    assert np.abs(from_cineon(cineon(light).astype(np.float32)) - light).max() < 1e-3


@settings(max_examples=30, deadline=None)
@given(stops=st.floats(-5, 5))
def test_exposure_makes_hardly_a_difference(stops):
    light = linear(display(2, 64, 48))
    assert np.abs(shown_light(light) - shown_light(light * np.float32(2.0**stops))).max() < 0.02


def test_light_stays_in_order_and_in_range():
    light = np.linspace(0, BRIGHTEST, 300, dtype=np.float32)[None, :, None].repeat(3, 2)
    shown = shown_light(light)[0, :, 0]
    assert (np.diff(shown) >= 0).all()
    assert 0 <= shown.min() < shown.max() <= 1


@pytest.mark.parametrize("level", [0.0, 1e-9, 0.18, BRIGHTEST])
def test_even_light_is_shown_even(level):
    levels = to_levels(shown_light(np.full((4, 4, 3), level, np.float32)))
    assert levels.min() == levels.max()
    assert (levels.max() < 30) == (level < 1e-3)


def test_bars_do_not_count_for_the_exposure():
    light = linear(display(3, 64, 48))
    framed = np.zeros((96, 64, 3), np.float32)
    framed[24:72] = light
    assert np.abs(shown_light(framed)[24:72] - shown_light(light)).max() < 1e-3
