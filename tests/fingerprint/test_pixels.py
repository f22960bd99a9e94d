from __future__ import annotations

import hashlib
import io

import numpy as np
import PIL
import pytest
from PIL import Image

from scanner.fingerprint.failures import PictureBroken, PictureRefused
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.pixels import digest_picture, pixel_digest
from tests.fingerprint.scenes import colour_scene, scene

FORMATS = {"png": "PNG", "tiff": "TIFF", "bmp": "BMP", "webp": "WEBP", "jpeg": "JPEG", "gif": "GIF"}


def digest(tmp_path, image, format_name="png", **options):
    path = tmp_path / f"picture.{format_name}"
    image.save(path, FORMATS[format_name], **options)
    return pixel_digest(str(path), format_name)


def test_what_is_digested(tmp_path):
    image = scene(1)
    expected = hashlib.sha256(b"L|320|240|" + image.tobytes()).hexdigest()
    assert digest(tmp_path, image) == f"pixels1/pillow-{PIL.__version__}:{expected}"


@pytest.mark.parametrize("height", [499, 500])
def test_a_picture_of_many_strips_is_digested_whole(height):
    image = colour_scene(1).resize((1000, height))
    expected = hashlib.sha256(f"RGB|1000|{height}|".encode() + image.tobytes()).hexdigest()
    assert digest_picture(Picture(image, *image.size)) == f"pixels1/pillow-{PIL.__version__}:{expected}"


def test_colour_in_the_last_row_alone_is_colour():
    image = scene(1).resize((1000, 500)).convert("RGB")
    image.putpixel((999, 499), (255, 0, 0))
    expected = hashlib.sha256(b"RGB|1000|500|" + image.tobytes()).hexdigest()
    assert digest_picture(Picture(image, *image.size)) == f"pixels1/pillow-{PIL.__version__}:{expected}"


@pytest.mark.parametrize(
    ("format_name", "options"),
    [
        ("tiff", {}),
        ("tiff", {"compression": "tiff_lzw"}),
        ("bmp", {}),
        ("webp", {"lossless": True}),
        ("png", {"compress_level": 0}),
    ],
)
def test_a_lossless_copy_is_the_same(tmp_path, format_name, options):
    assert digest(tmp_path, colour_scene(1), format_name, **options) == digest(tmp_path, colour_scene(1))


def test_metadata_makes_no_difference(tmp_path):
    from PIL.PngImagePlugin import PngInfo

    text, exif = PngInfo(), Image.Exif()
    text.add_text("parameters", "a cat, steps: 20")
    exif[0x010E] = "a cat"
    assert digest(tmp_path, colour_scene(2), pnginfo=text, exif=exif) == digest(tmp_path, colour_scene(2))


def test_a_jpeg_stripped_of_its_metadata_is_the_same(tmp_path):
    stream = io.BytesIO()
    colour_scene(3).save(stream, "JPEG", comment=b"made by a machine")
    content = stream.getvalue()
    at = content.index(b"\xff\xfe")
    stripped = content[:at] + content[at + 2 + int.from_bytes(content[at + 2 : at + 4], "big") :]
    (tmp_path / "a.jpg").write_bytes(content)
    (tmp_path / "b.jpg").write_bytes(stripped)
    assert pixel_digest(str(tmp_path / "a.jpg"), "jpeg") == pixel_digest(str(tmp_path / "b.jpg"), "jpeg")


def test_orientation_is_applied_first(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    laid = colour_scene(4).transpose(Image.Transpose.ROTATE_90)
    assert digest(tmp_path, laid, exif=exif) == digest(tmp_path, colour_scene(4))


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P"])
def test_grey_is_grey_in_every_mode(mode):
    def of(image):
        return digest_picture(Picture(image, *image.size))

    assert of(scene(5).convert(mode)) == of(scene(5))


def test_single_bits_are_written_out(tmp_path):
    bits = scene(6).convert("1")
    assert digest(tmp_path, bits) == digest(tmp_path, bits.convert("RGB"), "tiff")


def test_keyed_transparency_is_alpha(tmp_path):
    keyed = digest(tmp_path, Image.new("RGB", (8, 8), (10, 20, 30)), transparency=(10, 20, 30))
    assert keyed == digest(tmp_path, Image.new("RGBA", (8, 8), (10, 20, 30, 0)))
    assert keyed != digest(tmp_path, Image.new("RGB", (8, 8), (10, 20, 30)))


def test_sixteen_bits_are_kept(tmp_path):
    values = np.arange(64, dtype=np.uint16).reshape(8, 8) * 1000
    other = values.copy()
    other[0, 0] += 1
    first, second = Image.fromarray(values), Image.fromarray(other)
    assert digest(tmp_path, first) == digest(tmp_path, first, "tiff")
    assert digest(tmp_path, first) != digest(tmp_path, second)


def test_colour_of_sixteen_bits_is_not_its_own_eight_bit_copy():
    image = colour_scene(7)
    assert digest_picture(Picture(image, 320, 240, 16)) != digest_picture(Picture(image, 320, 240, 8))


@pytest.mark.parametrize("change", ["pixel", "size", "alpha"])
def test_another_picture_has_another_digest(tmp_path, change):
    image = colour_scene(8)
    other = image.copy()
    if change == "pixel":
        other.putpixel((319, 239), (1, 2, 3))
    if change == "size":
        other = Image.frombytes("RGB", (240, 320), image.tobytes())
    if change == "alpha":
        other.putalpha(254)
    assert digest(tmp_path, other) != digest(tmp_path, image)


def test_cmyk_stays_cmyk(tmp_path):
    image = colour_scene(9).convert("CMYK")
    assert digest(tmp_path, image, "tiff") == digest(tmp_path, image, "tiff", compression="tiff_lzw")
    assert digest(tmp_path, image, "tiff") != digest(tmp_path, colour_scene(9))


def test_a_picture_larger_than_a_strip(tmp_path):
    image = colour_scene(10, 2500, 1800)
    expected = hashlib.sha256(b"RGB|2500|1800|" + image.tobytes()).hexdigest()
    assert digest(tmp_path, image, compress_level=1).endswith(expected)


def test_failures_are_typed(tmp_path):
    (tmp_path / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(PictureBroken):
        pixel_digest(str(tmp_path / "cut.png"), "png")
    with pytest.raises(PictureRefused):
        pixel_digest(str(tmp_path / "cut.png"), "exr")
