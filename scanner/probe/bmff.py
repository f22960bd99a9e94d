"""ISO base media files (ISO/IEC 14496-12) and classic QuickTime: boxes, brands, and what a missing box says."""

from __future__ import annotations

from scanner.tools.containers.bmff import Box, boxes, read_box
from scanner.tools.containers.source import Source

_IMAGE_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "avif"),
    # ISO/IEC 23008-12, annexes B and E.
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), "heic"),
    **dict.fromkeys((b"mif1", b"mif2", b"msf1", b"miaf"), "heif"),
}
_BRANDS = {
    **_IMAGE_BRANDS,
    b"crx ": "cr3",
    b"qt  ": "mov",
    **dict.fromkeys((b"M4V ", b"M4VH", b"M4VP"), "m4v"),
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P "), "m4a"),
    **dict.fromkeys((b"jp2 ", b"jpx ", b"jpm "), "jp2"),
    b"jxl ": "jxl",
}
# QuickTime File Format, 2001: a movie may start with any of these and have no ftyp at all.
_CLASSIC_FIRST = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_KNOWN = _CLASSIC_FIRST | frozenset(
    b"ftyp styp moof mfra meta uuid sidx ssix prft pdin udta emsg PICT jp2h jp2c jxlc jxlp Exif xml  brob".split(b" ")
)
_IDLE = frozenset({b"free", b"skip", b"wide"})
_MOVIES = frozenset({"mp4", "mov", "m4v", "m4a", "3gp", "cr3"})


def recognise(source: Source) -> str | None:
    """Name the format of a file that starts with boxes."""
    first = read_box(source, 0)
    if first is None:
        return None
    if first.kind in (b"ftyp", b"styp"):
        return _by_brand(source, first)
    return "mov" if _is_classic(source, first) else None


def _by_brand(source: Source, first: Box) -> str | None:
    brands = source.at(first.offset + 8, min(max(first.size - 8, 0), 1024))
    major, compatible = brands[:4], {brands[at : at + 4] for at in range(8, len(brands) - 3, 4)}
    if len(major) < 4:
        return None
    name = _BRANDS.get(major)
    if name == "heif":
        return next((_BRANDS[brand] for brand in sorted(compatible) if _BRANDS.get(brand) in ("avif", "heic")), name)
    if name:
        return name
    return "3gp" if major[:2] == b"3g" else "mp4"


def _is_classic(source: Source, first: Box) -> bool:
    if first.kind not in _CLASSIC_FIRST:
        return False
    if first.end > source.size_bytes:
        # A cut movie, unless the size is letters: then it is text with "wide" or "free" in it.
        return first.kind in (b"mdat", b"moov") and not source.head[:4].isascii()
    if first.kind in (b"mdat", b"moov") or first.end == source.size_bytes:
        return True
    follower = read_box(source, first.end)
    return follower is not None and follower.kind in _KNOWN


_DESCRIBING = frozenset({b"moov", b"meta", b"moof"})
"""Boxes in which marks stand."""


def find_damage(source: Source, name: str) -> str | None:
    """Tell where a box runs past the end, or the box without which nothing can be shown is missing."""
    seen: set[bytes] = set()
    for box in boxes(source):
        if box.end > source.size_bytes and box.kind in _KNOWN - _IDLE:
            return f"the file ends inside its {box.kind.decode('latin-1').strip()} box"
        # ISO/IEC 14496-12 lets a last box go without a size; ExifTool takes that for the end and reads nothing in it.
        if box.kind in _DESCRIBING and source.at(box.offset, 4) == bytes(4):
            return f"its {box.kind.decode('latin-1')} box declares no size"
        seen.add(box.kind)
    return _missing_box(seen, name)


def _missing_box(seen: set[bytes], name: str) -> str | None:
    if name in _MOVIES:
        return None if seen & {b"moov", b"moof"} else "has no moov box"
    if name in _IMAGE_BRANDS.values():
        return None if seen & {b"meta", b"moov"} else "has no meta box"
    return None
