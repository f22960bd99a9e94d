"""Zones that serve as references within a scan: what lies in `reference` and `archival` folders is owned material.

A picture there is compared with the assets of all other zones, never with itself or its neighbours. Left out is what bears
generative marks, and what has the bytes or pixels of a known AI temporary: it would vouch for its own copies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scanner.match.search import ExactSearch, upgrade_to_same
from scanner.model.judging import Zone
from scanner.model.marks import Provenance
from scanner.model.matching import Match, Reference, Relation, Role
from scanner.model.protocols import Engine
from scanner.model.text import escape_path
from scanner.model.work import PixelDigest, PixelsTask
from scanner.pipeline.comparing import best_matches, file_of, may_be_same, pixels_task
from scanner.pipeline.gather import Gathered
from scanner.pipeline.plan import Progress
from scanner.pipeline.point_matching import Matches, Place, in_order
from scanner.pipeline.reading import ReadingRoom

_ZONES = (Zone.REFERENCE, Zone.ARCHIVAL)
_PREFIX = "zone-"


@dataclass(frozen=True, slots=True)
class ZoneReferences:
    """What the zones of one scan serve as, and where each reference lies."""

    held: tuple[tuple[Zone, tuple[Reference, ...]], ...]
    searches: tuple[tuple[Zone, ExactSearch], ...]
    places: Mapping[str, Place]
    """Id of a reference → where it lies."""


def find_zone_references(numbered: Iterable[tuple[int, Gathered]], matches: Matches) -> ZoneReferences:
    """Return the references among assets of a scan, which come with their indexes; `matches` are those with the library."""
    places: dict[str, Place] = {}
    found: dict[Zone, list[Reference]] = {zone: [] for zone in _ZONES}
    for index, one in numbered:
        if _serves(one, matches.get(index, ())):
            for at, reference in _references_of(one):
                places[reference.id] = (index, at)
                found[one.asset.zone.zone].append(reference)
    held = tuple((zone, tuple(references)) for zone, references in found.items() if references)
    return ZoneReferences(held, tuple((zone, ExactSearch(references)) for zone, references in held), places)


def with_zone_matches(
    gathered: Sequence[Gathered],
    numbered: Iterable[tuple[int, Gathered]],
    matches: Matches,
    references: ZoneReferences,
    room: ReadingRoom,
    engine: Engine,
    progress: Progress,
) -> dict[int, tuple[Match, ...]]:
    """Return `matches` with those of the zones' references added, which are looked for among the assets in `numbered`."""
    found = {index: near for index, one in (numbered if references.held else ()) if (near := _matches_of(one, references))}
    work = list(_to_decode(found, gathered, references))
    tasks = [pixels_task(key, gathered[index], at, room) for key, (index, at) in enumerate(work)]
    digests = dict(zip(work, _digests(tasks, engine, progress), strict=True))
    compared = {
        index: tuple(
            _with_pixels(match, digests.get((index, file_of(match, gathered[index])), ""), digests, references) for match in near
        )
        for index, near in found.items()
    }
    return {index: in_order((*matches.get(index, ()), *compared.get(index, ()))) for index in sorted({*matches, *compared})}


def _serves(one: Gathered, matches: Iterable[Match]) -> bool:
    if one.asset.zone.zone not in _ZONES or not one.first.format.picture:
        return False
    if one.provenance.is_generative or one.provenance is Provenance.UNREADABLE or not one.reached:
        return False
    return not any(match.reference.role is Role.AI and match.relation is Relation.SAME for match in matches)


def _references_of(one: Gathered) -> Iterator[tuple[int, Reference]]:
    for at, (file, (_, examination)) in enumerate(zip(one.asset.files, one.frames, strict=True)):
        if examination.hash.value:
            name = escape_path(file.path)[0]
            place = f"{one.asset.root}:{name}" if one.asset.root else name
            identity = f"{_PREFIX}{one.asset.zone.zone.value}:{place}"
            yield at, Reference(identity, Role.OWNED, name, examination.hash.value, examination.fingerprint)


def _matches_of(one: Gathered, references: ZoneReferences) -> tuple[Match, ...]:
    others = (search for zone, search in references.searches if zone is not one.asset.zone.zone)
    return tuple(match for search in others for match in best_matches(one, search))


def _to_decode(found: Matches, gathered: Sequence[Gathered], references: ZoneReferences) -> Iterator[Place]:
    """Both sides of each match that is near enough, once each: index of the asset, and of the file in it."""
    wanted: dict[Place, None] = {}
    for index, matches in found.items():
        for match in filter(may_be_same, matches):
            wanted.setdefault((index, file_of(match, gathered[index])))
            wanted.setdefault(references.places[match.reference.id])
    yield from wanted


def _digests(tasks: Sequence[PixelsTask], engine: Engine, progress: Progress) -> list[str]:
    digests = [""] * len(tasks)
    try:
        for done, result in enumerate(engine.run(tasks) if tasks else (), 1):
            progress("comparing", done, len(tasks))
            if isinstance(result, PixelDigest):
                digests[result.key] = result.digest
    except KeyboardInterrupt:
        # What was not decoded stays similar; being the same as an owned picture changes no verdict.
        return digests
    return digests


def _with_pixels(match: Match, digest: str, digests: Mapping[Place, str], references: ZoneReferences) -> Match:
    held = digests.get(references.places[match.reference.id], "")
    decoded = replace(match, reference=replace(match.reference, pixel_digest=held))
    return upgrade_to_same(decoded, digest) if may_be_same(match) else decoded
