"""``scan.junit.xml``: the delivery as test results, for build servers. A suite a zone, a case an asset.

Blocked is a failure, incomplete an error, review passes with its findings in ``system-out``, as does what an approval allows; a
file that is no media is skipped. Characters that XML cannot hold stand as visible escapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from scanner.model.judging import Finding, Severity, Verdict, Zone
from scanner.model.scan import AssetRecord, Scan
from scanner.model.text import bounded, shown
from scanner.report import sentences
from scanner.report.coverage_statement import coverage_statement
from scanner.report.permissions import approval_phrase
from scanner.report.worklist import Entry, in_order, is_judged, not_read, place, to_fix

TEXT_LIMIT = 2000
"""Characters of one line; build servers keep every line of every run."""

_NAME = "media-provenance-scanner"


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case, before it is XML."""

    name: str
    outcome: str = ""
    """Tag of what went wrong: ``failure``, ``error``, ``skipped``; empty where it passes."""
    kind: str = ""
    message: str = ""
    told: tuple[str, ...] = ()


def to_junit(scan: Scan) -> str:
    """Return the scan as JUnit XML; equal scans give equal bytes."""
    suites = [("delivery", _delivery_cases(scan)), *_zone_suites(scan)]
    cases = [case for _, members in suites for case in members]
    title = f"{scan.confidentiality} · {scan.name}" if scan.confidentiality else scan.name
    root = Element("testsuites", {"name": _text(title), **_counts(cases)})
    for number, (name, members) in enumerate(suites):
        suite = SubElement(root, "testsuite", _attributes(name, members, scan))
        if not number:
            _add_properties(suite, scan)
        for case in members:
            _add_case(suite, name, case)
        if not number:
            SubElement(suite, "system-out").text = _joined(_closing(scan))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _zone_suites(scan: Scan) -> Iterator[tuple[str, list[_Case]]]:
    leading = {id(entry.record): entry for entries in (to_fix, not_read) for entry in entries(scan)}
    assets = in_order(scan)
    for zone in Zone:
        cases = [_asset_case(scan, record, leading.get(id(record))) for _, record in assets if record.zone.zone is zone]
        if cases:
            yield zone.value, cases


def _delivery_cases(scan: Scan) -> list[_Case]:
    alarms = sentences.alarms(scan)
    whole = _Case("scan went to its end", "error" if alarms else "", "not-complete", " ".join(alarms), tuple(alarms))
    return [whole, *(_finding_case(finding) for finding in scan.findings)]


def _finding_case(finding: Finding) -> _Case:
    stops = finding.severity is Severity.HIGH and not finding.allowed_by
    outcome = ("error" if finding.coverage else "failure") if stops else ""
    return _Case(f"{finding.rule} {finding.id}", outcome, finding.rule, finding.message, tuple(_told(finding)))


def _asset_case(scan: Scan, record: AssetRecord, entry: Entry | None) -> _Case:
    name = place(scan, record.root, record.path)
    if not is_judged(record):
        return _Case(name, "skipped", message="not media: counted, not judged")
    outcome = {Verdict.BLOCKED: "failure", Verdict.INCOMPLETE: "error"}.get(record.verdict, "")
    lead = entry.findings[0] if entry and entry.findings else None
    message = lead.message if lead else sentences.evidence(Entry(0, record, ())) if outcome else ""
    plain = not (outcome or record.findings or record.marks or record.matches or record.approvals)
    told = () if plain else tuple(_asset_lines(record))
    return _Case(name, outcome, lead.rule if lead else record.verdict.value, message, told)


def _asset_lines(record: AssetRecord) -> Iterator[str]:
    yield f"Verdict {record.verdict.value}; provenance {record.provenance.value}; {record.format.title}"
    yield f"Credentials {record.credentials.value}: {sentences.credentials_sentence(record)}"
    for finding in record.findings:
        yield from _told(finding)
    yield from (f"Mark {mark.id}: {sentences.declaration(mark)} ({mark.where})" for mark in record.marks)
    yield from (f"It {sentences.match_sentence(match)}" for match in record.matches)
    yield from (f"Approval {approval_phrase(applied)}" for applied in record.approvals)
    yield from (f"Not read by {r.reader}: {r.reason or 'no reason given'}" for r in record.readings if r.state == "failed")


def _told(finding: Finding) -> Iterator[str]:
    allowed = f"Allowed by approval {finding.allowed_by}: " if finding.allowed_by else ""
    yield f"{allowed}{sentences.weight(finding)}: {finding.message} ({finding.rule}, id {finding.id})"
    if finding.severity is not Severity.INFO and not finding.allowed_by:
        yield f"Next step, {finding.who}: {finding.next_step}"


def _closing(scan: Scan) -> Iterator[str]:
    for section in coverage_statement(scan):
        yield f"{section.title}:"
        yield from (f"- {line}" for line in section.lines)
    yield sentences.statement(scan)


def _add_properties(suite: Element, scan: Scan) -> None:
    properties = SubElement(suite, "properties")
    told = [("confidentiality", scan.confidentiality)] if scan.confidentiality else []
    told += [("verdict", scan.verdict), ("meaning", sentences.verdict_sentence(scan.verdict)), ("policy", scan.policy.name)]
    told += [("gate", line) for line in sentences.lowered_gate(scan)] + [("note", note) for note in scan.notes]
    for name, value in told:
        SubElement(properties, "property", {"name": name, "value": _text(value)})


def _add_case(suite: Element, zone: str, case: _Case) -> None:
    element = SubElement(suite, "testcase", {"name": _text(case.name), "classname": f"{_NAME}.{zone}"})
    if case.outcome:
        attributes = {"message": _text(case.message)} | ({"type": _text(case.kind)} if case.kind else {})
        SubElement(element, case.outcome, attributes).text = _joined(case.told) or None
    elif case.told:
        SubElement(element, "system-out").text = _joined(case.told)


def _attributes(name: str, cases: Sequence[_Case], scan: Scan) -> dict[str, str]:
    skipped = sum(case.outcome == "skipped" for case in cases)
    return {"name": name, **_counts(cases), "skipped": str(skipped), "timestamp": _text(scan.started)}


def _counts(cases: Sequence[_Case]) -> dict[str, str]:
    failures, errors = (sum(case.outcome == outcome for case in cases) for outcome in ("failure", "error"))
    return {"tests": str(len(cases)), "failures": str(failures), "errors": str(errors)}


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(_text(line) for line in lines)


def _text(text: str) -> str:
    return bounded(shown(text), TEXT_LIMIT)
