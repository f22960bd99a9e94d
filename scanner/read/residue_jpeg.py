"""JPEG: bare label segments, a garbled comment, Samsung's trailer, and credentials where the C2PA library does not look."""

from __future__ import annotations

from scanner.read.residue_comment import harvest_comment
from scanner.read.residue_harvest import Harvest, decode_text
from scanner.read.residue_samsung import harvest_samsung
from scanner.tools.containers.jpeg import EOI, FIRST_APP, LAST_APP, SOS, Segment, segments
from scanner.tools.containers.source import Source

_EXIF_SEGMENT = 0xE1
_LABELS = (b"AIGC", b'{"AIGC"')
_SUPERBOX = bytes.fromhex("6332706100110010800000aa00389b71")
"""Type of the C2PA superbox (C2PA 2.x, 11.1.4.2)."""
_SEARCH_LIMIT_BYTES = 64 << 20
"""How far behind the start of the picture a hidden superbox is looked for."""


def harvest_jpeg(source: Source, harvest: Harvest) -> None:
    """Read what ExifTool and the C2PA library leave."""
    last = None
    for last in segments(source):
        if FIRST_APP <= last.code <= LAST_APP:
            _harvest_segment(source, last, harvest)
    if last is None or last.code not in (SOS, EOI):
        harvest.warn("the file ends, or makes no sense, before its picture")
        return
    harvest_samsung(source, source.size_bytes, harvest)
    _harvest_hidden(source, last.offset, harvest)


def _harvest_segment(source: Source, segment: Segment, harvest: Harvest) -> None:
    start = source.at(segment.start, 8)
    if start.startswith(_LABELS):
        harvest.add("JPEG-APP:AIGC", decode_text(source.at(segment.start, segment.size)))
    elif segment.code == _EXIF_SEGMENT and start.startswith(b"Exif\0\0"):
        harvest_comment(source.at(segment.start, segment.size), harvest)


def _harvest_hidden(source: Source, scan: int, harvest: Harvest) -> None:
    """Tell of a C2PA superbox behind the start of the picture; the C2PA library reads only the segments before it."""
    limit = scan + _SEARCH_LIMIT_BYTES
    found = source.find(_SUPERBOX, scan, limit)
    if found is None:
        return
    # Within a scan a marker code cannot occur by chance, T.81 section B.1.1.5.
    ended = source.find(b"\xff\xd9", scan, found) is not None
    harvest.add(
        "C2PA-hidden:Place", f"{'behind the end marker' if ended else 'behind the start of the picture'}, at byte {found}"
    )
