"""Photoshop PSD and PSB: the header and the lengths of the sections behind it (Adobe file format specification, 2019)."""

from __future__ import annotations

from scanner.tools.containers.source import Source

_DEPTHS = (1, 8, 16, 32)
_MOST_CHANNELS = 56


def recognise(source: Source) -> str | None:
    """Name a PSD or PSB by signature and version."""
    if source.head[:4] != b"8BPS":
        return None
    return {b"\0\x01": "psd", b"\0\x02": "psb"}.get(source.head[4:6])


def find_damage(source: Source, name: str) -> str | None:
    """Tell whether the header makes no sense, or a section runs past the end of the file."""
    channels, depth = source.number(12, 2), source.number(22, 2)
    if channels is None or depth is None:
        return "the file ends inside its header"
    if not 1 <= channels <= _MOST_CHANNELS or depth not in _DEPTHS:
        return "its header names a picture that cannot be"
    offset = 26
    for section, width in (("colour table", 4), ("image resources", 4), ("layers", 8 if name == "psb" else 4)):
        length = source.number(offset, width)
        if length is None or offset + width + length > source.size_bytes:
            return f"the file ends inside its {section}"
        offset += width + length
    needed = _picture_bytes(source, name, offset, channels * depth)
    return "the file ends inside its flattened picture" if offset + needed > source.size_bytes else None


def _picture_bytes(source: Source, name: str, offset: int, bits: int) -> int:
    """Return the least the flattened picture takes: its pixels, or the table of its packed rows; 2 where packed otherwise."""
    height, width = source.number(14, 4) or 0, source.number(18, 4) or 0
    packing, rows = source.number(offset, 2), height * (source.number(12, 2) or 0)
    if packing == 0:
        return 2 + width * height * bits // 8
    return 2 + rows * (4 if name == "psb" else 2) if packing == 1 else 2
