"""``scan.sarif``: SARIF 2.1.0 (OASIS), for viewers and gates that collect the findings of many tools.

Every rule of the scan is declared, found or not. A finding is a result: error, warning or note as it weighs, suppressed where an
approval allows it. What could not be read is no result but a notification of the invocation. Each asset is an artifact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from pathlib import PurePosixPath

from scanner.model.judging import DeclaredRule, Finding, RuleCard, Severity, Verdict
from scanner.model.scan import AssetRecord, Scan
from scanner.model.text import bounded, shown
from scanner.report import sentences
from scanner.report.coverage_statement import coverage_statement
from scanner.report.json_asset import Json
from scanner.report.json_forms import STEP, keyed, laid_out, list_laid_out
from scanner.report.ordered import ordered, tally_of
from scanner.report.permissions import allowing_phrase, approval_phrase, decision_phrase
from scanner.report.sarif_text import escaped, folder_uri, message, relative_uri
from scanner.report.tally import Places, is_judged

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "scannerFindingId/v1"
"""Key of a finding's id, which is the same in every scan of the same delivery."""

_RUN = 3
"""Objects and lists that the keys of the run stand in."""
_NAME = "media-provenance-scanner"
_LEVELS = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.INFO: "note", None: "none"}


def to_sarif(scan: Scan) -> Iterator[str]:
    """Return the scan as a SARIF log, in pieces; equal scans give equal bytes."""
    return _Log(scan).pieces()


