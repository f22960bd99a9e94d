from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from scanner.fingerprint.upright import TURNS, set_upright, upright_size
from tests.fingerprint.scenes import colour_scene

LAID_AS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
"""Orientation → the Transpose that lays an upright picture so."""


@pytest.mark.parametrize("orientation", LAID_AS)
def test_what_was_laid_is_set_upright(orientation):
    upright = colour_scene(1, 90, 60)
    laid = upright.transpose(Image.Transpose(LAID_AS[orientation]))
    assert np.array_equal(np.asarray(set_upright(laid, orientation)), np.asarray(upright))
    assert upright_size(laid.size, orientation) == (90, 60)


@pytest.mark.parametrize("orientation", [0, 1, 9, -3, 65535])
def test_other_numbers_turn_nothing(orientation):
    image = colour_scene(1)
    assert set_upright(image, orientation) is image
    assert upright_size((3, 2), orientation) == (3, 2)
    assert orientation not in TURNS
