"""EXIF UserComment where ExifTool loses it: UTF-16 behind a code that names another charset, or behind none."""

from __future__ import annotations

import io

from scanner.read.residue_harvest import Harvest
from scanner.tools.containers.source import Source
from scanner.tools.containers.tiff import Entry, Layout, read_directory, read_layout, read_numbers

_EXIF_DIRECTORY, _USER_COMMENT = 0x8769, 0x9286
_COMMENT_TAGS = (_USER_COMMENT.to_bytes(2, "big"), _USER_COMMENT.to_bytes(2, "little"))
_HEADER = b"Exif\0\0"
_CODES = (bytes(8), b"ASCII\0\0\0", b"JIS\0\0\0\0\0")
_UNICODE = b"UNICODE\0"
"""Character codes of EXIF 2.32, table 9. What follows this one ExifTool reads."""
_LEAST_CHARACTERS = 8
_READABLE_SHARE = 0.2
"""Share of ASCII in a text that is taken for one. Bytes of 8-bit text taken in pairs give none; a Chinese prompt with the
settings line of A1111 behind it gives about a third."""


def harvest_comment(block: bytes, harvest: Harvest) -> None:
    """Read the comment of an EXIF block, with or without ``Exif`` before it, where it is UTF-16 that ExifTool garbles."""
    if not any(tag in block for tag in _COMMENT_TAGS):
        return
    block = block.removeprefix(_HEADER)
    source = Source(io.BytesIO(block), len(block))
    layout = read_layout(source)
    entry = _find_comment(source, layout) if layout else None
    if entry:
        harvest.add("ExifIFD:UserComment", repair_comment(source.at(entry.at, entry.size_bytes)))


def _find_comment(source: Source, layout: Layout) -> Entry | None:
    first = read_directory(source, layout, layout.first) or {}
    offsets = read_numbers(source, layout, first.get(_EXIF_DIRECTORY))
    inner = read_directory(source, layout, offsets[0]) if offsets else None
    return (inner or {}).get(_USER_COMMENT)


def repair_comment(value: bytes) -> str:
    """Return the text of a UserComment whose UTF-16 is not announced; empty where it is, or where it is none."""
    if value.startswith(_UNICODE):
        return ""
    text = value[8:] if value.startswith(_CODES) else value
    text = text[: len(text) // 2 * 2]
    candidates = (text.decode(charset, "replace").lstrip("\ufeff") for charset in ("utf-16-le", "utf-16-be"))
    best = max(candidates, key=_readable)
    return best if len(best) >= _LEAST_CHARACTERS and _readable(best) >= _READABLE_SHARE else ""


def _readable(text: str) -> float:
    return sum(" " <= char <= "~" or char in "\r\n\t" for char in text) / max(len(text), 1)
