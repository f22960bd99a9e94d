from __future__ import annotations

import imagehash
import numpy as np
import pytest
from PIL import Image

from scanner.fingerprint import tones
from scanner.fingerprint.tones import MATTE, to_grey
from tests.fingerprint.scenes import colour_scene, scene


def levels(image):
    return np.asarray(to_grey(image)).astype(int)


def test_sixteen_bits_are_scaled_not_clipped():
    grey = np.asarray(scene(1)).astype(np.uint16)
    assert np.array_equal(levels(Image.fromarray(grey * 257)), grey)
    assert levels(Image.fromarray(np.full((4, 4), 30_000, np.uint16))).max() == 117


@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0])
def test_floats_are_scaled_by_the_white_they_hint_at(white):
    grey = np.asarray(scene(2)).astype(np.float32)
    grey[0, 0] = 255
    assert np.abs(levels(Image.fromarray(grey * (white / 255))) - grey).max() <= 1


def test_floats_that_are_no_numbers():
    assert levels(Image.fromarray(np.array([[np.nan, np.inf], [-np.inf, 1.0]], np.float32))).tolist() == [[0, 0], [0, 255]]


@pytest.mark.parametrize(
    "mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "LAB", "I", "F", "RGBX", "HSV", "PA", "La", "RGBa"]
)
def test_every_mode_comes_out_grey(mode):
    via = colour_scene(3).convert({"PA": "P", "La": "LA", "RGBa": "RGBA"}.get(mode, "RGB" if mode == "LAB" else mode))
    if mode == "LAB":
        from PIL import ImageCms

        lab = ImageCms.createProfile("LAB")
        via = ImageCms.profileToProfile(via, ImageCms.createProfile("sRGB"), lab, outputMode="LAB")
    grey = to_grey(via.convert(mode))
    assert grey.mode == "L"
    assert grey.size == (320, 240)
    assert np.asarray(grey).std() > 10


def test_an_opaque_alpha_changes_nothing():
    picture = colour_scene(4)
    assert np.array_equal(levels(picture), levels(picture.convert("RGBA")))


def test_lettering_in_black_and_in_white_stays_visible_on_the_matte():
    for ink in (0, 255):
        image = Image.new("LA", (4, 1), (ink, 0))
        image.putpixel((0, 0), (ink, 255))
        assert levels(image).tolist() == [[ink, MATTE, MATTE, MATTE]]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "I;16", "F", "P"])
def test_a_large_picture_is_reduced_in_strips_and_keeps_its_fingerprint(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    coarse = np.random.default_rng(5).integers(0, 256, (12, 12), np.uint8)
    grey = Image.fromarray(coarse).resize((2300, 2100), Image.Resampling.BICUBIC)
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257) if mode == "I;16" else grey.convert(mode)
    whole = tones.to_grey(deep)

    monkeypatch.setattr(tones, "WHOLE_PIXELS", 1_000_000)
    reduced = tones.to_grey(deep)

    assert (whole.size, reduced.size) == ((2300, 2100), (1150, 1050))
    assert imagehash.phash(whole) - imagehash.phash(reduced) <= 2
