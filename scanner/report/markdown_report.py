"""``scan.md``: a summary to paste into a ticket or a mail. Lists are cut, and each cut is said; the other reports have all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from scanner.model.judging import Finding
from scanner.model.scan import AssetRecord, Scan
from scanner.report import permissions, sentences
from scanner.report.coverage_statement import coverage_statement
from scanner.report.markdown_text import code, plain
from scanner.report.ordered import ordered, tally_of
from scanner.report.permissions import allowing_phrase
from scanner.report.sentences import counted, number
from scanner.report.worklist import Entry, not_read, place, to_fix, to_review, zone_counts

MOST_ENTRIES = (40, 20, 8, 3, 1)
"""Entries of one list; the next number is taken while the whole is longer than a ticket can be."""
WHOLE_LIMIT = 60_000
"""Characters of a summary: GitHub takes 65,536, and what it is pasted into has some of its own."""
MOST_LINES = 12
"""Lines of one part of the coverage statement, roots and notes."""


def to_markdown(scan: Scan) -> Iterator[str]:
    """Return the scan as GitHub-flavoured Markdown; equal scans give equal bytes."""
    texts = (_summary(scan, most) for most in MOST_ENTRIES)
    yield next((text for text in texts if len(text) <= WHOLE_LIMIT), _summary(scan, MOST_ENTRIES[-1]))


def _summary(scan: Scan, most: int) -> str:
    blocks = [*_head(scan), *_zones(scan), *_lists(scan, most), *_allowed(scan, most), *_coverage(scan)]
    return "\n\n".join([*blocks, "---", plain(sentences.statement(scan), 600)]) + "\n"


def _head(scan: Scan) -> Iterator[str]:
    if scan.confidentiality:
        yield f"> **Confidentiality:** {plain(scan.confidentiality)}"
    yield f"# {scan.verdict.value.upper()}: {code(scan.name)}"
    yield from (f"**{plain(alarm)}**" for alarm in sentences.alarms(scan))
    yield sentences.verdict_sentence(scan.verdict)
    left = sentences.work_left(len(to_fix(scan)), len(to_review(scan)), len(not_read(scan)))
    said = [f"To do: {left}", f"Policy: {code(scan.policy.name)}"]
    said += [f"Scanned: {counted(scan.coverage.files, 'file')}, {plain(scan.started)} to {plain(scan.finished)}"]
    said += [f"Root: {code(root)}" for root in scan.roots]
    yield _cut(said)
    notes = [f"Note: {plain(line)}" for line in (*sentences.lowered_gate(scan), *scan.notes)]
    if notes:
        yield _cut(notes)


def _zones(scan: Scan) -> Iterator[str]:
    counts = zone_counts(scan)
    if counts:
        head = ["| zone | assets | blocked | not read | review | pass | not judged |", "|---|---:|---:|---:|---:|---:|---:|"]
        figures = ((z.zone, z.assets, z.blocked, z.incomplete, z.review, z.passed, z.not_judged) for z in counts)
        rows = ["| " + " | ".join([zone.value, *map(number, rest)]) + " |" for zone, *rest in figures]
        yield "\n".join([*head, *rows])


def _lists(scan: Scan, most: int) -> Iterator[str]:
    for title, entries in (("To fix", to_fix(scan)), ("To review", to_review(scan)), ("Not read", not_read(scan))):
        if entries:
            yield f"## {title} ({number(len(entries))})"
            yield _bullets(_entries(scan, entries[:most]), len(entries))


def _entries(scan: Scan, entries: Sequence[Entry]) -> list[str]:
    steps = [_step(entry) for entry in entries]
    # A next step is told once where it is the same from one entry to the next.
    told = [step if step != before else "" for before, step in zip(["", *steps], steps, strict=False)]
    return [_entry(scan, entry) + step for entry, step in zip(entries, told, strict=True)]


def _step(entry: Entry) -> str:
    lead = entry.findings[0] if entry.findings else None
    return f" Next step, {plain(lead.who)}: {plain(lead.next_step)}" if lead else ""


def _entry(scan: Scan, entry: Entry) -> str:
    name = _asset(scan, entry.record) if entry.record else "The delivery"
    also, touched = permissions.also(entry.findings), permissions.touched(entry.findings)
    beside = f" Also {plain(also)}." if also else ""
    beside += f" Touches {plain(touched)}." if touched else ""
    return f"{name}: {plain(sentences.evidence(entry))}.{beside}"


def _asset(scan: Scan, record: AssetRecord) -> str:
    return f"{code(place(scan, record.root, record.path))} ({record.zone.zone.value})"


def _allowed(scan: Scan, most: int) -> Iterator[str]:
    about: list[tuple[AssetRecord | None, Finding]] = [(None, finding) for finding in scan.findings if finding.allowed_by]
    tally, assets = tally_of(scan), ordered(scan)
    records = (assets.at(place) for place in tally.with_allowed)
    pairs = chain(about, ((record, one) for record in records for one in record.findings if one.allowed_by))
    if total := len(about) + tally.totals.allowed_findings:
        yield f"## Allowed by an approval ({number(total)})"
        yield _bullets([_permission(scan, record, finding) for record, finding in islice(pairs, most)], total)


def _permission(scan: Scan, record: AssetRecord | None, finding: Finding) -> str:
    phrase = sentences.opened(allowing_phrase(finding, record))
    name = _asset(scan, record) if record else "The delivery"
    return f"{name}: {plain(sentences.sentence(finding.message))}. {plain(phrase)}"


def _coverage(scan: Scan) -> Iterator[str]:
    yield "## What this scan looked at"
    for section in coverage_statement(scan):
        yield f"**{section.title}**"
        yield _cut([plain(line, 250) for line in section.lines])


def _cut(lines: Sequence[str]) -> str:
    return _bullets(lines[:MOST_LINES], len(lines))


def _bullets(shown: Sequence[str], total: int) -> str:
    left = [f"and {number(total - len(shown))} more"] if total > len(shown) else []
    return "\n".join(f"- {entry}" for entry in [*shown, *left])
