from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.Image import Transpose

from scanner.fingerprint.dct_hash import bits_of, coefficients_of, levels_of
from scanner.match.ways import WAYS, laid
from tests.fingerprint.scenes import scene

TRANSPOSES = {
    "flipped": Transpose.FLIP_TOP_BOTTOM,
    "mirrored": Transpose.FLIP_LEFT_RIGHT,
    "turned 180": Transpose.ROTATE_180,
    "transposed": Transpose.TRANSPOSE,
    "turned 90": Transpose.ROTATE_270,  # Pillow turns the other way round
    "turned 270": Transpose.ROTATE_90,
    "transversed": Transpose.TRANSVERSE,
}
ROUNDING_BITS = 6
"""Pillow rounds to eight bits between its two passes, so that a turned picture is scaled a little differently."""


def hashes(*images):
    return np.stack([np.frombuffer(bytes.fromhex(bits_of(coefficients_of(levels_of(one)))), np.uint8) for one in images])


def differing(one, other):
    return int(np.unpackbits(one ^ other).sum())


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), size=st.tuples(st.integers(40, 400), st.integers(40, 400)))
@pytest.mark.parametrize("way", TRANSPOSES)
def test_the_hash_of_a_picture_laid_otherwise_is_known_without_it(way, seed, size):
    image = scene(seed, *size)
    known = laid(hashes(image), way)
    for other, transpose in TRANSPOSES.items():
        distance = differing(known, hashes(image.transpose(transpose)))
        assert (distance <= ROUNDING_BITS) == (other == way)


def test_upright_is_as_it_was():
    table = hashes(scene(1), scene(2))
    assert np.array_equal(laid(table, "upright"), table)
    assert set(WAYS) == {"upright", *TRANSPOSES}


@pytest.mark.parametrize("way", WAYS)
def test_ways_can_be_undone(way):
    table = hashes(*(scene(seed) for seed in range(5)))
    back = {"turned 90": "turned 270", "turned 270": "turned 90"}.get(way, way)
    assert np.array_equal(laid(laid(table, way), back), table)


def test_any_number_of_hashes():
    assert laid(np.zeros((0, 32), np.uint8), "mirrored").shape == (0, 32)
    many = np.random.default_rng(1).integers(0, 256, (120_001, 32), np.uint8)
    assert np.array_equal(laid(many, "turned 90")[-3:], laid(many[-3:], "turned 90"))
