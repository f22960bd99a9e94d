"""Samsung's trailer: named blocks at the end of a file, listed in a directory behind them (ExifTool 13.59, Samsung.pm)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scanner.read.residue_harvest import TEXT_LIMIT_BYTES, Harvest, decode_text
from scanner.tools.containers.source import Source

_FIELDS = {
    (0x0BA1, b"PhotoEditor_Re_Edit_Data"): "Samsung:ReEditData",
    (0x0D91, b"PEg_Info"): "Samsung:PEg_Info",
}
"""Block type and name → field; Debian's ExifTool 12.57 shows neither."""
_NAME_LIMIT_BYTES = 256
_DIRECTORY_LIMIT_BYTES = 1 << 16
_FOOTERS_LIMIT = 8
_END_OF_SOUND = b"QDIOBS"


@dataclass(frozen=True, slots=True)
class _Directory:
    start: int
    """Offset of its ``SEFH``; the blocks are found backwards from here."""
    content: bytes


def harvest_samsung(source: Source, end: int, harvest: Harvest) -> None:
    """Read the editor's records from the trailer that ends at `end`, if there is one."""
    directory = _find_directory(source, end)
    for kind, start, size in _blocks(directory) if directory else ():
        name_bytes = source.number(start + 4, 4, little=True)
        if name_bytes is None or name_bytes > _NAME_LIMIT_BYTES or name_bytes + 8 > size:
            continue
        field = _FIELDS.get((kind, source.at(start + 8, name_bytes)))
        if field:
            text = source.take(start + 8 + name_bytes, size - 8 - name_bytes, TEXT_LIMIT_BYTES)
            harvest.add(field, decode_text(text))


def _find_directory(source: Source, end: int) -> _Directory | None:
    """Go backwards over the footers: each ends with its length and four letters; ``SEFT`` is the directory's."""
    if source.at(end - len(_END_OF_SOUND), len(_END_OF_SOUND)) == _END_OF_SOUND:
        end -= 2
    for _ in range(_FOOTERS_LIMIT):
        length, letters = source.number(end - 8, 4, little=True), source.at(end - 4, 4)
        if length is None or not letters.isalnum() or not 4 <= length < _DIRECTORY_LIMIT_BYTES:
            return None
        start = end - 8 - length
        content = source.at(start, length)
        if letters == b"SEFT":
            return _Directory(start, content) if content.startswith(b"SEFH") else None
        end = start
    return None


def _blocks(directory: _Directory) -> Iterator[tuple[int, int, int]]:
    """Yield type, offset and size of each block that lies before the directory."""
    count = int.from_bytes(directory.content[8:12], "little")
    for at in range(12, min(12 + 12 * count, len(directory.content) - 11), 12):
        entry = directory.content[at : at + 12]
        kind, back, size = (int.from_bytes(part, "little") for part in (entry[2:4], entry[4:8], entry[8:12]))
        if 8 <= size <= back <= directory.start:
            yield kind, directory.start - back, size
