"""``scan.junit.xml``: the delivery as test results, for build servers. A suite a zone, a case an asset.

Blocked is a failure, incomplete an error, review passes with its findings in ``system-out``, as does what an approval allows; a
file that is no media is skipped. Characters that XML cannot hold stand as visible escapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from scanner.model.judging import Finding, Severity, Verdict, Zone
from scanner.model.scan import AssetRecord, Scan
from scanner.model.text import bounded, shown
from scanner.report import sentences
from scanner.report.coverage_statement import coverage_statement
from scanner.report.ordered import ordered, tally_of
from scanner.report.permissions import approval_phrase, decision_phrase
from scanner.report.tally import is_judged
from scanner.report.worklist import Entry, place, ranked, zone_counts

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


@dataclass(frozen=True, slots=True)
class _Counts:
    """Cases of a suite, by outcome: they stand before the cases."""

    tests: int
    failures: int
    errors: int
    skipped: int

    def attributes(self) -> dict[str, str]:
        return {"tests": str(self.tests), "failures": str(self.failures), "errors": str(self.errors)}


def to_junit(scan: Scan) -> Iterator[str]:
    """Return the scan as JUnit XML, in pieces; equal scans give equal bytes."""
    whole = _delivery_cases(scan)
    zones = {
        counts.zone: _Counts(counts.assets, counts.blocked, counts.incomplete, counts.not_judged) for counts in zone_counts(scan)
    }
    told = _Counts(len(whole), *(sum(case.outcome == outcome for case in whole) for outcome in ("failure", "error", "skipped")))
    title = f"{scan.confidentiality} · {scan.name}" if scan.confidentiality else scan.name
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield _opened("testsuites", {"name": _text(title), **_sum([told, *zones.values()]).attributes()})
    yield from _suite("delivery", told, scan, _delivery_elements(scan, whole))
    for zone, places in tally_of(scan).by_zone(range(len(scan.assets))).items():
        yield from _suite(zone.value, zones[zone], scan, _zone_elements(scan, zone, places))
    yield "\n</testsuites>\n"


def _suite(name: str, counts: _Counts, scan: Scan, elements: Iterable[Element]) -> Iterator[str]:
    attributes = {"name": name, **counts.attributes(), "skipped": str(counts.skipped), "timestamp": _text(scan.started)}
    yield f"\n  {_opened('testsuite', attributes)}"
    for element in elements:
        indent(element, level=2)
        yield f"\n    {tostring(element, encoding='unicode')}"
    yield "\n  </testsuite>"


def _opened(tag: str, attributes: dict[str, str]) -> str:
    return tostring(Element(tag, attributes), encoding="unicode").removesuffix(" />") + ">"


def _delivery_elements(scan: Scan, cases: Iterable[_Case]) -> Iterator[Element]:
    yield _properties(scan)
    yield from (_case("delivery", case) for case in cases)
    closing = Element("system-out")
    closing.text = _joined(_closing(scan))
    yield closing


def _zone_elements(scan: Scan, zone: Zone, places: Iterable[int]) -> Iterator[Element]:
    assets = ordered(scan)
    return (_case(zone.value, _asset_case(scan, assets.at(place))) for place in places)


def _delivery_cases(scan: Scan) -> list[_Case]:
    alarms = sentences.alarms(scan)
    whole = _Case("scan went to its end", "error" if alarms else "", "not-complete", " ".join(alarms), tuple(alarms))
    return [whole, *(_finding_case(finding) for finding in scan.findings)]


def _finding_case(finding: Finding) -> _Case:
    stops = finding.severity is Severity.HIGH and not finding.allowed_by
    outcome = ("error" if finding.coverage else "failure") if stops else ""
    return _Case(f"{finding.rule} {finding.id}", outcome, finding.rule, finding.message, tuple(_told(finding)))


def _asset_case(scan: Scan, record: AssetRecord) -> _Case:
    name = place(scan, record.root, record.path)
    if not is_judged(record):
        return _Case(name, "skipped", message="not media: counted, not judged")
    outcome = {Verdict.BLOCKED: "failure", Verdict.INCOMPLETE: "error"}.get(record.verdict, "")
    lead = ranked(record)[0] if outcome and record.findings else None
    message = lead.message if lead else sentences.evidence(Entry(0, record, ())) if outcome else ""
    plain = not (outcome or record.findings or record.marks or record.matches or record.approvals or record.decisions)
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
    yield from (f"Decision {decision_phrase(applied)}" for applied in record.decisions)
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


def _properties(scan: Scan) -> Element:
    properties = Element("properties")
    told = [("confidentiality", scan.confidentiality)] if scan.confidentiality else []
    told += [("verdict", scan.verdict), ("meaning", sentences.verdict_sentence(scan.verdict)), ("policy", scan.policy.name)]
    told += [("gate", line) for line in sentences.lowered_gate(scan)] + [("note", note) for note in scan.notes]
    for name, value in told:
        SubElement(properties, "property", {"name": name, "value": _text(value)})
    return properties


def _case(zone: str, case: _Case) -> Element:
    element = Element("testcase", {"name": _text(case.name), "classname": f"{_NAME}.{zone}"})
    if case.outcome:
        attributes = {"message": _text(case.message)} | ({"type": _text(case.kind)} if case.kind else {})
        SubElement(element, case.outcome, attributes).text = _joined(case.told) or None
    elif case.told:
        SubElement(element, "system-out").text = _joined(case.told)
    return element


def _sum(counts: Iterable[_Counts]) -> _Counts:
    columns = zip(*((one.tests, one.failures, one.errors, one.skipped) for one in counts), strict=True)
    return _Counts(*map(sum, columns))


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(_text(line) for line in lines)


def _text(text: str) -> str:
    return bounded(shown(text), TEXT_LIMIT)
