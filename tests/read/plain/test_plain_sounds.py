"""WAVE and Broadcast Wave."""

from __future__ import annotations

import io

import pytest

from scanner.read.plain.collected import Needs
from scanner.read.plain.reader import read_plain
from scanner.tools.containers.source import Source
from tests.probe.samples import chunk, riff, wave

SOUND = wave()[12:]
BROADCAST = chunk(b"bext", bytes(602))


def info(*texts: tuple[bytes, bytes]) -> bytes:
    return chunk(b"LIST", b"INFO" + b"".join(chunk(kind, text) for kind, text in texts))


def read(*parts: bytes, behind: bytes = b"", own: str = "") -> dict[str, str] | None:
    content = riff(b"WAVE", *parts) + behind
    found = read_plain(
        Source(io.BytesIO(content), len(content)), "bwf", Needs(lambda _: False, frozenset(filter(None, [own])), ())
    )
    return None if found is None else {one.field: one.value for one in found.statements}


def test_production_notes_are_read() -> None:
    notes = info((b"INAM", b"Harbour\0"), (b"ISFT", b"Recorder"), (b"ICMT", b"odd\0"))
    assert read(BROADCAST, SOUND, notes) == {"RIFF:Title": "Harbour", "RIFF:Software": "Recorder", "RIFF:Comment": "odd"}


@pytest.mark.parametrize(
    "parts",
    [
        (SOUND, chunk(b"iXML", b"<x/>")),
        (SOUND, chunk(b"id3 ", bytes(10))),
        (SOUND, chunk(b"JUNK", b"text")),
        (SOUND, chunk(b"C2PA", bytes(10))),
        (SOUND, chunk(b"bext", bytes(100))),
        (SOUND, info((b"AIGC", b"{}"))),
        (SOUND, info((b"INAM", b"caf\xe9"))),
        (SOUND, info((b"INAM", b"one")), info((b"IART", b"two"))),
        (SOUND, chunk(b"LIST", b"INFOrest of no chunk")),
        (SOUND, chunk(b"LIST", b"adtl")),
    ],
)
def test_what_is_odd_is_left(parts: tuple[bytes, ...]) -> None:
    assert read(*parts) is None


def test_what_stands_behind_the_end_or_is_looked_at_is_left() -> None:
    assert read(SOUND, BROADCAST) == {}
    assert read(SOUND, BROADCAST, behind=b"more") is None
    assert read(SOUND, BROADCAST, own="riff") is None
