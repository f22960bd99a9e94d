from __future__ import annotations

import io
import os
import random
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from scanner.fingerprint import decoders
from scanner.fingerprint.decoders import decodable_formats
from scanner.fingerprint.failures import PictureBroken, PictureError, PictureRefused
from scanner.fingerprint.picture import open_picture
from scanner.fingerprint.tones import to_grey
from tests.fingerprint.scenes import colour_scene

SAVED_AS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "tiff": "TIFF", "bmp": "BMP", "jp2": "JPEG2000"}

NOISE = random.Random(64).randbytes(64)


def saved(tmp_path, image, pillow_format="PNG", **options):
    path = tmp_path / f"picture.{pillow_format.lower()}"
    image.save(path, pillow_format, **options)
    return str(path)


def written(tmp_path, content, name="picture"):
    path = tmp_path / name
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("format_name", SAVED_AS)
@pytest.mark.parametrize("small", [True, False])
def test_every_format_yields_a_picture_that_outlives_its_file(tmp_path, format_name, small):
    path = saved(tmp_path, colour_scene(1), SAVED_AS[format_name])
    picture = open_picture(path, format_name, small=small)
    os.unlink(path)
    assert (picture.width, picture.height) == (320, 240)
    assert to_grey(picture.image).getextrema() != (0, 0)


@pytest.mark.parametrize("pillow_format", ["AVIF", "HEIF"])
def test_formats_of_optional_parts(tmp_path, pillow_format):
    name = {"AVIF": "avif", "HEIF": "heic"}[pillow_format]
    if pillow_format == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    try:
        path = saved(tmp_path, colour_scene(1), pillow_format)
    except (OSError, KeyError) as error:
        pytest.skip(f"this Pillow writes no {pillow_format}: {error}")
    assert open_picture(path, name, small=True).width == 320


def test_heic_without_the_extra_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    with pytest.raises(PictureRefused, match=r"needs the extra `heif`: pip install media-provenance-scanner\[heif\]"):
        open_picture(written(tmp_path, b"\0" * 64), "heic", small=True)


def test_a_format_nobody_decodes_is_refused():
    assert "exr" not in decodable_formats()
    with pytest.raises(PictureRefused, match="exr are not decoded"):
        decoders.decoder_for("exr")


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("pillow_format", ["PNG", "TIFF"])
def test_orientation_is_applied_and_the_size_told_upright(tmp_path, orientation, pillow_format):
    from PIL import ImageOps

    upright = colour_scene(2)
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the Transpose that lays it as the tag says
    laid = upright if orientation == 1 else upright.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path, laid, pillow_format, exif=exif)
    picture = open_picture(path, pillow_format.lower(), small=False)
    assert (picture.width, picture.height) == (320, 240)
    assert np.array_equal(np.asarray(picture.image), np.asarray(upright))
    assert np.array_equal(np.asarray(ImageOps.exif_transpose(Image.open(path))), np.asarray(upright))


