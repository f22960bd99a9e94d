"""Matroska and WebM: the EBML header (RFC 8794) and the size of the first segment."""

from __future__ import annotations

from scanner.tools.containers.source import Source

_EBML, _DOC_TYPE, _SEGMENT, _VOID = 0x1A45DFA3, 0x4282, 0x18538067, 0xEC
_WALK_LIMIT = 64
_ELEMENT_HEAD_BYTES = 12
"""An identifier of four bytes and a size of eight, at the most."""


def recognise(source: Source) -> str | None:
    """Name an EBML file by its document type; anything but ``webm`` is taken as Matroska."""
    if not source.head.startswith(_EBML.to_bytes(4, "big")):
        return None
    offset, end = _body(source)
    for _ in range(_WALK_LIMIT):
        element = _read_element(source, offset)
        if offset >= end or element is None:
            break
        kind, start, size = element
        if kind == _DOC_TYPE:
            return "webm" if source.at(start, min(size or 0, 16)).rstrip(b"\0") == b"webm" else "mkv"
        offset = start + (size or 0)
    return "mkv"


def find_damage(source: Source, _name: str) -> str | None:
    """Tell whether the segment is missing, or declares more bytes than the file has."""
    _, offset = _body(source)
    for _ in range(_WALK_LIMIT):
        element = _read_element(source, offset)
        if element is None:
            return "the file ends before its segment" if offset + _ELEMENT_HEAD_BYTES > source.size_bytes else None
        kind, start, size = element
        if kind == _SEGMENT:
            short = size is not None and start + size > source.size_bytes
            return "the file ends inside its segment" if short else None
        if kind != _VOID or size is None:
            return None
        offset = start + size
    return None


def _body(source: Source) -> tuple[int, int]:
    element = _read_element(source, 0)
    if element is None:
        return source.size_bytes, source.size_bytes
    _, start, size = element
    return start, start + (size or 0)


def _read_element(source: Source, offset: int) -> tuple[int, int, int | None] | None:
    """Return (id, offset of content, its size or None for unknown) of the element at `offset`."""
    head = source.at(offset, _ELEMENT_HEAD_BYTES)
    if len(head) < 2 or head[0] == 0:
        return None
    id_width = 9 - head[0].bit_length()
    if id_width > 4 or len(head) <= id_width or head[id_width] == 0:
        return None
    width = 9 - head[id_width].bit_length()
    raw = head[id_width : id_width + width]
    if len(raw) < width:
        return None
    size = int.from_bytes(raw, "big") & ((1 << 7 * width) - 1)
    # All ones means "not known": live streams, and recorders that were cut off (RFC 8794, section 6.2).
    unknown = size == (1 << 7 * width) - 1
    return int.from_bytes(head[:id_width], "big"), offset + id_width + width, None if unknown else size
