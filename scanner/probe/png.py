"""PNG and APNG: the chunk chain from IHDR to IEND."""

from __future__ import annotations

import zlib

from scanner.tools.containers.png import SIGNATURE, chunks
from scanner.tools.containers.source import Source


def recognise(source: Source) -> str | None:
    """Name a PNG; `apng` where the animation control stands before the picture, as its specification demands."""
    if not source.head.startswith(SIGNATURE):
        return None
    for kind, _, _ in chunks(source):
        if kind == b"acTL":
            return "apng"
        if kind == b"IDAT":
            break
    return "png"


def find_damage(source: Source, _name: str) -> str | None:
    """Tell whether the header's checksum is wrong or the chain breaks off before IEND."""
    header = source.at(len(SIGNATURE), 25)
    if header[4:8] != b"IHDR":
        return "PNG has no header chunk" if len(header) == 25 else "PNG ends inside its header"
    if zlib.crc32(header[4:21]) != int.from_bytes(header[21:], "big"):
        return "PNG header does not match its checksum"
    end = 0
    for kind, offset, length in chunks(source):
        if kind == b"IEND":
            return None
        end = offset + 12 + length
        if end > source.size_bytes:
            return "PNG ends inside a chunk"
    # Where the walk gave up, there is still room for another chunk.
    return "PNG ends before its end chunk" if source.size_bytes - end < 8 else None
