"""Looking for references in the films and sequences of a scan, and for the time in which each is on screen."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from scanner.match.local_index import is_sound
from scanner.match.tracking import Sighting, Track, track
from scanner.model.matching import LocalFeatures, Match, Segment
from scanner.model.moving import FilmLook, MovingPicture
from scanner.model.protocols import Engine
from scanner.model.work import EdgeFound, EdgeTask, FilmFrames, FilmOpened, FilmTask, OpenFilmTask, WorkFailed
from scanner.pipeline.gather import Gathered
from scanner.pipeline.moving_assets import FilmAsset, MovingAsset, Span, sequence_of
from scanner.pipeline.plan import Progress
from scanner.pipeline.point_matching import Shelf
from scanner.pipeline.reading import ReadingRoom

FAILURES_LIMIT = 3
"""Stretches of one film on which workers may die before the rest of it is let be."""
_STOPPED = "the scan was stopped before it was looked through"
EDGES_LIMIT = 2_000
"""Ends of segments that are looked for frame by frame, in one scan."""
LOOKING, FINDING_ENDS = "looking through films", "finding where each comes and goes"
"""Phases of the work, as progress tells them."""


@dataclass(slots=True)
class _Seen:
    """What came of one film so far."""

    moving: MovingAsset
    looked_at: set[Fraction] = field(default_factory=set)
    lost: set[Fraction] = field(default_factory=set)
    sightings: defaultdict[tuple[int, str], dict[Fraction, Match]] = field(default_factory=lambda: defaultdict(dict))
    """Number of a shelf and id of a reference → time of a frame → what it is there."""
    unseen: dict[Span, Span] = field(default_factory=dict)
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
    frames_per_second: Fraction | None = None
    """Of sequences whose headers do not say theirs."""

    def find(self) -> tuple[dict[int, FilmLook], tuple[dict[int, tuple[Match, ...]], ...]]:
        """Return how each film was looked at, by its index; and for each shelf the matches found in films.

        Ctrl-C ends the looking, not the method: the scan then counts as interrupted.
        """
        wanted = sorted({index for shelf in self.shelves for index in shelf.films})
        sequences = [index for index in wanted if self.gathered[index].asset.is_sequence]
        looks: dict[int, FilmLook] = {}
        seen: dict[int, _Seen] = {}
        seen.update((index, _Seen(self._sequence(index))) for index in sequences)
        try:
            for index, opened in self._opened([index for index in wanted if index not in seen]):
                looks[index] = FilmLook(opened.description, 0, opened.why)
                if opened.description is not None:
                    seen[index] = _Seen(FilmAsset(*self._file(index), opened.description))
            self._look(dict(sorted(seen.items())))
            found = self._tracked(seen)
        except KeyboardInterrupt:
            self.room.interrupted = True
            found = tuple({} for _ in self.shelves)
        for index, one in seen.items():
            why = _STOPPED if self.room.interrupted else one.why or one.moving.told_lost(one.lost)
            film = one.moving.description
            looks[index] = FilmLook(film, len(one.looked_at), why, _joined(one.unseen.values(), film))
        return looks, found

    def _opened(self, wanted: Sequence[int]) -> Iterator[tuple[int, FilmOpened]]:
        tasks = [OpenFilmTask(index, *self._file(index)) for index in wanted]
        for result in self.engine.run(tasks) if tasks else ():
            if isinstance(result, FilmOpened):
                yield result.key, result
            elif isinstance(result, WorkFailed):
                yield result.key, FilmOpened(result.key, None, f"it could not be opened: {result.why}")

    def _look(self, seen: Mapping[int, _Seen]) -> None:
        stretches = [(index, stretch) for index, one in seen.items() for stretch in one.moving.stretches()]
        for index, stretch in stretches:
            seen[index].unseen[stretch] = stretch
        for done, result in enumerate(self.engine.run(self._film_tasks(stretches, seen)) if stretches else (), 1):
            self.progress(LOOKING, done, len(stretches))
            index, stretch = stretches[result.key]
            if isinstance(result, FilmFrames):
                seen[index].why = seen[index].why or result.why
                seen[index].lost.update(result.lost)
                # Files of which none decodes: the rest of a sequence would be tried in vain.
                seen[index].failures += bool(result.lost) and not result.frames
                _mark_seen(seen[index].unseen, stretch, result)
                self._find_in(result, index, seen[index])
            elif isinstance(result, WorkFailed):
                seen[index].failures += 1
                seen[index].why = f"a part of it was not looked at: {result.why}"

    def _film_tasks(self, stretches: Iterable[tuple[int, Span]], seen: Mapping[int, _Seen]) -> Iterator[FilmTask]:
        for key, (index, stretch) in enumerate(stretches):
            if seen[index].failures < FAILURES_LIMIT:
                yield seen[index].moving.film_task(key, stretch)

    def _find_in(self, result: FilmFrames, index: int, seen: _Seen) -> None:
        for frame in result.frames:
            if frame.time in seen.looked_at or not seen.moving.holds(frame.time):
                continue
            seen.looked_at.add(frame.time)
            if frame.query is None or not is_sound(frame.query):
                continue
            for number, shelf in enumerate(self.shelves):
                if index in shelf.films:
                    for match in shelf.cascade.find_in_frame(frame.prints, frame.query):
                        told = replace(match, frames=seen.moving.frame_label(frame.time))
                        seen.sightings[number, match.reference.id][frame.time] = told

    def _tracked(self, seen: Mapping[int, _Seen]) -> tuple[dict[int, tuple[Match, ...]], ...]:
        tracks = [
            (index, number, one)
            for index, film in seen.items()
            for (number, _), sightings in film.sightings.items()
            for one in track([Sighting(time, match) for time, match in sightings.items()], sorted(film.looked_at))
        ]
        edges = self._edges(tracks, seen)
        segments: defaultdict[tuple[int, int, str], list[tuple[Segment, Match]]] = defaultdict(list)
        for at, (index, number, one) in enumerate(tracks):
            key = number, index, one.best.match.reference.id
            segment = seen[index].moving.segment(one, edges.get((at, True)), edges.get((at, False)))
            segments[key].append((segment, one.best.match))
        found: tuple[defaultdict[int, list[Match]], ...] = tuple(defaultdict(list) for _ in self.shelves)
        for (number, index, _), told in segments.items():
            best = max((match for _, match in told), key=lambda match: match.inliers or 0)
            found[number][index].append(replace(best, segments=tuple(segment for segment, _ in told)))
        return tuple({index: tuple(matches) for index, matches in shelf.items()} for shelf in found)

    def _edges(self, tracks: Sequence[tuple[int, int, Track]], seen: Mapping[int, _Seen]) -> dict[tuple[int, bool], EdgeFound]:
        """Both ends of tracks, by position and whether it is the beginning; those that were found."""
        work = [
            (at, rises, shows, lacks)
            for at, (_, _, one) in enumerate(tracks)
            for rises, shows, lacks in ((True, one.first, one.before), (False, one.last, one.after))
            if lacks is not None
        ][:EDGES_LIMIT]
        found: dict[tuple[int, bool], EdgeFound] = {}
        for done, result in enumerate(self.engine.run(self._edge_tasks(work, tracks, seen)) if work else (), 1):
            self.progress(FINDING_ENDS, done, len(work))
            at, rises, _, _ = work[result.key]
            moving = seen[tracks[at][0]].moving
            if isinstance(result, EdgeFound) and all(
                time is not None and moving.holds(time) for time in (result.shows, result.lacks)
            ):
                found[at, rises] = result
        return found

    def _edge_tasks(
        self,
        work: Sequence[tuple[int, bool, Fraction, Fraction]],
        tracks: Sequence[tuple[int, int, Track]],
        seen: Mapping[int, _Seen],
    ) -> Iterator[EdgeTask]:
        for key, (at, _, shows, lacks) in enumerate(work):
            index, number, one = tracks[at]
            features = self._features_of(number, one.best.match.reference.id)
            if features is not None:
                alignment = one.best.match.alignment
                mirrored = bool(alignment and alignment.mirrored)
                yield seen[index].moving.edge_task(key, shows, lacks, features, mirrored)

    def _features_of(self, number: int, reference: str) -> LocalFeatures | None:
        return self.shelves[number].cascade.features_of(reference)

    def _sequence(self, index: int) -> MovingAsset:
        folder = os.path.dirname(self._file(index)[0])
        return sequence_of(self.gathered[index], folder, self.frames_per_second)

    def _file(self, index: int) -> tuple[str, int]:
        asset = self.gathered[index].asset
        return self.room.absolute(asset.root, asset.files[0].path), asset.files[0].size_bytes


def with_films(gathered: Sequence[Gathered], looks: Mapping[int, FilmLook]) -> tuple[Gathered, ...]:
    """Return the assets with how their films were looked at."""
    return tuple(replace(one, film=looks[index]) if index in looks else one for index, one in enumerate(gathered))


def _mark_seen(unseen: dict[Span, Span], stretch: Span, result: FilmFrames) -> None:
    if result.frames and not result.why:
        del unseen[stretch]
    elif result.frames:
        unseen[stretch] = (result.frames[-1].time, stretch[1])


def _joined(unseen: Iterable[Span], film: MovingPicture) -> tuple[tuple[Fraction, Fraction], ...]:
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
