"""MXF (SMPTE ST 377-1): the header partition pack, which may stand behind a run-in."""

from __future__ import annotations

from scanner.tools.containers.source import Source

_RUN_IN_LIMIT_BYTES = 65_536
"""ST 377-1, section 5.5: shorter than 64 KiB, and without the first eleven bytes of a partition pack key."""
_PARTITION = bytes.fromhex("060e2b34020501010d0102")


def find_header(source: Source) -> int | None:
    """Return the offset of the header partition pack, or None."""
    if source.head.startswith(_PARTITION):
        return 0 if _is_header(source, 0) else None
    # Read in two so that a key across the first read's end is seen.
    for start, size in ((0, _RUN_IN_LIMIT_BYTES), (_RUN_IN_LIMIT_BYTES - 16, 32)):
        at = source.at(start, size).find(_PARTITION)
        if at >= 0:
            return start + at if _is_header(source, start + at) else None
    return None


def _is_header(source: Source, offset: int) -> bool:
    # Byte 14 is 02 for a header partition, byte 15 its status (open, closed; incomplete, complete).
    key = source.at(offset, 16)
    return len(key) == 16 and key[13] == 2 and 1 <= key[14] <= 4


def recognise(source: Source) -> str | None:
    """Name an MXF file."""
    return "mxf" if find_header(source) is not None else None


def find_damage(source: Source, _name: str) -> str | None:
    """Tell whether the footer that the header points at lies outside the file."""
    header = find_header(source)
    if header is None:
        return None
    length = source.number(header + 16, 1)
    if length is None:
        return "MXF ends inside its header"
    body = header + 17 + (length & 0x7F if length & 0x80 else 0)
    # MajorVersion, MinorVersion, KAGSize, ThisPartition, PreviousPartition, FooterPartition: 2+2+4+8+8, then 8.
    footer = source.number(body + 24, 8)
    if footer is None:
        return "MXF ends inside its header"
    return "MXF ends before its footer" if footer and header + footer >= source.size_bytes else None
