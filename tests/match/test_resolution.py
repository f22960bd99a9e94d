"""One resolution: what is softer is found, grain is not taken for sharpness."""

from __future__ import annotations

import numpy as np
import pytest

from scanner.match.planes import soft
from scanner.match.resolution import softened, softening
from tests.match.altered_scenes import scene, skyline


def floats(pixels):
    return pixels.astype(np.float32)


def whole(picture):
    return np.ones(picture.shape[:2], np.bool_)


@pytest.mark.parametrize("pixels", [scene(), skyline()])
def test_a_soft_asset_has_its_reference_softened_as_much(pixels):
    sharp = floats(pixels)
    of_asset, of_reference = softening(soft(sharp, 1.3), sharp, whole(sharp))
    assert of_asset == 0
    assert of_reference == pytest.approx(1.3)


def test_a_sharper_asset_is_softened():
    sharp = floats(scene())
    assert softening(sharp, soft(sharp, 0.9), whole(sharp)) == (pytest.approx(0.9), 0)


def test_grain_is_not_sharpness():
    sharp = floats(skyline())
    grainy = sharp + np.random.default_rng(1).normal(0, 6, sharp.shape).astype(np.float32)
    assert softening(grainy, sharp, whole(sharp)) == (0, 0)
    assert softening(sharp, grainy, whole(sharp)) == (0, 0)


def test_nothing_to_soften_leaves_the_picture():
    picture = floats(scene())
    assert softened(picture, 0.0) is picture
