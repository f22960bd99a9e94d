"""``scan.md``: a summary to paste into a ticket or a mail. Lists are cut, and each cut is said; the other reports have all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scanner.model.judging import Finding, Severity
from scanner.model.scan import AssetRecord, Scan
from scanner.report import sentences
from scanner.report.coverage_statement import coverage_statement
from scanner.report.markdown_text import code, plain
from scanner.report.sentences import counted, number
from scanner.report.worklist import Entry, in_order, not_read, place, to_fix, to_review, zone_counts

MOST_ENTRIES = 40
"""Entries of one list: GitHub takes 65,536 characters, and nobody works through more in a ticket."""
MOST_ALLOWED = 20
MOST_LINES = 15
"""Lines of one part of the coverage statement; the parts that nobody can look up elsewhere are shorter."""


def to_markdown(scan: Scan) -> str:
    """Return the scan as GitHub-flavoured Markdown; equal scans give equal bytes."""
    blocks = [*_head(scan), *_zones(scan), *_lists(scan), *_allowed(scan), *_coverage(scan)]
    return "\n\n".join([*blocks, "---", plain(sentences.statement(scan), 1000)]) + "\n"


def _head(scan: Scan) -> Iterator[str]:
    if scan.confidentiality:
        yield f"> **Confidentiality:** {plain(scan.confidentiality)}"
    yield f"# {scan.verdict.value.upper()}: {code(scan.name)}"
    yield from (f"**{plain(alarm)}**" for alarm in sentences.alarms(scan))
    yield sentences.verdict_sentence(scan.verdict)
    left = sentences.work_left(len(to_fix(scan)), len(to_review(scan)), len(not_read(scan)))
    said = [f"To do: {left}", f"Policy: {code(scan.policy.name)}"]
    said += [f"Scanned: {counted(scan.coverage.files, 'file')}, {plain(scan.started)} to {plain(scan.finished)}"]
    said += [f"Root: {code(root)}" for root in scan.roots[:MOST_LINES]]
    said += [f"Note: {plain(line)}" for line in (*sentences.lowered_gate(scan), *scan.notes)]
    yield _bullets(said, len(said))


def _zones(scan: Scan) -> Iterator[str]:
    counts = zone_counts(scan)
    if counts:
        head = ["| zone | assets | blocked | not read | review | pass | not judged |", "|---|---:|---:|---:|---:|---:|---:|"]
        figures = ((z.zone, z.assets, z.blocked, z.incomplete, z.review, z.passed, z.not_judged) for z in counts)
        rows = ["| " + " | ".join([zone.value, *map(number, rest)]) + " |" for zone, *rest in figures]
        yield "\n".join([*head, *rows])


def _lists(scan: Scan) -> Iterator[str]:
    for title, entries in (("To fix", to_fix(scan)), ("To review", to_review(scan)), ("Not read", not_read(scan))):
        if entries:
            yield f"## {title} ({number(len(entries))})"
            yield _bullets([_entry(scan, entry) for entry in entries], MOST_ENTRIES)


def _entry(scan: Scan, entry: Entry) -> str:
    name = _asset(scan, entry.record) if entry.record else "The delivery"
    lead = entry.findings[0] if entry.findings else None
    more = len([finding for finding in entry.findings[1:] if finding.severity is not Severity.INFO])
    beside = f" {counted(more, 'more finding')}." if more else ""
    step = f" Next step, {plain(lead.who)}: {plain(lead.next_step)}" if lead else ""
    return f"{name}: {plain(sentences.evidence(entry))}.{beside}{step}"


def _asset(scan: Scan, record: AssetRecord) -> str:
    return f"{code(place(scan, record.root, record.path))} ({record.zone.zone.value})"


def _allowed(scan: Scan) -> Iterator[str]:
    told = [(None, finding) for finding in scan.findings if finding.allowed_by]
    pairs = [*told, *((record, one) for _, record in in_order(scan) for one in record.findings if one.allowed_by)]
    if pairs:
        yield f"## Allowed by an approval ({number(len(pairs))})"
        yield _bullets([_permission(scan, record, finding) for record, finding in pairs], MOST_ALLOWED)


def _permission(scan: Scan, record: AssetRecord | None, finding: Finding) -> str:
    applied = [one for one in record.approvals if one.approval.id == finding.allowed_by] if record else []
    phrase = sentences.approval_phrase(applied[0]) if applied else finding.allowed_by
    name = _asset(scan, record) if record else "The delivery"
    return f"{name}: {plain(sentences.sentence(finding.message))}. Approval {plain(phrase)}"


def _coverage(scan: Scan) -> Iterator[str]:
    yield "## What this scan looked at"
    for section in coverage_statement(scan):
        yield f"**{section.title}**"
        yield _bullets([plain(line) for line in section.lines], MOST_LINES)


def _bullets(entries: Sequence[str], most: int) -> str:
    return "\n".join(f"- {entry}" for entry in _cut(entries, most))


def _cut(entries: Sequence[str], most: int) -> Iterable[str]:
    yield from entries[:most]
    if len(entries) > most:
        yield f"and {number(len(entries) - most)} more"
