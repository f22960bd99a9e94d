"""PNG and APNG: the chunk chain from IHDR to IEND, and the checksums of what may bear a mark."""

from __future__ import annotations

import zlib

from scanner.tools.containers.png import SIGNATURE, chunks
from scanner.tools.containers.source import Source

_CHECKED_LIMIT_BYTES = 8 << 20
"""Content whose checksum is computed: texts, EXIF and manifests are smaller. Picture chunks are checked by their decoder."""
_CHECKED_CHUNKS = 256
_PICTURE = frozenset({b"IDAT", b"fdAT"})


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
    return _find_chain_damage(source)


def _find_chain_damage(source: Source) -> str | None:
    end, checked, pictures = 0, 0, 0
    for kind, offset, length in chunks(source):
        end = offset + 12 + length
        if end > source.size_bytes:
            return "PNG ends inside a chunk"
        if kind in _PICTURE:
            pictures += 1
        elif length <= _CHECKED_LIMIT_BYTES and checked < _CHECKED_CHUNKS:
            checked += 1
            if not _matches_checksum(source, offset, length):
                return f"PNG chunk {kind.decode('latin-1') if kind.isalpha() else kind.hex()} does not match its checksum"
        if kind == b"IEND":
            return None if pictures else "PNG has no picture"
    # Where the walk gave up, there is still room for another chunk.
    return "PNG ends before its end chunk" if source.size_bytes - end < 8 else None


def _matches_checksum(source: Source, offset: int, length: int) -> bool:
    whole = source.take(offset + 4, length + 8, _CHECKED_LIMIT_BYTES + 8)
    return zlib.crc32(whole[:-4]) == int.from_bytes(whole[-4:], "big")
