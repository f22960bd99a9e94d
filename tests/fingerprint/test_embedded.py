from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from scanner.fingerprint.embedded import find_other_thumbnail
from scanner.fingerprint.small import small_picture
from scanner.probe.detect import probe
from tests.fingerprint.scenes import colour_scene

DEV = Path(__file__).parents[3] / "shared" / "corpus" / "dev"


def jpeg(image, **options):
    stream = io.BytesIO()
    image.convert("RGB").save(stream, "JPEG", **options)
    return stream.getvalue()


def exif(thumbnail, orientation=1, order="<", compression=6, offset=None, length=None):
    """An EXIF block: IFD0 with the orientation, IFD1 with the thumbnail behind it."""
    at = 8 + 2 + 12 + 4 + 2 + 3 * 12 + 4
    mark = b"II" if order == "<" else b"MM"
    head = mark + struct.pack(order + "HI", 42, 8)
    first = struct.pack(order + "HHHIHxxI", 1, 0x0112, 3, 1, orientation, 26)
    second = struct.pack(order + "H", 3) + struct.pack(order + "HHIHxx", 0x0103, 3, 1, compression)
    second += struct.pack(order + "HHII", 0x0201, 4, 1, at if offset is None else offset)
    second += struct.pack(order + "HHIII", 0x0202, 4, 1, len(thumbnail) if length is None else length, 0)
    return b"Exif\0\0" + head + first + second + thumbnail


def told(tmp_path, image, block, pillow_format="JPEG"):
    path = tmp_path / "picture"
    image.save(path, pillow_format, exif=block)
    return find_other_thumbnail(small_picture(str(path), pillow_format.lower()))


def framed(image, size):
    """The picture as large as fits into a black frame."""
    inner = image.copy()
    inner.thumbnail(size)
    frame = Image.new("RGB", size)
    frame.paste(inner, ((size[0] - inner.width) // 2, (size[1] - inner.height) // 2))
    return frame


PICTURE = colour_scene(1, 1500, 1000)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", [6, 7])
def test_another_picture_is_told(tmp_path, order, compression):
    other = jpeg(colour_scene(2, 160, 120), quality=60)
    said = told(tmp_path, PICTURE, exif(other, order=order, compression=compression))
    assert said.startswith("160 × 120 pixels, ")
    assert said.endswith(" of 256 bits differ")


@pytest.mark.parametrize(
    "thumbnail",
    [
        PICTURE.resize((160, 107)),
        framed(PICTURE, (160, 120)),
        PICTURE.crop((83, 0, 1417, 1000)).resize((160, 120)),
        PICTURE.resize((160, 120)),
        framed(PICTURE.transpose(Image.Transpose.ROTATE_90), (160, 120)),
        framed(PICTURE, (120, 160)),
        PICTURE.transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize((160, 107)),
        PICTURE.resize((160, 107)).point(lambda level: min(255, level * 3 // 2)),
        PICTURE.convert("L").resize((640, 427)),
    ],
    ids=["plain", "padded", "cut", "stretched", "lying and padded", "padded upright", "mirrored", "brighter", "large and grey"],
)
def test_the_same_picture_however_it_was_fitted_is_silent(tmp_path, thumbnail):
    assert told(tmp_path, PICTURE, exif(jpeg(thumbnail, quality=50))) == ""


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_both_lie_as_the_camera_was_held(tmp_path, orientation):
    assert told(tmp_path, PICTURE, exif(jpeg(PICTURE.resize((160, 107))), orientation)) == ""
    assert told(tmp_path, PICTURE, exif(jpeg(colour_scene(3, 160, 107)), orientation)) != ""


@pytest.mark.parametrize("pillow_format", ["PNG", "WEBP"])
def test_in_other_formats(tmp_path, pillow_format):
    assert told(tmp_path, PICTURE, exif(jpeg(colour_scene(4, 160, 120))), pillow_format) != ""
    assert told(tmp_path, PICTURE, exif(jpeg(PICTURE.resize((160, 120)))), pillow_format) == ""


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"Exif\0\0",
        b"Exif\0\0II*\0\x08\0\0\0",
        exif(b""),
        exif(b"no jpeg at all"),
        exif(jpeg(colour_scene(5, 160, 120))[:300]),
        exif(jpeg(colour_scene(5, 160, 120)), offset=2**32 - 1),
        exif(jpeg(colour_scene(5, 160, 120)), length=2**32 - 1)[:80],
        exif(jpeg(colour_scene(5, 160, 120)), compression=1),
        exif(jpeg(colour_scene(5, 40, 30))),
        exif(jpeg(Image.new("RGB", (160, 120), "navy"))),
        exif(jpeg(Image.new("RGB", (20_000, 300), "navy"))),
    ],
    ids=["none", "empty", "cut", "no jpeg", "junk", "half", "outside", "too long", "not compressed", "tiny", "plain", "huge"],
)
def test_a_thumbnail_that_says_nothing(tmp_path, block):
    path = tmp_path / "picture.jpg"
    content = jpeg(PICTURE)
    segment = b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block if block and len(block) < 65_000 else b""
    path.write_bytes(content[:2] + segment + content[2:])
    assert find_other_thumbnail(small_picture(str(path), "jpeg")) == ""


def test_a_plain_or_tiny_picture_says_nothing(tmp_path):
    other = exif(jpeg(colour_scene(6, 160, 120)))
    assert told(tmp_path, Image.new("RGB", (600, 400), "black"), other) == ""
    assert told(tmp_path, colour_scene(7, 40, 40), other) == ""


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 200), value=st.integers(0, 255), cut=st.integers(0, 3000))
def test_any_damage_is_survived(tmp_path_factory, at, value, cut):
    block = bytearray(exif(jpeg(colour_scene(8, 160, 120), quality=30)))
    block[at] = value
    folder = tmp_path_factory.getbasetemp()
    content = jpeg(colour_scene(8, 300, 200))
    body = bytes(block[: max(10, len(block) - cut)])
    (folder / "damaged.jpg").write_bytes(content[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + content[2:])
    assert isinstance(find_other_thumbnail(small_picture(str(folder / "damaged.jpg"), "jpeg")), str)


@pytest.mark.skipif(not DEV.is_dir(), reason="the corpus is not on this machine")
def test_no_camera_file_of_the_corpus_has_another_picture_there():
    looked, alarmed = 0, []
    for path in sorted(DEV.rglob("*")):
        if path.is_file() and path.suffix.lower() in (".jpg", ".jpeg"):
            name = probe(str(path), path.name, path.stat().st_size).format.name
            picture = small_picture(str(path), name)
            looked += len(picture.exif) > 2000
            alarmed += [path.name] if find_other_thumbnail(picture) else []
    assert looked >= 15
    assert not alarmed
