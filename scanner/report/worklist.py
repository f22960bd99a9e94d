"""What people have to do after a scan: the assets to fix, to review, and those that were not read; and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import overload

from scanner.model.judging import Finding, Severity, Verdict, Zone
from scanner.model.scan import AssetRecord, Scan
from scanner.report.ordered import Ordered, ordered, tally_of
from scanner.report.tally import ZoneFigures, is_known

Findings = tuple[Finding, ...]
_SEVERITIES = tuple(Severity)
ONLY_NEW = ("only-new", "yes")
"""Of `Scan.options`: reports for people show only what is new since the baseline."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a work list: an asset, or the delivery as a whole, and what was found there."""

    index: int
    """Place in the scan's assets; -1 for the delivery."""
    record: AssetRecord | None
    findings: tuple[Finding, ...]
    """Those that put it on this list first, the others after them."""

    @property
    def known(self) -> bool:
        """Whether all that asks for a verdict here was in the baseline report already."""
        return is_known(self.findings)


@dataclass(frozen=True, slots=True)
class BaselineCounts:
    """Entries of the work lists, by the verdict that put them there."""

    known: dict[str, int]
    new: dict[str, int]


@dataclass(frozen=True, slots=True)
class ZoneCounts:
    """How many assets of one zone came out how."""

    zone: Zone
    assets: int
    blocked: int
    incomplete: int
    review: int
    passed: int
    not_judged: int
    """Not media: counted, without a verdict."""
    generative: int


@dataclass(frozen=True, slots=True)
class Half:
    """Half of a work list: what is new, or what the baseline report had already."""

    about: tuple[Entry, ...] = ()
    """Entries about the delivery as a whole."""
    places: Sequence[int] = ()
    """Places of assets in their order."""

    def __len__(self) -> int:
        return len(self.about) + len(self.places)


class WorkList(Sequence[Entry]):
    """Entries, each put together when it is asked for: a list of a hundred thousand is a hundred thousand numbers."""

    def __init__(
        self,
        assets: Ordered,
        rank: Callable[[AssetRecord], Findings],
        new: Half,
        known: Half = Half(),
        only: Half | None = None,
    ) -> None:
        self.new = new
        self.known = known
        """Comes behind what is new, where it is shown."""
        self._halves = (new, known) if only is None else (only,)
        self._assets = assets
        self._rank = rank

    def __len__(self) -> int:
        return sum(map(len, self._halves))

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        for half in self._halves:
            if 0 <= index < len(half.about):
                return half.about[index]
            index -= len(half.about)
            if 0 <= index < len(half.places):
                return self._entry(half.places[index])
            index -= len(half.places)
        raise IndexError(index)

    def __iter__(self) -> Iterator[Entry]:
        for half in self._halves:
            yield from half.about
            yield from map(self._entry, half.places)

    def of(self, places: Sequence[int]) -> WorkList:
        """Return the entries of these assets, as this list tells them."""
        return WorkList(self._assets, self._rank, Half((), places))

    def only_new(self) -> WorkList:
        """Return the entries that the baseline report did not have."""
        return WorkList(self._assets, self._rank, self.new)

    def _entry(self, place: int) -> Entry:
        record = self._assets.at(place)
        return Entry(self._assets.index_of(place), record, self._rank(record))


def shows_only_new(scan: Scan) -> bool:
    """Whether reports for people leave out what the baseline report had already."""
    return scan.baseline is not None and ONLY_NEW in scan.options


def in_order(scan: Scan) -> Iterator[tuple[int, AssetRecord]]:
    """Return the assets by root and path, each with its index in the scan."""
    assets = ordered(scan)
    return ((assets.index_of(place), record) for place, record in enumerate(assets))


def to_fix(scan: Scan) -> WorkList:
    """Return what blocks: findings on the delivery first, then the blocked assets."""
    whole = [finding for finding in _standing(scan) if finding.severity is Severity.HIGH and not finding.coverage]
    return _list(scan, whole, Verdict.BLOCKED)


