"""``scan.csv``: one row an asset, for people with a spreadsheet (RFC 4180: comma, CRLF, quotes doubled).

It begins with a byte order mark: without it Excel takes UTF-8 for the system's old code page, and names of files come out
wrong. Rows that are no asset (the scan itself, its coverage, the closing statement) say so in the column `record`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from scanner.model.judging import Finding, Verdict
from scanner.model.scan import AssetRecord, Scan
from scanner.model.text import bounded
from scanner.report import cut_words, sealed_words, sentences
from scanner.report.cells import cell
from scanner.report.coverage_statement import coverage_statement
from scanner.report.ordered import ordered
from scanner.report.permissions import approval_phrase, decision_phrase
from scanner.report.tally import is_judged, is_known
from scanner.report.worklist import place, ranked, shows_only_new

COLUMNS = (
    *("record", "verdict", "zone", "path", "says", "next_step", "who", "findings", "allowed_by", "approvals", "decisions"),
    *("provenance", "generators", "marks", "credentials", "signers", "matches", "near_copies"),
    *("format", "kind", "frames", "sidecars", "size_bytes", "sha256", "content_digest"),
    *("tool", "tool_version", "prompt", "prompt_writer", "made", "people", "face_regions", "camera"),
    *("not_read", "picture_note", "zone_reason", "root"),
    *("in_cut", "sealed"),
)
"""The header. What each holds: docs/reports.md. A column keeps its meaning; new ones come at the end."""

CELL_LIMIT = 2000
"""Characters of one cell; a spreadsheet holds 32,767, and a person reads far fewer."""
STRETCHES = 50
"""Stretches of the programme told of one asset."""
BYTE_ORDER_MARK = "\ufeff"

Row = dict[str, str]


class _Written:
    """What the writer of rows wrote last."""

    line = ""

    def write(self, line: str) -> None:
        self.line = line


def to_csv(scan: Scan) -> Iterator[str]:
    """Return the scan as a table, row by row; equal scans give equal bytes."""
    written = _Written()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    yield BYTE_ORDER_MARK + written.line
    for row in _rows(scan):
        writer.writerow([cell(bounded(row.get(column, ""), CELL_LIMIT)) for column in COLUMNS])
        yield written.line


def _rows(scan: Scan) -> Iterator[Row]:
    if scan.confidentiality:
        yield {"record": "confidentiality", "says": scan.confidentiality}
    yield {
        "record": "scan",
        "verdict": scan.verdict,
        "path": scan.name,
        "says": sentences.verdict_sentence(scan.verdict),
        "made": scan.finished,
    }
    yield from ({"record": "alarm", "says": line} for line in (*sentences.alarms(scan), *sentences.lowered_gate(scan)))
    only_new = shows_only_new(scan)
    yield from (_delivery_row(finding) for finding in scan.findings if not (only_new and is_known((finding,))))
    yield from (_asset_row(scan, record) for record in ordered(scan) if not (only_new and is_known(record.findings)))
    yield from (
        {"record": "coverage", "says": f"{section.title}: {line}"}
        for section in coverage_statement(scan)
        for line in section.lines
    )
    yield from ({"record": "note", "says": note} for note in scan.notes)
    yield {"record": "statement", "says": sentences.statement(scan)}


def _delivery_row(finding: Finding) -> Row:
    return {
        "record": "delivery",
        "says": finding.message,
        "next_step": finding.next_step,
        "who": finding.who,
        "findings": _finding(finding),
        "allowed_by": finding.allowed_by,
    }


def _asset_row(scan: Scan, record: AssetRecord) -> Row:
    lead = ranked(record)[0] if record.findings and record.verdict is not Verdict.PASS else None
    return {
        "record": "asset",
        "verdict": record.verdict if is_judged(record) else "",
        "zone": record.zone.zone,
        "path": place(scan, record.root, record.path),
        "says": lead.message if lead else "",
        "next_step": lead.next_step if lead else "",
        "who": lead.who if lead else "",
        "findings": _lines(_finding(finding) for finding in record.findings),
        "allowed_by": _lines(dict.fromkeys(finding.allowed_by for finding in record.findings if finding.allowed_by)),
        "approvals": _lines(approval_phrase(applied) for applied in record.approvals),
        "decisions": _lines(decision_phrase(applied) for applied in record.decisions),
        "zone_reason": record.zone.reason,
        "root": str(record.root),
        "sealed": sealed_words.standing(scan, record),
        "in_cut": _lines(cut_words.stretch(one) for one in record.in_cut[:STRETCHES]),
        **_declared(record),
        **_compared(scan, record),
        **_content(record),
        **_generation(record),
    }


def _declared(record: AssetRecord) -> Row:
    manifests = record.manifests.manifests if record.manifests else ()
    names = (name for manifest in manifests for name in (manifest.signer.common_name, manifest.signer.issuer))
    return {
        "provenance": record.provenance,
        "generators": _lines(dict.fromkeys(mark.generator for mark in record.marks if mark.generator)),
        "marks": _lines(dict.fromkeys(mark.id for mark in record.marks)),
        "credentials": record.credentials,
        "signers": _lines(dict.fromkeys(name for name in names if name)),
        "not_read": _lines(f"{r.reader}: {r.reason or r.state}" for r in record.readings if r.state == "failed"),
        "camera": record.camera,
    }


def _compared(scan: Scan, record: AssetRecord) -> Row:
    return {
        "matches": _lines(sentences.match_sentence(match) for match in record.matches),
        "near_copies": _lines(sentences.copy_sentence(copy, place(scan, copy.root, copy.path)) for copy in record.near_copies),
        "picture_note": record.picture_note,
    }


def _content(record: AssetRecord) -> Row:
    missing = f", missing {record.missing_frames}" if record.missing_frames else ""
    return {
        "format": record.format.name,
        "kind": record.kind,
        "frames": sentences.counted(len(record.members), "frame") + missing if record.members else "",
        "sidecars": _lines(record.sidecars),
        "size_bytes": str(record.size_bytes),
        "sha256": record.hash.value or "",
        "content_digest": record.content_digest,
    }


def _generation(record: AssetRecord) -> Row:
    note = record.generation
    return {
        "tool": note.tool,
        "tool_version": note.tool_version,
        "prompt": note.prompt,
        "prompt_writer": note.prompt_writer,
        "made": note.made,
        "people": _lines(record.people.names),
        "face_regions": str(record.people.face_regions or ""),
    }


def _finding(finding: Finding) -> str:
    return f"{sentences.weight(finding)}, {finding.rule}: {finding.message}"


def _lines(texts: Iterable[str]) -> str:
    return " | ".join(texts)
