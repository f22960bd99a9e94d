"""Everything a scan compares: with the library, with its own reference zones, and its deliverables with what bears AI marks.

One stage after the other, each for what the earlier ones left open: bytes, pixels and hashes; then local features.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from tempfile import gettempdir

from scanner.judge.subject import AssetKey
from scanner.match.cascade import Cascade, LocalSearch, hash_row
from scanner.match.global_search import GlobalSearch
from scanner.match.search import ExactSearch
from scanner.model.errors import StoreError
from scanner.model.matching import GlobalHash, NearCopy, Reference
from scanner.model.moving import FilmLook
from scanner.model.protocols import Engine
from scanner.model.text import shown
from scanner.pipeline.alterations import Tracing
from scanner.pipeline.clips import clip_shelf
from scanner.pipeline.comparing import OpenedLibrary, find_matches
from scanner.pipeline.feature_spool import FeatureSpool
from scanner.pipeline.film_looking import FilmLooking
from scanner.pipeline.film_matching import FilmMatching
from scanner.pipeline.gather import Gathered
from scanner.pipeline.marked_pictures import MarkedPictures, find_marked, near_copies_of
from scanner.pipeline.moving_assets import moving_among
from scanner.pipeline.near_copies import near_copies_among
from scanner.pipeline.plan import Progress
from scanner.pipeline.point_matching import Matches, Place, Shelf, compared_places, find_by_points, in_order, joined, points_of
from scanner.pipeline.reading import ReadingRoom
from scanner.pipeline.zone_references import ZoneReferences, find_zone_references, with_zone_matches


@dataclass(frozen=True, slots=True)
class Matched:
    """What the assets of a scan are to references and to each other."""

    matches: Matches
    near_copies: Mapping[AssetKey, tuple[NearCopy, ...]]
    places: Mapping[str, Place]
    """Id of a reference that stands in the scan itself → where."""
    not_laid_over: int = 0
    """Pairs that local features aligned but whose pictures could not be laid over each other: an alteration went unseen."""
    films: Mapping[int, FilmLook] = field(default_factory=dict)
    """Index of a film or sequence → how it was looked at."""
    notes: tuple[str, ...] = ()
    """What could not be looked for, as sentences."""


@dataclass(frozen=True, slots=True)
class Matching:
    """The means of comparing."""

    gathered: Sequence[Gathered]
    copies: Sequence[int]
    """Indexes of the assets with content that another one has too."""
    library: OpenedLibrary | None
    room: ReadingRoom
    engine: Engine
    progress: Progress
    pictures: bool = True
    """Whether pictures were decoded, so that others than equal files can be told."""
    films: bool = True
    """Whether films and sequences are looked through."""
    frames_per_second: Fraction | None = None
    """Of sequences whose headers do not say theirs."""

    def match(self) -> Matched:
        """Compare everything. Ctrl-C leaves the rest uncompared, and the scan counts as interrupted.

        Raises:
            StoreError: the library cannot be read any more, or there is no room for temporary files.
        """
        means = self.room, self.engine, self.progress
        by_hash = find_matches(self.gathered, self.library, *means) if self.library else {}
        if not self.pictures:
            return self._match_bytes(by_hash)
        zones = find_zone_references(enumerate(self.gathered), by_hash)
        matches = with_zone_matches(self.gathered, enumerate(self.gathered), by_hash, zones, *means)
        near_copies = near_copies_among(self.gathered, matches)
        films = moving_among(self.gathered) if self.films else ()
        marked = find_marked(self.gathered, near_copies, films)
        notes: tuple[str, ...] = ()
        with ExitStack() as held:
            shelves = list(self._shelves(zones, marked, matches, films, held)) if not self.room.interrupted else []
            if marked.clips and not self.room.interrupted:
                clips, notes = self._clip_shelf(marked, held)
                shelves.append((_CLIPS, clips))
            found = find_by_points(self.gathered, [shelf for _, shelf in shelves], *means)
            looking = FilmMatching(self.gathered, [shelf for _, shelf in shelves], *means, self.frames_per_second)
            looks, in_films = looking.find() if not self.room.interrupted else ({}, ())
        for shelf, seen in zip(found, in_films, strict=False):
            shelf.update({index: joined(shelf.get(index, ()), matches) for index, matches in seen.items()})
        places = {**zones.places, **marked.places}
        compared, failed = Tracing(self.gathered, self.library, places, *means).alterations(found)
        by_points = dict(zip((name for name, _ in shelves), compared, strict=True))
        for name in (_MARKED, _CLIPS):
            near_copies = near_copies_of(self.gathered, marked, near_copies, by_points.pop(name, {}))
        return Matched(_merged(matches, by_points), near_copies, zones.places, failed, looks, notes)

    def _match_bytes(self, by_hash: Matches) -> Matched:
        """Where no picture was decoded, an asset can only be what has its very bytes."""
        among = self.copies
        zones = find_zone_references(((index, self.gathered[index]) for index in among), by_hash)
        numbered = ((index, self.gathered[index]) for index in among)
        matches = with_zone_matches(self.gathered, numbered, by_hash, zones, self.room, self.engine, self.progress)
        return Matched(matches, {}, zones.places)

    def _shelves(
        self, zones: ZoneReferences, marked: MarkedPictures, matches: Matches, films: Sequence[int], held: ExitStack
    ) -> Iterator[tuple[str, Shelf]]:
        """Yield what is to be looked through, by name."""
        if (library := self.library) is not None and library.described:
            wanted = self._wanted(matches, lambda one: one not in zones.places)
            if wanted or films:
                yield _LIBRARY, Shelf(held.enter_context(library.open_cascade()), wanted, frozenset(films))
        for zone, references in zones.held:
            ids = {one.id for one in references}
            beside = [index for index, one in enumerate(self.gathered) if one.asset.zone.zone is not zone]
            wanted, through = self._wanted(matches, ids.__contains__, beside), frozenset(films) & frozenset(beside)
            if wanted or through:
                yield zone.value, replace(self._own_shelf(references, zones.places, wanted, held), films=through)
        if marked.references and (marked.wanted or marked.films):
            own = self._own_shelf(marked.references, marked.places, marked.wanted, held)
            yield _MARKED, replace(own, films=marked.films)

    def _wanted(self, matches: Matches, is_theirs: Callable[[str], bool], among: Sequence[int] | None = None) -> Matches:
        """The assets that have pictures to look for, with those of their matches that are of certain references."""
        indexes = range(len(self.gathered)) if among is None else among
        return {
            index: tuple(match for match in matches.get(index, ()) if is_theirs(match.reference.id))
            for index in indexes
            if any(compared_places(index, self.gathered[index]))
        }

    def _own_shelf(self, references: Sequence[Reference], places: Mapping[str, Place], wanted: Matches, held: ExitStack) -> Shelf:
        """A shelf of pictures of the scan itself."""
        names: dict[Place, list[str]] = {}
        for reference in references:
            names.setdefault(places[reference.id], []).append(reference.id)
        with _room_told():
            spool = held.enter_context(closing(FeatureSpool()))
            for place, query in points_of(list(names), self.gathered, self.room, self.engine, self.progress):
                for name in names[place]:
                    spool.add(name, query.features)
        rows = (hash_row(one.id, self._prints(places[one.id])) for one in references)
        local = LocalSearch(references, spool.features_of)
        return Shelf(Cascade(ExactSearch(()), local, GlobalSearch(rows)), wanted)

    def _clip_shelf(self, marked: MarkedPictures, held: ExitStack) -> tuple[Shelf, tuple[str, ...]]:
        looking = FilmLooking(self.gathered, self.room, self.engine, self.progress)
        try:
            with _room_told():
                spool = held.enter_context(closing(FeatureSpool()))
                return clip_shelf(marked.clips, marked.places, marked.films, spool, looking)
        except KeyboardInterrupt:
            self.room.interrupted = True
            return Shelf(Cascade.of((), {}), {}), ()

    def _prints(self, place: Place) -> tuple[GlobalHash, ...]:
        return self.gathered[place[0]].frames[place[1]][1].prints


@contextmanager
def _room_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"there is no room for temporary files: {error.strerror or error}",
            where=shown(gettempdir()),
            next_step="Make room there, or name another folder in TMPDIR.",
        ) from error


def _merged(matches: Matches, by_points: Mapping[str, Matches]) -> Matches:
    """The matches, those of each shelf as local features left them."""
    merged = {index: {match.reference.id: match for match in found} for index, found in matches.items()}
    for shelf in by_points.values():
        for index, found in shelf.items():
            merged.setdefault(index, {}).update({match.reference.id: match for match in found})
    return {index: in_order(found.values()) for index, found in sorted(merged.items()) if found}


_LIBRARY, _MARKED, _CLIPS = "library", "marked", "clips"
