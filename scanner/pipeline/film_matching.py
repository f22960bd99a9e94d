"""Looking for references in the films and sequences of a scan, and for the time in which each is on screen."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from scanner.match.local_index import is_sound
from scanner.match.tracking import Sighting, Track, track
from scanner.model.matching import Match, Segment
from scanner.model.moving import FilmLook
from scanner.model.protocols import Engine
from scanner.model.work import EdgeFound, EdgeTask, FilmFrame
from scanner.pipeline.clip_parts import part_of_clip, settled
from scanner.pipeline.film_looking import FilmLooking, Watched
from scanner.pipeline.gather import Gathered
from scanner.pipeline.moving_assets import FilmAsset, MovingAsset, sequence_of
from scanner.pipeline.plan import Progress
from scanner.pipeline.point_matching import Shelf
from scanner.pipeline.reading import ReadingRoom
from scanner.tools.spool import Spool

_STOPPED = "the scan was stopped before it was looked through"
EDGES_LIMIT = 2_000
"""Ends of segments that are looked for frame by frame, in one scan."""
LOOKING, FINDING_ENDS = "looking through films", "finding where each comes and goes"
"""Phases of the work, as progress tells them."""


@dataclass(slots=True)
class _Seen:
    """What came of one film so far."""

    watched: Watched
    sightings: defaultdict[tuple[int, str], dict[Fraction, Match]] = field(default_factory=lambda: defaultdict(dict))
    """Number of a shelf and id of a reference → time of a frame → what it is there."""


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
        seen.update((index, _Seen(Watched.of(self._sequence(index)))) for index in sequences)
        stopped = _STOPPED
        try:
            for index, opened in self._looking.opened([index for index in wanted if index not in seen]):
                looks[index] = FilmLook(opened.description, 0, opened.why)
                if opened.description is not None:
                    seen[index] = _Seen(Watched.of(FilmAsset(*self._looking.file(index), opened.description)))
            films = {index: one.watched for index, one in sorted(seen.items())}
            for index, frame in self._looking.frames(films, LOOKING):
                self._find_in(frame, index, seen[index])
            stopped = ""
            found = self._tracked(seen)
        except KeyboardInterrupt:
            self.room.interrupted = True
            found = tuple({} for _ in self.shelves)
        looks.update({index: one.watched.look(stopped) for index, one in seen.items()})
        return looks, found

    @property
    def _looking(self) -> FilmLooking:
        return FilmLooking(self.gathered, self.room, self.engine, self.progress)

    def _find_in(self, frame: FilmFrame, index: int, seen: _Seen) -> None:
        if frame.query is None or not is_sound(frame.query):
            return
        label = seen.watched.moving.frame_label(frame.time)
        for number, shelf in enumerate(self.shelves):
            if index in shelf.films:
                for match in shelf.cascade.find_in_frame(frame.prints, frame.query):
                    if not shelf.is_itself(index, match):
                        seen.sightings[number, match.reference.id][frame.time] = replace(match, frames=label)

    def _tracked(self, seen: Mapping[int, _Seen]) -> tuple[dict[int, tuple[Match, ...]], ...]:
        tracks = [
            (index, number, one)
            # Sorted, since workers answer in any order and only so many ends are looked for.
            for index, film in sorted(seen.items(), key=lambda pair: pair[0])
            for (number, reference), sightings in sorted(film.sightings.items(), key=lambda pair: pair[0])
            for one in track(
                [Sighting(time, match) for time, match in sightings.items()],
                sorted(film.watched.looked_at),
                self.shelves[number].missed_seconds(reference),
            )
        ]
        edges = self._edges(tracks, seen)
        segments: defaultdict[tuple[int, int, str], list[tuple[Segment, Track]]] = defaultdict(list)
        for at, (index, number, one) in enumerate(tracks):
            reference = one.best.match.reference.id
            segment = seen[index].watched.moving.segment(one, edges.get((at, True)), edges.get((at, False)))
            if (clip := self.shelves[number].clips.get(reference)) is not None:
                segment = replace(segment, of_clip=part_of_clip(clip.film, one, segment))
            segments[number, index, reference].append((segment, one))
        found: tuple[defaultdict[int, list[Match]], ...] = tuple(defaultdict(list) for _ in self.shelves)
        for (number, index, reference), told in segments.items():
            best = max((one.best.match for _, one in told), key=lambda match: match.inliers or 0)
            if reference in self.shelves[number].clips:
                match = settled([(segment, one.sightings) for segment, one in told], best)
            else:
                match = replace(best, segments=tuple(segment for segment, _ in told))
            found[number][index].append(match)
        return tuple({index: tuple(matches) for index, matches in shelf.items()} for shelf in found)

    def _edges(self, tracks: Sequence[tuple[int, int, Track]], seen: Mapping[int, _Seen]) -> dict[tuple[int, bool], EdgeFound]:
        """Both ends of tracks, by position and whether it is the beginning; those that were found."""
        work = [
            (at, rises, sighting, lacks)
            for at, (_, number, one) in enumerate(tracks)
            for rises, sighting, lacks in ((True, one.sightings[0], one.before), (False, one.sightings[-1], one.after))
            if lacks is not None and self.shelves[number].has_exact_ends(one.best.match.reference.id)
        ][:EDGES_LIMIT]
        found: dict[tuple[int, bool], EdgeFound] = {}
        try:
            for done, result in enumerate(self.engine.run(self._edge_tasks(work, tracks, seen)) if work else (), 1):
                self.progress(FINDING_ENDS, done, len(work))
                at, rises, _, _ = work[result.key]
                moving = seen[tracks[at][0]].watched.moving
                times = (result.shows, result.lacks) if isinstance(result, EdgeFound) else (None,)
                if isinstance(result, EdgeFound) and all(time is not None and moving.holds(time) for time in times):
                    found[at, rises] = result
        except KeyboardInterrupt:
            # What is on screen is known by now; only where it begins and ends is told less closely.
            self.room.interrupted = True
        return found

    def _edge_tasks(
        self,
        work: Sequence[tuple[int, bool, Sighting, Fraction]],
        tracks: Sequence[tuple[int, int, Track]],
        seen: Mapping[int, _Seen],
    ) -> Iterator[EdgeTask]:
        for key, (at, _, sighting, lacks) in enumerate(work):
            index, number, _ = tracks[at]
            features = self.shelves[number].cascade.features_near(sighting.match)
            if features:
                alignment = sighting.match.alignment
                mirrored = bool(alignment and alignment.mirrored)
                moving = seen[index].watched.moving
                yield moving.edge_task(key, sighting.time, lacks, features, mirrored)

    def _sequence(self, index: int) -> MovingAsset:
        folder = os.path.dirname(self._looking.file(index)[0])
        return sequence_of(self.gathered[index], folder, self.frames_per_second)


def with_films(gathered: Sequence[Gathered], looks: Mapping[int, FilmLook]) -> Sequence[Gathered]:
    """Return the assets with how their films were looked at."""
    if not looks:
        return gathered
    return Spool(replace(one, film=looks[index]) if index in looks else one for index, one in enumerate(gathered))
