"""TIFF 6.0, BigTIFF and the camera raws built on them: directories, maker, and strips that lie outside the file."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.probe.source import Source

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Bytes of one value by field type, TIFF 6.0 section 2 and the BigTIFF proposal."""
_INTEGERS = (1, 3, 4, 13, 16, 18)

_SUBFILE_TYPE, _PHOTOMETRIC, _MAKE, _SUB_DIRECTORIES, _DNG_VERSION = 0x00FE, 0x0106, 0x010F, 0x014A, 0xC612
_PICTURES = ((0x0111, 0x0117), (0x0144, 0x0145))
"""Offsets and byte counts of strips and of tiles."""
_COLOUR_FILTER_ARRAY = 32803
"""PhotometricInterpretation of sensor values, TIFF/EP section 5."""
_VALUES_LIMIT = 4096
_UNKNOWN_OFFSET = 0xFFFFFFFF

_VARIANTS = {b"IIRO": "orf", b"IIRS": "orf", b"MMOR": "orf", b"IIU\0": "rw2"}
_MAKERS = {b"NIKON": "nef", b"SONY": "arw", b"PENTAX": "pef", b"RICOH": "pef", b"SAMSUNG": "srw", b"HASSELBLAD": "3fr"}


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
    if count is None or not 0 < count <= _VALUES_LIMIT or offset + head + count * width > source.size_bytes:
        return None
    entries: dict[int, Entry] = {}
    for at in range(offset + head, offset + head + count * width, width):
        tag, entry = _read_entry(source, layout, at, width)
        entries.setdefault(tag, entry)
    return entries


def _read_entry(source: Source, layout: Layout, at: int, width: int) -> tuple[int, Entry]:
    raw, order = source.at(at, width), "little" if layout.little else "big"
    half = (width - 4) // 2
    tag, kind, count = (int.from_bytes(part, order) for part in (raw[:2], raw[2:4], raw[4 : 4 + half]))  # type: ignore[arg-type]
    value = at + 4 + half
    if _SIZES.get(kind, 0) * count > half:
        value = source.number(value, half, little=layout.little) or 0
    return tag, Entry(kind, count, value)


def read_numbers(source: Source, layout: Layout, entry: Entry | None) -> tuple[int, ...]:
    """Read an integer entry's values; empty where it is absent, no integer, too long or outside the file."""
    if entry is None or entry.kind not in _INTEGERS or not 0 < entry.count <= _VALUES_LIMIT:
        return ()
    width = _SIZES[entry.kind]
    raw = source.at(entry.at, entry.size_bytes)
    if len(raw) < entry.size_bytes:
        return ()
    order = "little" if layout.little else "big"
    return tuple(int.from_bytes(raw[at : at + width], order) for at in range(0, len(raw), width))  # type: ignore[arg-type]


def recognise(source: Source) -> str | None:
    """Name a TIFF, BigTIFF, DNG or camera raw."""
    if variant := _VARIANTS.get(source.head[:4]):
        return variant
    layout = read_layout(source)
    if layout is None:
        return None
    if source.head[8:10] == b"CR" and not layout.big:
        return "cr2"
    if source.head[8:12] in (b"IIII", b"MMMM"):
        return "iiq"
    entries = read_directory(source, layout, layout.first) or {}
    if _DNG_VERSION in entries:
        return "dng"
    return _find_raw(source, layout, entries) or ("bigtiff" if layout.big else "tiff")


def _find_raw(source: Source, layout: Layout, entries: dict[int, Entry]) -> str | None:
    """Raws keep sensor values in their first directory, or a preview there and the sensor's in a sub-directory."""
    preview = read_numbers(source, layout, entries.get(_SUBFILE_TYPE)) == (1,) and _SUB_DIRECTORIES in entries
    sensor = read_numbers(source, layout, entries.get(_PHOTOMETRIC)) == (_COLOUR_FILTER_ARRAY,)
    make = entries.get(_MAKE)
    if make is None or not (preview or sensor):
        return None
    words = source.at(make.at, min(make.size_bytes, 64)).upper().split()
    return next((name for maker, name in _MAKERS.items() if words and words[0].startswith(maker)), None)


def find_damage(source: Source, name: str) -> str | None:
    """Tell whether the first directory or a strip or tile it names lies outside the file."""
    layout = read_layout(source)
    if layout is None:
        return "the file ends inside its header" if source.size_bytes < 8 else None
    entries = read_directory(source, layout, layout.first)
    if entries is None:
        return "its first directory lies outside the file" if _lies_outside(source, layout) else None
    directories = [entries]
    if name in ("tiff", "bigtiff", "dng"):
        offsets = read_numbers(source, layout, entries.get(_SUB_DIRECTORIES))[:16]
        directories += [found for at in offsets if (found := read_directory(source, layout, at))]
    lost = any(_ends_early(source, layout, directory) for directory in directories)
    return "the file ends before its picture does" if lost else None


def _lies_outside(source: Source, layout: Layout) -> bool:
    head, width = (8, 20) if layout.big else (2, 12)
    count = source.number(layout.first, head, little=layout.little)
    return count is None or (count <= _VALUES_LIMIT and layout.first + head + count * width > source.size_bytes)


def _ends_early(source: Source, layout: Layout, entries: dict[int, Entry]) -> bool:
    for offsets_tag, counts_tag in _PICTURES:
        offsets = read_numbers(source, layout, entries.get(offsets_tag))
        counts = read_numbers(source, layout, entries.get(counts_tag))
        if _UNKNOWN_OFFSET in offsets or len(offsets) != len(counts):
            continue
        if len(counts) > 1 and counts[-1] == counts[-2]:
            # Some writers give a short last strip the length of a full one; Pillow and libtiff read it all the same.
            counts = (*counts[:-1], 1)
        if any(count and at + count > source.size_bytes for at, count in zip(offsets, counts, strict=True)):
            return True
    return False
