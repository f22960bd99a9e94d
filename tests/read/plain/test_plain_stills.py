"""Walks of whole files: JPEG, PNG, WebP, TIFF."""

from __future__ import annotations

import io
import zlib

import pytest

from scanner.read.plain.collected import Needs
from scanner.read.plain.reader import read_plain
from scanner.tools.containers.source import Source
from tests.probe.samples import chunk, riff
from tests.read.plain.samples import CAMERA, ascii_text, directory, exif, jpeg_with, short
from tests.read.plain.test_plain_blocks import profile, record, resource
from tests.read.plain.test_plain_xmp import packet
from tests.read.residue_samples import png, png_chunk, segment

XMP = b"http://ns.adobe.com/xap/1.0/\0"
MPF = b"MPF\0II*\0\x08\0\0\0" + directory({0xB000: (7, b"0100"), 0xB001: (4, b"\2\0\0\0")}, 8)


def read(content: bytes, name: str) -> dict[str, str] | None:
    needs = Needs(lambda _: False, frozenset(), (b"prompt",))
    found = read_plain(Source(io.BytesIO(content), len(content)), name, needs)
    return None if found is None else {one.field: one.value for one in found.statements}


def test_a_camera_jpeg_with_all_its_blocks_is_plain() -> None:
    icc = profile(b"desc")
    content = jpeg_with(
        exif(),
        segment(0xE1, XMP + packet('xmp:CreatorTool="Lightroom"')),
        segment(0xED, b"Photoshop 3.0\0" + resource(0x0404, record(110, b"Reyes"))),
        segment(0xE2, b"ICC_PROFILE\0\1\2" + icc[:100]),
        segment(0xE2, b"ICC_PROFILE\0\2\2" + icc[100:]),
        segment(0xE2, MPF),
        segment(0xFE, b"a pier\0"),
    )
    told = read(content, "jpeg")
    assert told is not None
    assert list(told)[:2] == ["File:ImageWidth", "File:ImageHeight"]
    assert {
        "File:ImageWidth": "37",
        "IFD0:Make": "Canon",
        "IPTC:Credit": "Reyes",
        "File:Comment": "a pier",
    }.items() <= told.items()


@pytest.mark.parametrize(
    "content",
    [
        jpeg_with(exif(), segment(0xEB, b"JP\0\1")),
        jpeg_with(exif(), segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(80))),
        jpeg_with(exif(), segment(0xE1, b"Exif\0\0" + exif())),
        jpeg_with(exif(), segment(0xE2, b"ICC_PROFILE\0\2\2" + profile())),
        jpeg_with(exif(), segment(0xE2, b"ICC_PROFILE\0\1\2" + profile())),
        jpeg_with(exif(), *[segment(0xE2, b"ICC_PROFILE\0\1\1" + profile())] * 2),
        jpeg_with(exif(), segment(0xE2, b"ICC_PROFILE\0")),
        jpeg_with(exif(), segment(0xE2, b"ICC_PROFILE\0\1")),
        jpeg_with(exif(), segment(0xE0, b"JFXX\0\x10")),
        jpeg_with(exif(), segment(0xFE, b"caf\xe9")),
        jpeg_with(exif()) + b"AXS!12345678",
        jpeg_with(exif())[:300],
        b"\xff\xd8\xff\xd9",
    ],
)
def test_a_jpeg_with_anything_odd_is_not(content: bytes) -> None:
    assert read(content, "jpeg") is None