class _Log:
    """One log on its way: knows at which index each rule and each asset stands."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self._assets = ordered(scan)
        self._tally = tally_of(scan)
        self._rules = {rule.card.id: place for place, rule in enumerate(scan.rules)}
        self._bases = [_base(scan, index) for index in range(len(scan.roots))]

    def pieces(self) -> Iterator[str]:
        scan = self._scan
        top: Json = {"$schema": SCHEMA, "version": "2.1.0"}
        if scan.confidentiality:
            top["properties"] = {"confidentiality": _line(scan.confidentiality)}
        yield "{"
        yield from (f"{keyed(key, 1)}{laid_out(value, 1)}," for key, value in top.items())
        yield f"{keyed('runs', 1)}[\n{STEP * 2}{{"
        yield from self._run()
        yield f"\n{STEP * 2}}}\n{STEP}]\n}}\n"

    def _run(self) -> Iterator[str]:
        bases: Json = {f"ROOT{index}": {"uri": folder_uri(base)} for index, base in enumerate(self._bases)}
        artifacts = (self._artifact(place, record) for place, record in enumerate(self._assets))
        yield f"{keyed('tool', _RUN)}{laid_out({'driver': self._driver()}, _RUN)},"
        yield f"{keyed('invocations', _RUN)}[\n{STEP * (_RUN + 1)}{{"
        yield from self._invocation(_RUN + 2)
        yield f"\n{STEP * (_RUN + 1)}}}\n{STEP * _RUN}],"
        yield f"{keyed('originalUriBaseIds', _RUN)}{laid_out(bases, _RUN)},"
        yield from _list("artifacts", artifacts, _RUN)
        yield ","
        yield from _list("results", self._results(), _RUN)
        yield f",{keyed('properties', _RUN)}{laid_out(self._properties(), _RUN)}"

    def _driver(self) -> Json:
        return {
            "name": _NAME,
            "version": _line(self._scan.versions.scanner),
            "rules": [_declared(rule) for rule in self._scan.rules],
        }

    def _properties(self) -> Json:
        scan = self._scan
        return {
            "delivery": _line(scan.name),
            "verdict": scan.verdict,
            "complete": scan.complete,
            "policy": _line(scan.policy.name),
            "options": [{"name": _line(name), "value": _line(value)} for name, value in scan.options],
            "coverageStatement": [
                {"title": section.title, "lines": [_line(line) for line in section.lines]} for section in coverage_statement(scan)
            ],
            "statement": _line(sentences.statement(scan)),
        }

    def _invocation(self, depth: int) -> Iterator[str]:
        scan = self._scan
        head: Json = {
            "executionSuccessful": scan.complete,
            "startTimeUtc": _line(scan.started),
            "endTimeUtc": _line(scan.finished),
        }
        told = [{"level": "note", "message": message(line)} for line in (*sentences.lowered_gate(scan), *scan.notes)]
        yield from (f"{keyed(key, depth)}{laid_out(value, depth)}," for key, value in head.items())
        yield from _list("toolExecutionNotifications", self._notifications(), depth)
        yield f",{keyed('toolConfigurationNotifications', depth)}{laid_out(told, depth)}"

    def _notifications(self) -> Iterator[Json]:
        for alarm in sentences.alarms(self._scan):
            yield {"level": "error", "message": message(alarm)}
        for finding in self._scan.findings:
            if _is_unread(finding):
                yield self._notification(finding, None)
        for place in _merged(self._tally.with_findings, self._tally.of_verdict[Verdict.INCOMPLETE]):
            record = self._assets.at(place)
            unread = [finding for finding in record.findings if _is_unread(finding)]
            yield from (self._notification(finding, place) for finding in unread)
            if record.verdict is Verdict.INCOMPLETE and not unread:
                yield {
                    "level": "error",
                    "message": message("not read: the scan did not reach it"),
                    "locations": [self._location(place)],
                }

    def _notification(self, finding: Finding, place: int | None) -> Json:
        return {
            "level": "error",
            "message": message(finding.message, f"Next step, {finding.who}: {finding.next_step}"),
            "associatedRule": self._rule(finding, "id", "index"),
            **({} if place is None else {"locations": [self._location(place)]}),
        }

    def _results(self) -> Iterator[Json]:
        for finding in self._scan.findings:
            if not _is_unread(finding):
                yield self._result(finding, None)
        for place in self._tally.with_findings:
            findings = self._assets.at(place).findings
            yield from (self._result(finding, place) for finding in findings if not _is_unread(finding))

    def _result(self, finding: Finding, place: int | None) -> Json:
        record = None if place is None else self._assets.at(place)
        whole = {"physicalLocation": {"artifactLocation": {"uri": "./", "uriBaseId": "ROOT0"}}}
        result: Json = {
            **self._rule(finding, "ruleId", "ruleIndex"),
            "level": _LEVELS[finding.severity],
            "message": message(finding.message),
            "locations": [whole if place is None else self._location(place)],
            "partialFingerprints": {FINGERPRINT: _line(finding.id)},
            "properties": _weighed(finding, record),
        }
        if finding.allowed_by:
            result["suppressions"] = [_suppression(finding, record)]
        return result

    def _rule(self, finding: Finding, identity: str, index: str) -> Json:
        known = self._rules.get(finding.rule)
        return {identity: _line(finding.rule), **({} if known is None else {index: known})}

    def _location(self, place: int) -> Json:
        record = self._assets.at(place)
        location: Json = {"physicalLocation": {"artifactLocation": {**self._address(record), "index": place}}}
        if record.members:
            location["logicalLocations"] = [{"fullyQualifiedName": _line(record.path), "kind": "sequence"}]
        return location

    def _address(self, record: AssetRecord) -> Json:
        # A sequence's notation is no file; its first frame is.
        path = record.members[0] if record.members else record.path
        return {"uri": relative_uri(path), "uriBaseId": f"ROOT{record.root}"}

    def _artifact(self, place: int, record: AssetRecord) -> Json:
        frames = f", sequence of {sentences.counted(len(record.members), 'frame')}" if record.members else ""
        artifact: Json = {
            "location": {**self._address(record), "index": place},
            "description": message(record.path + frames),
            "roles": ["analysisTarget"],
            "properties": _artifact_properties(record),
        }
        if not record.members:
            artifact["length"] = record.size_bytes
        if record.format.mime:
            artifact["mimeType"] = record.format.mime
        if record.hash.value:
            artifact["hashes"] = {"sha-256": _line(record.hash.value)}
        return artifact


def _base(scan: Scan, index: int) -> str:
    """Return the folder that the paths of a root start from; a root that is a file stands in its own."""
    root = PurePosixPath(scan.roots[index])
    alone = tally_of(scan).of_root.get(index) == (1, root.name)
    return str(root.parent) if alone else scan.roots[index]


def _merged(*lists: Places) -> Iterator[int]:
    return (place for place, _ in groupby(merge(*lists)))


def _list(key: str, entries: Iterable[Json], depth: int) -> Iterator[str]:
    return list_laid_out(key, (laid_out(entry, depth + 1) for entry in entries), depth)


def _declared(rule: DeclaredRule) -> Json:
    card = rule.card
    return {
        "id": card.id,
        "shortDescription": message(card.title),
        "fullDescription": message(card.why),
        "help": message(*_help(card)),
        "defaultConfiguration": {"enabled": rule.heaviest is not None, "level": _LEVELS[rule.heaviest]},
        "properties": {"who": _line(card.who), "aboutWhatWasNotRead": card.coverage},
    }


def _help(card: RuleCard) -> Iterator[str]:
    yield f"Why: {card.why}"
    yield f"What it cannot show: {card.cannot_show}"
    yield f"Next step, {card.who}: {card.next_step}"
    if card.source:
        yield f"Source: {card.source}"


def _is_unread(finding: Finding) -> bool:
    return finding.coverage and finding.severity is Severity.HIGH and not finding.allowed_by


def _weighed(finding: Finding, record: AssetRecord | None) -> Json:
    return {
        "severity": finding.severity,
        "confidence": finding.confidence,
        "zone": record.zone.zone if record else None,
        "who": _line(finding.who),
        "nextStep": _line(finding.next_step),
        "principle": _line(finding.principle),
        "route": finding.route,
    }


def _suppression(finding: Finding, record: AssetRecord | None) -> Json:
    return {"kind": "external", "status": "accepted", "justification": escaped(allowing_phrase(finding, record))}


def _artifact_properties(record: AssetRecord) -> Json:
    return {
        "verdict": record.verdict if is_judged(record) else None,
        "zone": record.zone.zone,
        "provenance": record.provenance,
        "credentials": record.credentials,
        "format": _line(record.format.name),
        "sizeBytes": record.size_bytes,
        "contentDigest": _line(record.content_digest),
        "marks": [_line(identity) for identity in dict.fromkeys(mark.id for mark in record.marks)],
        "approvals": [_line(approval_phrase(applied)) for applied in record.approvals],
        "decisions": [_line(decision_phrase(applied)) for applied in record.decisions],
    }


def _line(text: str) -> str:
    return bounded(shown(text), 2000)
