"""EXIF blocks: what a camera writes is read as ExifTool writes it, and what is odd is left to it."""

from __future__ import annotations

import json
import random
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from scanner.read.plain.collected import OddError
from scanner.read.plain.exif import ExifBlock
from scanner.read.plain.exif_tags import NUMBERS, SIZES, TEXTS, WIDE_TEXTS
from tests.read.plain.samples import CAMERA, EXPOSED, ascii_text, collected, directory, exif, jpeg_with, ratio, short, told


def read(block: bytes, **needs: object) -> dict[str, str]:
    into = collected(**needs)  # type: ignore[arg-type]
    ExifBlock(lambda at, size: block[at : at + size], len(block), into).read_all()
    return told(into)


def test_the_facts_of_a_camera_are_read() -> None:
    assert read(exif(comment=b"ASCII\0\0\0a pier", note=b"a note of the maker", gps=True)) == {
        "IFD0:Make": "Canon",
        "IFD0:Model": "Canon EOS 5D",
        "IFD0:Software": "Lightroom",
        "IFD0:Copyright": "Dana Reyes",
        "ExifIFD:ExposureTime": "1/320",
        "ExifIFD:FNumber": "5.6",
        "ExifIFD:ISO": "100",
        "ExifIFD:DateTimeOriginal": "2024:05:06 07:08:09",
        "ExifIFD:FocalLength": "50.0 mm",
        "ExifIFD:UserComment": "a pier",
    }


def test_microsofts_texts_are_wide() -> None:
    wide = (1, "a pier".encode("utf-16-le") + b"\0\0")
    assert read(exif({40092: wide}))["IFD0:XPComment"] == "a pier"


@pytest.mark.parametrize(
    "block",
    [
        b"II+\0" + exif()[4:],
        exif()[:40],
        exif({**CAMERA, 50706: (1, b"\1\4\0\0")}),
        exif({**CAMERA, 330: (4, struct.pack("<I", 8))}),
        exif({271: (7, b"Canon\0")}),
        exif({271: ascii_text("Cañon")}),
        exif({271: ascii_text("true")}),
        exif({305: (2, b"a\0b\0")}),
        exif({305: (2, b"caf\xe9\0")}),
        exif({40092: (1, b"abc")}),
        exif({40092: (1, "\ufeffa pier".encode("utf-16-le"))}),
        exif({269: (13, struct.pack("<I", 8))}),
        exif(CAMERA, {**EXPOSED, 36867: ascii_text("yesterday")}),
        exif(CAMERA, {**EXPOSED, 33434: (2, b"1/320\0")}),
        exif(CAMERA, {**EXPOSED, 256: short(4)}),
        exif(comment=b"UNICODE\0" + "a pier".encode("utf-16-le")),
        exif(comment=b"ASCII\0\0\0" + b"a\0b"),
        exif({**CAMERA, 271: ascii_text("Nobody")}, note=b"a note of the maker"),
        b"II*\0\x08\0\0\0" + directory(CAMERA, 8, following=8),
        b"II*\0\x08\0\0\0" + directory({305: (2, b"in itself")}, 8)[:-9].replace(struct.pack("<I", 26), struct.pack("<I", 8)),
    ],
)
def test_what_is_odd_is_left(block: bytes) -> None:
    with pytest.raises(OddError):
        read(block)


def test_one_tag_twice_is_odd() -> None:
    block = exif({277: short(1), 306: short(1)})
    with pytest.raises(OddError):
        read(block.replace(struct.pack("<H", 306), struct.pack("<H", 277)))


@pytest.mark.parametrize("field", ["ExifIFD:Flash", "IFD0:Orientation"])
def test_a_number_that_a_row_looks_at_is_odd(field: str) -> None:
    with pytest.raises(OddError):
        read(exif(), looks_at=lambda name: name == field)


@pytest.mark.parametrize("charset", ["ascii", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_a_name_that_rows_look_at_in_a_note_is_odd(charset: str) -> None:
    with pytest.raises(OddError):
        read(exif(note=b"\1\2\3\4" + "Prompt".encode(charset)), words=(b"prompt",))


@pytest.mark.parametrize("group", ["canon", "gps", "*"])
def test_a_block_that_the_users_rows_look_at_is_odd(group: str) -> None:
    with pytest.raises(OddError):
        read(exif(note=b"a note of the maker", gps=True), own=(group,))


def test_numbers_are_written_as_exiftool_does(tmp_path: Path) -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    rng = random.Random(3)
    expected = {}
    for number in range(60):
        scale = 10 ** rng.randrange(1, 7)
        parts = [ratio(rng.randrange(scale), rng.choice((0, 1, 3, 10, 320, rng.randrange(1, scale)))) for _ in range(3)]
        inner = {33434: parts[0], 33437: parts[1], 34855: short(rng.randrange(65536)), 37386: parts[2]}
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(jpeg_with(exif(CAMERA, inner)))
        expected[str(path)] = read(exif(CAMERA, inner))
    fields = ("ExposureTime", "FNumber", "ISO", "FocalLength")
    asked = subprocess.run(
        ["exiftool", "-j", "-G1", *(f"-{field}" for field in fields), str(tmp_path)], capture_output=True, text=True, check=True
    )
    for row in json.loads(asked.stdout, parse_float=str, parse_int=str):
        own = expected[row["SourceFile"]]
        for field in fields:
            value = own.get(f"ExifIFD:{field}")
            assert value is None or value == row[f"ExifIFD:{field}"], (row["SourceFile"], field)


def test_tags_stand_in_one_table() -> None:
    tables = (TEXTS, WIDE_TEXTS, NUMBERS, SIZES)
    assert sum(map(len, tables)) == len(set().union(*tables))
