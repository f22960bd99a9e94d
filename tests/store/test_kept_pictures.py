from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from scanner.store.kept_pictures import (
    IMPORT_LIMIT_BYTES,
    LIMIT_BYTES,
    LONGEST_PX,
    PICTURE_IMPORT_LIMIT_BYTES,
    PICTURE_LIMIT_BYTES,
    PICTURE_PX,
    decodes,
    fitted,
    is_picture,
    is_thumbnail,
    kept_picture,
    kept_thumbnail,
)


def jpeg(width=320, height=200, quality=80, mode="RGB"):
    noise = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noise).convert(mode).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_even_noise_is_made_small_enough(mode):
    small = fitted(jpeg(320, 320, mode=mode))
    assert 0 < len(small) <= LIMIT_BYTES
    assert Image.open(io.BytesIO(small)).size == (LONGEST_PX, LONGEST_PX)
    assert is_thumbnail(small)


def test_proportions_stay():
    assert Image.open(io.BytesIO(fitted(jpeg(320, 80)))).size == (160, 40)


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"GIF89a", jpeg()[:300], b"x" * 100])
def test_what_is_no_whole_jpeg_makes_none(content):
    assert fitted(content) == b""


@pytest.mark.parametrize("content", [b"", b"GIF89a", jpeg(), jpeg(2000, 4, 10), b"\xff\xd8\xff\xe0" + b"\0" * 50])
def test_what_is_not_let_in(content):
    assert not is_thumbnail(content)


def noise(width, height, mode="RGB"):
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)).convert(mode)


def soft(width, height):
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (9, 9, 3), np.uint8)).resize((width, height))


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_even_noise_makes_a_picture_small_enough(mode):
    made = kept_picture(noise(1200, 900, mode))
    assert 0 < len(made) <= PICTURE_LIMIT_BYTES
    assert max(Image.open(io.BytesIO(made)).size) >= 256
    assert is_picture(made)
    assert decodes(made)


def two_tones(side):
    """The noise that takes most bytes."""
    return Image.fromarray(np.random.default_rng(1).integers(0, 2, (side, side, 3), np.uint8) * 255)


def test_the_worst_noise_keeps_within_the_limits():
    assert 0 < len(kept_picture(two_tones(640))) <= PICTURE_LIMIT_BYTES
    assert 0 < len(kept_thumbnail(two_tones(LONGEST_PX))) <= LIMIT_BYTES


def test_noise_of_few_pixels_that_fits_at_no_quality_is_not_kept():
    assert kept_picture(two_tones(256)) == b""


def grainy(strength):
    """About 40 kB at the best quality where the grain's strength is 5, 52 kB where it is 6."""
    grain = np.random.default_rng(2).normal(0, strength, (PICTURE_PX, PICTURE_PX, 1))
    return Image.fromarray(np.clip(np.asarray(soft(PICTURE_PX, PICTURE_PX), float) + grain, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("strength", [5, 6])
def test_a_grainy_picture_gets_lower_quality_and_keeps_its_pixels(strength):
    made = kept_picture(grainy(strength))
    assert 0.7 * PICTURE_LIMIT_BYTES < len(made) <= PICTURE_LIMIT_BYTES
    assert Image.open(io.BytesIO(made)).size == (PICTURE_PX, PICTURE_PX)


def test_what_earlier_versions_made_larger_is_let_in():
    thumbnail, picture = encoded(160, 50, "JPEG"), encoded(256, 30, "WEBP")
    assert LIMIT_BYTES < len(thumbnail) <= IMPORT_LIMIT_BYTES
    assert PICTURE_LIMIT_BYTES < len(picture) <= PICTURE_IMPORT_LIMIT_BYTES
    assert is_thumbnail(thumbnail)
    assert is_picture(picture)


def encoded(side, quality, name):
    stream = io.BytesIO()
    noise(side, side).save(stream, name, quality=quality)
    return stream.getvalue()


def test_a_picture_keeps_its_proportions_and_is_not_enlarged():
    assert Image.open(io.BytesIO(kept_picture(soft(2000, 500)))).size == (PICTURE_PX, 160)
    assert Image.open(io.BytesIO(kept_picture(soft(100, 60)))).size == (100, 60)
    assert Image.open(io.BytesIO(kept_picture(soft(3, 5000)))).size == (1, PICTURE_PX)


def test_a_picture_is_near_what_it_was_made_of():
    given = soft(640, 400)
    made = Image.open(io.BytesIO(kept_picture(given))).convert("RGB")
    assert np.abs(np.asarray(made, float) - np.asarray(given, float)).mean() < 3


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"RIFF\0\0\0\0WEBP", jpeg(2000, 4, 10), jpeg(640, 640, 95), b"\xff\xd8\xff\xe0" + b"\0" * 50]
)
def test_what_is_not_let_in_as_a_picture(content):
    assert not is_picture(content)


def test_a_small_jpeg_is_let_in_as_a_picture_too():
    assert is_picture(jpeg(160, 100))


@pytest.mark.parametrize("content", [b"", kept_picture(noise(300, 200))[:-2000], jpeg()[:-500], b"x" * 100])
def test_what_is_damaged_does_not_decode(content):
    assert not decodes(content)
