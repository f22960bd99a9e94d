"""ISO base media files (ISO/IEC 14496-12) and classic QuickTime: the boxes at the top level, and those within a box."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scanner.tools.containers.source import Source

_WALK_LIMIT = 100_000
"""Fragmented movies hold two boxes a second or so; what is behind this many is not walked."""
_CHILDREN_LIMIT = 1_000
"""Boxes walked within one other; a tagged song has some dozens."""


@dataclass(frozen=True, slots=True)
class Box:
    """One top-level box as its header declares it."""

    kind: bytes
    offset: int
    size: int
    """Header included; may run past the end of the file."""
    header_bytes: int = 8
    """16 where the size takes 64 bits."""

    @property
    def start(self) -> int:
        """Offset of its content."""
        return self.offset + self.header_bytes

    @property
    def end(self) -> int:
        """Offset of the byte after the box."""
        return self.offset + self.size


def read_box(source: Source, offset: int) -> Box | None:
    """Read the box header at `offset`; None where the file ends or the bytes are no box."""
    head = source.at(offset, 16)
    if len(head) < 8 or not all(0x20 <= byte < 0x7F or byte == 0xA9 for byte in head[4:8]):
        return None
    size, smallest = int.from_bytes(head[:4], "big"), 8
    if size == 1:
        size, smallest = int.from_bytes(head[8:16], "big"), 16
    elif size == 0:
        size = source.size_bytes - offset
    return Box(head[4:8], offset, size, smallest) if size >= smallest else None


def _unnamed_box(source: Source, offset: int) -> Box | None:
    """A box whose name is damaged: believed where its size leads to another place in the file."""
    head = source.at(offset, 8)
    size = int.from_bytes(head[:4], "big")
    return Box(head[4:8], offset, size) if len(head) == 8 and 8 <= size < source.size_bytes - offset else None


def boxes(source: Source) -> Iterator[Box]:
    """Walk the top-level boxes; the last may run past the end. Stops where the bytes are no box any more."""
    offset = 0
    for _ in range(_WALK_LIMIT):
        box = read_box(source, offset) or (_unnamed_box(source, offset) if offset else None)
        if box is None:
            return
        yield box
        offset = box.end


def boxes_within(source: Source, start: int, end: int) -> Iterator[Box]:
    """Walk the boxes that lie whole between two offsets; stops at the first that does not."""
    offset = start
    for _ in range(_CHILDREN_LIMIT):
        box = read_box(source, offset) if offset + 8 <= end else None
        if box is None or box.end > min(end, source.size_bytes):
            return
        yield box
        offset = box.end
