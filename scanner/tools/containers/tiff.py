"""TIFF 6.0 and BigTIFF: header, directories, and the integers in their entries. EXIF blocks are TIFF too."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from scanner.tools.containers.source import Source

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Bytes of one value by field type, TIFF 6.0 section 2 and the BigTIFF proposal."""
_INTEGERS = (1, 3, 4, 13, 16, 18)

VALUES_LIMIT = 4096
"""Entries of one directory, and values of one entry, beyond which nothing is read."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the header says of all that follows."""

    little: bool
    big: bool
    first: int
    """Offset of the first directory."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One directory entry."""

    kind: int
    count: int
    at: int
    """Offset of its value."""

    @property
    def size_bytes(self) -> int:
        """Bytes of its value; 0 for an unknown field type."""
        return _SIZES.get(self.kind, 0) * self.count


def read_layout(source: Source) -> Layout | None:
    """Read the header of a TIFF or BigTIFF; None for anything else."""
    little = source.head[:2] == b"II"
    if not little and source.head[:2] != b"MM":
        return None
    magic = source.number(2, 2, little=little)
    first = source.number(8, 8, little=little) if magic == 43 else source.number(4, 4, little=little)
    return Layout(little, magic == 43, first) if magic in (42, 43) and first is not None else None


def read_directory(source: Source, layout: Layout, offset: int) -> dict[int, Entry] | None:
    """Read the directory at `offset` as tag → entry; None where it does not lie inside the file."""
    head, width = (8, 20) if layout.big else (2, 12)
    count = source.number(offset, head, little=layout.little)
    if count is None or not 0 < count <= VALUES_LIMIT or offset + head + count * width > source.size_bytes:
        return None
    block = source.take(offset + head, count * width, count * width)
    form = struct.Struct(f"{'<' if layout.little else '>'}{'HHQQ' if layout.big else 'HHII'}")
    half = (width - 4) // 2
    entries: dict[int, Entry] = {}
    for index, (tag, kind, values, place) in enumerate(form.iter_unpack(block[: len(block) // width * width])):
        inside = _SIZES.get(kind, 0) * values <= half
        entries.setdefault(tag, Entry(kind, values, offset + head + index * width + 4 + half if inside else place))
    return entries


def read_next(source: Source, layout: Layout, offset: int) -> int | None:
    """Return the offset of the directory that follows the one at `offset`; None where none does."""
    head, width = (8, 20) if layout.big else (2, 12)
    count = source.number(offset, head, little=layout.little)
    if count is None or not 0 < count <= VALUES_LIMIT:
        return None
    return source.number(offset + head + count * width, 8 if layout.big else 4, little=layout.little) or None


def read_numbers(source: Source, layout: Layout, entry: Entry | None) -> tuple[int, ...]:
    """Read an integer entry's values; empty where it is absent, no integer, too long or outside the file."""
    if entry is None or entry.kind not in _INTEGERS or not 0 < entry.count <= VALUES_LIMIT:
        return ()
    width = _SIZES[entry.kind]
    raw = source.at(entry.at, entry.size_bytes)
    if len(raw) < entry.size_bytes:
        return ()
    order = "little" if layout.little else "big"
    return tuple(int.from_bytes(raw[at : at + width], order) for at in range(0, len(raw), width))  # type: ignore[arg-type]
