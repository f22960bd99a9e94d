"""Looking for pictures by their local features, where bytes, pixels and hashes left it open what they are to each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

from scanner.match.local_index import is_sound
from scanner.match.tracking import MISSED_SECONDS
from scanner.model.matching import GlobalHash, LocalFeatures, LocalQuery, Match, Relation
from scanner.model.protocols import Engine
from scanner.model.work import PointsFound, PointsTask
from scanner.pipeline.clip_parts import Clip
from scanner.pipeline.gather import Gathered
from scanner.pipeline.plan import Progress
from scanner.pipeline.reading import ReadingRoom, compared_frames

Matches = Mapping[int, tuple[Match, ...]]
"""Index of an asset → its matches."""
Place = tuple[int, int]
"""Index of an asset, and of the file in it."""
_PHASE = "looking for parts"


class Searched(Protocol):
    """What is looked in: a `Cascade`, or the frames of clips."""

    def find_further(
        self, by_phash: Sequence[Match], prints: Sequence[GlobalHash], local: LocalQuery | None, /
    ) -> tuple[Match, ...]:
        """As `Cascade.find_further`."""
        ...

    def find_in_frame(self, prints: Sequence[GlobalHash], local: LocalQuery, /) -> tuple[Match, ...]:
        """As `Cascade.find_in_frame`."""
        ...

    def features_near(self, match: Match) -> tuple[LocalFeatures, ...]:
        """As `Cascade.features_near`."""
        ...


@dataclass(frozen=True, slots=True)
class Shelf:
    """References to look in, and the assets to look for there."""

    cascade: Searched
    wanted: Matches
    """What bytes, pixels and pHash say of each asset that is looked for; assets that are not are left out."""
    films: frozenset[int] = frozenset()
    """Indexes of the films and sequences that are looked through for these references."""
    clips: Mapping[str, Clip] = field(default_factory=dict)
    """Those references, by id, that are films themselves."""
    equals: frozenset[tuple[int, str]] = frozenset()
    """Index of a film and id of a clip whose bytes it has: it is never found in itself."""

    def missed_seconds(self, reference: str) -> Fraction:
        """How long a film may seem not to show this reference in between, in seconds."""
        clip = self.clips.get(reference)
        return MISSED_SECONDS if clip is None else clip.missed_seconds

    def has_exact_ends(self, reference: str) -> bool:
        """Whether enough is known of this reference to tell the frame at which it comes and goes."""
        clip = self.clips.get(reference)
        return clip is None or not clip.is_sparse

    def is_itself(self, index: int, match: Match) -> bool:
        """Whether a film was found in one that has its bytes."""
        return (index, match.reference.id) in self.equals

    def looks_for(self, place: Place, one: Gathered) -> bool:
        """Whether a picture is looked for: equal bytes or pixels settle what it is."""
        index, at = place
        if index not in self.wanted:
            return False
        frame = frame_of(one, at)
        if index in self.films and at not in compared_frames(one.asset):
            # It is looked through as films are: beyond that, only what a hash points at.
            return any(match.relation is not Relation.SAME and match.frames == frame for match in self.wanted[index])
        return all(match.relation is not Relation.SAME or match.frames != frame for match in self.wanted[index])


def find_by_points(
    gathered: Sequence[Gathered], shelves: Sequence[Shelf], room: ReadingRoom, engine: Engine, progress: Progress
) -> tuple[dict[int, tuple[Match, ...]], ...]:
    """Return for each shelf its `wanted` with what local features say added: one match a reference.

    Ctrl-C ends the looking, not the function: the scan then counts as interrupted.
    """
    found = tuple(dict(shelf.wanted) for shelf in shelves)
    places = [
        place
        for index in sorted({index for shelf in shelves for index in shelf.wanted})
        for place in compared_places(index, gathered[index])
        if any(shelf.looks_for(place, gathered[index]) for shelf in shelves)
    ]
    for (index, at), query in points_of(places, gathered, room, engine, progress):
        frame = frame_of(gathered[index], at)
        for shelf, matches in zip(shelves, found, strict=True):
            if shelf.looks_for((index, at), gathered[index]):
                known = [match for match in shelf.wanted[index] if match.frames == frame]
                further = shelf.cascade.find_further(known, gathered[index].frames[at][1].prints, query)
                seen = [replace(match, frames=frame) for match in further]
                matches[index] = joined(matches[index], seen)
    return found


def points_of(
    places: Sequence[Place], gathered: Sequence[Gathered], room: ReadingRoom, engine: Engine, progress: Progress
) -> Iterator[tuple[Place, LocalQuery]]:
    """Yield the points of these files, in any order; those that have none are left out.

    Ctrl-C ends it: the scan then counts as interrupted.
    """
    tasks = [_points_task(key, place, gathered, room) for key, place in enumerate(places)]
    try:
        for done, result in enumerate(engine.run(tasks) if tasks else (), 1):
            progress(_PHASE, done, len(tasks))
            if isinstance(result, PointsFound) and result.query is not None and is_sound(result.query):
                yield places[result.key], result.query
    except KeyboardInterrupt:
        room.interrupted = True


def compared_places(index: int, one: Gathered) -> Iterator[Place]:
    """Yield the files of an asset whose pictures are compared."""
    for at, (_, examination) in enumerate(one.frames):
        if examination.fingerprint is not None:
            yield index, at


def frame_of(one: Gathered, at: int) -> str:
    """Return what a match with the file at index `at` of an asset says of its frame."""
    return str(one.frames[at][0]) if one.asset.is_sequence else ""


def joined(known: Iterable[Match], seen: Iterable[Match]) -> tuple[Match, ...]:
    """Return one match a reference: what points say in place of what a hash says, with the hash's distance."""
    best = {match.reference.id: match for match in known}
    for match in seen:
        other = best.get(match.reference.id)
        if other is None:
            best[match.reference.id] = match
        elif nearness(match) < nearness(other):
            distance = other.distance_bits if match.distance_bits is None else match.distance_bits
            best[match.reference.id] = replace(match, distance_bits=distance, segments=match.segments or other.segments)
        else:
            best[match.reference.id] = replace(other, segments=other.segments or match.segments)
    return in_order(best.values())


def in_order(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Return the matches, surest first."""
    return tuple(sorted(matches, key=lambda match: (*nearness(match), match.reference.id)))


def nearness(match: Match) -> tuple[int, int, int]:
    """Return what sorts matches: equality, then agreeing points, then differing bits."""
    rank = 0 if match.relation is Relation.SAME else 2 if match.relation is Relation.SIMILAR else 1
    return rank, -(match.inliers or 0), match.distance_bits or 0


def _points_task(key: int, place: Place, gathered: Sequence[Gathered], room: ReadingRoom) -> PointsTask:
    asset = gathered[place[0]].asset
    file = asset.files[place[1]]
    return PointsTask(key, room.absolute(asset.root, file.path), file.size_bytes)