def to_review(scan: Scan) -> WorkList:
    """Return what a person must look at."""
    return _list(scan, [finding for finding in _standing(scan) if finding.severity is Severity.MEDIUM], Verdict.REVIEW)


def not_read(scan: Scan) -> WorkList:
    """Return what the scan owes an answer on: incomplete, but not blocked."""
    whole = [finding for finding in _standing(scan) if finding.severity is Severity.HIGH and finding.coverage]
    return _list(scan, whole, Verdict.INCOMPLETE)


def baseline_counts(scan: Scan) -> BaselineCounts:
    """Return how much of the work is known from the baseline report, and how much is new."""
    lists = {Verdict.BLOCKED: to_fix(scan), Verdict.INCOMPLETE: not_read(scan), Verdict.REVIEW: to_review(scan)}
    return BaselineCounts(
        {verdict.value: len(entries.known) for verdict, entries in lists.items()},
        {verdict.value: len(entries.new) for verdict, entries in lists.items()},
    )


def allowed(scan: Scan) -> WorkList:
    """Return what asks for nothing because it was approved: it stays in every report, with who allowed it.

    An asset that something else keeps on a list stands there, with what was allowed beside it.
    """
    whole = [finding for finding in scan.findings if finding.allowed_by]
    return WorkList(ordered(scan), _allowed_first, Half(_delivery(whole), tally_of(scan).allowed))


def zone_counts(scan: Scan) -> list[ZoneCounts]:
    """Return the figures of each zone that holds anything, in the order of the zones."""
    zones = tally_of(scan).zones
    return [_count(zone, zones[zone]) for zone in Zone if zone in zones]


def unassigned_folders(scan: Scan, limit: int = 3) -> list[tuple[str, int]]:
    """Return the folders that hold most of the unassigned media, with their counts, largest first."""
    return tally_of(scan).unnamed_folders.largest(limit)


def ranked(record: AssetRecord) -> Findings:
    """Return the findings of an asset, those that decided its verdict first."""
    by_cause = record.verdict is not Verdict.INCOMPLETE

    def rank(finding: Finding) -> tuple[bool, int, bool]:
        return bool(finding.allowed_by), _SEVERITIES.index(finding.severity), finding.coverage is by_cause

    return tuple(sorted(record.findings, key=rank))


def place(scan: Scan, root: int, path: str) -> str:
    """Return a path as people find it again: with its root's name in front where several roots were scanned."""
    if len(scan.roots) < 2:
        return path
    names = [PurePosixPath(each).name for each in scan.roots]
    name = names[root] if names.count(names[root]) == 1 and names[root] else scan.roots[root]
    return f"{name.rstrip('/')}/{path}"


def _list(scan: Scan, whole: Sequence[Finding], verdict: Verdict) -> WorkList:
    about, tally = _delivery(whole), tally_of(scan)
    new = Half(tuple(entry for entry in about if not entry.known), tally.new(verdict))
    known = Half(tuple(entry for entry in about if entry.known), tally.known[verdict])
    return WorkList(ordered(scan), ranked, new, known, new if shows_only_new(scan) else None)


def _standing(scan: Scan) -> list[Finding]:
    return [finding for finding in scan.findings if not finding.allowed_by]


def _delivery(findings: Iterable[Finding]) -> tuple[Entry, ...]:
    return tuple(Entry(-1, None, (finding,)) for finding in findings)


def _allowed_first(record: AssetRecord) -> Findings:
    return tuple(sorted(record.findings, key=lambda finding: not finding.allowed_by))


def _count(zone: Zone, figures: ZoneFigures) -> ZoneCounts:
    verdicts = figures.verdicts
    return ZoneCounts(
        zone,
        assets=figures.assets,
        blocked=verdicts[Verdict.BLOCKED],
        incomplete=verdicts[Verdict.INCOMPLETE],
        review=verdicts[Verdict.REVIEW],
        passed=verdicts[Verdict.PASS],
        not_judged=figures.assets - verdicts.total(),
        generative=figures.generative,
    )
