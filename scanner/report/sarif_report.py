"""``scan.sarif``: SARIF 2.1.0 (OASIS), for viewers and gates that collect the findings of many tools.

Every rule of the scan is declared, found or not. A finding is a result: error, warning or note as it weighs, suppressed where an
approval allows it. What could not be read is no result but a notification of the invocation. Each asset is an artifact.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath

from scanner.model.approvals import AppliedApproval
from scanner.model.judging import DeclaredRule, Finding, RuleCard, Severity, Verdict
from scanner.model.scan import AssetRecord, Scan
from scanner.model.text import bounded, shown
from scanner.report import sentences
from scanner.report.coverage_statement import coverage_statement
from scanner.report.json_asset import Json
from scanner.report.permissions import approval_phrase
from scanner.report.sarif_text import escaped, folder_uri, message, relative_uri
from scanner.report.seal import encodable
from scanner.report.worklist import in_order, is_judged

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "scannerFindingId/v1"
"""Key of a finding's id, which is the same in every scan of the same delivery."""

_NAME = "media-provenance-scanner"
_LEVELS = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.INFO: "note", None: "none"}


def to_sarif(scan: Scan) -> str:
    """Return the scan as a SARIF log; equal scans give equal bytes."""
    return encodable(json.dumps(_Log(scan).log(), indent=2, ensure_ascii=False) + "\n")


class _Log:
    """One log on its way: knows at which index each rule and each asset stands."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self._assets = [record for _, record in in_order(scan)]
        self._rules = {rule.card.id: place for place, rule in enumerate(scan.rules)}
        self._bases = [_base(scan, index) for index in range(len(scan.roots))]

    def log(self) -> Json:
        scan = self._scan
        top: Json = {"$schema": SCHEMA, "version": "2.1.0"}
        if scan.confidentiality:
            top["properties"] = {"confidentiality": _line(scan.confidentiality)}
        run = {
            "tool": {"driver": self._driver()},
            "invocations": [self._invocation()],
            "originalUriBaseIds": {f"ROOT{index}": {"uri": folder_uri(base)} for index, base in enumerate(self._bases)},
            "artifacts": [self._artifact(place, record) for place, record in enumerate(self._assets)],
            "results": list(self._results()),
            "properties": self._properties(),
        }
        return {**top, "runs": [run]}

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

    def _invocation(self) -> Json:
        scan = self._scan
        told = [*sentences.lowered_gate(scan), *scan.notes]
        return {
            "executionSuccessful": scan.complete,
            "startTimeUtc": _line(scan.started),
            "endTimeUtc": _line(scan.finished),
            "toolExecutionNotifications": list(self._notifications()),
            "toolConfigurationNotifications": [{"level": "note", "message": message(line)} for line in told],
        }

    def _notifications(self) -> Iterator[Json]:
        for alarm in sentences.alarms(self._scan):
            yield {"level": "error", "message": message(alarm)}
        for finding in self._scan.findings:
            if _is_unread(finding):
                yield self._notification(finding, None)
        for place, record in enumerate(self._assets):
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
        for place, record in enumerate(self._assets):
            yield from (self._result(finding, place) for finding in record.findings if not _is_unread(finding))

    def _result(self, finding: Finding, place: int | None) -> Json:
        record = None if place is None else self._assets[place]
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
        record = self._assets[place]
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
    paths = [record.path for record in scan.assets if record.root == index]
    return str(root.parent) if paths == [root.name] else scan.roots[index]


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
    applied = _approval_of(finding, record)
    justification = approval_phrase(applied) if applied else finding.allowed_by
    return {"kind": "external", "status": "accepted", "justification": escaped(f"approval {justification}")}


def _approval_of(finding: Finding, record: AssetRecord | None) -> AppliedApproval | None:
    applied = record.approvals if record else ()
    return next((one for one in applied if one.approval.id == finding.allowed_by), None)


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
    }


def _line(text: str) -> str:
    return bounded(shown(text), 2000)
