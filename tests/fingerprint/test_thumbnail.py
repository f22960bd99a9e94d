from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from scanner.fingerprint.failures import PictureBroken
from scanner.fingerprint.thumbnail import thumbnail
from tests.fingerprint.scenes import colour_scene, scene


def made(tmp_path, image, pillow_format="PNG", longest=320, **options):
    path = tmp_path / "picture"
    image.save(path, pillow_format, **options)
    jpeg, width, height = thumbnail(str(path), pillow_format.lower(), longest)
    return Image.open(io.BytesIO(jpeg)), jpeg, (width, height)


def test_size_and_format(tmp_path):
    image, _, size = made(tmp_path, colour_scene(1, 1600, 800), "JPEG", 200)
    assert image.format == "JPEG"
    assert image.size == size == (200, 100)


def test_a_small_picture_is_not_enlarged(tmp_path):
    assert made(tmp_path, colour_scene(1, 50, 30))[2] == (50, 30)


def test_no_metadata_comes_along(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "SECRET"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image, jpeg, _ = made(tmp_path, colour_scene(2), "JPEG", exif=exif, icc_profile=profile, comment=b"SECRET")
    assert b"SECRET" not in jpeg
    assert b"Exif" not in jpeg
    assert "icc_profile" not in image.info


def test_it_is_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    assert made(tmp_path, colour_scene(3, 320, 160), "JPEG", exif=exif)[2] == (160, 320)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_modes(tmp_path, mode):
    image = scene(4) if mode == "I;16" else colour_scene(4)
    image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257) if mode == "I;16" else image.convert(mode)
    assert np.asarray(made(tmp_path, image)[0].convert("L")).std() > 10


def test_cmyk(tmp_path):
    assert made(tmp_path, colour_scene(4).convert("CMYK"), "JPEG")[0].mode == "RGB"


@pytest.mark.parametrize("profile", [b"", b"no profile at all", b"\0" * 4096])
def test_a_profile_that_is_none_costs_nothing(tmp_path, profile):
    assert made(tmp_path, colour_scene(5), icc_profile=profile)[2] == (320, 240)


def test_broken(tmp_path):
    (tmp_path / "cut.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(PictureBroken):
        thumbnail(str(tmp_path / "cut.jpg"), "jpeg")
