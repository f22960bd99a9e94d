from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from scanner.fingerprint.dct_hash import bits_of, coefficients_of, laid, levels_of, quality_of
from scanner.fingerprint.small import small_picture
from scanner.model.algorithms import GLOBAL_HASH
from tests.fingerprint.scenes import scene

PHOTOS = Path(__file__).parents[3] / "shared" / "corpus" / "photos"
GOLDEN = {
    0: "b265f2e179cb8c56376d0e7ef897431a832ffd028069a42b836e4c4d3cfc4205",
    1: "8e35362b19db5ecaf211dda43b727c1bc4ec687d941cb8d2207dadbe2350af88",
    2: "b2c1f5a85ddd453eb7955279af583922b46bec8541fb276dab6f7ed493585881",
    3: "1f0e36263567cb55cacd8fd52379023c9e47706db526b281ce5990f367f39e73",
    4: "56afb3311c1d3d86d1a98248a706095f5e50ddaca660d955d212ad0d564e05f9",
    5: "86b741450c9eb59ff5b2b53e924b044a3cad6a010e5ece5fd47345bc16e52356",
}
TOLERANCE_BITS = 4
"""A resampler that rounds otherwise moves the nearest coefficients over nought; more than that is another hash."""


def of(image):
    return bits_of(coefficients_of(levels_of(image)))


def differing(one, other):
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_the_algorithm_bears_its_version():
    assert GLOBAL_HASH == "dct256/1"


@pytest.mark.parametrize("seed", GOLDEN)
def test_golden_hashes(seed):
    """Made arrays, no decoder: a change here means that every stored hash is worthless."""
    assert differing(of(scene(seed)), GOLDEN[seed]) <= TOLERANCE_BITS


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_half_the_bits_are_set(seed):
    assert 80 <= int(of(scene(seed)), 16).bit_count() <= 176


@settings(max_examples=30, deadline=None)
@given(one=st.integers(0, 2**32 - 1), other=st.integers(0, 2**32 - 1))
def test_other_pictures_are_far(one, other):
    if one != other:
        assert differing(of(scene(one)), of(scene(other))) > 64


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), factor=st.floats(0.6, 1.4))
def test_light_and_size_hardly_matter(seed, factor):
    image = scene(seed, 480, 320)
    assert differing(of(image), of(ImageEnhance.Contrast(image).enhance(factor))) <= 31
    assert differing(of(image), of(image.resize((200, 240), Image.Resampling.BOX))) <= 31


def test_ways_begin_with_the_picture_itself_and_differ():
    ways = list(laid(coefficients_of(levels_of(scene(5)))))
    assert bits_of(ways[0]) == of(scene(5))
    assert len({bits_of(way) for way in ways}) == 8


def test_quality():
    assert quality_of(levels_of(Image.new("L", (300, 200), 77))) == 0
    assert quality_of(levels_of(scene(6))) > 50
    soft = Image.fromarray(np.linspace(0, 255, 64, dtype=np.uint8)[None, :].repeat(64, 0))
    assert 0 < quality_of(levels_of(soft)) < quality_of(levels_of(scene(6)))


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the corpus is not on this machine")
def test_photographs_are_far_from_one_another():
    hashes = [of(small_picture(str(path), "jpeg").image) for path in sorted(PHOTOS.glob("*.jpg"))]
    bits = np.unpackbits(np.array([list(bytes.fromhex(one)) for one in hashes], np.uint8), axis=1).astype(np.int16) * 2 - 1
    distances = (256 - bits @ bits.T) // 2
    np.fill_diagonal(distances, 256)
    assert distances.min() > 72
