from __future__ import annotations

import os
import struct
import sys

import numpy as np
import pytest

from scanner.fingerprint.dct_hash import bits_of, coefficients_of, levels_of
from scanner.fingerprint.failures import PictureBroken, PictureError, PictureRefused
from scanner.fingerprint.picture import SMALL_PX, open_picture
from scanner.fingerprint.pixels import pixel_digest
from scanner.fingerprint.small import small_picture
from tests.fingerprint.frames import cineon, display, linear, write
from tests.fingerprint.scenes import colour_scene


def bits(image):
    return int(bits_of(coefficients_of(levels_of(image.convert("L")))), 16)


def far(path, name, seed=1):
    return (bits(small_picture(path, name).image) ^ bits(colour_scene(seed))).bit_count()


@pytest.mark.parametrize("compression", ["none", "rle", "zips", "zip", "piz", "pxr24", "b44", "dwaa", "dwab"])
@pytest.mark.parametrize("kind", ["half", "float"])
def test_exr_in_linear_light(tmp_path, compression, kind):
    path = write(tmp_path / "a.exr", linear(display(1)), kind, compression=compression)
    assert far(path, "exr") <= 31


@pytest.mark.parametrize("stops", [-3, -1, 1, 3])
def test_exposure_of_a_render_hardly_matters(tmp_path, stops):
    assert far(write(tmp_path / "a.exr", linear(display(1)) * np.float32(2.0**stops)), "exr") <= 31


@pytest.mark.parametrize("tile", [(16, 16), (64, 32), (320, 240)])
def test_tiles(tmp_path, tile):
    assert far(write(tmp_path / "a.exr", linear(display(1)), tile=tile, compression="zip"), "exr") <= 31


def test_dpx_in_log_and_for_a_display(tmp_path):
    log = write(tmp_path / "a.dpx", cineon(linear(display(1))), "uint16", oiio__BitsPerSample=10, oiio__ColorSpace="KodakLog")
    shown = write(tmp_path / "b.dpx", display(1), "uint16", oiio__BitsPerSample=12, oiio__ColorSpace="Rec709")
    assert far(log, "dpx") <= 31
    assert far(shown, "dpx") <= 4
    assert open_picture(shown, "dpx", small=True).depth_bits == 16


@pytest.mark.parametrize("size", [(1280, 960), (2000, 1500), (1283, 967), (3000, 40), (41, 2999)])
@pytest.mark.parametrize("name", ["exr", "dpx"])
def test_large_frames_are_averaged_down(tmp_path, name, size):
    values = display(1, *size)
    values = linear(values) if name == "exr" else values
    kind, attributes = ("half", {}) if name == "exr" else ("uint16", {"oiio__BitsPerSample": 10})
    path = write(tmp_path / f"a.{name}", values, kind, **attributes)
    picture = open_picture(path, name, small=True)
    assert (picture.width, picture.height) == size
    assert max(picture.image.size) == SMALL_PX
    assert abs(picture.image.width / picture.image.height / (size[0] / size[1]) - 1) < 0.07
    if min(size) > 100:
        assert (bits(picture.image) ^ bits(colour_scene(1, *size))).bit_count() <= 31


def test_luminance_alone(tmp_path):
    assert far(write(tmp_path / "a.exr", linear(display(1))[..., 1:2], names=("Y",)), "exr") < 200
    assert small_picture(str(tmp_path / "a.exr"), "exr", colour=True).colour.mode == "RGB"


def test_colours_among_other_channels_and_in_layers(tmp_path):
    light, other = linear(display(1)), np.random.default_rng(1).random((240, 320, 3)).astype(np.float32)
    both = np.concatenate([light, other], axis=2)
    assert far(write(tmp_path / "a.exr", both, names=("R", "G", "B", "N.X", "N.Y", "N.Z")), "exr") <= 31
    layered = write(tmp_path / "b.exr", both, names=("beauty.R", "beauty.G", "beauty.B", "N.X", "N.Y", "N.Z"))
    assert far(layered, "exr") <= 31


def test_transparent_parts_of_a_display_referred_frame_lie_over_grey(tmp_path):
    path = write(tmp_path / "a.dpx", np.zeros((100, 100, 4), np.float32), "uint8")
    assert open_picture(path, "dpx", small=True).image.getpixel((50, 50)) == (128, 128, 128)


def test_overscan_is_cut_and_a_part_of_the_frame_is_placed(tmp_path):
    light = linear(display(1, 400, 300))
    over = open_picture(write(tmp_path / "a.exr", light, origin=(-40, -30), window=(0, 0, 320, 240)), "exr", small=True)
    assert (over.width, over.height, over.image.size) == (320, 240, (320, 240))
    part = open_picture(write(tmp_path / "b.exr", light, origin=(200, 100), window=(0, 0, 800, 600)), "exr", small=True)
    assert (part.width, part.image.size) == (800, (640, 480))
    assert part.image.getpixel((10, 10)) == (0, 0, 0)
    apart = open_picture(write(tmp_path / "c.exr", light, origin=(2000, 0), window=(0, 0, 800, 600)), "exr", small=True)
    assert (apart.width, apart.height) == (400, 300)


