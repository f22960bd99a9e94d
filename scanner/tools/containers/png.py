"""PNG and APNG (ISO/IEC 15948): the chunk chain from IHDR to IEND."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.tools.containers.source import Source

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WALK_LIMIT = 100_000


def chunks(source: Source) -> Iterator[tuple[bytes, int, int]]:
    """Walk the chunks as (kind, offset of the chunk, length of its content); the last may run past the end."""
    offset = len(SIGNATURE)
    for _ in range(_WALK_LIMIT):
        head = source.at(offset, 8)
        if len(head) < 8:
            return
        length = int.from_bytes(head[:4], "big")
        yield head[4:], offset, length
        if head[4:] == b"IEND":
            return
        offset += 12 + length
