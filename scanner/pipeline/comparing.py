"""Comparing what was read with the reference library: by bytes, by fingerprint, and by pixels where a fingerprint is near."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

from scanner.match.cascade import Cascade
from scanner.match.global_search import GlobalSearch
from scanner.match.search import ExactSearch, upgrade_to_same
from scanner.model.algorithms import GLOBAL_HASH, LOCAL_FEATURES
from scanner.model.errors import UsageError
from scanner.model.matching import Match, Reference, Relation
from scanner.model.protocols import Engine, ReferenceStore
from scanner.model.scan import LibraryStamp
from scanner.model.text import shown
from scanner.model.work import PixelDigest, PixelsTask
from scanner.pipeline.gather import Gathered
from scanner.pipeline.plan import Progress
from scanner.pipeline.point_matching import in_order, nearness
from scanner.pipeline.reading import ReadingRoom
from scanner.store.places import library_name

NEAR_ENOUGH_FOR_PIXELS_BITS = 2
"""A lossless copy has the same hash but for rounding in another decoder; only so near is the whole picture decoded."""


@dataclass(frozen=True, slots=True)
class OpenedLibrary:
    """A library, loaded to search in."""

    stamp: LibraryStamp
    search: ExactSearch
    place: str
    references: tuple[Reference, ...]
    """Those that are compared with, in the order of their ids."""
    described: int
    """References of the whole library that have local features, also such as hold no point."""
    pictures: int
    """References of the whole library that have a fingerprint."""
    hashes: GlobalSearch

    def open(self) -> ReferenceStore:
        """Open the library itself, for reading; the caller closes it.

        Raises:
            StoreError: it cannot be read.
        """
        from scanner.store.library import open_library  # SQLAlchemy costs every scan 0.2 s, and few need it

        return open_library(self.place, create=False)

    @contextmanager
    def open_cascade(self) -> Iterator[Cascade]:
        """Open the search by all stages, for as long as the library is held open.

        Raises:
            StoreError: the library cannot be read, or is damaged.
        """
        from scanner.pipeline.library_points import search_library  # what compares by bytes only needs none of it

        with closing(self.open()) as store:
            yield Cascade(self.search, search_library(store, self.references, self.stamp.sha256), self.hashes)


def load_library(place: str, collections: Sequence[str] = (), *, must_have: bool = True) -> OpenedLibrary:
    """Open the library at `place`, read-only, and load its references, or those of `collections` alone.

    With `must_have` each of these must be there. The digest of the stamp is that of the whole library, whatever is compared with.

    Raises:
        UsageError: there is none, or no such collection in it. StoreError: it cannot be read.
    """
    from scanner.store.library import open_library  # SQLAlchemy costs every scan 0.2 s, and few need it

    with closing(open_library(place, create=False)) as store:
        if must_have:
            require_collections(store, collections)
        references = tuple(store.references())
        digest = store.digest(references)
        pictures = sum(one.fingerprint is not None for one in references)
        described = store.count_features(LOCAL_FEATURES)
        if collections:
            references = tuple(store.references(collections=collections))
        stamp = LibraryStamp(library_name(place), digest, len(references))
        only = [one.id for one in references] if collections else None
        hashes = GlobalSearch(store.hashes(GLOBAL_HASH), only)
        return OpenedLibrary(stamp, ExactSearch(references), place, references, described, pictures, hashes)


def require_collections(store: ReferenceStore, names: Sequence[str]) -> None:
    """Refuse names of collections that a library does not have.

    Raises:
        UsageError: says the nearest name.
    """
    known = store.collections() if names else {}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            told = f"Did you mean {shown(near[0])!r}?" if near else "`scanner library collections` lists those there are"
            raise UsageError("the library has no such collection", where=shown(name, 80), next_step=told)


def find_matches(
    gathered: Sequence[Gathered], library: OpenedLibrary, room: ReadingRoom, engine: Engine, progress: Progress
) -> dict[int, tuple[Match, ...]]:
    """Return the matches of each asset that has any, by its index."""
    found = {index: matches for index, one in enumerate(gathered) if (matches := best_matches(one, library.search))}
    work = [(index, match) for index, matches in found.items() for match in _to_decode(matches)]
    tasks = [pixels_task(key, gathered[index], file_of(match, gathered[index]), room) for key, (index, match) in enumerate(work)]
    for done, result in enumerate(engine.run(tasks) if tasks else (), 1):
        progress("comparing", done, len(tasks))
        if isinstance(result, PixelDigest) and result.digest:
            index, match = work[result.key]
            found[index] = _with_pixels(found[index], result.digest, match.frames, library.search)
    return found


def best_matches(one: Gathered, search: ExactSearch) -> tuple[Match, ...]:
    """Return the matches of an asset, one a reference: of a sequence's frames the nearest."""
    best: dict[str, Match] = {}
    for number, examination in one.frames:
        for match in search.find(examination.hash.value, examination.fingerprint):
            seen = replace(match, frames=str(number) if one.asset.is_sequence else "")
            known = best.get(match.reference.id)
            if known is None or nearness(seen) < nearness(known):
                best[match.reference.id] = seen
    return in_order(best.values())


def may_be_same(match: Match) -> bool:
    """Whether two pictures are so near that decoding both whole may show them to be equal."""
    return match.relation is Relation.SIMILAR and (match.distance_bits or 0) <= NEAR_ENOUGH_FOR_PIXELS_BITS


def file_of(match: Match, one: Gathered) -> int:
    """Return which file of the asset the match was seen in, as an index."""
    return one.asset.frames.index(int(match.frames)) if match.frames else 0


def pixels_task(key: int, one: Gathered, at: int, room: ReadingRoom) -> PixelsTask:
    """Return the task to decode the file at index `at` of an asset."""
    file = one.asset.files[at]
    return PixelsTask(key, room.absolute(one.asset.root, file.path), file.size_bytes)


def _to_decode(matches: Sequence[Match]) -> tuple[Match, ...]:
    """One match a frame that is worth decoding."""
    near = {match.frames: match for match in reversed(matches) if may_be_same(match) and match.reference.pixel_digest}
    return tuple(reversed(near.values()))


def _with_pixels(matches: Sequence[Match], digest: str, frame: str, search: ExactSearch) -> tuple[Match, ...]:
    """The matches, those of equal pixels made `same`; also references that others, equally near, had crowded out."""
    told = [upgrade_to_same(match, digest) if match.frames == frame else match for match in matches]
    known = {match.reference.id for match in told}
    told += [replace(one, frames=frame) for one in search.find_same_pixels(digest) if one.reference.id not in known]
    return in_order(told)
