"""Files whose container holds nothing but the picture or the sound: ExifTool and the C2PA library need not be asked about them.

A walk of the whole container that meets only parts which can carry no text, no date, no name and no manifest. Anything else,
anything odd, and every format not named here goes to both. What the two say must be the same: tests hold every fixture, the real
corpus and mutants of both to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from scanner.model.readings import BARE_NOTE, NotFound, Statement
from scanner.tools.containers import jpeg, png, riff, tiff
from scanner.tools.containers.source import Source

_Size = tuple[int, int]
"""Width and height in pixels; zeros for a sound."""
_Walk = Callable[[Source], _Size | None]

_TRAILER = re.compile(rb"AXS[!*]|\xa1\xb2\xc3\xd4|cbipcbbl|CANON OPTIONAL|zmie|QDIOBS|SEFT|8db42d69|NIKON APP|\x1b\*9HW|jxrs")
"""What ExifTool knows a trailer by in a file's last 64 bytes (`IdentifyTrailer`, 13.59), found anywhere in them."""
_TRAILER_BYTES = 64

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Start of frame, ITU-T T.81 table B.1: 0xC4, 0xC8 and 0xCC are tables and a reserved code."""
_TABLES = frozenset({0xC4, 0xDB, 0xDD})
_JFIF = (0xE0, b"JFIF\0", 14)
_ADOBE = (0xEE, b"Adobe", 12)
"""Application segments of fixed content: marker, identifier, bytes. A JFIF segment with a thumbnail is longer."""

_PNG_CHUNKS = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"bKGD", b"sBIT"))

_TIFF_TAGS = frozenset(
    (*range(254, 260), 262, 263, 266, 273, 274, *range(277, 285), 290, 291, 296, 297, *range(317, 326), 338, 339)
)
"""Tags of TIFF 6.0 that say how the picture is stored, all of them numbers."""
_TIFF_NUMBERS = (3, 4, 5, 16)

_WEBP_CHUNKS = frozenset((b"VP8 ", b"VP8L", b"ALPH", b"VP8X"))
_WAVE_CHUNKS = frozenset((b"fmt ", b"data", b"fact", b"PEAK"))


def read_bare(source: Source, format_name: str) -> NotFound | None:
    """Return that nothing is there, with the picture's size; None where ExifTool must look.

    Raises:
        OSError: the file cannot be read.
    """
    walk = _WALKS.get(format_name)
    if walk is None or holds_trailer(source):
        return None
    size = walk(source)
    if size is None:
        return None
    named = zip(("File:ImageWidth", "File:ImageHeight"), size, strict=True)
    return NotFound(statements=tuple(Statement(field, str(value)) for field, value in named if value), note=BARE_NOTE)


def holds_trailer(source: Source) -> bool:
    """Whether the file ends in what ExifTool knows a trailer by."""
    return _TRAILER.search(source.tail(_TRAILER_BYTES)) is not None


def _walk_jpeg(source: Source) -> _Size | None:
    size = None
    for segment in jpeg.segments(source):
        if segment.end > source.size_bytes:
            return None
        if segment.code == jpeg.SOS:
            # ExifTool looks behind the scan only for what a segment announced, or a trailer it knows by its end.
            return size if source.tail(2) == b"\xff\xd9" else None
        if segment.code in _FRAMES and size is None and segment.size >= 6:
            size = source.number(segment.start + 3, 2) or 0, source.number(segment.start + 1, 2) or 0
        elif segment.code not in _TABLES and not any(_is_fixed(source, segment, *known) for known in (_JFIF, _ADOBE)):
            return None
    return None


def _is_fixed(source: Source, segment: jpeg.Segment, code: int, identifier: bytes, size_bytes: int) -> bool:
    return segment.code == code and segment.size == size_bytes and source.at(segment.start, len(identifier)) == identifier


def _walk_png(source: Source) -> _Size | None:
    size = None
    for kind, offset, length in png.chunks(source):
        if kind not in _PNG_CHUNKS or (kind == b"IHDR") is not (size is None):
            return None
        if kind == b"IHDR":
            size = source.number(offset + 8, 4) or 0, source.number(offset + 12, 4) or 0
        if kind == b"IEND":
            return size if offset + 12 + length == source.size_bytes else None
    return None


def _walk_tiff(source: Source) -> _Size | None:
    layout = tiff.read_layout(source)
    entries = tiff.read_directory(source, layout, layout.first) if layout and not layout.big else None
    if layout is None or not entries or source.number(layout.first + 2 + 12 * len(entries), 4, little=layout.little) != 0:
        return None
    if source.number(layout.first, 2, little=layout.little) != len(entries):
        return None
    for tag, entry in entries.items():
        within = entry.size_bytes <= 4 or entry.at + entry.size_bytes <= source.size_bytes
        if tag not in _TIFF_TAGS or entry.kind not in _TIFF_NUMBERS or not entry.count or not within:
            return None
    width, height = (tiff.read_numbers(source, layout, entries.get(tag)) for tag in (256, 257))
    return (width[0], height[0]) if width and height else None


def _walk_webp(source: Source) -> _Size | None:
    # The size stands in the first chunk's bit stream, in one of three forms: only the extended header is plain.
    if source.at(12, 4) != b"VP8X" or not _holds_only(source, _WEBP_CHUNKS):
        return None
    width, height = (source.number(at, 3, little=True) for at in (24, 27))
    return None if width is None or height is None else (width + 1, height + 1)


def _walk_wave(source: Source) -> _Size | None:
    return (0, 0) if _holds_only(source, _WAVE_CHUNKS) else None


def _holds_only(source: Source, known: frozenset[bytes]) -> bool:
    end = 12
    for chunk in riff.chunks(source):
        if chunk.kind not in known or chunk.start != end + 8:
            return False
        end = chunk.start + chunk.size + chunk.size % 2
    return end == source.size_bytes == (source.number(4, 4, little=True) or 0) + 8


_WALKS: Mapping[str, _Walk] = {
    "jpeg": _walk_jpeg,
    "png": _walk_png,
    "tiff": _walk_tiff,
    "webp": _walk_webp,
    "wav": _walk_wave,
}
