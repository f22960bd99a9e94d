"""Compound files: thumbnails only when every stream says so, for litter is not read."""

import struct

import pytest

from tests.probe.opened import name_of
from tests.probe.samples import compound


@pytest.mark.parametrize(
    ("streams", "name"),
    [
        (("1", "2", "Catalog"), "thumbs-db"),
        (("256_1a2b3c4d5e6f7a8b",), "thumbs-db"),
        (("1", "2"), "ole"),
        (("Catalog", "WordDocument"), "ole"),
        ((), "ole"),
    ],
)
def test_thumbnail_databases(streams, name):
    assert name_of(compound(*streams)) == name


def test_either_class_of_aaf():
    for kind in ("0102010d00020000060e2b3403020101", "414146420d004f4d060e2b34010101ff"):
        assert name_of(compound(kind=bytes.fromhex(kind))) == "aaf"


@pytest.mark.parametrize(("at", "shape", "value"), [(30, "<H", 63), (30, "<H", 0), (48, "<I", 0xFFFFFFFE)])
def test_hostile_headers(at, shape, value):
    content = bytearray(compound("Catalog"))
    struct.pack_into(shape, content, at, value)
    assert name_of(bytes(content)) == "ole"