def test_anamorphic_frames_are_stretched(tmp_path):
    path = write(tmp_path / "a.exr", linear(display(1, 200, 200)), PixelAspectRatio=2.0)
    assert open_picture(path, "exr", small=True).image.size == (400, 200)
    absurd = write(tmp_path / "b.exr", linear(display(1, 200, 200)), PixelAspectRatio=60.0)
    assert open_picture(absurd, "exr", small=True).image.size == (200, 200)


def test_numbers_that_are_none(tmp_path):
    light = linear(display(1))
    light[:40, :40], light[40:60, :60], light[60:70, :70] = np.nan, np.inf, -np.inf
    assert small_picture(write(tmp_path / "a.exr", light, "float"), "exr").image.size == (320, 240)


def test_pixels_of_film_frames_are_not_digested(tmp_path):
    path = write(tmp_path / "a.exr", linear(display(1)))
    with pytest.raises(PictureRefused, match="log or linear"):
        pixel_digest(path, "exr")


def test_without_openimageio_it_says_how_to_get_it(tmp_path, monkeypatch):
    path = write(tmp_path / "a.exr", linear(display(1)))
    monkeypatch.setitem(sys.modules, "OpenImageIO", None)
    with pytest.raises(PictureRefused, match="pip install OpenImageIO"):
        open_picture(path, "exr", small=True)


# Hostile and damaged files ---------------------------------------------------------------------------------------------


def test_a_lying_name_does_not_choose_its_reader(tmp_path):
    path = write(tmp_path / "a.exr", linear(display(1)))
    os.rename(path, tmp_path / "a\n.gif")
    assert far(str(tmp_path / "a\n.gif"), "exr") <= 31
    with pytest.raises(PictureBroken):
        open_picture(str(tmp_path / "a\n.gif"), "dpx", small=True)


def test_a_name_that_is_no_utf_8(tmp_path):
    path = os.path.join(os.fsencode(tmp_path), b"\xff\xfe.exr")
    os.rename(write(tmp_path / "a.exr", linear(display(1))), path)
    assert far(os.fsdecode(path), "exr") <= 31


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", None)
    open_picture(write(tmp_path / "a.exr", linear(display(1))), "exr", small=True)
    assert os.listdir(tmp_path / "scratch") == []


@pytest.mark.parametrize("content", [b"", b"\x76\x2f\x31\x01", b"SDPX", b"\x80\x2a\x5f\xd7", os.urandom(3000)])
@pytest.mark.parametrize("name", ["exr", "dpx", "cineon"])
def test_what_is_no_frame_is_told_so(tmp_path, name, content):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(PictureError) as caught:
        open_picture(str(tmp_path / "a"), name, small=True)
    assert str(tmp_path) not in caught.value.why
    assert "/frame" not in caught.value.why


def test_a_frame_cut_short_is_broken(tmp_path):
    path = write(tmp_path / "a.exr", linear(display(1)), compression="zip")
    os.truncate(path, os.path.getsize(path) // 2)
    with pytest.raises(PictureError):
        open_picture(path, "exr", small=True)


@pytest.mark.parametrize("window", [(0, 0, 49_999, 49_999), (0, 0, 2**31 - 2, 10), (-(2**30), -(2**30), 2**30, 2**30)])
def test_a_frame_too_large_is_refused_before_it_is_read(tmp_path, window):
    path = write(tmp_path / "a.exr", linear(display(1)))
    with open(path, "rb") as stream:
        content = stream.read()
    for name in (b"dataWindow\0box2i\0\x10\0\0\0", b"displayWindow\0box2i\0\x10\0\0\0"):
        at = content.index(name) + len(name)
        content = content[:at] + struct.pack("<4i", *window) + content[at + 16 :]
    (tmp_path / "a.exr").write_bytes(content)
    with pytest.raises(PictureError):
        open_picture(path, "exr", small=True)


def test_a_display_window_out_of_all_proportion_is_refused(tmp_path):
    path = write(tmp_path / "a.exr", linear(display(1)), window=(0, 0, 30_000, 30_000))
    with pytest.raises(PictureRefused, match="million"):
        open_picture(path, "exr", small=True)


def test_a_dpx_whose_header_asks_for_too_much_is_refused(tmp_path):
    path = write(tmp_path / "a.dpx", display(1), "uint16", oiio__BitsPerSample=10)
    with open(path, "r+b") as stream:
        stream.seek(772)
        stream.write(struct.pack(">II", 60_000, 60_000))
    with pytest.raises(PictureError):
        open_picture(path, "dpx", small=True)
