"""Clips: films of a delivery that bear generative marks, known by some of their frames so that they are found in other films.

Features of frames lie in a file (`FeatureSpool`, 22 kB each); what is searched in takes 11 kB of memory a frame.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scanner.match.clip_search import ClipFrame, ClipSearch
from scanner.match.local_index import is_sound
from scanner.model.matching import Reference
from scanner.model.moving import MovingPicture
from scanner.pipeline.clip_parts import CLIP_INTERVAL, Clip
from scanner.pipeline.feature_spool import FeatureSpool
from scanner.pipeline.film_looking import FilmLooking, Watched
from scanner.pipeline.moving_assets import FilmAsset
from scanner.pipeline.point_matching import Place, Shelf

CLIP_FRAMES = 240
"""Frames of one clip, evenly over its length: two minutes of it at half a second."""
FRAMES_LIMIT = 10_000
"""Frames of all clips together: 110 MB of memory, 220 MB in a temporary file."""
PHASE = "looking at generated clips"
_MOST = 2
"""Times as many frames as were planned are kept: changes of scene come on top."""


@dataclass(frozen=True, slots=True)
class _Planned:
    clip: Clip
    frames: int
    """How many of it are kept at most."""


def clip_shelf(
    clips: Sequence[Reference], places: Mapping[str, Place], films: frozenset[int], spool: FeatureSpool, looking: FilmLooking
) -> tuple[Shelf, tuple[str, ...]]:
    """Look at clips, and return what films are looked through for them, with notes on what of them is not known.

    Args:
        clips: in any order.
        places: where each lies, by its id.
        films: indexes of the films that are looked through.
        spool: takes the features in, and must stay open while the shelf is used.
        looking: how films are looked at.

    Raises:
        OSError: there is no room for the features.
    """
    by_index = {places[clip.id][0]: clip for clip in clips}
    opened = {index: one.description for index, one in looking.opened(sorted(by_index)) if one.description is not None}
    planned = _planned(dict(sorted(opened.items())))
    watched = {
        index: Watched.of(FilmAsset(*looking.file(index), one.clip.film, one.clip.interval, closely=True))
        for index, one in planned.items()
    }
    names: defaultdict[int, dict[Fraction, str]] = defaultdict(dict)
    for index, frame in looking.frames(watched, PHASE):
        if frame.query is not None and is_sound(frame.query) and frame.query.features.count:
            name = f"{by_index[index].id}@{frame.time}"
            spool.add(name, frame.query.features)
            names[index][frame.time] = name
    frames = [
        ClipFrame(by_index[index], time, names[index][time])
        for index, one in sorted(planned.items())
        for time in _evenly(sorted(names[index]), one.frames)
    ]
    known = {by_index[index].id: one.clip for index, one in planned.items()}
    lost = len(by_index) - len({frame.clip.id for frame in frames})
    shelf = Shelf(ClipSearch(frames, spool.features_of), {}, films, known, frozenset(_equals(films, by_index, looking)))
    return shelf, tuple(_notes(lost, [one.clip for one in planned.values()], [one.stretches.why for one in watched.values()]))


def _equals(films: Iterable[int], by_index: Mapping[int, Reference], looking: FilmLooking) -> Iterator[tuple[int, str]]:
    having: defaultdict[str, list[str]] = defaultdict(list)
    for index, clip in by_index.items():
        having[looking.gathered[index].hash.value or ""].append(clip.id)
    for film in films:
        digest = looking.gathered[film].hash.value
        yield from ((film, clip) for clip in (having[digest] if digest else ()))


def _planned(films: Mapping[int, MovingPicture]) -> dict[int, _Planned]:
    """Share the frames out: the short clips get all they want, the long ones as many as each other."""
    wanted = {index: _frames_wanted(film) for index, film in films.items()}
    left, planned = FRAMES_LIMIT // _MOST, {}
    for rank, index in enumerate(sorted(wanted, key=lambda index: (wanted[index], index))):
        frames = min(wanted[index], left // (len(wanted) - rank))
        left -= frames
        if frames:
            length = films[index].duration or Fraction(0)
            planned[index] = _Planned(Clip(films[index], max(CLIP_INTERVAL, length / frames)), frames * _MOST)
    return planned


def _frames_wanted(film: MovingPicture) -> int:
    return CLIP_FRAMES if not film.duration else min(CLIP_FRAMES, int(film.duration / CLIP_INTERVAL) + 1)


def _evenly(times: Sequence[Fraction], most: int) -> list[Fraction]:
    if len(times) <= most:
        return list(times)
    return [times[at * len(times) // most] for at in range(most)]


def _notes(lost: int, clips: Sequence[Clip], whys: Sequence[str]) -> list[str]:
    notes = []
    if lost:
        notes.append(_LOST.format("1 film that bears" if lost == 1 else f"{lost:,} films that bear"))
    if cut := sum(bool(why) for why in whys):
        notes.append(_CUT.format("1 film that bears" if cut == 1 else f"{cut:,} films that bear"))
    if sparse := [clip.interval for clip in clips if clip.is_sparse]:
        which = "1 film that bears" if len(sparse) == 1 else f"{len(sparse):,} films that bear"
        notes.append(_SPARSE.format(which, f"{float(max(sparse)):.1f}"))
    return notes


_LOST = "{} AI marks gave no frame that can be recognised, and would not be found in other films"
_CUT = "{} AI marks could not be looked at whole, and what was not would not be found in other films"
_SPARSE = (
    "of {} AI marks, being long or many, one frame in up to {} s is known: shorter parts of them may go unseen in other films"
)
