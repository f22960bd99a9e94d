"""Short magic numbers want a second sign."""

import gzip

import pytest

from tests.probe.opened import name_of
from tests.probe.samples import SVG, packed, picture


@pytest.mark.parametrize(
    "content",
    [
        b"BM" + bytes(40),
        b"\xff\x0a",
        b"MZ" + bytes(80),
        b"\0\x01\0\0" + bytes(40),
        b"OggS\x01" + bytes(40),
        b"FORM" + bytes(4) + b"ILBM" + bytes(20),
        b"\0\0\x02\0\x01\0\x20\x20" + bytes(60),
        b"\0\0\x01\0\x01\0\x20\x20" + bytes(60),
        b"\0\0\x01\0\0\0" + bytes(60),
        bytes(100),
        b"\xff" * 100,
    ],
)
def test_too_little_to_tell(content):
    assert name_of(content) is None


def test_compressed_drawings():
    assert name_of(gzip.compress(SVG + b" " * 100_000)) == "svgz"
    assert name_of(gzip.compress(b"<html/>")) == "gzip"
    assert name_of(gzip.compress(SVG)[:20]) == "gzip"
    assert name_of(b"\x1f\x8b\x08" + b"\xff" * 40) == "gzip"


def test_office_documents_are_zip():
    assert name_of(packed(b"<Types/>", "[Content_Types].xml")) == "zip"


def test_windows_programs():
    assert name_of(b"MZ" + bytes(58) + b"\x40\0\0\0" + b"PE\0\0" + bytes(60)) == "executable"


@pytest.mark.parametrize("options", [{}, {"compression": "tga_rle"}])
@pytest.mark.parametrize("mode", ["L", "RGB", "P"])
def test_targa_of_every_sort(mode, options):
    assert name_of(picture("TGA", mode=mode, **options)) == "tga"
