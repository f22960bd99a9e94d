from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scanner.fingerprint.flatness import is_flat
from scanner.fingerprint.phash import fingerprint
from scanner.fingerprint.picture import Picture, open_picture
from scanner.fingerprint.tones import to_grey
from scanner.match.hamming import count_ones
from scanner.match.search import THRESHOLD_BITS
from tests.fingerprint.plain_pictures import plain_pictures
from tests.fingerprint.scenes import colour_scene, scene

PHOTOS = Path(__file__).parents[3] / "shared" / "corpus" / "photos"
MADE = 600
TOLD_APART = {"clouds", "stripes", "title over gradient", "text page", "labelled bars"}
"""Kinds with enough structure that some are kept: those must not match one another."""


@pytest.fixture(scope="module")
def plain():
    return [(kind, fingerprint(Picture(image, *image.size))) for kind, image in plain_pictures(MADE)]


def test_plain_pictures_are_flat(plain):
    kept = {kind for kind, mark in plain if not mark.flat}
    assert kept <= TOLD_APART


def test_plain_pictures_never_match_one_another(plain):
    bits = np.array([int(mark.bits, 16) for _, mark in plain if not mark.flat], np.uint64)
    distances = count_ones(bits[:, None] ^ bits[None, :]).astype(int)
    np.fill_diagonal(distances, 64)
    assert distances.min() > THRESHOLD_BITS


def test_pictures_with_something_in_them_are_not():
    assert not any(is_flat(scene(seed)) for seed in range(30))
    assert not any(is_flat(to_grey(colour_scene(seed))) for seed in range(30))


def test_a_picture_smaller_than_the_hash_is_flat():
    assert is_flat(scene(1).resize((31, 200)))
    assert not is_flat(scene(1).resize((48, 36)))


@pytest.mark.parametrize("size", [(1, 1), (2, 3000), (5000, 1), (33, 32)])
def test_any_size_is_judged(size):
    assert is_flat(Image.new("L", size, 77))


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the corpus is not on this machine")
def test_hardly_any_photograph_is_flat():
    paths = sorted(PHOTOS.glob("*.jpg"))
    flat = [path.name for path in paths if fingerprint(open_picture(str(path), "jpeg", small=True)).flat]
    assert len(flat) <= 0.02 * len(paths), flat
