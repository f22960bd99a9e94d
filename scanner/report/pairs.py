"""Side by side: an asset's picture, and beside it each reference and near copy that it was found to look like."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice

from scanner.model.judging import Zone
from scanner.model.matching import Match, NearCopy, Relation, Rights, Role
from scanner.model.scan import AssetRecord, Scan
from scanner.report import sentences
from scanner.report.laid_over import Comparison, comparison_of, measured
from scanner.report.ordered import ordered
from scanner.report.worklist import place

SIDES = 8
"""Pictures shown beside one asset; more tell a person nothing new, and scan.json has them all."""

ROLE_TITLES = {
    Role.OWNED: "Owned reference",
    Role.LICENSED: "Licensed reference",
    Role.RESTRICTED: "Restricted reference",
    Role.AI: "AI reference",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One picture beside an asset's own."""

    title: str
    """What it is: ``Licensed reference``, ``Copy in this delivery, zone temporary``."""
    name: str
    index: int | None
    """Of a near copy, its place in the scan's assets; None for a reference."""
    relation: str
    """How the asset relates to it, and the figures: ``similar: 6 bits differ, phash64/imagehash-4.3``."""
    terms: tuple[tuple[str, str], ...]
    """What is known of it, as label and text; empty texts are left out."""
    no_ai_alteration: bool
    jpeg: bytes
    """Small picture, or empty."""
    comparison: Comparison | None = None
    """How both are laid over each other, where their pictures are there."""


def pairing(scan: Scan) -> Callable[[int, AssetRecord], tuple[Side, ...]]:
    """Return what gives the sides of any asset of `scan`, by its place there."""
    return lambda index, record: tuple(islice(_sides(scan, index, record), SIDES))


def siding(scan: Scan) -> Callable[[Match | NearCopy], Side]:
    """Return what gives the side of any match or near copy of `scan`."""
    return lambda found: _reference_side(scan, found) if isinstance(found, Match) else _copy_side(scan, found)


def count_sides(record: AssetRecord) -> int:
    """Return how many pictures there are to stand beside an asset's own, shown or not."""
    return sum(len(found) for found in _beside(record))


def _beside(record: AssetRecord) -> tuple[list[Match], list[NearCopy]]:
    # What is on screen for a time stands along its strip; what a sequence shows altered has to be looked at laid over, too.
    matches = [match for match in record.matches if not match.segments or match.relation is Relation.ALTERED]
    return matches, [copy for copy in record.near_copies if not copy.segments]


def _sides(scan: Scan, index: int, record: AssetRecord) -> Iterable[Side]:
    drawn: dict[bytes, int] = {}
    matches, copies = _beside(record)
    for number, match in enumerate(matches):
        pictures = scan.laid_over.get((index, match.reference.id))
        if pictures is None:
            yield _reference_side(scan, match)
            continue
        comparison = comparison_of(match, pictures, number, drawn.get(pictures.asset))
        drawn.setdefault(pictures.asset, number)
        yield replace(_reference_side(scan, match), comparison=comparison)
    yield from (_copy_side(scan, copy) for copy in copies)


def _reference_side(scan: Scan, match: Match) -> Side:
    reference = match.reference
    figures = measured(match) or sentences.figures(match)
    frame = f", in frame {match.frames}" if match.frames else ""
    return Side(
        title=ROLE_TITLES[reference.role],
        name=reference.name,
        index=None,
        relation=f"{match.relation.value}: {figures}{frame}",
        terms=terms_of(reference.rights),
        no_ai_alteration=reference.rights.no_ai_alteration,
        jpeg=scan.reference_thumbnails.get(reference.id, b""),
    )


def _copy_side(scan: Scan, copy: NearCopy) -> Side:
    index = ordered(scan).find(copy.root, copy.path)
    if index is not None and not scan.assets[index].provenance.is_generative:
        index = None
    zone = "no zone" if copy.zone is Zone.UNASSIGNED else f"zone {copy.zone.value}"
    measured = sentences.copy_figures(copy)
    return Side(
        title=f"Copy in this delivery, {zone}",
        name=place(scan, copy.root, copy.path),
        index=index,
        relation=f"{copy.relation.value}: {measured}",
        terms=(("Declared", f"{copy.provenance.value}, by its marks"),),
        no_ai_alteration=False,
        jpeg=scan.thumbnails.get(index, b"") if index is not None else b"",
    )


def terms_of(rights: Rights) -> tuple[tuple[str, str], ...]:
    """Return what a reference's manifest states of its rights, as label and text."""
    stated = (("Source", rights.source), ("Owner", rights.owner), ("Licence", rights.licence))
    return tuple((label, text) for label, text in stated if text)
