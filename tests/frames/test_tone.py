"""Curves at the points that the standards name."""

from __future__ import annotations

import numpy as np
import pytest

from scanner.frames.tone import WHITE_NITS, Light, linear_light, rolled_off
from scanner.model.moving import Transfer


def grey(value: float) -> Light:
    return np.full((1, 1, 3), value, np.float32)


@pytest.mark.parametrize(
    ("signal", "nits"), [(0.0, 0.0), (0.5081, 100.0), (0.5807, WHITE_NITS), (0.7518, 1000.0), (1.0, 10_000.0)]
)
def test_pq_is_absolute(signal: float, nits: float) -> None:
    light = linear_light(grey(signal), Transfer.PQ, False)

    assert light[0, 0, 0] * WHITE_NITS == pytest.approx(nits, rel=0.01, abs=0.01)


@pytest.mark.parametrize(("signal", "nits"), [(0.0, 0.0), (0.75, WHITE_NITS), (1.0, 1000.0)])
def test_hlg_lies_as_on_a_display_of_1000_nits(signal: float, nits: float) -> None:
    light = linear_light(grey(signal), Transfer.HLG, False)

    assert light[0, 0, 0] * WHITE_NITS == pytest.approx(nits, rel=0.02, abs=0.1)


def test_mid_grey_of_camera_log_is_mid_grey() -> None:
    assert linear_light(grey(0.391), Transfer.LOG, False)[0, 0, 0] == pytest.approx(0.18, rel=0.01)


@pytest.mark.parametrize("transfer", [Transfer.PQ, Transfer.HLG, Transfer.LOG, Transfer.LINEAR])
def test_curves_rise(transfer: Transfer) -> None:
    signal = np.repeat(np.linspace(0, 1, 257, dtype=np.float32)[None, :, None], 3, axis=2)
    levels = rolled_off(linear_light(signal, transfer, False))[0, :, 0]

    assert (np.diff(levels) >= 0).all()
    assert levels[0] == pytest.approx(0, abs=0.01)
    assert levels[-1] <= 1


def test_grey_of_wide_primaries_stays_grey() -> None:
    light = linear_light(grey(0.5), Transfer.PQ, True)[0, 0]

    assert light.max() - light.min() < 0.001 * light.max()


def test_a_colour_outside_the_display_is_cut_not_wrapped() -> None:
    signal = np.array([[[0.0, 0.6, 0.0]]], np.float32)

    assert linear_light(signal, Transfer.PQ, True).min() == 0
