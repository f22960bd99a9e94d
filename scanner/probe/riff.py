"""RIFF and its 64-bit kin: WAVE, Broadcast Wave, RF64, AVI, WebP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scanner.probe.source import Source

_WALK_LIMIT = 10_000
_STREAMING = frozenset({0, 0x7FFFF000, 0x7FFFF024, 0x7FFFFFFF, 0x80000000, 0x80000024, *range(0xFFFFFF00, 0x100000000)})
"""Sizes that a recorder writes while it does not know the end yet (ffmpeg, SoX, ALSA); players read to the file's end."""
_ESSENTIAL = frozenset({b"data", b"LIST", b"VP8 ", b"VP8L", b"VP8X", b"ANMF", b"EXIF", b"XMP ", b"C2PA", b"idx1"})
"""Chunks whose loss is told. A walk that went astray behind an unpadded chunk names others, and claims nothing."""
_SLACK_BYTES = 8
"""Writers that count the eight header bytes twice are common, and lose nothing."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk as its header declares it."""

    kind: bytes
    start: int
    """Offset of its content."""
    size: int
    """Of its content, without header and padding."""


def chunks(source: Source) -> Iterator[Chunk]:
    """Walk the chunks of the first RIFF form; the last may run past the end of the file."""
    offset = 12
    declared = source.number(4, 4, little=True) or 0
    end = source.size_bytes if declared in _STREAMING else min(declared + 8, source.size_bytes)
    for _ in range(_WALK_LIMIT):
        head = source.at(offset, 8)
        if offset >= end or len(head) < 8:
            return
        chunk = Chunk(head[:4], offset + 8, int.from_bytes(head[4:], "little"))
        yield chunk
        offset = chunk.start + chunk.size + chunk.size % 2


def recognise(source: Source) -> str | None:
    """Name the format of a RIFF, RF64 or BW64 form."""
    outer, form = source.head[:4], source.head[8:12]
    if outer in (b"RF64", b"BW64") and form == b"WAVE":
        return "rf64"
    if outer != b"RIFF":
        return None
    if form == b"WAVE":
        return "bwf" if any(chunk.kind == b"bext" for chunk in chunks(source)) else "wav"
    return {b"AVI ": "avi", b"WEBP": "webp"}.get(form)


def find_damage(source: Source, _name: str) -> str | None:
    """Tell whether the form or one of its chunks ends after the file does."""
    long_size = _long_size(source)
    for chunk in chunks(source):
        size = long_size if long_size and chunk.kind == b"data" and chunk.size == 0xFFFFFFFF else chunk.size
        if chunk.kind in (b"data", b"LIST") and size in _STREAMING:
            return None
        # One byte of slack: sizes rounded up to the padding that the writer then left out.
        if chunk.kind in _ESSENTIAL and chunk.start + size > source.size_bytes + 1:
            return f"the file ends inside its {chunk.kind.decode().strip()} chunk"
    declared = source.number(4, 4, little=True)
    if declared is None or declared in _STREAMING or declared + 8 <= source.size_bytes + _SLACK_BYTES:
        return None
    return "the file is shorter than its RIFF header says"


def _long_size(source: Source) -> int | None:
    # EBU Tech 3306: the ds64 chunk comes first and holds riffSize, dataSize, sampleCount.
    return source.number(28, 8, little=True) if source.at(12, 4) == b"ds64" else None