def test_texts_of_a_png_are_read_packed_or_not() -> None:
    content = png(
        png_chunk(b"tEXt", b"Title\0a pier"),
        png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"by the sea")),
        png_chunk(b"iTXt", b"Author\0\0\0\0\0" + "Renée".encode()),
        png_chunk(b"iTXt", b"Source\0\1\0\0\0" + zlib.compress(b"here")),
        png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet('xmp:CreatorTool="Lightroom"')),
        png_chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(profile(b"desc"))),
        png_chunk(b"eXIf", exif()),
    )
    told = read(content, "png")
    assert told is not None
    assert {
        "PNG:Title": "a pier",
        "PNG:Comment": "by the sea",
        "PNG:Author": "Renée",
        "PNG:Source": "here",
    }.items() <= told.items()
    assert {"XMP-xmp:CreatorTool": "Lightroom", "PNG:ProfileName": "sRGB", "IFD0:Make": "Canon"}.items() <= told.items()


@pytest.mark.parametrize(
    "odd",
    [
        png_chunk(b"caBX", b"jumb"),
        png_chunk(b"comf", b"prompt\0{}"),
        png_chunk(b"tEXt", b"Raw profile type exif\0x"),
        png_chunk(b"tEXt", b"Image Width\0" + b"9"),
        png_chunk(b"tEXt", b"no end"),
        png_chunk(b"tEXt", b"Title\0" + "wide".encode("utf-16-le")),
        png_chunk(b"iTXt", b"Title\0\0\0fr\0\0text"),
        png_chunk(b"zTXt", b"Title\0\0" + zlib.compress(b"text")[:-3]),
        png_chunk(b"zTXt", b"Title\0\0" + zlib.compress(b"text") + b"more"),
        png_chunk(b"zTXt", b"Title\0\1" + zlib.compress(b"text")),
        png_chunk(b"zTXt", b"Title\0\0" + zlib.compress(bytes(5 << 20))),
    ],
)
def test_a_png_with_anything_odd_is_not(odd: bytes) -> None:
    assert read(png(odd), "png") is None


def test_a_webp_with_exif_is_plain() -> None:
    header = chunk(b"VP8X", bytes(4) + (36).to_bytes(3, "little") + (20).to_bytes(3, "little"))
    content = riff(b"WEBP", header, chunk(b"VP8 ", bytes(30)), chunk(b"EXIF", exif()), chunk(b"XMP ", packet()))
    told = read(content, "webp")
    assert told is not None
    assert {"RIFF:ImageWidth": "37", "RIFF:ImageHeight": "21", "IFD0:Make": "Canon"}.items() <= told.items()
    assert read(riff(b"WEBP", header, chunk(b"VP8 ", bytes(30)), chunk(b"C2PA", bytes(30))), "webp") is None
    assert read(riff(b"WEBP", header, chunk(b"EXIF", b"Exif\0\0" + exif())), "webp") is None


def tiff(**more: tuple[int, bytes]) -> bytes:
    entries = {256: short(37), 257: short(21), **CAMERA, **{int(tag[1:]): value for tag, value in more.items()}}
    return b"II*\0\x08\0\0\0" + directory(dict(sorted(entries.items())), 8)


def test_a_tiff_with_blocks_is_plain() -> None:
    told = read(tiff(t700=(1, packet('xmp:Rating="3"')), t34675=(7, profile(b"desc")), t33723=(7, record(110, b"Reyes"))), "tiff")
    assert told is not None
    expected = {"IFD0:ImageWidth": "37", "IFD0:Make": "Canon", "XMP-xmp:Rating": "3", "IPTC:Credit": "Reyes"}
    assert expected.items() <= told.items()


def test_a_tiff_that_tells_no_size_or_holds_more_pages_is_not() -> None:
    assert read(b"II*\0\x08\0\0\0" + directory(CAMERA, 8), "tiff") is None
    assert read(b"II*\0\x08\0\0\0" + directory({256: short(3), 257: short(3)}, 8, following=8), "tiff") is None
    assert read(b"II*\0\x08\0\0\0" + directory({305: short(1), 256: short(3), 257: short(3)}, 8), "tiff") is None
    assert read(tiff(t50341=(7, b"PrintIM"), t330=(4, bytes(4))), "tiff") is None
    assert read(tiff(t305=ascii_text("x")), "gif") is None
