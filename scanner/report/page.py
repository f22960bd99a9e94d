"""What stands on the page: the scan, cut to what a browser can carry, with each cut said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from typing import Generic, TypeVar

from scanner.model.judging import Verdict, Zone
from scanner.model.marks import Provenance
from scanner.model.scan import AssetRecord, Scan
from scanner.model.seen import found_segments, times_in_cut
from scanner.report.facets import Facets, facets_of
from scanner.report.film_view import FilmView, viewing
from scanner.report.ordered import ordered, tally_of
from scanner.report.pairs import Side, count_sides, pairing
from scanner.report.tally import Places, has_sides
from scanner.report.worklist import (
    Entry,
    ZoneCounts,
    allowed,
    not_read,
    shows_only_new,
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
EVIDENCE_BESIDE_PAGES = 300
"""The same where further pages hold what the lists have no room for: the first page opens as quickly as for a small delivery."""
MATCHES = 200
"""Assets without a card shown side by side with what they match."""
FLAGGED = 1000
"""Flagged assets told with their place in the cut."""
NAMES = 12
"""Generators, rules and marks named in one row of the table."""

T = TypeVar("T")
Told = tuple[int, AssetRecord]
"""An asset and its index in the scan."""


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

    only_new: bool
    """Whether what the baseline report had is left out."""

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


def page_of(scan: Scan, *, beside_pages: bool = False) -> Page:
    """Lay out the scan, for a page that stands alone or beside further ones."""
    tally, zones = tally_of(scan), zone_counts(scan)
    fix, review, unread, approved = (_part(each(scan), CARDS) for each in (to_fix, to_review, not_read, allowed))
    carded = [entry for part in (fix, review, unread, approved) for entry in part.shown if entry.record]
    found = _Found(scan, frozenset(entry.index for entry in carded))
    rows = found.worst_first(tally.of_verdict, ROWS)
    evidence = found.worst_first(tally.telling, EVIDENCE_BESIDE_PAGES if beside_pages else EVIDENCE, without_card=True)
    noted = found.shown(tally.noted)
    return Page(
        only_new=shows_only_new(scan),
        fix=fix,
        review=review,
        unread=unread,
        allowed=approved,
        # Temporaries that match themselves in the library come last: they are where they belong.
        matches=found.worst_first(tally.sided, MATCHES, without_card=True, by_path=False),
        matches_told=sum(has_sides(entry.record) for entry in carded if entry.record),
        sides=pairing(scan),
        count_sides=count_sides,
        film=viewing(scan),
        has_gaps=bool(tally.totals.gaps),
        flagged=_flagged(scan, found),
        zones=tuple(zones),
        unnamed=sum(each.assets - each.not_judged for each in zones if each.zone is Zone.UNASSIGNED),
        unnamed_folders=tuple(unassigned_folders(scan)),
        provenances=tuple((each.value, tally.provenances[each]) for each in Provenance if tally.provenances[each]),
        passed=sum(each.passed for each in zones) - tally.totals.allowed_judged,
        pictures=Part(tuple(found.at(noted[:ROWS])), len(noted)),
        rows=rows,
        facets=facets_of(rows.shown),
        evidence=evidence,
        told=frozenset({entry.index for entry in carded} | {index for index, _ in evidence.shown}),
    )


def names_in(record: AssetRecord) -> tuple[str, ...]:
    """Return what the search finds an asset by beside its path: generators, rules, marks."""
    generators: Iterable[str] = (mark.generator for mark in record.marks)
    rules = (finding.rule for finding in record.findings)
    marks = (mark.id for mark in record.marks)
    return tuple(name for name in dict.fromkeys([*generators, *rules, *marks]) if name)


class _Found:
    """Takes assets out of the scan's lists, as many as the page has room for."""

    def __init__(self, scan: Scan, carded: frozenset[int]) -> None:
        self._assets = ordered(scan)
        self._carded = carded
        known = tally_of(scan).known.values() if shows_only_new(scan) else ()
        self._hidden = frozenset(place for places in known for place in places)

    def at(self, places: Iterable[int]) -> Iterator[Told]:
        """Return assets by their places."""
        return ((self._assets.index_of(place), self._assets.at(place)) for place in places)

    def shown(self, places: Places) -> Sequence[int]:
        """Return places without those of assets that are not to be shown."""
        return [place for place in places if place not in self._hidden] if self._hidden else places

    def worst_first(
        self, lists: Mapping[Verdict, Places], most: int, *, without_card: bool = False, by_path: bool = True
    ) -> Part[Told]:
        """Return the assets of most concern; what is shown stays in the order of the paths where that is asked for."""
        ranked = [self.shown(places) for _, places in sorted(lists.items(), key=lambda pair: -pair[0].concern)]
        wanted = (
            place for places in ranked for place in places if not (without_card and self._assets.index_of(place) in self._carded)
        )
        kept = list(islice(wanted, most))
        left_out = self._in_cards(ranked) if without_card else 0
        return Part(tuple(self.at(sorted(kept) if by_path else kept)), sum(map(len, ranked)) - left_out)

    def _in_cards(self, lists: Iterable[Sequence[int]]) -> int:
        return sum(self._assets.index_of(place) in self._carded for places in lists for place in places)


def _part(entries: Sequence[T], most: int) -> Part[T]:
    return Part(tuple(entries[:most]), len(entries))


def _flagged(scan: Scan, found: _Found) -> Part[Told]:
    # Those in the programme first, in the order in which they are seen.
    places = found.shown(tally_of(scan).flagged) if scan.cuts else ()
    return Part(tuple(nsmallest(FLAGGED, found.at(places), key=lambda pair: _first_seen(pair[1]))), len(places))


def _first_seen(record: AssetRecord) -> tuple[bool, int, int]:
    shown = times_in_cut(() if record.provenance.is_generative else found_segments(record))
    seen = [(one.cut, one.programme.start) for one in (shown or record.in_cut) if one.programme]
    return (False, *min(seen)) if seen else (not record.in_cut, 1 << 62, 0)
