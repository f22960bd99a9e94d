"""What a QuickTime or MPEG-4 file claims, looked at before anything is allocated for it.

The library makes an index of every sample that a movie declares: a header of 80 million frames in a file of 40 kB took it 9 s
and 2.8 GB. Here the tables are held against the file's size first. No other container's index is made from a bare number.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from scanner.frames.failures import FilmError
from scanner.model.moving import FilmObstacle
from scanner.tools.containers.bmff import Box, boxes, boxes_within
from scanner.tools.containers.source import Source

FRAMES_LIMIT = 10_000_000
"""Frames of one track that are believed: 46 hours at 60 a second."""
_SAMPLE_TABLE = (b"mdia", b"minf", b"stbl")
_RUNS_LIMIT = 1_000_000


def refuse_claims(source: Source) -> None:
    """Check the movie's tables and whether its movie box is there.

    Raises:
        FilmError: `TOO_LARGE`: a picture track, or a fragment's run, has more frames than are believed, or than the file
            has bytes. `TRUNCATED`: the file ends before the box that says what is in it.
    """
    movie = None
    fragments = 0
    for box in boxes(source):
        if box.kind == b"moov":
            movie = box
            _refuse_tracks(source, box)
        if box.kind == b"moof":
            fragments += _run_frames(source, box)
            _refuse_count(source, fragments)
        if box.end > source.size_bytes and (movie is None or box is movie):
            raise FilmError(FilmObstacle.TRUNCATED, "it ends before the box that says what is in it")


def movie_matrix(source: Source) -> tuple[int, ...]:
    """Return the nine numbers of the first picture track's matrix, as ISO/IEC 14496-12 has them; empty where there is none."""
    movie = next((box for box in boxes(source) if box.kind == b"moov"), None)
    for track in boxes_within(source, movie.start, movie.end) if movie else ():
        within = {box.kind: box for box in boxes_within(source, track.start, track.end)}
        media, header = within.get(b"mdia"), within.get(b"tkhd")
        if track.kind == b"trak" and media and header and _track_kind(source, media) == b"vide":
            place = header.start + (52 if source.at(header.start, 1) == b"\1" else 40)
            raw = source.at(place, 36)
            return struct.unpack(">9i", raw) if len(raw) == 36 else ()
    return ()


def _refuse_tracks(source: Source, movie: Box) -> None:
    for track in boxes_within(source, movie.start, movie.end):
        if track.kind == b"trak":
            for table in _tables(source, track):
                _refuse_count(source, _declared(source, table))


def _tables(source: Source, track: Box) -> Iterator[Box]:
    media = next((box for box in boxes_within(source, track.start, track.end) if box.kind == _SAMPLE_TABLE[0]), None)
    if media is None or _track_kind(source, media) == b"soun":
        # Old uncompressed sound counts every sample of the wave, and no index is made of those.
        return
    place = media
    for kind in _SAMPLE_TABLE[1:]:
        within = next((box for box in boxes_within(source, place.start, place.end) if box.kind == kind), None)
        if within is None:
            return
        place = within
    yield from (box for box in boxes_within(source, place.start, place.end) if box.kind in (b"stsz", b"stz2"))


def _track_kind(source: Source, media: Box) -> bytes:
    handlers = (box for box in boxes_within(source, media.start, media.end) if box.kind == b"hdlr")
    return next((source.at(box.start + 8, 4) for box in handlers), b"")


def _declared(source: Source, table: Box) -> int:
    return source.number(table.start + 8, 4) or 0


def _run_frames(source: Source, fragment: Box) -> int:
    count = 0
    for part in boxes_within(source, fragment.start, fragment.end):
        if part.kind == b"traf":
            runs = [box for box in boxes_within(source, part.start, part.end) if box.kind == b"trun"]
            count += sum(source.number(run.start + 4, 4) or 0 for run in runs)
    return count


def _refuse_count(source: Source, frames: int) -> None:
    if frames > min(FRAMES_LIMIT, source.size_bytes):
        raise FilmError(FilmObstacle.TOO_LARGE, f"it declares {frames} frames, more than are believed of its size")
