"""TIFF 6.0, BigTIFF and the camera raws built on them: directories, maker, and strips that lie outside the file."""

from __future__ import annotations

from scanner.tools.containers.source import Source
from scanner.tools.containers.tiff import VALUES_LIMIT, Entry, Layout, read_directory, read_layout, read_numbers

_SUBFILE_TYPE, _PHOTOMETRIC, _MAKE, _SUB_DIRECTORIES, _DNG_VERSION = 0x00FE, 0x0106, 0x010F, 0x014A, 0xC612
_PICTURES = ((0x0111, 0x0117), (0x0144, 0x0145))
"""Offsets and byte counts of strips and of tiles."""
_COLOUR_FILTER_ARRAY = 32803
"""PhotometricInterpretation of sensor values, TIFF/EP section 5."""
_UNKNOWN_OFFSET = 0xFFFFFFFF

_VARIANTS = {b"IIRO": "orf", b"IIRS": "orf", b"MMOR": "orf", b"IIU\0": "rw2"}
_MAKERS = {b"NIKON": "nef", b"SONY": "arw", b"PENTAX": "pef", b"RICOH": "pef", b"SAMSUNG": "srw", b"HASSELBLAD": "3fr"}


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
    return count is None or (count <= VALUES_LIMIT and layout.first + head + count * width > source.size_bytes)


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
