"""Comparing what was read with the reference library: by bytes, by fingerprint, and by pixels where a fingerprint is near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scanner.match.search import ExactSearch, upgrade_to_same
from scanner.model.matching import Match, Relation
from scanner.model.protocols import Engine
from scanner.model.scan import LibraryStamp
from scanner.model.work import PixelDigest, PixelsTask
from scanner.pipeline.gather import Gathered
from scanner.pipeline.plan import Progress
from scanner.pipeline.reading import ReadingRoom
from scanner.store.library import digest_of, open_library

NEAR_ENOUGH_FOR_PIXELS_BITS = 2
"""A lossless copy has the same hash but for rounding in another decoder; only so near is the whole picture decoded."""


@dataclass(frozen=True, slots=True)
class OpenedLibrary:
    """A library, loaded to search in."""

    stamp: LibraryStamp
    search: ExactSearch


def load_library(path: str) -> OpenedLibrary:
    """Open the library at `path`, read-only, and load its references.

    Raises:
        UsageError: there is none. StoreError: it cannot be read.
    """
    store = open_library(path, create=False)
    try:
        references = tuple(store.references())
        stamp = LibraryStamp(path.rpartition("/")[2], digest_of(references), len(references))
        return OpenedLibrary(stamp, ExactSearch(references))
    finally:
        store.close()


def find_matches(
    gathered: Sequence[Gathered], library: OpenedLibrary, room: ReadingRoom, engine: Engine, progress: Progress
) -> dict[int, tuple[Match, ...]]:
    """Return the matches of each asset that has any, by its index."""
    found = {index: matches for index, one in enumerate(gathered) if (matches := _matches_of(one, library.search))}
    work = [(index, at) for index, matches in found.items() for at in _frames_to_decode(matches)]
    tasks = [_pixels_task(key, gathered[index], frame, room) for key, (index, frame) in enumerate(work)]
    for done, result in enumerate(engine.run(tasks) if tasks else (), 1):
        progress("comparing", done, len(tasks))
        if isinstance(result, PixelDigest) and result.digest:
            index, frame = work[result.key]
            found[index] = _with_pixels(found[index], result.digest, frame, library.search)
    return found


def _matches_of(one: Gathered, search: ExactSearch) -> tuple[Match, ...]:
    best: dict[str, Match] = {}
    for number, examination in one.frames:
        for match in search.find(examination.hash.value, examination.fingerprint):
            seen = replace(match, frames=str(number) if one.asset.is_sequence else "")
            known = best.get(match.reference.id)
            if known is None or _nearness(seen) < _nearness(known):
                best[match.reference.id] = seen
    return tuple(sorted(best.values(), key=lambda match: (_nearness(match), match.reference.id)))


def _nearness(match: Match) -> tuple[bool, int]:
    return (match.relation is not Relation.SAME, match.distance_bits or 0)


def _frames_to_decode(matches: Sequence[Match]) -> tuple[str, ...]:
    near = (
        match.frames
        for match in matches
        if match.relation is Relation.SIMILAR
        and (match.distance_bits or 0) <= NEAR_ENOUGH_FOR_PIXELS_BITS
        and match.reference.pixel_digest
    )
    return tuple(dict.fromkeys(near))


def _pixels_task(key: int, one: Gathered, frame: str, room: ReadingRoom) -> PixelsTask:
    at = one.asset.frames.index(int(frame)) if frame else 0
    file = one.asset.files[at]
    return PixelsTask(key, room.absolute(one.asset.root, file.path), file.size_bytes)


def _with_pixels(matches: Sequence[Match], digest: str, frame: str, search: ExactSearch) -> tuple[Match, ...]:
    """The matches, those of equal pixels made `same`; also references that others, equally near, had crowded out."""
    told = [upgrade_to_same(match, digest) if match.frames == frame else match for match in matches]
    known = {match.reference.id for match in told}
    told += [replace(one, frames=frame) for one in search.find_same_pixels(digest) if one.reference.id not in known]
    return tuple(sorted(told, key=lambda match: (_nearness(match), match.reference.id)))
