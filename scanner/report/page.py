"""What stands on the page: the scan, cut to what a browser can carry, with each cut said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from scanner.model.credentials import Credentials
from scanner.model.judging import Zone
from scanner.model.marks import Provenance
from scanner.model.scan import AssetRecord, Scan
from scanner.report.pairs import Side, has_sides, pairing
from scanner.report.worklist import (
    Entry,
    ZoneCounts,
    in_order,
    is_judged,
    not_read,
    to_fix,
    to_review,
    unassigned_folders,
    zone_counts,
)

CARDS = 200
"""Cards of one list. A person works through a screen or two of them; the table names the rest."""
ROWS = 5000
"""Rows of the table of assets, and of other lists."""
EVIDENCE = 1000
"""Assets whose readings are told in full."""
MATCHES = 200
"""Assets shown side by side with what they match."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """The beginning of a list, and how long the list is."""

    shown: tuple[T, ...]
    total: int

    @property
    def left(self) -> int:
        """How many are not shown."""
        return self.total - len(self.shown)


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template needs beside the scan itself."""

    fix: Part[Entry]
    review: Part[Entry]
    unread: Part[Entry]
    matches: Part[tuple[int, AssetRecord]]
    """Assets that match a reference or resemble another asset."""
    sides: Callable[[AssetRecord], tuple[Side, ...]]
    """What stands beside an asset's picture."""
    zones: tuple[ZoneCounts, ...]
    unnamed: int
    """Media assets that no glob gave a zone."""
    unnamed_folders: tuple[tuple[str, int], ...]
    provenances: tuple[tuple[str, int], ...]
    limits: tuple[tuple[str, int, str], ...]
    """Format, assets, what cannot be read in it."""
    pictures: Part[tuple[int, AssetRecord]]
    """Assets whose picture was not compared, with the reason in their note."""
    rows: Part[tuple[int, AssetRecord]]
    evidence: Part[tuple[int, AssetRecord]]
    told: frozenset[int]
    """Indices of the assets in `evidence`: other places link to them."""


def page_of(scan: Scan) -> Page:
    """Lay out the scan."""
    assets = in_order(scan)
    zones = zone_counts(scan)
    evidence = _evidence(assets)
    return Page(
        fix=_part(to_fix(scan), CARDS),
        review=_part(to_review(scan), CARDS),
        unread=_part(not_read(scan), CARDS),
        matches=_matches(assets),
        sides=pairing(scan),
        zones=tuple(zones),
        unnamed=sum(each.assets - each.not_judged for each in zones if each.zone is Zone.UNASSIGNED),
        unnamed_folders=tuple(unassigned_folders(scan)),
        provenances=_provenances(scan),
        limits=_limits(scan),
        pictures=_part([pair for pair in assets if pair[1].picture_note], ROWS),
        rows=_worst_first(assets, ROWS),
        evidence=evidence,
        told=frozenset(index for index, _ in evidence.shown),
    )


def _part(entries: Sequence[T], most: int) -> Part[T]:
    return Part(tuple(entries[:most]), len(entries))


def _matches(assets: list[tuple[int, AssetRecord]]) -> Part[tuple[int, AssetRecord]]:
    # Temporaries that match themselves in the library come last: they are where they belong.
    paired = [pair for pair in assets if has_sides(pair[1])]
    return _part(sorted(paired, key=lambda pair: -pair[1].verdict.concern), MATCHES)


def _worst_first(assets: list[tuple[int, AssetRecord]], most: int) -> Part[tuple[int, AssetRecord]]:
    # What does not fit is what matters least; what is shown stays in the order of the paths.
    kept = sorted(assets, key=lambda pair: -pair[1].verdict.concern)[:most]
    return Part(tuple(sorted(kept, key=lambda pair: (pair[1].root, pair[1].path))), len(assets))


def _evidence(assets: list[tuple[int, AssetRecord]]) -> Part[tuple[int, AssetRecord]]:
    return _worst_first([pair for pair in assets if _has_more(pair[1])], EVIDENCE)


def _has_more(record: AssetRecord) -> bool:
    plain = record.credentials in (Credentials.NONE, Credentials.NOT_CHECKABLE) and not record.manifests
    failed = any(reading.state == "failed" for reading in record.readings)
    return bool(record.marks or has_sides(record) or record.findings or record.members or record.sidecars or failed) or not plain


def _provenances(scan: Scan) -> tuple[tuple[str, int], ...]:
    counts = Counter(record.provenance for record in scan.assets if is_judged(record))
    return tuple((provenance.value, counts[provenance]) for provenance in Provenance if counts[provenance])


def _limits(scan: Scan) -> tuple[tuple[str, int, str], ...]:
    counts = Counter((record.format.title, record.format.limits) for record in scan.assets if record.format.limits)
    return tuple((title, count, limits) for (title, limits), count in sorted(counts.items()))
