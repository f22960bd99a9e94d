"""Looking for references in the films of a scan, and for the time in which each is on screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from scanner.judge.subject import DELIVERABLE_ZONES
from scanner.match.local_index import is_sound
from scanner.match.tracking import Sighting, Track, track
from scanner.model.film_time import timecode_at
from scanner.model.formats import MediaKind
from scanner.model.marks import Provenance
from scanner.model.matching import LocalFeatures, Match, Segment
from scanner.model.moving import FilmLook, MovingPicture
from scanner.model.protocols import Engine
from scanner.model.work import EdgeFound, EdgeTask, FilmFrames, FilmOpened, FilmTask, OpenFilmTask, WorkFailed
from scanner.pipeline.gather import Gathered
from scanner.pipeline.plan import Progress
from scanner.pipeline.point_matching import Shelf
from scanner.pipeline.reading import ReadingRoom

STRETCH_SECONDS = 30
"""Length of what one task looks at: little is lost with a worker that dies, and its answer fits into a message."""
STRETCHES_LIMIT = 20_000
"""Stretches of one film: a week of them. What claims to be longer is looked at so far."""
FAILURES_LIMIT = 3
"""Stretches of one film on which workers may die before the rest of it is let be."""
_STOPPED = "the scan was stopped before it was looked through"
EDGES_LIMIT = 2_000
"""Ends of segments that are looked for frame by frame, in one scan."""
LOOKING, FINDING_ENDS = "looking through films", "finding where each comes and goes"
"""Phases of the work, as progress tells them."""


Stretch = tuple[Fraction | None, Fraction | None]
"""Begin and end, seconds on a film's clock; None for its own."""


@dataclass(slots=True)
class _Seen:
    """What came of one film so far."""

    film: MovingPicture
    looked_at: set[Fraction] = field(default_factory=set)
    sightings: defaultdict[tuple[int, str], dict[Fraction, Match]] = field(default_factory=lambda: defaultdict(dict))
    """Number of a shelf and id of a reference → time of a frame → what it is there."""
    unseen: dict[Stretch, Stretch] = field(default_factory=dict)
    """Stretch of the work → what of it was not looked at; without those that were, whole."""
    failures: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class FilmMatching:
    """The means of looking through films."""

    gathered: Sequence[Gathered]
    shelves: Sequence[Shelf]
    room: ReadingRoom
    engine: Engine
    progress: Progress

    def find(self) -> tuple[dict[int, FilmLook], tuple[dict[int, tuple[Match, ...]], ...]]:
        """Return how each film was looked at, by its index; and for each shelf the matches found in films.

        Ctrl-C ends the looking, not the method: the scan then counts as interrupted.
        """
        wanted = sorted({index for shelf in self.shelves for index in shelf.films})
        looks: dict[int, FilmLook] = {}
        seen: dict[int, _Seen] = {}
        try:
            for index, opened in self._opened(wanted):
                looks[index] = FilmLook(opened.description, 0, opened.why)
                if opened.description is not None:
                    seen[index] = _Seen(opened.description)
            self._look(seen)
            found = self._tracked(seen)
        except KeyboardInterrupt:
            self.room.interrupted = True
            found = tuple({} for _ in self.shelves)
        for index, one in seen.items():
            why = _STOPPED if self.room.interrupted else one.why
            looks[index] = FilmLook(one.film, len(one.looked_at), why, _joined(one.unseen.values(), one.film))
        return looks, found

    def _opened(self, wanted: Sequence[int]) -> Iterator[tuple[int, FilmOpened]]:
        tasks = [OpenFilmTask(index, *self._file(index)) for index in wanted]
        for result in self.engine.run(tasks) if tasks else ():
            if isinstance(result, FilmOpened):
                yield result.key, result
            elif isinstance(result, WorkFailed):
                yield result.key, FilmOpened(result.key, None, f"it could not be opened: {result.why}")

    def _look(self, seen: Mapping[int, _Seen]) -> None:
        stretches = [(index, stretch) for index, one in seen.items() for stretch in _stretches(one.film)]
        for index, stretch in stretches:
            seen[index].unseen[stretch] = stretch
        for done, result in enumerate(self.engine.run(self._film_tasks(stretches, seen)) if stretches else (), 1):
            self.progress(LOOKING, done, len(stretches))
            index, stretch = stretches[result.key]
            if isinstance(result, FilmFrames):
                seen[index].why = seen[index].why or result.why
                _mark_seen(seen[index].unseen, stretch, result)
                self._find_in(result, index, seen[index])
            elif isinstance(result, WorkFailed):
                seen[index].failures += 1
                seen[index].why = f"a part of it was not looked at: {result.why}"

    def _film_tasks(self, stretches: Iterable[tuple[int, Stretch]], seen: Mapping[int, _Seen]) -> Iterator[FilmTask]:
        for key, (index, (begin, end)) in enumerate(stretches):
            if seen[index].failures < FAILURES_LIMIT:
                path, size_bytes = self._file(index)
                share = Fraction(STRETCH_SECONDS) / max(seen[index].film.duration or STRETCH_SECONDS, STRETCH_SECONDS)
                yield FilmTask(key, path, int(size_bytes * share), begin, end)

    def _find_in(self, result: FilmFrames, index: int, seen: _Seen) -> None:
        for frame in result.frames:
            if frame.time in seen.looked_at:
                continue
            seen.looked_at.add(frame.time)
            if frame.query is None or not is_sound(frame.query):
                continue
            for number, shelf in enumerate(self.shelves):
                if index in shelf.films:
                    for match in shelf.cascade.find_in_frame(frame.prints, frame.query):
                        seen.sightings[number, match.reference.id][frame.time] = match

    def _tracked(self, seen: Mapping[int, _Seen]) -> tuple[dict[int, tuple[Match, ...]], ...]:
        tracks = [
            (index, number, one)
            for index, film in seen.items()
            for (number, _), sightings in film.sightings.items()
            for one in track([Sighting(time, match) for time, match in sightings.items()], sorted(film.looked_at))
        ]
        edges = self._edges(tracks)
        segments: defaultdict[tuple[int, int, str], list[tuple[Segment, Match]]] = defaultdict(list)
        for at, (index, number, one) in enumerate(tracks):
            key = number, index, one.best.match.reference.id
            segments[key].append((_segment(seen[index].film, one, edges.get((at, True)), edges.get((at, False))), one.best.match))
        found: tuple[defaultdict[int, list[Match]], ...] = tuple(defaultdict(list) for _ in self.shelves)
        for (number, index, _), told in segments.items():
            best = max((match for _, match in told), key=lambda match: match.inliers or 0)
            found[number][index].append(replace(best, segments=tuple(segment for segment, _ in told)))
        return tuple({index: tuple(matches) for index, matches in shelf.items()} for shelf in found)

    def _edges(self, tracks: Sequence[tuple[int, int, Track]]) -> dict[tuple[int, bool], EdgeFound]:
        """Both ends of tracks, by position and whether it is the beginning; those that were found."""
        work = [
            (at, rises, shows, lacks)
            for at, (_, _, one) in enumerate(tracks)
            for rises, shows, lacks in ((True, one.first, one.before), (False, one.last, one.after))
            if lacks is not None
        ][:EDGES_LIMIT]
        found: dict[tuple[int, bool], EdgeFound] = {}
        for done, result in enumerate(self.engine.run(self._edge_tasks(work, tracks)) if work else (), 1):
            self.progress(FINDING_ENDS, done, len(work))
            if isinstance(result, EdgeFound) and result.shows is not None:
                at, rises, _, _ = work[result.key]
                found[at, rises] = result
        return found

    def _edge_tasks(
        self, work: Sequence[tuple[int, bool, Fraction, Fraction]], tracks: Sequence[tuple[int, int, Track]]
    ) -> Iterator[EdgeTask]:
        for key, (at, _, shows, lacks) in enumerate(work):
            index, number, one = tracks[at]
            features = self._features_of(number, one.best.match.reference.id)
            if features is not None:
                alignment = one.best.match.alignment
                mirrored = bool(alignment and alignment.mirrored)
                yield EdgeTask(key, self._file(index)[0], 0, shows, lacks, features, mirrored)

    def _features_of(self, number: int, reference: str) -> LocalFeatures | None:
        return self.shelves[number].cascade.features_of(reference)

    def _file(self, index: int) -> tuple[str, int]:
        asset = self.gathered[index].asset
        return self.room.absolute(asset.root, asset.files[0].path), asset.files[0].size_bytes


