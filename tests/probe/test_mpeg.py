"""MPEG streams: strict about bare syncs, lenient about where a capture starts."""

import random

import pytest

from tests.probe.opened import name_of
from tests.probe.samples import ADTS, id3, mpeg_frames


def test_two_frames_in_a_row():
    assert name_of(mpeg_frames(2)) == "mp3"
    assert name_of(mpeg_frames(1) + b"\x55" * 100) is None


def test_frames_must_agree():
    other_rate = b"\xff\xfb\x94\x00"
    assert name_of(mpeg_frames(1) + mpeg_frames(1, other_rate, 384)) is None


@pytest.mark.parametrize("zeros", [1, 300, 2000])
def test_frames_behind_zeros_need_a_third(zeros):
    assert name_of(b"\0" * zeros + mpeg_frames(3)) == "mp3"
    assert name_of(b"\0" * zeros + mpeg_frames(2)) is None


def test_frames_behind_anything_else_are_chance():
    assert name_of(b"\x1a\x01" + mpeg_frames(3)) is None


@pytest.mark.parametrize("head", [b"\xff\xfb\xf0\0", b"\xff\xfb\0\0", b"\xff\xfb\x9c\0", b"\xff\xeb\x90\0", b"\xff\xf9\x90\0"])
def test_reserved_values_are_no_frames(head):
    assert name_of(mpeg_frames(4, head)) is None


@pytest.mark.parametrize(
    ("head", "length"),
    [(b"\xff\xfd\xa0\0", 626), (b"\xff\xff\x90\0", 312), (b"\xff\xf3\x40\0", 104), (b"\xff\xe3\x40\0", 208)],
    ids=["layer II", "layer I", "MPEG-2", "MPEG-2.5"],
)
def test_other_layers_and_versions(head, length):
    assert name_of(mpeg_frames(3, head, length)) == "mp3"


def test_what_stands_behind_a_tag():
    assert name_of(id3() + b"fLaC" + bytes(40)) == "flac"
    assert name_of(id3() + (ADTS + bytes(5)) * 3) == "aac"
    assert name_of(id3(200)) == "mp3"
    assert name_of(b"ID3 is a way to tag songs, so it is said here") == "text"


@pytest.mark.parametrize(("lead", "step"), [(0, 188), (4, 192), (77, 188), (150, 192), (0, 204)])
def test_transport_streams(lead, step):
    content = b"\xaa" * lead + (b"\x47" + b"\xaa" * (step - 1)) * 22
    assert name_of(content) == "mpeg-ts"


def test_program_streams():
    assert name_of(b"\0\0\x01\xba\x21" + bytes(20)) == "mpeg-ps"
    assert name_of(b"\0\0\x01\xba\xf1" + bytes(20)) is None


def test_noise_is_no_stream():
    noise = random.Random(7)
    assert {name_of(noise.randbytes(4096)) for _ in range(300)} == {None}
