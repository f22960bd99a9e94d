"""The threshold, held to real photographs: recall after everyday changes, and no false pair."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scanner.fingerprint.phash import fingerprint
from scanner.fingerprint.picture import open_picture
from scanner.match.hamming import count_ones
from scanner.match.search import THRESHOLD_BITS

PHOTOS = Path(__file__).parents[3] / "shared" / "corpus" / "photos"
pytestmark = pytest.mark.skipif(not PHOTOS.is_dir(), reason="the corpus is not on this machine")


def graded(image):
    levels = (np.asarray(image) / 255.0) ** 0.9 * np.array([1.06, 1.0, 0.93]) + 0.01
    return Image.fromarray((levels.clip(0, 1) * 255).astype(np.uint8))


def scaled(factor):
    return lambda image: image.resize((round(image.width * factor), round(image.height * factor)))


CHANGES = {
    "q30": (lambda image: image, 30),
    "quarter": (scaled(0.25), 90),
    "double": (scaled(2), 90),
    "grey": (lambda image: image.convert("L"), 85),
    "graded": (graded, 85),
    "graded, half, q40": (lambda image: scaled(0.5)(graded(image)), 40),
}


@pytest.fixture(scope="module")
def hashes():
    marks = [fingerprint(open_picture(str(path), "jpeg", small=True)) for path in sorted(PHOTOS.glob("*.jpg"))]
    return np.array([int(mark.bits, 16) for mark in marks], np.uint64)


def test_no_two_photographs_match(hashes):
    distances = count_ones(hashes[:, None] ^ hashes[None, :]).astype(int)
    np.fill_diagonal(distances, 64)
    assert distances.min() > THRESHOLD_BITS


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_is_found_and_nothing_else(hashes, tmp_path, change):
    alter, quality = CHANGES[change]
    photos, path, found = list(enumerate(sorted(PHOTOS.glob("*.jpg"))))[::4], tmp_path / "changed.jpg", 0
    for index, original in photos:
        stream = io.BytesIO()
        alter(Image.open(original).convert("RGB")).save(stream, "JPEG", quality=quality)
        path.write_bytes(stream.getvalue())
        mark = fingerprint(open_picture(str(path), "jpeg", small=True))
        near = np.flatnonzero(count_ones(hashes ^ np.uint64(int(mark.bits, 16))) <= THRESHOLD_BITS).tolist()
        assert set(near) <= {index}
        found += not mark.flat and near == [index]
    assert found >= 0.98 * len(photos)
