"""Laying references over the assets that they lie in, to see whether a region was altered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace

from scanner.model.errors import StoreError
from scanner.model.matching import Alteration, LaidOver, Match, Relation
from scanner.model.protocols import Engine, ReferenceStore
from scanner.model.scan import AssetRecord
from scanner.model.work import Compared, CompareTask
from scanner.pipeline.comparing import OpenedLibrary, file_of
from scanner.pipeline.gather import Gathered
from scanner.pipeline.plan import Progress
from scanner.pipeline.point_matching import Matches, Place
from scanner.pipeline.reading import ReadingRoom
from scanner.pipeline.settings import ScanSettings

SHOWN_LIMIT = 30
"""Pairs shown laid over each other in a report: some 100 to 145 kB each."""
_LAID_OVER = frozenset({Relation.DERIVED, Relation.CONTAINS})
"""Relations in which enough of the reference is seen to tell a change; of a small part of it too little is."""


@dataclass(frozen=True, slots=True)
class Tracing:
    """The means of laying pictures over each other."""

    gathered: Sequence[Gathered]
    library: OpenedLibrary | None
    places: Mapping[str, Place]
    """Id of a reference that stands in the scan itself → where."""
    room: ReadingRoom
    engine: Engine
    progress: Progress

    def alterations(self, found: Sequence[Matches]) -> tuple[tuple[dict[int, tuple[Match, ...]], ...], int]:
        """Return the matches with what differs, those with an altered region as `altered`; and how many could not be compared.

        Ctrl-C ends the comparing, not the method: the scan then counts as interrupted.

        Raises:
            StoreError: the library cannot be read any more.
        """
        told = [{index: list(matches) for index, matches in shelf.items()} for shelf in found]
        work = [
            (number, index, at)
            for number, shelf in enumerate(told)
            for index, matches in shelf.items()
            for at, match in enumerate(matches)
            if match.alignment is not None and match.relation in _LAID_OVER and match.has_file
        ]
        compared = 0
        for key, result in self.compare([(index, told[number][index][at]) for number, index, at in work], shown=False):
            number, index, at = work[key]
            if result.alteration is not None:
                compared += 1
                told[number][index][at] = _with(told[number][index][at], result.alteration)
        settled = tuple({index: tuple(matches) for index, matches in shelf.items()} for shelf in told)
        return settled, 0 if self.room.interrupted else len(work) - compared

    def compare(self, pairs: Sequence[tuple[int, Match]], *, shown: bool) -> Iterator[tuple[int, Compared]]:
        """Yield for each asset, by its index, and aligned match what laying them over each other gives, by position in `pairs`.

        With `shown`, pictures for the report too. Ctrl-C ends it: the scan then counts as interrupted.

        Raises:
            StoreError: the library cannot be read any more.
        """
        with ExitStack() as held:
            try:
                results = self.engine.run(self._tasks(pairs, held, shown=shown)) if pairs else ()
                for done, result in enumerate(results, 1):
                    self.progress("laying over each other", done, len(pairs))
                    if isinstance(result, Compared):
                        yield result.key, result
            except KeyboardInterrupt:
                self.room.interrupted = True

    def _tasks(self, pairs: Iterable[tuple[int, Match]], held: ExitStack, *, shown: bool) -> Iterator[CompareTask]:
        store: ReferenceStore | None = None
        for key, (index, match) in enumerate(pairs):
            assert match.alignment is not None
            one = self.gathered[index]
            file = one.asset.files[file_of(match, one)]
            task = CompareTask(key, self.room.absolute(one.asset.root, file.path), file.size_bytes, match.alignment, shown=shown)
            if match.reference.id in self.places:
                yield self._beside(task, self.places[match.reference.id])
            elif self.library is not None:
                store = store or held.enter_context(closing(self.library.open()))
                yield replace(task, reference_picture=store.pictures([match.reference.id]).get(match.reference.id, b""))

    def _beside(self, task: CompareTask, place: Place) -> CompareTask:
        asset = self.gathered[place[0]].asset
        file = asset.files[place[1]]
        path = self.room.absolute(asset.root, file.path)
        return replace(task, reference_path=path, reference_size_bytes=file.size_bytes)


def laid_over(
    settings: ScanSettings, records: Sequence[AssetRecord], sided: Iterable[int], tracing: Tracing
) -> dict[tuple[int, str], LaidOver]:
    """Return pictures of matches laid over each other, by index of the asset and id of the reference; of most concern first.

    `sided`: indexes of all assets that look like anything else, and maybe of others.
    """
    if not settings.thumbnails or tracing.room.interrupted:
        return {}
    worst_first = sorted(sided, key=lambda index: (-records[index].verdict.concern, index))
    aligned = (
        (index, match)
        for index in worst_first
        for match in records[index].matches
        if match.alignment is not None and match.has_file
    )
    # What differs first: it is what a person has to see.
    altered_first = sorted(aligned, key=lambda pair: pair[1].relation is not Relation.ALTERED)
    pairs = altered_first[: min(SHOWN_LIMIT, settings.thumbnails_limit)]
    made: dict[tuple[int, str], LaidOver] = {}
    try:
        for key, result in tracing.compare(pairs, shown=True):
            index, match = pairs[key]
            if result.laid_over is not None:
                made[index, match.reference.id] = result.laid_over
    except StoreError:
        # All is compared and judged; a library that went away meanwhile costs pictures only.
        return made
    return made


def _with(match: Match, alteration: Alteration) -> Match:
    relation = Relation.ALTERED if alteration.boxes else match.relation
    return replace(match, relation=relation, alteration=alteration)
