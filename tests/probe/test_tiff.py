"""TIFF: byte orders, makers, directories and strips outside the file."""

import struct

import pytest

from tests.probe.opened import damage_of, name_of
from tests.probe.samples import picture, raw, tiff

LOST = "the file ends before its picture does"


@pytest.mark.parametrize("order", ["<", ">"])
def test_strips_outside_the_file(order):
    content = tiff({0x106: (3, struct.pack(order + "H", 2))}, order, strip=bytes(1000))
    assert (name_of(content), damage_of(content)) == ("tiff", None)
    for end in range(len(content) - 999, len(content), 111):
        assert damage_of(content[:end]) == LOST


def test_a_directory_outside_the_file():
    assert damage_of(b"II*\0" + struct.pack("<I", 9999) + bytes(40)) == "its first directory lies outside the file"
    assert damage_of(b"MM\0*\0\0", "tiff") == "the file ends inside its header"


def test_pillow_s_pictures_cut():
    for options in ({}, {"compression": "tiff_lzw"}, {"big_tiff": True}):
        content = picture("TIFF", (80, 80), **options)
        assert damage_of(content) is None
        assert damage_of(content[: len(content) // 2])


def test_a_short_last_strip_may_be_declared_full():
    strips = struct.pack("<II", 200, 300), struct.pack("<II", 100, 100)
    content = tiff({0x111: (4, strips[0]), 0x117: (4, strips[1])}).ljust(350, b"\0")
    assert damage_of(content) is None
    assert damage_of(content[:300]) == LOST


@pytest.mark.parametrize("count", [0, 5000, 0xFFFFFFFF])
def test_hostile_counts_are_skipped(count):
    content = bytearray(tiff({0x106: (3, struct.pack("<H", 2))}, strip=bytes(50)))
    at = content.index(struct.pack("<HH", 0x111, 4)) + 4
    content[at : at + 4] = struct.pack("<I", count)
    assert damage_of(bytes(content)) is None


def test_sub_directories_of_a_dng_are_looked_into():
    inner = struct.pack("<H", 2) + struct.pack("<HHIIHHII", 0x111, 4, 1, 400, 0x117, 4, 1, 300) + bytes(4)
    outer = {0xC612: (1, b"\x01\x04\0\0"), 0x14A: (4, struct.pack("<I", 200))}
    content = tiff(outer).ljust(200, b"\0") + inner
    assert damage_of(content.ljust(700, b"\0")) is None
    assert damage_of(content.ljust(600, b"\0")) == LOST


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (b"NIKON", "nef"),
        (b"SONY", "arw"),
        (b"RICOH IMAGING COMPANY, LTD.", "pef"),
        (b"SAMSUNG", "srw"),
        (b"Hasselblad", "3fr"),
        (b"Ansel", "tiff"),
    ],
)
def test_makers(make, name):
    assert name_of(raw(make)) == name


def test_a_maker_alone_is_no_raw():
    """A TIFF exported from a camera maker's program keeps the maker's name."""
    assert name_of(tiff({0x10F: (2, b"NIKON CORPORATION\0"), 0x106: (3, struct.pack("<H", 2))})) == "tiff"


@pytest.mark.parametrize("magic", [b"IIRO", b"IIRS", b"MMOR"])
def test_olympus_writes_magic_of_its_own(magic):
    assert name_of(magic + bytes(20)) == "orf"
