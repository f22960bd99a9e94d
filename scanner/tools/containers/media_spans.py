"""Where a large file holds its media and nothing else: what need not be fetched to read all that it says of itself.

Only containers are answered for whose walk ExifTool and our own readers pass over these bytes too (`tests/read/test_partial.py`
holds them to that): QuickTime and MP4, WAVE, AVI.
"""

from __future__ import annotations

from scanner.model.assets import Spans
from scanner.tools.containers.bmff import boxes, read_box
from scanner.tools.containers.riff import STREAMING, chunks, long_size
from scanner.tools.containers.source import Source

_MOVIE_STARTS = frozenset({b"ftyp", b"styp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
MEDIA_HEAD_BYTES = 64 << 10
"""Of a movie's first media, counted with what is read: messages of programs stand in a stream's first access units."""
_ITEMS = b"iloc"
"""A box of items that lie anywhere in the file, in ``mdat`` too: metadata can stand among them (ISO/IEC 14496-12, 8.11.3)."""


def find_media_spans(source: Source) -> Spans | None:
    """Return the spans of pure media; None for a container that is not known, or may hold other things among its media."""
    first = read_box(source, 0)
    if first is not None and first.kind in _MOVIE_STARTS:
        return _movie_spans(source)
    outer, form = source.head[:4], source.head[8:12]
    if (outer in (b"RIFF", b"RF64", b"BW64") and form == b"WAVE") or (outer == b"RIFF" and form == b"AVI "):
        return _riff_spans(source)
    return None


def _movie_spans(source: Source) -> Spans | None:
    spans: list[tuple[int, int]] = []
    for box in boxes(source):
        if box.kind == b"mdat":
            head_bytes = 0 if spans else MEDIA_HEAD_BYTES
            spans.append((box.start + head_bytes, min(box.end, source.size_bytes)))
        elif box.kind in (b"meta", b"moov") and source.find(_ITEMS, box.start, box.end) is not None:
            return None
    return _proper(spans)


def _riff_spans(source: Source) -> Spans | None:
    spans: list[tuple[int, int]] = []
    for chunk in chunks(source):
        if chunk.kind == b"data":
            # A recorder that did not know the end: nothing tells where the sound ends.
            long = long_size(source) if chunk.size == 0xFFFFFFFF else None
            if chunk.size in STREAMING and not long:
                return None
            spans.append((chunk.start, min(chunk.start + (long or chunk.size), source.size_bytes)))
        elif chunk.kind == b"LIST" and source.at(chunk.start, 4) == b"movi":
            if chunk.size in STREAMING:
                return None
            spans.append((chunk.start + 4, min(chunk.start + chunk.size, source.size_bytes)))
    return _proper(spans)


def _proper(spans: list[tuple[int, int]]) -> Spans:
    return tuple((start, end) for start, end in spans if end > start)
