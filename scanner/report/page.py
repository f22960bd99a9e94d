"""What stands on the page: the scan, cut to what a browser can carry, with each cut said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from scanner.model.credentials import Credentials
from scanner.model.generation import NO_NOTE
from scanner.model.judging import Zone
from scanner.model.marks import Provenance
from scanner.model.scan import AssetRecord, Scan
from scanner.model.seen import found_segments, times_in_cut
from scanner.report.cut_words import is_flagged
from scanner.report.facets import Facets, facets_of
from scanner.report.film_view import FilmView, viewing
from scanner.report.pairs import Side, count_sides, has_sides, pairing
from scanner.report.worklist import (
    Entry,
    ZoneCounts,
    allowed,
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
"""Assets without a card whose readings are told in full."""
MATCHES = 200
"""Assets without a card shown side by side with what they match."""
FLAGGED = 1000
"""Flagged assets told with their place in the cut."""
NAMES = 12
"""Generators, rules and marks named in one row of the table."""

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
    allowed: Part[Entry]
    matches: Part[tuple[int, AssetRecord]]
    """Assets without a card that match a reference or resemble another asset."""
    matches_told: int
    """Assets whose matches stand in their cards."""
    sides: Callable[[int, AssetRecord], tuple[Side, ...]]
    """What stands beside the picture of an asset, told by its index."""
    count_sides: Callable[[AssetRecord], int]
    """How many there are to stand there."""
    film: Callable[[int, AssetRecord], FilmView | None]
    """What is on screen in a film, told by its index."""
    has_gaps: bool
    """Whether parts of films are hatched on the page."""
    flagged: Part[tuple[int, AssetRecord]]
    """Assets that people will look for in the cut; none where the scan was given none."""
    zones: tuple[ZoneCounts, ...]
    unnamed: int
    """Media assets that no glob gave a zone."""
    unnamed_folders: tuple[tuple[str, int], ...]
    provenances: tuple[tuple[str, int], ...]
    passed: int
    """Judged assets that ask for nothing and have no allowed finding."""
    pictures: Part[tuple[int, AssetRecord]]
    """Assets whose picture was not compared, with the reason in their note."""
    rows: Part[tuple[int, AssetRecord]]
    facets: Facets
    """Of the assets in `rows`."""
    evidence: Part[tuple[int, AssetRecord]]
    """Assets without a card of which there is more to tell than their row says."""
    told: frozenset[int]
    """Indices of the assets with a card or in `evidence`: other places link to them."""


def page_of(scan: Scan) -> Page:
    """Lay out the scan."""
    assets = in_order(scan)
    zones = zone_counts(scan)
    fix, review, unread, approved = (_part(each(scan), CARDS) for each in (to_fix, to_review, not_read, allowed))
    carded = {entry.index for part in (fix, review, unread, approved) for entry in part.shown}
    others = [pair for pair in assets if pair[0] not in carded]
    rows, evidence = _worst_first(assets, ROWS), _evidence(others)
    return Page(
        fix=fix,
        review=review,
        unread=unread,
        allowed=approved,
        matches=_matches(others),
        matches_told=sum(has_sides(record) for index, record in assets if index in carded),
        sides=pairing(scan),
        count_sides=count_sides,
        film=viewing(scan),
        has_gaps=any(record.film and record.film.unseen for record in scan.assets),
        flagged=_flagged(scan, assets),
        zones=tuple(zones),
        unnamed=sum(each.assets - each.not_judged for each in zones if each.zone is Zone.UNASSIGNED),
        unnamed_folders=tuple(unassigned_folders(scan)),
        provenances=_provenances(scan),
        passed=sum(each.passed for each in zones) - sum(is_judged(e.record) for e in allowed(scan) if e.record),
        pictures=_part([pair for pair in assets if pair[1].picture_note], ROWS),
        rows=rows,
        facets=facets_of(rows.shown),
        evidence=evidence,
        told=frozenset(carded | {index for index, _ in evidence.shown}),
    )


def names_in(record: AssetRecord) -> tuple[str, ...]:
    """Return what the search finds an asset by beside its path: generators, rules, marks."""
    generators: Iterable[str] = (mark.generator for mark in record.marks)
    rules = (finding.rule for finding in record.findings)
    marks = (mark.id for mark in record.marks)
    return tuple(name for name in dict.fromkeys([*generators, *rules, *marks]) if name)


def _part(entries: Sequence[T], most: int) -> Part[T]:
    return Part(tuple(entries[:most]), len(entries))


def _matches(assets: list[tuple[int, AssetRecord]]) -> Part[tuple[int, AssetRecord]]:
    # Temporaries that match themselves in the library come last: they are where they belong.
    paired = [pair for pair in assets if has_sides(pair[1])]
    return _part(sorted(paired, key=lambda pair: -pair[1].verdict.concern), MATCHES)


def _flagged(scan: Scan, assets: list[tuple[int, AssetRecord]]) -> Part[tuple[int, AssetRecord]]:
    flagged = [pair for pair in assets if is_flagged(pair[1])] if scan.cuts else []
    # Those in the programme first, in the order in which they are seen.
    return _part(sorted(flagged, key=lambda pair: _first_seen(pair[1])), FLAGGED)


def _first_seen(record: AssetRecord) -> tuple[bool, int, int]:
    shown = times_in_cut(() if record.provenance.is_generative else found_segments(record))
    seen = [(one.cut, one.programme.start) for one in (shown or record.in_cut) if one.programme]
    return (False, *min(seen)) if seen else (not record.in_cut, 1 << 62, 0)


def _worst_first(assets: list[tuple[int, AssetRecord]], most: int) -> Part[tuple[int, AssetRecord]]:
    # What does not fit is what matters least; what is shown stays in the order of the paths.
    kept = sorted(assets, key=lambda pair: -pair[1].verdict.concern)[:most]
    return Part(tuple(sorted(kept, key=lambda pair: (pair[1].root, pair[1].path))), len(assets))


def _evidence(assets: list[tuple[int, AssetRecord]]) -> Part[tuple[int, AssetRecord]]:
    return _worst_first([pair for pair in assets if _has_more(pair[1])], EVIDENCE)


def _has_more(record: AssetRecord) -> bool:
    plain = record.credentials in (Credentials.NONE, Credentials.NOT_CHECKABLE) and not record.manifests
    failed = any(reading.state == "failed" for reading in record.readings)
    told = record.marks or has_sides(record) or record.findings or record.members or record.sidecars or record.approvals
    return bool(told or failed or record.people or record.generation != NO_NOTE) or not plain


def _provenances(scan: Scan) -> tuple[tuple[str, int], ...]:
    counts = Counter(record.provenance for record in scan.assets if is_judged(record))
    return tuple((provenance.value, counts[provenance]) for provenance in Provenance if counts[provenance])
