"""What is known from an earlier report: findings that it had, weighing no less, on the same content.

Knowing changes what is shown first, never the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from scanner.judge.decide import concern_of
from scanner.model.judging import Finding, Verdict
from scanner.model.recorded import RecordedScan


@dataclass(frozen=True, slots=True)
class _Seen:
    finding: Finding
    content_digest: str
    """Of the asset it was about; empty for the delivery, and where the asset was not hashed."""


class Baseline:
    """The findings of one earlier report."""

    def __init__(self, recorded: RecordedScan) -> None:
        """Take the findings of a report."""
        self._assets: dict[str, _Seen] = {}
        self._delivery: dict[str, _Seen] = {}
        for finding in recorded.findings:
            _note(self._delivery, _Seen(finding, ""))
        for asset in recorded.assets:
            for finding in asset.findings:
                _note(self._assets, _Seen(finding, asset.content_digest))

    def of_asset(self, findings: Iterable[Finding], content_digest: str) -> tuple[Finding, ...]:
        """Return an asset's findings, the known ones marked; none is where its content now cannot be told."""
        return tuple(replace(one, known=self._is_known(one, content_digest)) for one in findings)

    def of_delivery(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return the delivery's findings, the known ones marked: those that say the same, figures included."""
        return tuple(replace(one, known=self._is_told(one)) for one in findings)

    def count_gone(self, findings: Iterable[Finding]) -> int:
        """Count what asked for a verdict in the earlier report and is not among all findings of this scan."""
        now = {one.id for one in findings}
        seen = {**self._assets, **self._delivery}
        return sum(concern_of(one.finding) is not Verdict.PASS for identity, one in seen.items() if identity not in now)

    def _is_known(self, finding: Finding, content_digest: str) -> bool:
        seen = self._assets.get(finding.id)
        return seen is not None and bool(content_digest) and seen.content_digest == content_digest and _no_heavier(finding, seen)

    def _is_told(self, finding: Finding) -> bool:
        seen = self._delivery.get(finding.id)
        return seen is not None and seen.finding.message == finding.message and _no_heavier(finding, seen)


def _note(seen: dict[str, _Seen], one: _Seen) -> None:
    # A report by another hand may have an id twice: what weighs less makes less known.
    known = seen.get(one.finding.id)
    if known is None or concern_of(one.finding).concern < concern_of(known.finding).concern:
        seen[one.finding.id] = one


def _no_heavier(finding: Finding, seen: _Seen) -> bool:
    return concern_of(finding).concern <= concern_of(seen.finding).concern
