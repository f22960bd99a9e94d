"""Matroska: document types, segments of unknown size, segments cut."""

from tests.probe.opened import damage_of, name_of
from tests.probe.samples import ebml


def test_a_cut_segment():
    assert damage_of(ebml(b"webm")[:-1]) == "the file ends inside its segment"


def test_a_live_stream_knows_no_size():
    head = ebml(b"matroska", b"")[:-1]
    assert damage_of(head + b"\xff" + bytes(20)) is None
    assert damage_of(head + b"\x01" + b"\xff" * 7 + bytes(20)) is None


def test_a_void_before_the_segment():
    whole = ebml(b"matroska", bytes(10))
    at = whole.index(b"\x18\x53\x80\x67")
    assert damage_of(whole[:at] + b"\xec\x83abc" + whole[at:]) is None


def test_a_file_that_ends_behind_its_header():
    whole = ebml(b"webm")
    assert damage_of(whole[: whole.index(b"\x18\x53\x80\x67")]) == "the file ends before its segment"


def test_hostile_sizes():
    assert name_of(b"\x1a\x45\xdf\xa3" + b"\x01\xff\xff\xff\xff\xff\xff\xfe" + b"\x42\x82\x84webm") == "webm"
    assert name_of(b"\x1a\x45\xdf\xa3\0\0\0\0") == "mkv"
    assert name_of(b"\x1a\x45\xdf\xa3" + b"\x81" * 500) == "mkv"
