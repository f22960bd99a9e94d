"""Looking at a film's frames; done in a worker, like all that opens a file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from PIL import Image

from scanner.fingerprint.failures import PictureBroken, PictureRefused
from scanner.fingerprint.picture import SMALL_PX, Picture
from scanner.fingerprint.prints import prints_of
from scanner.fingerprint.small import made_small
from scanner.frames.failures import FilmError
from scanner.frames.interval import frames_between
from scanner.frames.opening import open_moving
from scanner.frames.rendering import Pixels
from scanner.frames.sampling import SampledFrame, Sampling, Stretch
from scanner.model.matching import LocalQuery
from scanner.model.moving import FilmObstacle, SamplingOutcome
from scanner.model.work import EdgeFound, EdgeTask, FilmFrame, FilmFrames, FilmOpened, FilmTask, OpenFilmTask
from scanner.probe.detect import probe

FRAMES_LIMIT = 600
"""Frames of one stretch; strobing alone makes so many of half a minute."""
EDGE_FRAMES_LIMIT = 400
"""Frames between two looked-at ones among which an edge is sought: key frames can lie ten seconds apart."""
_INSTANT = Fraction(1, 10**6)
"""Seconds within which a film shows one frame only."""
_HOLE = 2
"""Intervals without a frame from which damaged packets have cost something: single ones among whole ones do not."""
_ENDINGS: dict[FilmObstacle | None, str] = {
    FilmObstacle.TRUNCATED: "it ends before it says it does",
    FilmObstacle.BROKEN: "a part of it cannot be decoded",
}


def open_film(task: OpenFilmTask) -> FilmOpened:
    """Say what a film's container claims; nothing of it is decoded."""
    try:
        with open_moving(task.path, _format_of(task)) as film:
            return FilmOpened(task.key, film.description)
    except FilmError as error:
        return FilmOpened(task.key, None, error.why)
    except OSError as error:
        return FilmOpened(task.key, None, f"it cannot be opened ({error.strerror or error})")


def look_at_film(task: FilmTask) -> FilmFrames:
    """Make hashes and points of the frames of a stretch that are worth looking at."""
    frames: list[FilmFrame] = []
    try:
        with open_moving(task.path, _format_of(task)) as film:
            sampling = Sampling(film, Stretch(task.begin, task.end), interval=task.interval, side_px=SMALL_PX)
            for sampled in sampling:
                frames.append(_looked_at(sampled, closely=task.closely))
                if len(frames) >= FRAMES_LIMIT:
                    return FilmFrames(task.key, tuple(frames), why=f"more than {FRAMES_LIMIT} pictures change in half a minute")
            ending = sampling.outcome
            obstacle = ending.obstacle or (FilmObstacle.BROKEN if ending.damaged and _has_hole(frames, task, ending) else None)
            return FilmFrames(task.key, tuple(frames), ending.damaged, _ENDINGS.get(obstacle, ""), ending.reached)
    except FilmError as error:
        return FilmFrames(task.key, tuple(frames), why=error.why)
    except OSError as error:
        return FilmFrames(task.key, tuple(frames), why=f"it cannot be opened ({error.strerror or error})")


def find_edge(task: EdgeTask) -> EdgeFound:
    """Find where a reference comes or goes between two frames, by halving: it is taken to do so once."""
    begin, end = sorted((task.shows, task.lacks))
    rising = task.lacks < task.shows
    try:
        with open_moving(task.path, _format_of(task)) as film:
            # The frame at `end` too, so that both ends of the search are there.
            frames = list(_first(frames_between(film, begin, end + _INSTANT, side_px=SMALL_PX)))
    except (FilmError, OSError):
        return EdgeFound(task.key, None)
    if len(frames) < 2:
        return EdgeFound(task.key, None)
    # Ordered from the frame that lacks it to the one that shows it.
    ordered = frames if rising else frames[::-1]
    low, high = 0, len(ordered) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _shows(ordered[middle], task) else (middle, high)
    return EdgeFound(task.key, ordered[high].mark.time, ordered[low].mark.time)


def frame_at(path: str, format_name: str, seconds: Fraction) -> Pixels | None:
    """Return the frame of a film that is shown at `seconds` on its clock, None where none is decoded there.

    Raises:
        FilmError: it cannot be decoded.
        OSError: it cannot be opened.
    """
    with open_moving(path, format_name) as film:
        frames = frames_between(film, seconds, seconds + _INSTANT, side_px=SMALL_PX)
        return next((frame.pixels for frame in frames), None)


def _has_hole(frames: Sequence[FilmFrame], task: FilmTask, outcome: SamplingOutcome) -> bool:
    times = [frame.time for frame in frames]
    if outcome.reached is not None:
        times.append(outcome.reached if task.end is None else min(outcome.reached, task.end))
    if task.begin is not None:
        times.append(task.begin)
    return any(later - earlier > _HOLE * task.interval for earlier, later in pairwise(sorted(times)))


def _shows(frame: SampledFrame, task: EdgeTask) -> bool:
    from scanner.match.alignment import align
    from scanner.match.points import points_of

    query = _looked_at(frame).query
    if query is None:
        return False
    features = query.mirrored if task.mirrored else query.features
    seen = points_of(features)
    return any(align(seen, points_of(own), mirrored=task.mirrored) is not None for own in task.references)


def _looked_at(sampled: SampledFrame, *, closely: bool = False) -> FilmFrame:
    image = Image.fromarray(sampled.pixels)
    try:
        small = made_small(Picture(image, image.width, image.height))
        query = _query_of(small, closely=closely)
        return FilmFrame(sampled.mark.time, prints_of(small)[1] if query else (), query)
    except (PictureRefused, PictureBroken):
        return FilmFrame(sampled.mark.time)


def _query_of(small: Picture, *, closely: bool) -> LocalQuery | None:
    from scanner.fingerprint.local_features import (  # OpenCV costs 0.1 s and 60 MB, and few scans need it
        FRAME,
        STILL,
        local_query,
    )

    query = local_query(small, STILL if closely else FRAME)
    return query if query.features.count else None


def _first(frames: Iterator[SampledFrame]) -> Iterator[SampledFrame]:
    for _, frame in zip(range(EDGE_FRAMES_LIMIT), frames, strict=False):
        yield frame


def _format_of(task: OpenFilmTask | FilmTask | EdgeTask) -> str:
    return probe(task.path, os.path.basename(task.path), os.stat(task.path).st_size).format.name
