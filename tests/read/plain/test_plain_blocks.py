"""Colour profiles, Photoshop's resources and IPTC."""

from __future__ import annotations

import struct

import pytest

from scanner.read.plain.blocks import read_icc, read_photoshop
from scanner.read.plain.collected import OddError
from scanner.read.plain.iptc import read_iptc
from tests.read.plain.samples import collected, told


def profile(*tags: bytes, size: int = 0, behind: int = 0) -> bytes:
    head = struct.pack(">I", len(tags)) + b"".join(tag + struct.pack(">II", 132 + 12 * len(tags) + behind, 16) for tag in tags)
    whole = bytes(36) + b"acsp" + bytes(88) + head + b"text" + bytes(12)
    return struct.pack(">I", size or len(whole)) + whole[4:]


def record(number: int, value: bytes, head: bytes = b"\x1c\x02") -> bytes:
    return head + bytes([number]) + struct.pack(">H", len(value)) + value


def resource(number: int, content: bytes) -> bytes:
    return b"8BIM" + struct.pack(">H", number) + b"\0\0" + struct.pack(">I", len(content)) + content + bytes(len(content) % 2)


def test_a_known_profile_is_passed_over() -> None:
    into = collected()
    read_icc(profile(b"desc", b"cprt"), into)
    assert told(into) == {}


@pytest.mark.parametrize("content", [profile(b"meta"), profile(b"desc", size=99), profile(b"desc", behind=9), b"", bytes(200)])
def test_another_profile_is_odd(content: bytes) -> None:
    with pytest.raises(OddError):
        read_icc(content, collected())


def test_a_profile_that_the_users_rows_look_at_is_odd() -> None:
    with pytest.raises(OddError):
        read_icc(profile(b"desc"), collected(own=("icc_profile",)))


def test_iptc_among_photoshops_resources_is_read() -> None:
    into = collected()
    records = record(90, b"\x1b%G", b"\x1c\x01") + record(120, "Café".encode()) + record(110, b"Reyes")
    read_photoshop(resource(0x03ED, bytes(16)) + resource(0x0404, records), into)
    assert told(into) == {"IPTC:Caption-Abstract": "Café", "IPTC:Credit": "Reyes"}


@pytest.mark.parametrize(
    "content",
    [
        resource(0x0424, b"<x/>"),
        resource(0x0422, b"II*\0"),
        resource(0x03ED, bytes(16))[:-1],
        b"8BPS" + bytes(20),
        b"8BIM\x03\xed\4name\0" + struct.pack(">I", 0),
        resource(0x03ED, bytes(16)) + b"rest",
    ],
)
def test_other_resources_are_odd(content: bytes) -> None:
    with pytest.raises(OddError):
        read_photoshop(content, collected())


@pytest.mark.parametrize(
    "records",
    [
        record(120, "Café".encode("latin-1")),
        record(90, b"\x1b%G", b"\x1c\x01") + record(120, b"\xe9"),
        record(120, b"text")[:-1],
        record(120, b"text") + b"\0\0",
        record(1, b"text"),
        record(5, b"text", b"\x1c\x03"),
        b"\x1c\x02\x78\x80\x04" + bytes(4),
    ],
)
def test_odd_iptc_is_left(records: bytes) -> None:
    with pytest.raises(OddError):
        read_iptc(records, collected())
