"""PNG: the chunk chain, the header's checksum, animation told by its place."""

import pytest

from tests.probe.opened import damage_of, name_of
from tests.probe.samples import picture, png_chunk

PNG = picture("PNG", (64, 64))
HEADER = PNG[:33]


def test_every_cut_is_told():
    for end in [*range(8, 60), *range(60, len(PNG) - 12, 211)]:
        assert damage_of(PNG[:end], "png")


@pytest.mark.parametrize("length", [0x7FFFFFFF, 0xFFFFFFFF])
def test_hostile_lengths(length):
    assert damage_of(HEADER + length.to_bytes(4, "big") + b"IDAT" + bytes(50)) == "PNG ends inside a chunk"


def test_the_header_s_checksum_is_held():
    broken = PNG[:20] + bytes([PNG[20] ^ 1]) + PNG[21:]
    assert damage_of(broken) == "PNG header does not match its checksum"


def test_the_checksum_of_what_may_bear_a_mark_is_held():
    assert damage_of(HEADER + png_chunk(b"tEXt", b"a\0b")[:-1] + b"!" + PNG[33:]) == "PNG chunk tEXt does not match its checksum"
    assert damage_of(HEADER + png_chunk(b"tE\xc4t", b"a\0b")[:-1] + b"!" + PNG[33:]) == (
        "PNG chunk 7445c474 does not match its checksum"
    )


def test_the_picture_s_checksum_is_the_decoder_s_matter():
    assert damage_of(HEADER + png_chunk(b"IDAT", b"pixels")[:-1] + b"!" + PNG[33:]) is None


def test_no_picture():
    assert damage_of(HEADER + PNG[-12:]) == "PNG has no picture"


def test_a_chain_of_empty_chunks_is_given_up_not_called_damaged():
    assert damage_of(HEADER + png_chunk(b"teSt") * 100_001 + PNG[33:]) is None


def test_animation_counts_only_before_the_picture():
    control = png_chunk(b"acTL", bytes(8))
    assert name_of(HEADER + control + PNG[33:]) == "apng"
    assert name_of(PNG[:-12] + control + PNG[-12:]) == "png"


def test_a_first_chunk_that_is_no_header():
    assert damage_of(PNG[:8] + png_chunk(b"IDAT", bytes(20))) == "PNG has no header chunk"
