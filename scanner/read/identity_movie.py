"""The timecode track of QuickTime and MP4: its first frame's number, how it counts, and the reel that its description names.

Layout: QuickTime File Format, timecode media; ISO/IEC 14496-12 for the boxes around it.
"""

from __future__ import annotations

from fractions import Fraction

from scanner.model.cut import FrameRange
from scanner.model.placement import UNKNOWN_MEDIA, MediaIdentity
from scanner.model.timecode import Rate, TimecodeError
from scanner.tools.containers.bmff import Box, boxes, boxes_within
from scanner.tools.containers.source import Source

_DROP_FRAME = 1
"""Flag of a timecode description."""
_COUNTER = 4
"""Flag: it counts tape, and is no timecode."""
_DESCRIPTION_BYTES = 34
"""Size and kind, 8; reserved and data reference, 8; reserved 4, flags 4, time scale 4, frame duration 4, frames a second 1, 1."""
_NAME_HEAD_BYTES = 4
"""Length and language before the text of a reel's ``name``."""
_REEL_LIMIT_BYTES = 256


def identify_movie(source: Source) -> MediaIdentity:
    """Read the first timecode track of a movie."""
    for movie in boxes(source):
        if movie.kind == b"moov":
            tracks = (_identify_track(source, box) for box in boxes_within(source, movie.start, movie.end) if box.kind == b"trak")
            return next((track for track in tracks if track is not None), UNKNOWN_MEDIA)
    return UNKNOWN_MEDIA


def _identify_track(source: Source, track: Box) -> MediaIdentity | None:
    media = _child(source, track, b"mdia")
    table = _child(source, _child(source, media, b"minf"), b"stbl")
    described = _child(source, table, b"stsd")
    if media is None or described is None or source.at(described.start + 12, 4) != b"tmcd":
        return None
    entry = described.start + 8
    end = min(entry + (source.number(entry, 4) or 0), described.end)
    reel = next((box for box in boxes_within(source, entry + _DESCRIPTION_BYTES, end) if box.kind == b"name"), None)
    text = b"" if reel is None else source.at(reel.start + _NAME_HEAD_BYTES, min(reel.end - reel.start - 4, _REEL_LIMIT_BYTES))
    counted = _rate(source, entry)
    frames = _frames(source, media, table, counted) if counted else None
    return MediaIdentity((), text.decode("utf-8", "replace").strip("\0 "), frames, counted if frames else None)


def _rate(source: Source, entry: int) -> Rate | None:
    flags, scale, duration = (source.number(entry + at, 4) or 0 for at in (20, 24, 28))
    if not scale or not duration or flags & _COUNTER:
        return None
    try:
        return Rate(Fraction(scale, duration), bool(flags & _DROP_FRAME))
    except TimecodeError:
        return None


def _frames(source: Source, media: Box, table: Box | None, rate: Rate) -> FrameRange | None:
    """All frames of the movie, counted from the number that the track's one sample says."""
    offset = _first_chunk(source, table)
    start = None if offset is None else source.number(offset, 4)
    header = _child(source, media, b"mdhd")
    if start is None or header is None:
        return None
    # Version 1 has times of 64 bits.
    long = source.at(header.start, 1) == b"\1"
    scale = source.number(header.start + (20 if long else 12), 4)
    duration = source.number(header.start + (24 if long else 16), 8 if long else 4)
    length = rate.nearest_frame(Fraction(duration, scale)) if scale and duration else 0
    return FrameRange(start, start + length) if 0 < length <= rate.frames_a_day else None


def _first_chunk(source: Source, table: Box | None) -> int | None:
    for kind, size in ((b"stco", 4), (b"co64", 8)):
        if offsets := _child(source, table, kind):
            return source.number(offsets.start + 8, size)
    return None


def _child(source: Source, parent: Box | None, kind: bytes) -> Box | None:
    if parent is None:
        return None
    return next((box for box in boxes_within(source, parent.start, parent.end) if box.kind == kind), None)
