"""RIFF and its 64-bit kin: the chunks of WAVE, Broadcast Wave, RF64, AVI, WebP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scanner.tools.containers.source import Source

_WALK_LIMIT = 10_000
STREAMING = frozenset({0, 0x7FFFF000, 0x7FFFF024, 0x7FFFFFFF, 0x80000000, 0x80000024, *range(0xFFFFFF00, 0x100000000)})
"""Sizes that a recorder writes while it does not know the end yet (ffmpeg, SoX, ALSA); players read to the file's end."""
_LIST_HEAD_BYTES = 4


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
    declared = source.number(4, 4, little=True) or 0
    end = source.size_bytes if declared in STREAMING else min(declared + 8, source.size_bytes)
    return _walk(source, 12, end)


def list_chunks(source: Source, outer: Chunk) -> Iterator[Chunk]:
    """Walk the chunks inside a LIST chunk."""
    return _walk(source, outer.start + _LIST_HEAD_BYTES, min(outer.start + outer.size, source.size_bytes))


def _walk(source: Source, offset: int, end: int) -> Iterator[Chunk]:
    for _ in range(_WALK_LIMIT):
        head = source.at(offset, 8)
        if offset >= end or len(head) < 8:
            return
        chunk = Chunk(head[:4], offset + 8, int.from_bytes(head[4:], "little"))
        yield chunk
        offset = chunk.start + _walked_bytes(source, chunk)
        # Some writers leave the padding out: then the next chunk stands where a zero should.
        if chunk.size % 2 and source.at(offset - 1, 1) not in (b"", b"\0") and _fits(source, offset - 1, end):
            offset -= 1


def _fits(source: Source, offset: int, end: int) -> bool:
    head = source.at(offset, 8)
    size = int.from_bytes(head[4:], "little")
    return len(head) == 8 and head[:4].isascii() and (size in STREAMING or offset + 8 + size <= end + 1)


def _walked_bytes(source: Source, chunk: Chunk) -> int:
    size = long_size(source) or chunk.size if chunk.kind == b"data" and chunk.size == 0xFFFFFFFF else chunk.size
    return size + size % 2


def long_size(source: Source) -> int | None:
    """Return the size of the ``data`` chunk of an RF64 file, or None for other files."""
    # EBU Tech 3306: the ds64 chunk comes first and holds riffSize, dataSize, sampleCount.
    return source.number(28, 8, little=True) if source.at(12, 4) == b"ds64" else None
