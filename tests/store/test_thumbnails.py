from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from scanner.store.thumbnails import LIMIT_BYTES, LONGEST_PX, fitted, is_thumbnail


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
