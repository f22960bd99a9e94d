"""Film scans and renders: DPX (SMPTE ST 268) and OpenEXR, whose headers say where the picture must end."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.tools.containers.source import Source

_DPX_COMPONENTS = {1: 1, 2: 1, 3: 1, 4: 1, 6: 1, 50: 3, 51: 4, 52: 4, 100: 2, 101: 3, 102: 3, 103: 4}
"""Samples a pixel by descriptor, ST 268 table 1; what is not here is not measured."""
_EXR_LINES = {0: 1, 1: 1, 2: 1, 3: 16, 4: 32, 5: 16, 6: 32, 7: 32, 8: 32, 9: 256}
"""Scan lines a chunk by compression, OpenEXR file layout."""
_EXR_TILED, _EXR_DEEP, _EXR_MULTIPART = 0x200, 0x800, 0x1000
_ATTRIBUTE_LIMIT = 1000
_ATTRIBUTE_HEAD_BYTES = 516
"""Two names of at most 255 letters with their ends, and a size."""
_CHUNK_LIMIT = 8192
_MARKER_BYTES = 8


def find_dpx_damage(source: Source, _name: str) -> str | None:
    """Tell whether the file is shorter than the tightest packing of the pixels it declares."""
    little = source.head[:4] == b"XPDS"
    start = source.number(4, 4, little=little)
    if start is None or source.size_bytes < 2048 - 1:
        return "DPX ends inside its header"
    if start >= source.size_bytes:
        return "DPX ends before its picture"
    needed = _dpx_bytes(source, little)
    return "DPX ends inside its picture" if needed and start + needed > source.size_bytes else None


def _dpx_bytes(source: Source, little: bool) -> int:
    elements, width, height = (source.number(at, size, little=little) or 0 for at, size in ((770, 2), (772, 4), (776, 4)))
    descriptor, bits = source.number(800, 1) or 0, source.number(803, 1) or 0
    encoding = source.number(806, 2, little=little)
    if elements != 1 or encoding != 0 or bits not in (1, 8, 10, 12, 16, 32, 64):
        return 0
    return width * height * _DPX_COMPONENTS.get(descriptor, 0) * bits // 8


def find_exr_damage(source: Source, _name: str) -> str | None:
    """Tell whether a chunk of a plain scan-line picture was never written, or lies outside the file.

    The table of chunks is the last thing a renderer fills in: zeros in it mean that the writer did not finish.
    """
    flags = source.number(4, 4, little=True)
    if flags is None:
        return "EXR ends inside its header"
    if flags & (_EXR_TILED | _EXR_DEEP | _EXR_MULTIPART):
        return None
    attributes: dict[bytes, bytes] = {}
    table = 8
    for name, value, end in _exr_attributes(source):
        attributes[name], table = value, end
    # A header ends with an empty name. Without it the file does too, or the walk gave up and nothing is claimed.
    if source.at(table, 1) == b"\0":
        return _exr_chunks_lost(source, attributes, table + 1)
    return "EXR ends inside its header" if table + _ATTRIBUTE_HEAD_BYTES > source.size_bytes else None


def _exr_attributes(source: Source) -> Iterator[tuple[bytes, bytes, int]]:
    """Walk the header's attributes as (name, first bytes of the value, offset behind it)."""
    offset = 8
    for _ in range(_ATTRIBUTE_LIMIT):
        names = source.at(offset, _ATTRIBUTE_HEAD_BYTES).split(b"\0", 2)
        if len(names) < 3 or not names[0]:
            return
        value = offset + len(names[0]) + len(names[1]) + 2
        size = source.number(value, 4, little=True)
        if size is None:
            return
        offset = value + 4 + size
        yield names[0], source.at(value + 4, min(size, 16)), offset


def _exr_chunks_lost(source: Source, attributes: dict[bytes, bytes], table: int) -> str | None:
    window, compression = attributes.get(b"dataWindow", b""), attributes.get(b"compression", b"\xff")
    lines = _EXR_LINES.get(compression[0]) if compression else None
    if len(window) < 16 or lines is None:
        return None
    top, bottom = (int.from_bytes(window[at : at + 4], "little", signed=True) for at in (4, 12))
    count = (bottom - top) // lines + 1
    raw = source.at(table, min(count, _CHUNK_LIMIT) * 8) if count > 0 else b""
    offsets = [int.from_bytes(raw[at : at + 8], "little") for at in range(0, len(raw) - 7, 8)]
    if len(offsets) < min(count, _CHUNK_LIMIT):
        return "EXR ends inside its table of lines"
    if 0 in offsets:
        return "EXR was not written to its end"
    return "EXR ends inside its picture" if offsets and _chunk_lost(source, max(offsets)) else None


def _chunk_lost(source: Source, offset: int) -> bool:
    size = source.number(offset + 4, 4, little=True)
    return size is None or offset + _MARKER_BYTES + size > source.size_bytes
