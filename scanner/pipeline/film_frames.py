"""Looking at frames of films and numbered sequences; done in a worker, like all that opens a file."""

from __future__ import annotations

from fractions import Fraction

from scanner.fingerprint.failures import PictureBroken, PictureRefused
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.prints import prints_of
from scanner.fingerprint.small import made_small
from scanner.frames.failures import FilmError
from scanner.frames.opening import open_moving
from scanner.model.matching import LocalQuery
from scanner.model.work import EdgeFound, EdgeTask, FilmFrame, FilmFrames, FilmOpened, FilmTask, OpenFilmTask
from scanner.pipeline.frame_sources import FrameSource, format_of, open_source

FRAMES_LIMIT = 600
"""Frames of one stretch; strobing alone makes so many of half a minute."""


def open_film(task: OpenFilmTask) -> FilmOpened:
    """Say what a film's container claims; nothing of it is decoded."""
    try:
        with open_moving(task.path, format_of(task)) as film:
            return FilmOpened(task.key, film.description)
    except FilmError as error:
        return FilmOpened(task.key, None, error.why)
    except OSError as error:
        return FilmOpened(task.key, None, f"it cannot be opened ({error.strerror or error})")


def look_at_film(task: FilmTask) -> FilmFrames:
    """Make hashes and points of the frames of a stretch that are worth looking at."""
    frames: list[FilmFrame] = []
    try:
        with open_source(task) as source:
            for mark, picture in source.sampled(task.begin, task.end):
                frames.append(_looked_at(mark.time, picture, closely=task.closely))
                if len(frames) >= FRAMES_LIMIT:
                    return FilmFrames(task.key, tuple(frames), why=f"more than {FRAMES_LIMIT} pictures change in half a minute")
            return FilmFrames(task.key, tuple(frames), source.damaged, source.why, source.reached, tuple(source.lost))
    except FilmError as error:
        return FilmFrames(task.key, tuple(frames), why=error.why)
    except OSError as error:
        return FilmFrames(task.key, tuple(frames), why=f"it cannot be opened ({error.strerror or error})")


def find_edge(task: EdgeTask) -> EdgeFound:
    """Find where a reference comes or goes between two frames, by halving: it is taken to do so once."""
    begin, end = sorted((task.shows, task.lacks))
    try:
        with open_source(task) as source:
            times = list(source.between(begin, end))
            if not times or (times[0], times[-1]) != (begin, end):
                # Of too many frames, or damaged ones, the end may be missing: then nothing is known of the last.
                return EdgeFound(task.key, None)
            # Ordered from the frame that lacks it to the one that shows it.
            return _halved(task, source, times if task.lacks < task.shows else times[::-1])
    except (FilmError, OSError):
        return EdgeFound(task.key, None)


def _halved(task: EdgeTask, source: FrameSource, ordered: list[Fraction]) -> EdgeFound:
    if len(ordered) < 2:
        return EdgeFound(task.key, None)
    low, high = 0, len(ordered) - 1
    while high - low > 1:
        middle = (low + high) // 2
        picture = source.picture_at(ordered[middle])
        if picture is None:
            # What does not decode says nothing of where the edge lies.
            del ordered[middle]
            high -= 1
        elif _shows(picture, task):
            high = middle
        else:
            low = middle
    return EdgeFound(task.key, ordered[high], ordered[low])


def _shows(picture: Picture, task: EdgeTask) -> bool:
    from scanner.match.alignment import align
    from scanner.match.points import points_of

    query = _looked_at(task.shows, picture).query
    if query is None:
        return False
    features = query.mirrored if task.mirrored else query.features
    seen = points_of(features)
    return any(align(seen, points_of(own), mirrored=task.mirrored) is not None for own in task.references)


def _looked_at(seconds: Fraction, picture: Picture, *, closely: bool = False) -> FilmFrame:
    try:
        small = made_small(picture)
        query = _query_of(small, closely=closely)
        return FilmFrame(seconds, prints_of(small)[1] if query else (), query)
    except (PictureRefused, PictureBroken):
        return FilmFrame(seconds)


def _query_of(small: Picture, *, closely: bool) -> LocalQuery | None:
    from scanner.fingerprint.local_features import (  # OpenCV costs 0.1 s and 60 MB, and few scans need it
        FRAME,
        STILL,
        local_query,
    )

    query = local_query(small, STILL if closely else FRAME)
    return query if query.features.count else None
