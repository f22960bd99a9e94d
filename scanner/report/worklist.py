"""What people have to do after a scan: the assets to fix, to review, and those that were not read; and where they stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath

from scanner.model.judging import Finding, Severity, Verdict, Zone
from scanner.model.scan import AssetRecord, Scan

_SEVERITIES = tuple(Severity)


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
        asking = [finding for finding in self.findings if finding.severity is not Severity.INFO and not finding.allowed_by]
        return bool(asking) and all(finding.known for finding in asking)


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


def is_judged(record: AssetRecord) -> bool:
    """Tell whether an asset has a verdict: all media, and anything else that gave cause for one."""
    return record.is_media or record.verdict is not Verdict.PASS


def in_order(scan: Scan) -> list[tuple[int, AssetRecord]]:
    """Return the assets by root and path, each with its index in the scan."""
    return sorted(enumerate(scan.assets), key=lambda pair: (pair[1].root, pair[1].path))


def to_fix(scan: Scan) -> list[Entry]:
    """Return what blocks: findings on the delivery first, then the blocked assets."""
    whole = [finding for finding in _standing(scan) if finding.severity is Severity.HIGH and not finding.coverage]
    return _new_first(_delivery(whole) + _assets(scan, Verdict.BLOCKED))


def to_review(scan: Scan) -> list[Entry]:
    """Return what a person must look at."""
    whole = [finding for finding in _standing(scan) if finding.severity is Severity.MEDIUM]
    return _new_first(_delivery(whole) + _assets(scan, Verdict.REVIEW))


def not_read(scan: Scan) -> list[Entry]:
    """Return what the scan owes an answer on: incomplete, but not blocked."""
    whole = [finding for finding in _standing(scan) if finding.severity is Severity.HIGH and finding.coverage]
    return _new_first(_delivery(whole) + _assets(scan, Verdict.INCOMPLETE))


def baseline_counts(scan: Scan) -> BaselineCounts:
    """Return how much of the work is known from the baseline report, and how much is new."""
    lists = {Verdict.BLOCKED: to_fix(scan), Verdict.INCOMPLETE: not_read(scan), Verdict.REVIEW: to_review(scan)}
    known = {verdict.value: sum(entry.known for entry in entries) for verdict, entries in lists.items()}
    return BaselineCounts(known, {verdict.value: len(entries) - known[verdict.value] for verdict, entries in lists.items()})


def allowed(scan: Scan) -> list[Entry]:
    """Return what asks for nothing because it was approved: it stays in every report, with who allowed it.

    An asset that something else keeps on a list stands there, with what was allowed beside it.
    """
    whole = [finding for finding in scan.findings if finding.allowed_by]
    return _delivery(whole) + [
        Entry(index, record, tuple(sorted(record.findings, key=lambda finding: not finding.allowed_by)))
        for index, record in in_order(scan)
        if record.verdict is Verdict.PASS and any(finding.allowed_by for finding in record.findings)
    ]


def zone_counts(scan: Scan) -> list[ZoneCounts]:
    """Return the figures of each zone that holds anything, in the order of the zones."""
    return [_count(zone, here) for zone in Zone if (here := [a for a in scan.assets if a.zone.zone is zone])]


def unassigned_folders(scan: Scan, limit: int = 3) -> list[tuple[str, int]]:
    """Return the folders that hold most of the unassigned media, with their counts, largest first."""
    parents = [_parents(record.path) for record in scan.assets if record.zone.zone is Zone.UNASSIGNED and record.is_media]
    deep = [folders for folders in parents if folders]
    depth = _shared_depth(deep)
    counts = Counter("/".join(folders[: depth + 1]) for folders in deep)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]


def place(scan: Scan, root: int, path: str) -> str:
    """Return a path as people find it again: with its root's name in front where several roots were scanned."""
    if len(scan.roots) < 2:
        return path
    names = [PurePosixPath(each).name for each in scan.roots]
    name = names[root] if names.count(names[root]) == 1 and names[root] else scan.roots[root]
    return f"{name.rstrip('/')}/{path}"


def _new_first(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.known)


def _standing(scan: Scan) -> list[Finding]:
    return [finding for finding in scan.findings if not finding.allowed_by]


def _delivery(findings: list[Finding]) -> list[Entry]:
    return [Entry(-1, None, (finding,)) for finding in findings]


def _assets(scan: Scan, verdict: Verdict) -> list[Entry]:
    return [Entry(index, record, _ranked(record)) for index, record in in_order(scan) if record.verdict is verdict]


def _ranked(record: AssetRecord) -> tuple[Finding, ...]:
    by_cause = record.verdict is not Verdict.INCOMPLETE

    def rank(finding: Finding) -> tuple[bool, int, bool]:
        return bool(finding.allowed_by), _SEVERITIES.index(finding.severity), finding.coverage is by_cause

    return tuple(sorted(record.findings, key=rank))


def _count(zone: Zone, records: list[AssetRecord]) -> ZoneCounts:
    verdicts = Counter(record.verdict for record in records if is_judged(record))
    return ZoneCounts(
        zone,
        assets=len(records),
        blocked=verdicts[Verdict.BLOCKED],
        incomplete=verdicts[Verdict.INCOMPLETE],
        review=verdicts[Verdict.REVIEW],
        passed=verdicts[Verdict.PASS],
        not_judged=len(records) - verdicts.total(),
        generative=sum(record.provenance.is_generative for record in records),
    )


def _parents(path: str) -> tuple[str, ...]:
    return tuple(path.split("/")[:-1])


def _shared_depth(folders: list[tuple[str, ...]]) -> int:
    # A folder that wraps everything says nothing; its children do.
    depth = 0
    while folders and all(len(each) > depth + 1 for each in folders) and len({each[: depth + 1] for each in folders}) == 1:
        depth += 1
    return depth
