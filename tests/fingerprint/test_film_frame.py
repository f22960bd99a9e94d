from __future__ import annotations

import numpy as np
import OpenImageIO as oiio  # noqa: N813
import pytest

from scanner.fingerprint.failures import PictureRefused
from scanner.fingerprint.film_frame import Window, find_frame
from tests.fingerprint.frames import display, linear, write

LIMIT = 120_000_000


def frame_of(path, side_px=640, limit=LIMIT):
    source = oiio.ImageInput.open(str(path))
    try:
        return find_frame(source, side_px, limit)
    finally:
        source.close()


@pytest.mark.parametrize(
    ("names", "channels", "has_alpha"),
    [
        (("R", "G", "B"), (0, 1, 2), False),
        (("R", "G", "B", "A"), (0, 1, 2, 3), True),
        (("R", "G", "B", "A", "Z"), (0, 1, 2, 3), True),
        (("Y",), (0,), False),
        (("Y", "A"), (0, 1), True),
        (("diffuse.R", "diffuse.G", "diffuse.B"), (0, 1, 2), False),
    ],
)
def test_channels(tmp_path, names, channels, has_alpha):
    path = write(tmp_path / "a.exr", np.zeros((8, 8, len(names)), np.float32), names=names)
    stored = oiio.ImageInput.open(path).spec().channelnames
    frame = frame_of(path)
    assert (frame.channels, frame.has_alpha) == (tuple(sorted(stored.index(names[at]) for at in channels)), has_alpha)
    assert frame.has_colour == (len(channels) - has_alpha == 3)


@pytest.mark.parametrize("names", [("Z",), ("N.X", "N.Y", "N.Z"), ("R", "G"), ("id",)])
def test_nothing_to_show(tmp_path, names):
    path = write(tmp_path / "a.exr", np.zeros((8, 8, len(names)), np.float32), names=names)
    with pytest.raises(PictureRefused, match="no part of it has colours"):
        frame_of(path)


def test_the_first_part_with_colours(tmp_path):
    specs = [oiio.ImageSpec(16, 16, 1, "half"), oiio.ImageSpec(16, 16, 3, "half")]
    specs[0].channelnames, specs[1].channelnames = ("Z",), ("R", "G", "B")
    for spec, name in zip(specs, ("depth", "beauty"), strict=True):
        spec.attribute("oiio:subimagename", name)
    path = str(tmp_path / "a.exr")
    out = oiio.ImageOutput.create(path)
    assert out.open(path, tuple(specs)), out.geterror()
    out.write_image(np.zeros((16, 16, 1), np.float32))
    assert out.open(path, specs[1], "AppendSubimage")
    out.write_image(np.zeros((16, 16, 3), np.float32))
    out.close()
    assert (frame_of(path).subimage, frame_of(path).data) == (1, Window(0, 0, 16, 16))


def test_a_level_of_a_pyramid_that_is_large_enough(tmp_path):
    path = str(tmp_path / "a.exr")
    image = oiio.ImageBuf(oiio.ImageSpec(2048, 1024, 3, "half"))
    assert oiio.ImageBufAlgo.make_texture(oiio.MakeTxTexture, image, path)
    frame = frame_of(path)
    assert (frame.level, frame.data.width, frame.full_width, frame.tiled) == (1, 1024, 2048, True)


def test_deep_pictures_are_refused(tmp_path):
    spec = oiio.ImageSpec(4, 4, 3, "half")
    spec.deep, spec.channelnames = True, ("R", "G", "B")
    path = str(tmp_path / "a.exr")
    out = oiio.ImageOutput.create(path)
    assert out.open(path, spec), out.geterror()
    samples = oiio.DeepData()
    samples.init(16, 3, [oiio.HALF] * 3, spec.channelnames)
    assert out.write_deep_image(samples), out.geterror()
    out.close()
    with pytest.raises(PictureRefused, match="deep"):
        frame_of(path)


def test_too_many_pixels_are_refused(tmp_path):
    path = write(tmp_path / "a.exr", linear(display(1)))
    assert frame_of(path).data == Window(0, 0, 320, 240)
    with pytest.raises(PictureRefused, match="320 × 240 pixels are more than"):
        frame_of(path, limit=320 * 240 - 1)


def test_tiles_too_large_are_refused(tmp_path):
    path = write(tmp_path / "a.exr", linear(display(1)), tile=(320, 240))
    with pytest.raises(PictureRefused, match="tiles"):
        frame_of(path, limit=320 * 240)


@pytest.mark.parametrize(
    ("space", "transfer", "curve"),
    [("KodakLog", "", "cineon"), ("Linear", "", "linear"), ("Rec709", "", "display"), ("", "", "display")],
)
def test_the_curve_of_dpx(tmp_path, space, transfer, curve):
    path = write(tmp_path / "a.dpx", display(1), "uint16", oiio__BitsPerSample=10, oiio__ColorSpace=space)
    assert frame_of(path).curve == curve
    assert frame_of(path).rows_apart


def test_exr_is_linear_and_its_rows_hang_together(tmp_path):
    frame = frame_of(write(tmp_path / "a.exr", linear(display(1)), compression="piz"))
    assert (frame.curve, frame.rows_apart, frame.chunk_rows) == ("linear", False, 32)