def test_size_of_a_scaled_jpeg_is_the_file_s_own(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = open_picture(saved(tmp_path, colour_scene(3, 2400, 1600), "JPEG", exif=exif), "jpeg", small=True)
    assert (picture.width, picture.height) == (1600, 2400)
    assert picture.image.size == (400, 600)
    assert picture.image.mode == "L"


@pytest.mark.parametrize("block", [b"Exif\0\0garbage", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"])
def test_broken_exif_does_not_cost_the_picture(tmp_path, block):
    assert open_picture(saved(tmp_path, colour_scene(4), "JPEG", exif=block), "jpeg", small=True).width == 320


def test_first_frame_of_an_animation(tmp_path):
    frames = [colour_scene(5), colour_scene(6)]
    path = saved(tmp_path, frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert np.array_equal(np.asarray(open_picture(path, "apng", small=False).image.convert("RGB")), np.asarray(frames[0]))


def test_depth_is_told(tmp_path):
    grey16 = Image.fromarray((np.arange(4096, dtype=np.uint16) * 16).reshape(64, 64))
    assert open_picture(saved(tmp_path, grey16), "png", small=False).depth_bits == 16
    assert open_picture(saved(tmp_path, colour_scene(1)), "png", small=False).depth_bits == 8


# Hostile and damaged files ---------------------------------------------------------------------------------------------


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, scanlines, depth=8, colour=2, before=b""):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + before + chunk(b"IDAT", zlib.compress(scanlines)) + chunk(b"IEND", b"")


def test_a_decompression_bomb_is_refused_before_it_is_decoded(tmp_path):
    with pytest.raises(PictureRefused, match="50000 × 50000 pixels are more than the 120 million"):
        open_picture(written(tmp_path, png(50_000, 50_000, b"\0" * 1000)), "png", small=True)


@pytest.mark.parametrize("small", [True, False])
def test_a_large_jpeg_is_taken_scaled_only(tmp_path, small):
    path = saved(tmp_path, Image.new("L", (12_000, 10_400), 90), "JPEG", quality=10)
    if small:
        picture = open_picture(path, "jpeg", small=True)
        assert (picture.width, picture.height, picture.image.size) == (12_000, 10_400, (1500, 1300))
    else:
        with pytest.raises(PictureRefused, match="120 million"):
            open_picture(path, "jpeg", small=False)


def test_a_large_progressive_jpeg_is_refused_even_scaled(tmp_path):
    stream = io.BytesIO()
    Image.new("L", (64, 64), 90).save(stream, "JPEG", progressive=True)
    content = bytearray(stream.getvalue())
    frame = content.index(b"\xff\xc2")
    content[frame + 5 : frame + 9] = struct.pack(">HH", 12_000, 12_000)
    with pytest.raises(PictureRefused, match="120 million"):
        open_picture(written(tmp_path, bytes(content)), "jpeg", small=True)


def test_a_compressed_text_bomb_in_a_png_is_no_damage(tmp_path):
    bomb = chunk(b"zTXt", b"k\0\0" + zlib.compress(b"a" * (80 << 20)))
    with pytest.raises(PictureRefused, match="larger than is decoded"):
        open_picture(written(tmp_path, png(8, 8, b"\0" * 8 * 25, before=bomb)), "png", small=True)


def whole(pillow_format, **options):
    stream = io.BytesIO()
    colour_scene(7).save(stream, pillow_format, **options)
    return stream.getvalue()


@pytest.mark.parametrize("format_name", ["jpeg", "png", "gif", "tiff", "bmp", "webp", "jp2"])
def test_a_file_cut_in_half_is_broken(tmp_path, format_name):
    options = {"compression": "tiff_lzw"} if format_name == "tiff" else {}
    content = whole(SAVED_AS[format_name], **options)
    with pytest.raises(PictureBroken):
        open_picture(written(tmp_path, content[: len(content) // 2]), format_name, small=True)


@pytest.mark.parametrize("format_name", sorted(decodable_formats()))
@pytest.mark.parametrize("content", [b"", b"\0", b"\xff\xd8\xff\xe0", b"GIF89a", b"%!PS-Adobe-3.0 EPSF\n", NOISE])
def test_what_is_no_picture_is_told_so(tmp_path, format_name, content):
    with pytest.raises(PictureError):
        open_picture(written(tmp_path, content), format_name, small=True)


def test_a_lying_file_does_not_choose_its_decoder(tmp_path):
    with pytest.raises(PictureBroken):
        open_picture(written(tmp_path, whole("PNG")), "jpeg", small=True)


def test_corrupt_zlib_is_broken(tmp_path):
    content = bytearray(whole("PNG"))
    middle = content.index(b"IDAT") + 4
    content[middle + 40 : middle + 400] = b"\xa5" * 360
    with pytest.raises(PictureBroken):
        open_picture(written(tmp_path, bytes(content)), "png", small=True)


def test_a_gif_with_a_huge_frame_is_refused(tmp_path):
    content = bytearray(whole("GIF"))
    content[6:10] = struct.pack("<HH", 60_000, 60_000)
    with pytest.raises(PictureRefused):
        open_picture(written(tmp_path, bytes(content)), "gif", small=True)


def test_wrong_strip_offsets_are_broken(tmp_path):
    content = bytearray(whole("TIFF"))
    directory = struct.unpack_from("<I", content, 4)[0]
    for entry in range(struct.unpack_from("<H", content, directory)[0]):
        at = directory + 2 + entry * 12
        if struct.unpack_from("<H", content, at)[0] == 273:  # StripOffsets, TIFF 6.0
            count = struct.unpack_from("<I", content, at + 4)[0]
            place = at + 8 if count == 1 else struct.unpack_from("<I", content, at + 8)[0]
            struct.pack_into("<I", content, place, 0x7FFFFFF0)
    with pytest.raises(PictureBroken):
        open_picture(written(tmp_path, bytes(content)), "tiff", small=True)


def psd(mode=3, depth=8, width=40, height=40, channels=3):
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, channels, height, width, depth, mode)
    pixels = bytes(range(width)) * height * channels * (depth // 8)
    return head + struct.pack(">III", 0, 0, 0) + struct.pack(">H", 0) + pixels


def test_psd(tmp_path):
    assert open_picture(written(tmp_path, psd()), "psd", small=True).width == 40
    with pytest.raises(PictureRefused, match="variety"):
        open_picture(written(tmp_path, psd(depth=16)), "psd", small=True)
    with pytest.raises(PictureBroken):
        open_picture(written(tmp_path, psd()[:-2000]), "psd", small=True)


def test_what_cannot_be_opened_is_refused(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    link = tmp_path / "link"
    link.symlink_to(saved(tmp_path, colour_scene(1)))
    for path in (fifo, link, tmp_path, tmp_path / "gone"):
        with pytest.raises(PictureRefused, match="cannot be opened"):
            open_picture(str(path), "png", small=True)


def test_a_file_too_long_for_a_decoder_that_reads_it_whole(tmp_path):
    path = written(tmp_path, whole("WEBP"))
    os.truncate(path, (512 << 20) + 1)  # sparse
    with pytest.raises(PictureRefused, match="512 MB"):
        open_picture(path, "webp", small=True)
