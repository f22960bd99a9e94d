"""Telling what is new since an earlier report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scanner.judge.baseline import Baseline
from scanner.model.judging import Finding
from scanner.model.scan import AssetRecord, BaselineStamp
from scanner.pipeline.settings import ScanSettings

Compared = tuple[tuple[AssetRecord, ...], tuple[Finding, ...], BaselineStamp | None]


def since_baseline(settings: ScanSettings, records: Sequence[AssetRecord], findings: Sequence[Finding]) -> Compared:
    """Return the assets and the delivery's findings with what is known marked, and the stamp of the report that knew it."""
    recorded = settings.baseline
    if recorded is None:
        return tuple(records), tuple(findings), None
    baseline = Baseline(recorded)
    marked = tuple(
        replace(record, findings=baseline.of_asset(record.findings, record.content_digest)) if record.findings else record
        for record in records
    )
    everything = [*findings, *(finding for record in records for finding in record.findings)]
    gone = baseline.count_gone(everything)
    stamp = BaselineStamp(settings.baseline_file, recorded.name, recorded.finished, recorded.seal, gone)
    return marked, baseline.of_delivery(findings), stamp
