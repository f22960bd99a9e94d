from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from scanner.fingerprint.picture import SMALL_PX, Picture, open_picture
from scanner.fingerprint.small import made_small, small_picture
from tests.fingerprint.scenes import colour_scene, scene
from tests.fingerprint.test_profiles import LINEAR, WIDE

MODES = ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "I", "F", "RGBX", "HSV", "PA", "La", "RGBa", "I;16"]


def in_mode(image, mode):
    if mode == "I;16":
        return Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    return image.convert({"PA": "P", "La": "LA", "RGBa": "RGBA"}.get(mode, mode)).convert(mode)


def small(image, **options):
    return made_small(Picture(image, *image.size, profile=image.info.get("icc_profile", b"")), **options)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [(320, 240), (1600, 900)])
def test_every_mode_gives_grey_and_colour_of_one_size(mode, size):
    made = small(in_mode(colour_scene(1, *size), mode), colour=True)
    assert (made.image.mode, made.colour.mode) == ("L", "RGB")
    assert made.image.size == made.colour.size == ((640, 360) if size[0] > SMALL_PX else size)
    assert (made.width, made.height) == size
    grey = np.asarray(made.colour.convert("L")).astype(int)
    assert np.abs(grey - np.asarray(made.image)).mean() < 3
    assert np.asarray(made.image).std() > 10


def test_grey_is_the_same_whether_colour_is_wanted_or_not():
    image = colour_scene(2, 1500, 1000)
    assert np.array_equal(np.asarray(small(image).image), np.asarray(small(image, colour=True).image))
    assert small(image).colour is None


def test_a_small_one_stays_as_it_is():
    image = scene(3, 640, 400)
    assert np.array_equal(np.asarray(small(image).image), np.asarray(image))


def test_grain_averages_out():
    noise = np.random.default_rng(1).normal(128, 30, (1920, 2560)).clip(0, 255).astype(np.uint8)
    assert np.asarray(small(Image.fromarray(noise)).image).std() < 9


def test_a_profile_that_moves_colours_is_applied_to_grey_and_colour():
    image = colour_scene(4)
    image.info["icc_profile"] = LINEAR
    made, plain = small(image, colour=True), small(colour_scene(4))
    assert np.asarray(made.image).mean() > np.asarray(plain.image).mean() + 20
    assert np.array_equal(np.asarray(made.image), np.asarray(made.colour.convert("L")))
    assert made.profile == b""


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "LA", "CMYK", "I;16", "1"])
@pytest.mark.parametrize("profile", [LINEAR, WIDE, b"junk", bytes(4096)])
def test_any_profile_on_any_mode_gives_a_picture(mode, profile):
    image = in_mode(colour_scene(5), mode)
    image.info["icc_profile"] = profile
    assert small(image, colour=True).colour.size == (320, 240)


def test_the_same_picture_in_two_colour_spaces_has_one_grey():
    wide = ImageCms.profileToProfile(colour_scene(6), ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(io.BytesIO(WIDE)))
    wide.info["icc_profile"] = WIDE
    difference = np.asarray(small(wide).image).astype(int) - np.asarray(small(colour_scene(6)).image)
    assert np.abs(difference).mean() < 1.5
    without = wide.copy()
    without.info = {}
    assert np.abs(np.asarray(small(without).image).astype(int) - np.asarray(small(colour_scene(6)).image)).mean() > 2.5


def test_a_jpeg_is_decoded_in_grey_unless_its_profile_asks(tmp_path):
    for profile, mode in ((None, "L"), (WIDE, "RGB")):
        path = tmp_path / f"{mode}.jpg"
        colour_scene(7, 1400, 1000).save(path, quality=90, icc_profile=profile)
        opened = open_picture(str(path), "jpeg", small=True)
        assert (opened.image.mode, opened.image.size) == (mode, (700, 500))


def test_transparency_lies_over_mid_grey():
    image = Image.new("RGBA", (1300, 1300), (255, 255, 255, 0))
    made = small(image, colour=True)
    assert made.image.getextrema() == (128, 128)
    assert made.colour.getextrema() == ((128, 128),) * 3


def test_colours_behind_transparency_do_not_bleed_when_reduced():
    values = np.zeros((1280, 1280, 4), np.uint8)
    values[..., :3] = 255
    values[::2, :, 3] = 255
    values[1::2, :, :3] = (255, 0, 0)
    made = small(Image.fromarray(values), colour=True)
    red, green, _ = made.colour.getpixel((320, 320))
    assert abs(red - green) <= 2


def test_of_a_file(tmp_path):
    path = tmp_path / "a.png"
    colour_scene(8, 900, 700).save(path)
    made = small_picture(str(path), "png", colour=True)
    assert (made.image.size, made.colour.size, made.width) == ((640, 498), (640, 498), 900)
