"""RIFF: forms, recorders that do not know the size yet, writers that count wrongly, OpenDML."""

import struct

import pytest

from tests.probe.opened import damage_of, name_of
from tests.probe.samples import bitmap_movie, chunk, rf64, riff, wave

FMT = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 48000, 96000, 2, 16))


def resized(content: bytes, riff_size: int, data_size: int) -> bytes:
    at = content.index(b"data")
    return content[:4] + struct.pack("<I", riff_size) + content[8 : at + 4] + struct.pack("<I", data_size) + content[at + 8 :]


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000, 0x80000000, 0xFFFFFFDB])
def test_a_size_not_known_yet_is_no_damage(size):
    assert damage_of(resized(wave(), 0xFFFFFFFF, size)) is None
    assert damage_of(resized(wave(), size, size)) is None


def test_every_cut_in_the_samples_is_told():
    content = wave()
    for end in range(44, len(content) - 2, 3):
        assert damage_of(content[:end], "wav") == "the file ends inside its data chunk"


def test_broadcast_extension_behind_the_samples():
    content = riff(b"WAVE", FMT, chunk(b"data", bytes(20)), chunk(b"bext", bytes(602)))
    assert (name_of(content), damage_of(content)) == ("bwf", None)


def test_a_header_that_counts_itself_is_no_damage():
    content = wave()
    assert damage_of(content[:4] + struct.pack("<I", len(content)) + content[8:]) is None


def test_an_unpadded_odd_chunk_does_not_lead_the_walk_astray():
    content = riff(b"WAVE", FMT, b"iXML" + struct.pack("<I", 3) + b"abc", chunk(b"data", bytes(40)))
    assert damage_of(content) is None


@pytest.mark.parametrize("outer", [b"RF64", b"BW64"])
def test_long_waves(outer):
    content = rf64(outer=outer)
    assert (name_of(content), damage_of(content)) == ("rf64", None)
    assert damage_of(content[:-50]) == "the file ends inside its data chunk"


@pytest.mark.parametrize("size", [0, 1 << 63, (1 << 64) - 1])
def test_hostile_long_sizes(size):
    content = rf64()
    content = content[:28] + struct.pack("<Q", size) + content[36:]
    assert damage_of(content) == ("the file ends inside its data chunk" if size else None)


def test_open_dml_goes_on_behind_the_first_form():
    assert damage_of(bitmap_movie() + riff(b"AVIX", chunk(b"LIST", b"movi" + bytes(50)))) is None


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_film_written_to_a_pipe(size):
    content = bitmap_movie()
    at = content.index(b"movi") - 4
    assert damage_of(content[:4] + b"\xff" * 4 + content[8:at] + struct.pack("<I", size) + content[at + 4 :]) is None


def test_a_cut_film():
    assert damage_of(bitmap_movie()[:150]) == "the file ends inside its LIST chunk"


def test_a_form_without_its_last_chunks():
    content = bitmap_movie()
    assert damage_of(content[: content.index(b"idx1")]) == "the file is shorter than its RIFF header says"


def test_other_forms_are_not_guessed():
    assert name_of(riff(b"ACON", chunk(b"anih", bytes(36)))) is None


def test_a_chunk_of_any_kind_that_does_not_fit_is_told():
    content = riff(b"WAVE", FMT, b"AIGC" + struct.pack("<I", 4000) + b"{}", chunk(b"data", bytes(40)))
    assert damage_of(content) == "the file ends inside its AIGC chunk"
    content = riff(b"WAVE", FMT, b"\x13\x37!!" + struct.pack("<I", 4000) + b"{}")
    assert damage_of(content) == "the file ends inside a chunk of no known kind"


def test_what_stands_behind_an_unpadded_odd_chunk_is_walked():
    content = riff(b"WAVE", FMT, b"iXML" + struct.pack("<I", 3) + b"abc", chunk(b"bext", bytes(602)))
    assert name_of(content) == "bwf"


def test_a_data_chunk_without_a_size_in_a_form_that_has_one_is_told():
    samples = bytes(range(1, 200))
    body = b"WAVEfmt " + struct.pack("<I", 16) + bytes(16) + b"data" + bytes(4) + samples
    known = b"RIFF" + struct.pack("<I", len(body)) + body
    stream = b"RIFF" + b"\xff\xff\xff\xff" + body

    assert damage_of(known) is not None
    assert damage_of(stream) is None
