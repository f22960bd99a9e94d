"""Pages beside the page: what stands in a list that is longer than one page has room for, by zone and folder.

They hold every entry of such a list in few words; `scan.json` has all that was read of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from scanner.model.judging import Finding, Verdict, Zone
from scanner.model.scan import AssetRecord, Scan
from scanner.report.ordered import tally_of
from scanner.report.page import CARDS
from scanner.report.worklist import Entry, WorkList, allowed, not_read, place, shows_only_new, to_fix, to_review

FOLDER = "scan-pages"
"""Name of the folder that they stand in, beside the page."""
ENTRIES = 1000
"""Entries of one page."""
FINDINGS = 5
"""Findings told of one asset."""


@dataclass(frozen=True, slots=True)
class FurtherPage:
    """One page: a run of assets of one list and zone, in the order of their paths."""

    of: str
    """The list's section of the page: ``fix``."""
    title: str
    zone: Zone
    number: int
    """Among those of its list and zone, from 1."""
    entries: WorkList
    first: str
    """Folder of its first asset, as people find it."""
    last: str

    @property
    def name(self) -> str:
        """Its file's name."""
        return f"{self.of}-{self.zone.value}-{self.number}.html"


@dataclass(frozen=True, slots=True)
class FurtherEntry:
    """One asset on such a page."""

    entry: Entry
    record: AssetRecord
    name: str
    """Last component of its path."""
    folder: str
    """Its folder where that is another than of the asset before it; else empty."""
    step: Finding | None
    """The finding whose next step is to be told: another than the asset before it asks for."""


@dataclass(frozen=True, slots=True)
class Run:
    """The pages of one list and zone."""

    zone: Zone
    assets: int
    pages: tuple[FurtherPage, ...]


def further_pages(scan: Scan) -> tuple[FurtherPage, ...]:
    """Return the pages that a scan needs beside its page; none for one whose lists are short enough."""
    tally, only_new = tally_of(scan), shows_only_new(scan)

    def places_of(verdict: Verdict) -> Sequence[int]:
        return tally.new(verdict) if only_new else tally.of_verdict[verdict]

    lists = (
        ("fix", "To fix", to_fix(scan), places_of(Verdict.BLOCKED)),
        ("review", "To review", to_review(scan), places_of(Verdict.REVIEW)),
        ("not-read", "Not read", not_read(scan), places_of(Verdict.INCOMPLETE)),
        ("allowed", "Allowed", allowed(scan), tally.allowed),
    )
    return tuple(
        page
        for of, title, entries, places in lists
        if len(entries) > CARDS
        for zone, here in tally.by_zone(places).items()
        for page in _pages(scan, of, title, zone, entries.of(here))
    )


def runs_of(pages: Sequence[FurtherPage]) -> dict[str, list[Run]]:
    """Return pages by the section that they belong to, each zone's together."""
    found: dict[str, list[Run]] = {}
    for (of, zone), run in groupby(pages, key=lambda page: (page.of, page.zone)):
        here = tuple(run)
        found.setdefault(of, []).append(Run(zone, sum(len(page.entries) for page in here), here))
    return found


def entries_of(scan: Scan, page: FurtherPage) -> Iterator[FurtherEntry]:
    """Return the entries of a page, each told with what the one before it did not say."""
    folder, told = "", ""
    for entry in page.entries:
        if entry.record is None:
            continue
        here = _folder(scan, entry.record)
        lead = next((each for each in entry.findings[:1] if not each.allowed_by), None)
        step = lead if lead and lead.next_step != told else None
        name = entry.record.path.rpartition("/")[2]
        yield FurtherEntry(entry, entry.record, name, here if here != folder else "", step)
        folder, told = here, lead.next_step if lead else told


def _pages(scan: Scan, of: str, title: str, zone: Zone, entries: WorkList) -> Iterator[FurtherPage]:
    places = entries.new.places
    for number, begin in enumerate(range(0, len(places), ENTRIES), 1):
        here = entries.of(places[begin : begin + ENTRIES])
        first, last = (_folder(scan, here[at].record) for at in (0, len(here) - 1))
        yield FurtherPage(of, title, zone, number, here, first, last)


def _folder(scan: Scan, record: AssetRecord | None) -> str:
    return place(scan, record.root, record.path).rpartition("/")[0] if record else ""
