"""Boxes: brands, movies without ftyp, hostile sizes, what is lost when the end is."""

import struct

import pytest

from tests.probe.opened import damage_of, name_of
from tests.probe.samples import box, heif, movie

MOOV = box(b"moov", bytes(100))


@pytest.mark.parametrize("first", [b"mdat", b"wide", b"free", b"moov", b"skip", b"pnot"])
def test_quicktime_without_a_type_box(first):
    content = box(first, bytes(12)) + box(b"mdat", bytes(40)) + MOOV
    assert (name_of(content), damage_of(content)) == ("mov", None)


def test_quicktime_with_a_long_or_open_media_box():
    long = struct.pack(">I4sQ", 1, b"mdat", 16 + 50) + bytes(50) + MOOV
    assert (name_of(long), damage_of(long)) == ("mov", None)
    wide = box(b"wide") + box(b"mdat", bytes(20)) + MOOV
    assert (name_of(wide), damage_of(wide)) == ("mov", None)


@pytest.mark.parametrize("text", [b"the wide angle lens was used", b"not free of charge, alas", b"1234mdat and more words\n"])
def test_words_at_the_fifth_letter_are_no_movie(text):
    assert name_of(text) == "text"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (movie(b"mp42"), "mp4"),
        (movie(b"XAVC"), "mp4"),
        (movie(b"3g2a"), "3gp"),
        (movie(b"M4B "), "m4a"),
        (heif(b"mif1", b"mif1", b"avif", b"miaf"), "avif"),
        (heif(b"mif1", b"heic"), "heic"),
        (heif(b"msf1", b"hevc"), "heic"),
        (heif(b"avis", b"msf1"), "avif"),
        (heif(b"heix"), "heic"),
    ],
)
def test_brands(content, name):
    assert (name_of(content), damage_of(content)) == (name, None)


def test_an_image_wins_over_the_order_of_compatible_brands():
    assert name_of(heif(b"mif1", b"heic", b"avif")) == name_of(heif(b"mif1", b"avif", b"heic"))


def test_fragmented_movies_need_no_moov_at_the_end():
    content = box(b"ftyp", b"iso5\0\0\0\0") + box(b"moov", bytes(20)) + (box(b"moof", bytes(9)) + box(b"mdat", bytes(9))) * 50
    assert damage_of(content) is None
    segment = box(b"styp", b"msdh\0\0\0\0") + box(b"sidx", bytes(20)) + box(b"moof", bytes(9)) + box(b"mdat", bytes(9))
    assert (name_of(segment), damage_of(segment)) == ("mp4", None)


def test_a_movie_whose_index_was_to_come_last():
    content = box(b"ftyp", b"isom\0\0\0\0") + box(b"mdat", bytes(500)) + MOOV
    assert damage_of(content) is None
    for end in range(30, len(content), 7):
        assert damage_of(content[:end], "mp4"), end


def test_a_recording_that_was_never_closed():
    content = box(b"ftyp", b"isom\0\0\0\0") + struct.pack(">I4s", 0, b"mdat") + bytes(500)
    assert damage_of(content) == "has no moov box"


def test_an_open_media_box_behind_the_index_is_fine():
    content = box(b"ftyp", b"isom\0\0\0\0") + MOOV + struct.pack(">I4s", 0, b"mdat") + bytes(500)
    assert damage_of(content) is None


@pytest.mark.parametrize("size", [2, 7])
def test_sizes_too_small_stop_the_walk(size):
    assert damage_of(movie(b"isom") + struct.pack(">I4s", size, b"mdat") + bytes(20)) is None


@pytest.mark.parametrize("size", [0, 15, 1 << 63, (1 << 64) - 1])
def test_long_sizes(size):
    content = movie(b"isom") + struct.pack(">I4sQ", 1, b"mdat", size)
    assert damage_of(content) == ("the file ends inside its mdat box" if size > 15 else None)


def test_an_image_without_its_description():
    assert damage_of(box(b"ftyp", b"heic\0\0\0\0heic") + box(b"mdat", bytes(20))) == "has no meta box"


def test_very_many_boxes_are_given_up():
    assert damage_of(movie(b"isom") + box(b"free") * 100_001) is None


@pytest.mark.parametrize(("size", "damage"), [(b"\0\0\0\x08", None), (bytes(4), "its moov box declares no size")])
def test_a_movie_header_without_a_size_is_told(size: bytes, damage: str | None) -> None:
    content = b"\0\0\0\x10ftypisom\0\0\0\0" + size + b"moov"

    assert damage_of(content) == damage
