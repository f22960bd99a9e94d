"""Where a large file holds its media and nothing else: what need not be fetched to read all that it says of itself.

Only containers are answered for whose media ExifTool and our own readers pass over: QuickTime and MP4, WAVE, AVI, and MXF whose
header says where its footer is. `tests/pipeline/test_part_shadows.py` holds them to that.
"""

from __future__ import annotations

from scanner.model.assets import Spans
from scanner.tools.containers.bmff import boxes, read_box
from scanner.tools.containers.riff import STREAMING, chunks, long_size
from scanner.tools.containers.source import Source

_MOVIE_STARTS = frozenset({b"ftyp", b"styp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
MEDIA_HEAD_BYTES = 64 << 10
"""Of a movie's first media, counted with what is read: messages of programs stand in a stream's first access units."""
_MXF_HEADER = bytes.fromhex("060e2b34020501010d01020101" + "02")
_MXF_FILL = bytes.fromhex("060e2b34010101")
_MXF_RUN_IN_BYTES = 65_547
_MXF_SLACK_BYTES = 64 << 10
"""What walks the header reads the key behind it too, and fillers before that."""
_ITEMS = b"iloc"
"""A box of items that lie anywhere in the file, in ``mdat`` too: metadata can stand among them (ISO/IEC 14496-12, 8.11.3)."""


def find_media_spans(source: Source) -> Spans | None:
    """Return the spans of pure media; None for a container that is not known, or may hold other things among its media."""
    first = read_box(source, 0)
    if first is not None and first.kind in _MOVIE_STARTS:
        return _movie_spans(source)
    if b"\x06\x0e\x2b\x34" in source.head and (mxf := _mxf_spans(source)) is not None:
        return mxf
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


def _mxf_spans(source: Source) -> Spans | None:
    """From behind the header's metadata and index to the footer: where it names one, ExifTool and we go there directly."""
    header = source.find(_MXF_HEADER, 0, _MXF_RUN_IN_BYTES)
    pack, pack_bytes = _mxf_value(source, header)
    if header is None or pack is None:
        return None
    # MajorVersion, MinorVersion, KAGSize, ThisPartition, PreviousPartition come first: 2+2+4+8+8 (ST 377-1, table 5).
    footer, metadata_bytes, index_bytes = (source.number(pack + at, 8) or 0 for at in (24, 32, 40))
    primer, fill_bytes = pack + pack_bytes, 0
    if source.at(primer, 16).startswith(_MXF_FILL):
        filled, fill_bytes = _mxf_value(source, primer)
        primer = filled + fill_bytes if filled is not None else primer
    end = primer + metadata_bytes + index_bytes + _MXF_SLACK_BYTES
    if not footer or not metadata_bytes or header + footer > source.size_bytes:
        return None
    return _proper([(end, header + footer)])


def _mxf_value(source: Source, key: int | None) -> tuple[int | None, int]:
    """Where the value behind a key starts, and its size, which BER writes in one byte or in as many as the first says."""
    first = None if key is None else source.number(key + 16, 1)
    if key is None or first is None:
        return None, 0
    more = first & 0x7F if first & 0x80 else 0
    size = (source.number(key + 17, more) if more <= 8 else None) if more else first
    return (key + 17 + more, size) if size is not None else (None, 0)


def _proper(spans: list[tuple[int, int]]) -> Spans:
    return tuple((start, end) for start, end in spans if end > start)
