"""Files in which the C2PA library finds nothing are known by their bytes, and whatever it might find something in is not."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.readings import UNSIGNED_NOTE, NotFound
from scanner.probe.detect import probe_source
from scanner.read.c2pa import C2paReader
from scanner.read.unsigned import read_unsigned
from scanner.tools.bounded import open_regular
from scanner.tools.containers.source import Source
from tests.read.plain.samples import exif, jpeg_with
from tests.read.residue_samples import png, png_chunk, segment

FIXTURES = Path(__file__).parents[2] / "fixtures"


def source(content: bytes, whole_below_bytes: int = 1 << 20) -> Source:
    return Source(io.BytesIO(content), len(content), whole_below_bytes=whole_below_bytes)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_the_library_finds_nothing_in_them_either(suffix: str) -> None:
    reader, known = C2paReader(), 0
    for path in sorted(FIXTURES.rglob(f"*{suffix}")):
        size = path.stat().st_size
        with open_regular(str(path)) as stream:
            opened = Source(stream, size, whole_below_bytes=2 << 20)
            probed = probe_source(opened, path.name)
            said = None if probed.damage else read_unsigned(opened, probed.format.name)
        if said is not None:
            known += 1
            assert isinstance(reader.read(str(path), probed.format, size), NotFound), path
    assert known
    reader.close()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("jpeg", jpeg_with(exif(), segment(0xEB, b"anything"))),
        ("jpeg", jpeg_with() + bytes.fromhex("6332706100110010800000aa00389b71")),
        ("jpeg", jpeg_with(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<a dcterms:provenance='https://example.com'/>"))),
        ("png", png(png_chunk(b"caBX", b"anything"))),
        ("tiff", b"II*\0"),
        ("mp4", b"nothing"),
    ],
)
def test_what_may_hold_something_goes_to_the_library(name: str, content: bytes) -> None:
    assert read_unsigned(source(content), name) is None


def test_a_file_that_is_not_held_whole_goes_to_the_library() -> None:
    content = jpeg_with() + bytes(5000)
    assert read_unsigned(source(content, whole_below_bytes=0), "jpeg") is None
    assert read_unsigned(source(content), "jpeg") == NotFound(note=UNSIGNED_NOTE)


@given(st.binary(max_size=300), st.sampled_from([b"\xff\xeb", b"c2pa", b"provenance"]), st.binary(max_size=300))
def test_wherever_it_stands(before: bytes, marker: bytes, behind: bytes) -> None:
    assert read_unsigned(source(before + marker + behind), "jpeg") is None
