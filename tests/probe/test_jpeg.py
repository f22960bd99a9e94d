"""JPEG: the end marker, trailers behind it, padding in its place, hostile segments."""

from tests.probe.opened import damage_of, name_of
from tests.probe.samples import movie, picture

JPEG = picture("JPEG", (64, 64))
LATE = "JPEG ends before its end marker"


def test_every_cut_within_the_scan_is_told():
    scan = JPEG.index(b"\xff\xda")
    for end in range(scan + 4, len(JPEG) - 1, 97):
        assert damage_of(JPEG[:end], "jpeg") == LATE
    assert damage_of(JPEG[:-1], "jpeg") == LATE


def test_every_cut_before_the_scan_is_told():
    for end in range(4, JPEG.index(b"\xff\xda"), 31):
        assert damage_of(JPEG[:end], "jpeg") == "JPEG ends before its picture"


def test_trailers_of_phones_are_no_damage():
    assert damage_of(JPEG + movie(b"isom")) is None
    assert damage_of(JPEG + JPEG[:200]) is None
    assert damage_of(JPEG + bytes(300_000)) is None


def test_an_end_marker_across_two_reads_is_seen():
    for trailer in (65_535, 65_536, 65_537):
        assert damage_of(JPEG + b"x" * trailer) is None


def test_a_camera_may_pad_instead_of_ending():
    assert damage_of(JPEG[:-2] + bytes(4096)) is None


def test_a_long_run_of_zeros_is_a_copy_that_broke_off():
    assert damage_of(JPEG[:-2] + bytes(300_000)) == LATE


def test_the_thumbnail_s_end_is_not_the_picture_s():
    thumbnail = b"\xff\xe1" + (len(JPEG) + 2).to_bytes(2, "big") + JPEG
    assert damage_of(JPEG[:2] + thumbnail + JPEG[2:-500]) == LATE


def test_fill_bytes_before_a_marker_are_legal():
    assert damage_of(JPEG[:2] + b"\xff" * 5 + JPEG[2:]) is None


def test_tables_alone_are_no_picture():
    assert damage_of(b"\xff\xd8\xff\xdb\0\x04\0\0\xff\xd9") == "JPEG has no picture"


def test_zero_length_segments_do_not_hold_the_walk():
    assert damage_of(b"\xff\xd8" + b"\xff\xe1\0\0" * 20_000 + JPEG[2:], "jpeg") is None


def test_a_start_marker_alone_names_it():
    assert name_of(b"\xff\xd8\xff") == "jpeg"
    assert name_of(b"\xff\xd8\xff\x10 and so on") is None
