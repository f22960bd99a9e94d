"""The parts of a container, walked independently of the scanner: what mutations cut, and where a mark stands intact.

Nothing here is shared with the scanner's own walks: a mistake in those must not hide from the check.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_PNG = b"\x89PNG\r\n\x1a\n"
_HOLDERS = frozenset(b"moov trak mdia minf stbl udta ilst dinf edts mvex moof traf meta".split())
_UNITS_LIMIT = 4000
_DEPTH_LIMIT = 12


@dataclass(frozen=True, slots=True)
class Unit:
    """One chunk, segment or box that lies whole in the bytes, header and checksum included."""

    kind: str
    """Its type, with those of the boxes around it."""
    start: int
    end: int
    length_at: int
    """Offset of the field that gives its length."""
    length_code: str
    """How that field is packed, as in `struct`."""

    def of(self, content: bytes) -> bytes:
        """Return its bytes."""
        return content[self.start : self.end]


def units(content: bytes) -> tuple[Unit, ...]:
    """Return what a reader reaches that follows lengths from the start; empty for containers that are not walked here."""
    walk = _walk_of(content)
    found: list[Unit] = []
    if walk is not None:
        for unit in walk(content):
            found.append(unit)
            if len(found) >= _UNITS_LIMIT:
                break
    return tuple(found)


def _walk_of(content: bytes) -> Callable[[bytes], Iterator[Unit]] | None:
    if content.startswith(_PNG):
        return _png
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg
    if content[:4] in (b"RIFF", b"RF64"):
        return _riff
    return _boxes if content[4:8] in (b"ftyp", b"JXL ", b"jP  ") else None


def _png(content: bytes) -> Iterator[Unit]:
    at = len(_PNG)
    while at + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content):
            return
        yield Unit(kind.decode("latin-1"), at, end, at, ">I")
        if kind == b"IEND":
            return
        at = end


def _jpeg(content: bytes) -> Iterator[Unit]:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        code, length = content[at + 1], struct.unpack_from(">H", content, at + 2)[0]
        end = at + 2 + length
        if code in (0xD9, 0xDA) or length < 2 or end > len(content):
            return
        yield Unit(f"{code:02x}", at, end, at + 2, ">H")
        at = end


def _riff(content: bytes) -> Iterator[Unit]:
    declared = struct.unpack_from("<I", content.ljust(8, b"\0"), 4)[0]
    yield from _riff_chunks(content, 12, min(declared + 8, len(content)), "")


def _riff_chunks(content: bytes, at: int, limit: int, around: str) -> Iterator[Unit]:
    while at + 8 <= limit:
        kind, length = struct.unpack_from("<4sI", content, at)
        end = at + 8 + length
        if end > limit:
            return
        name = around + kind.decode("latin-1")
        yield Unit(name, at, end, at + 4, "<I")
        if kind == b"LIST" and content[at + 8 : at + 12] == b"INFO":
            yield from _riff_chunks(content, at + 12, end, f"{name}/")
        at = end + length % 2


def _boxes(content: bytes) -> Iterator[Unit]:
    yield from _boxes_within(content, 0, len(content), "", 0)


def _boxes_within(content: bytes, at: int, limit: int, around: str, depth: int) -> Iterator[Unit]:
    while at + 8 <= limit:
        length, kind = struct.unpack_from(">I4s", content, at)
        head = 8
        if length == 1 and at + 16 <= limit:
            length, head = struct.unpack_from(">Q", content, at + 8)[0], 16
        end = limit if length == 0 and not depth else at + length
        if end > limit or end < at + head:
            return
        name = around + kind.decode("latin-1")
        yield Unit(name, at, end, at, ">I")
        if depth < _DEPTH_LIMIT and (kind in _HOLDERS or around.endswith("ilst/")):
            yield from _boxes_within(content, at + head + _full_box_bytes(content, at, kind), end, f"{name}/", depth + 1)
        at = end


def _full_box_bytes(content: bytes, at: int, kind: bytes) -> int:
    """ISO's meta box has four bytes of version and flags before its boxes, QuickTime's has none."""
    return 4 if kind == b"meta" and content[at + 12 : at + 16] != b"hdlr" else 0