def films_among(gathered: Sequence[Gathered]) -> tuple[int, ...]:
    """Return the indexes of the moving pictures that may be delivered, and were read."""
    return tuple(
        index
        for index, one in enumerate(gathered)
        if one.first.format.kind is MediaKind.VIDEO
        and one.asset.zone.zone in DELIVERABLE_ZONES
        and one.provenance is not Provenance.UNREADABLE
    )


def with_films(gathered: Sequence[Gathered], looks: Mapping[int, FilmLook]) -> tuple[Gathered, ...]:
    """Return the assets with how their films were looked at."""
    return tuple(replace(one, film=looks[index]) if index in looks else one for index, one in enumerate(gathered))


def _stretches(film: MovingPicture) -> Iterator[Stretch]:
    """Yield the parts of a film as begin and end; the last goes on to wherever the film ends."""
    start, duration = film.start or Fraction(0), film.duration or Fraction(0)
    count = min(STRETCHES_LIMIT, max(1, -(-int(duration) // STRETCH_SECONDS)))
    edges = [start + STRETCH_SECONDS * part for part in range(1, count)]
    yield from zip((None, *edges), (*edges, None), strict=True)


def _mark_seen(unseen: dict[Stretch, Stretch], stretch: Stretch, result: FilmFrames) -> None:
    if result.frames and not result.why:
        del unseen[stretch]
    elif result.frames:
        unseen[stretch] = (result.frames[-1].time, stretch[1])


def _joined(unseen: Iterable[Stretch], film: MovingPicture) -> tuple[tuple[Fraction, Fraction], ...]:
    """The parts that were not looked at, those that follow each other as one."""
    start = film.start or Fraction(0)
    close = start + (film.duration or Fraction(0))
    joined: list[tuple[Fraction, Fraction]] = []
    for begin, end in sorted((start if begin is None else begin, close if end is None else end) for begin, end in unseen):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        elif begin < end:
            joined.append((begin, end))
    return tuple(joined)


def _segment(film: MovingPicture, one: Track, rise: EdgeFound | None, fall: EdgeFound | None) -> Segment:
    first = rise.shows if rise and rise.shows is not None else one.first
    after = fall.lacks if fall and fall.lacks is not None else one.after
    if after is None:
        # It stands to the film's end.
        after = max((film.start or Fraction(0)) + (film.duration or Fraction(0)), one.last)
    exact = (one.before is None or rise is not None) and (one.after is None or fall is not None)
    times = timecode_at(film, first), timecode_at(film, after)
    return Segment(first, after, *times, one.best.time, one.frames, exact, one.best.match.inliers or 0)
