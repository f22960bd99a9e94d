"""Texts that are told in ExifTool's own words, and those that are left to it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from scanner.model.readings import Statement
from scanner.read.plain.exact import as_exiftool_tells
from tests.read.residue_samples import png, png_chunk


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("PNG:parameters", "a pier\nSteps: 20", "PNG:Parameters"),
        ("PNG:Software", "NovelAI", "PNG:Software"),
        ("IFD0:Software", "Midjourney 7", "IFD0:Software"),
        ("XMP-iptcExt:DigitalSourceType", "http://cv.iptc.org/newscodes/digitalsourcetype/digitalArt", None),
        ("PNG:Creation Time", "today", ""),
        ("PNG:create_date", "today", ""),
        ("PNG:parameters", " a pier", ""),
        ("PNG:parameters", "a pier\n", ""),
        ("PNG:parameters", "a p\u00efer", ""),
        ("PNG:parameters", "a pier\r\nSteps: 20", ""),
        ("PNG:parameters", "", ""),
        ("IFD0:Software", "two\nlines", ""),
        ("IFD0:Software", "True", ""),
        ("IFD0:Artist", "Dana Reyes", ""),
        ("XMP-photoshop:DateCreated", "2024-05-06", ""),
        ("IPTC:Credit", "Made with Google AI", ""),
    ],
)
def test_what_is_told(field: str, value: str, told: str | None) -> None:
    expected = Statement(field if told is None else told, value) if told != "" else None
    assert as_exiftool_tells(Statement(field, value)) == expected


def test_keywords_of_one_word_are_named_as_exiftool_names_them(tmp_path: Path) -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    words = "parameters prompt workflow Software comment description title author source label make model dream postprocessing"
    path = tmp_path / "a.png"
    path.write_bytes(png(*(png_chunk(b"tEXt", f"{word}\0of {word}".encode()) for word in words.split())))
    listed = subprocess.run(["exiftool", "-j", "-G1:4", str(path)], capture_output=True, text=True, check=True)
    named = json.loads(listed.stdout)[0]
    for word in words.split():
        told = as_exiftool_tells(Statement(f"PNG:{word}", f"of {word}"))
        assert told is not None
        assert named[told.field] == told.value
