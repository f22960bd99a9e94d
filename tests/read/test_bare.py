"""What is called bare holds nothing that ExifTool would read; what is in any way odd is not called bare."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from scanner.read.bare import read_bare
from scanner.tools.containers.source import Source
from tests.probe.samples import chunk, riff, wave
from tests.read.residue_samples import png_chunk, segment

FIXTURES = Path(__file__).parents[2] / "fixtures"
CORPUS = FIXTURES.parents[1] / "shared" / "corpus"


def drawn(kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise((37, 21), 40).convert("RGB").save(stream, kind, **options)
    return stream.getvalue()


def bare(content: bytes, name: str) -> dict[str, str] | None:
    outcome = read_bare(Source(io.BytesIO(content), len(content)), name)
    return None if outcome is None else {one.field: one.value for one in outcome.statements}


SUFFIXES = (".jpg", ".png", ".tif", ".tiff", ".wav", ".webp")
SIZE = {"File:ImageWidth": "37", "File:ImageHeight": "21"}
JPEG, PNG, TIFF, WAVE = drawn("JPEG"), drawn("PNG"), drawn("TIFF"), wave()


@pytest.mark.parametrize(
    ("name", "content"), [("jpeg", JPEG), ("jpeg", drawn("JPEG", progressive=True)), ("png", PNG), ("tiff", TIFF)]
)
def test_a_plain_picture_is_bare(name: str, content: bytes) -> None:
    assert bare(content, name) == SIZE


def test_a_plain_sound_is_bare() -> None:
    assert bare(WAVE, "wav") == {}


def test_a_plain_extended_webp_is_bare() -> None:
    header = chunk(b"VP8X", bytes(4) + (36).to_bytes(3, "little") + (20).to_bytes(3, "little"))
    assert bare(riff(b"WEBP", header, chunk(b"VP8 ", bytes(30))), "webp") == SIZE
    assert bare(riff(b"WEBP", header, chunk(b"EXIF", bytes(30))), "webp") is None


@pytest.mark.parametrize(
    "content",
    [
        drawn("JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0"),
        drawn("JPEG", comment=b"hello"),
        drawn("JPEG", icc_profile=b"profile"),
        drawn("JPEG", xmp=b"<x/>"),
        JPEG[:2] + segment(0xEB, b"JP\0\1") + JPEG[2:],
        JPEG[:2] + segment(0xE0, b"JFXX\0\x10" + bytes(8)) + JPEG[2:],
        JPEG[:2] + b"\xff" + JPEG[2:],
        JPEG + b"behind",
        JPEG[:-2],
        JPEG[:200],
        JPEG[:-2] + b"AXS!" + bytes(6) + b"\xff\xd9",
        JPEG[:-2] + b"CANON OPTIONAL DATA\0" + bytes(40) + b"\xff\xd9",
    ],
)
def test_a_jpeg_with_anything_more_is_not(content: bytes) -> None:
    assert bare(content, "jpeg") is None


def _text() -> PngImagePlugin.PngInfo:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("parameters", "a lighthouse")
    return texts


@pytest.mark.parametrize(
    "content",
    [
        drawn("PNG", pnginfo=_text()),
        drawn("PNG", icc_profile=b"profile"),
        PNG[:-12] + png_chunk(b"teXt", b"x") + PNG[-12:],
        PNG + b"behind",
        PNG[:-12],
        PNG[:8] + PNG[33:],
    ],
)
def test_a_png_with_anything_more_is_not(content: bytes) -> None:
    assert bare(content, "png") is None


@pytest.mark.parametrize(
    "content",
    [
        drawn("TIFF", description="a"),
        drawn("TIFF", software="a"),
        drawn("TIFF", save_all=True, append_images=[Image.new("L", (4, 4))]),
        TIFF + b"QDIOBS",
        TIFF + b"AXS!12345678",
    ],
)
def test_a_tiff_with_anything_more_is_not(content: bytes) -> None:
    assert bare(content, "tiff") is None


def test_a_sound_with_anything_more_is_not() -> None:
    inside = WAVE[12:]
    for content in (riff(b"WAVE", inside, chunk(b"LIST", b"INFO")), WAVE + b"behind", WAVE[:-1], riff(b"WAVE", b"\0\0", inside)):
        assert bare(content, "wav") is None


def test_other_formats_are_never_called_bare() -> None:
    assert bare(b"\0" * 100, "mov") is None


def test_a_tiff_that_counts_one_tag_twice_is_not() -> None:
    entries = [struct.pack("<HHIHH", tag, 3, 1, value, 0) for tag, value in ((256, 4), (257, 4), (257, 5))]
    content = b"II*\0\x08\0\0\0" + struct.pack("<H", 3) + b"".join(entries) + bytes(4)
    assert bare(content, "tiff") is None
