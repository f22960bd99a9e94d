"""GIF89a: the chain of blocks up to the trailer."""

from __future__ import annotations

from scanner.tools.containers.source import Source

_WALK_LIMIT = 200_000
_EXTENSION, _IMAGE = 0x21, 0x2C


def find_damage(source: Source, _name: str) -> str | None:
    """Tell whether the blocks run off the end of the file; anything odder is left to the decoder."""
    if source.tail(64).rstrip(b"\0").endswith(b"\x3b"):
        return None
    return "GIF ends before its trailer" if _runs_off(source) else None


def _runs_off(source: Source) -> bool:
    """Walk blocks and their sub-blocks in one loop, so that a hostile chain costs a bounded number of steps."""
    offset, inside, images = 13 + _table_bytes(source.number(10, 1)), False, 0
    for _ in range(_WALK_LIMIT):
        byte = source.number(offset, 1)
        if byte is None:
            # Old icons just stop behind their last image: nothing is lost but the trailer.
            return inside or not images or offset > source.size_bytes
        if inside:
            offset, inside = offset + 1 + byte, byte != 0
        elif byte == _EXTENSION:
            offset, inside = offset + 2, True
        elif byte == _IMAGE:
            offset, inside, images = offset + 11 + _table_bytes(source.number(offset + 9, 1)), True, images + 1
        else:
            return False
    return False


def _table_bytes(flags: int | None) -> int:
    return 3 << ((flags & 7) + 1) if flags is not None and flags & 0x80 else 0
