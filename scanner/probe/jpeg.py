"""JPEG (ITU-T T.81): segments up to the first scan, then an end marker somewhere behind it."""

from __future__ import annotations

from scanner.tools.containers.jpeg import EOI, SOS, Segment, segments
from scanner.tools.containers.source import READ_LIMIT_BYTES, Source

_SEARCH_LIMIT_BYTES = 32 << 20
"""Trailers (motion photos, multi-picture files) stand behind the end marker; beyond this nothing is claimed."""
_PADDING_BYTES = range(16, (1 << 16) + 1)
"""Cameras that pad to a block of their card may lose the end marker. Fewer zeros occur within a scan; more are a copy that
broke off."""


def recognise(source: Source) -> str | None:
    """Name a JPEG: a start marker, and a marker code after it."""
    head = source.head[:4]
    return "jpeg" if head[:3] == b"\xff\xd8\xff" and (len(head) < 4 or head[3] >= 0xC0 or head[3] == 0x01) else None


def find_damage(source: Source, _name: str) -> str | None:
    """Tell whether the picture is missing or its end marker is."""
    scan, problem = _find_scan(source)
    if scan is None:
        return problem
    tail = source.tail(2)
    if tail == b"\xff\xd9" or _has_end_marker(source, scan):
        return None
    return "JPEG ends before its end marker"


def _find_scan(source: Source) -> tuple[int | None, str | None]:
    """Return the offset of the first scan, or None and what is wrong; None and None where the walk cannot tell."""
    *_, last = Segment(0, 0, 2), *segments(source)
    if last.code == SOS:
        return last.offset, None
    if last.code == EOI:
        return None, "JPEG has no picture"
    return None, "JPEG ends before its picture" if len(source.at(last.end, 4)) < 4 else None


def _has_end_marker(source: Source, scan: int) -> bool:
    """Search backwards; within a scan a marker code cannot occur by chance, T.81 section B.1.1.5."""
    end, floor = source.size_bytes, max(scan, source.size_bytes - _SEARCH_LIMIT_BYTES)
    following = b""
    padding = 0
    while end > floor:
        start = max(floor, end - READ_LIMIT_BYTES)
        block = source.at(start, end - start)
        if b"\xff\xd9" in block + following[:1]:
            return True
        if padding == source.size_bytes - end:
            padding += len(block) - len(block.rstrip(b"\0"))
        following, end = block, start
    return floor > scan or padding in _PADDING_BYTES
