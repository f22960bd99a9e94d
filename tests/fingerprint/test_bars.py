from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from scanner.fingerprint.bars import find_bars
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.prints import prints_of
from tests.fingerprint.scenes import scene

PHOTOS = Path(__file__).parents[3] / "shared" / "corpus" / "photos"


def barred(image, left=0, top=0, right=0, bottom=0, level=0):
    frame = Image.new("L", (image.width + left + right, image.height + top + bottom), level)
    frame.paste(image, (left, top))
    return frame


def found(image):
    return find_bars(np.asarray(image))


def hashes(image):
    return {one.variant: one.bits for one in prints_of(Picture(image, *image.size))[1]}


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    across=st.integers(0, 240),
    down=st.integers(0, 180),
    shift=st.integers(0, 12),
    level=st.integers(0, 30),
)
def test_bars_are_found_whatever_their_size_and_blackness(seed, across, down, shift, level):
    # At least a hundredth of the frame, or none.
    across, down = (side if side >= 8 else 0 for side in (across, down))
    picture = Image.fromarray(np.asarray(scene(seed, 320, 240)) // 2 + 90)
    left, top = across and across + shift, down and down + shift
    frame = barred(picture, left, top, across, down, level)
    box = (left, top, left + 320, top + 240)
    assert found(frame) == (box if across or down else None)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), across=st.integers(8, 200), down=st.integers(8, 150))
def test_the_hash_within_bars_is_that_of_the_picture_without(seed, across, down):
    picture = Image.fromarray(np.asarray(scene(seed, 320, 240)) // 2 + 90)
    assert hashes(barred(picture, across, down, across, down))["inner"] == hashes(picture)["whole"]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("post", ["q40", "grain", "lifted", "timecode"])
def test_bars_that_went_through_post(seed, post):
    frame = barred(scene(seed, 640, 268), top=46, bottom=46)
    random = np.random.default_rng(seed)
    if post == "grain":
        frame = Image.fromarray(np.clip(random.normal(0, 8, (360, 640)) + np.asarray(frame), 0, 255).astype(np.uint8))
    if post == "lifted":
        frame = frame.point(lambda level: 20 + level * 0.85)
    if post == "timecode":
        ImageDraw.Draw(frame).text((60, 322), "01:02:03:04", fill=235, font=ImageFont.load_default(24))
    if post in ("q40", "grain"):
        stream = io.BytesIO()
        frame.save(stream, "JPEG", quality=40)
        frame = Image.open(stream)
    box = found(frame)
    assert box is not None
    assert np.abs(np.array(box) - (0, 46, 640, 314)).max() <= 2


def test_one_bar_alone():
    assert found(barred(Image.fromarray(np.asarray(scene(1)) // 2 + 90), top=40)) == (0, 40, 320, 280)


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (31, 31), (32, 32)])
@pytest.mark.parametrize("level", [0, 255])
def test_what_is_only_black_or_too_small_has_no_bars(size, level):
    assert found(Image.new("L", size, level)) is None


def test_a_title_on_black_keeps_its_black():
    image = Image.new("L", (640, 360))
    ImageDraw.Draw(image).text((320, 180), "THE END", fill=240, anchor="mm", font=ImageFont.load_default(40))
    assert found(image) is None


@pytest.mark.parametrize("level", [60, 128, 255])
def test_bars_that_are_not_black_are_part_of_the_picture(level):
    assert found(barred(scene(2), 40, 0, 40, 0, level)) is None


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the corpus is not on this machine")
@pytest.mark.parametrize("gain", [1.0, 0.3, 0.12])
def test_dark_and_vignetted_photographs_are_not_eaten_into(gain):
    eaten = []
    for path in sorted(PHOTOS.glob("*.jpg"))[::5]:
        levels = np.asarray(Image.open(path).convert("L")) * gain
        rows, columns = (np.linspace(-1, 1, side) for side in levels.shape)
        vignette = levels * np.exp(-2.5 * (rows[:, None] ** 2 + columns[None, :] ** 2))
        for one in (levels, vignette):
            box = find_bars(one.astype(np.uint8))
            # A scan's black edge of a few pixels is a bar.
            if box and (box[2] - box[0]) * (box[3] - box[1]) < 0.95 * one.size:
                eaten.append((path.name, box))
    assert not eaten
