"""Telling what is new since an earlier report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from scanner.judge.baseline import Baseline
from scanner.model.judging import Finding
from scanner.model.scan import AssetRecord, BaselineStamp
from scanner.pipeline.settings import ScanSettings
from scanner.tools.spool import Spool

Compared = tuple[Sequence[AssetRecord], tuple[Finding, ...], BaselineStamp | None]


def since_baseline(settings: ScanSettings, records: Sequence[AssetRecord], findings: Sequence[Finding]) -> Compared:
    """Return the assets and the delivery's findings with what is known marked, and the stamp of the report that knew it."""
    recorded = settings.baseline
    if recorded is None:
        return records, tuple(findings), None
    baseline = Baseline(recorded)
    marked = Spool(
        replace(record, findings=baseline.of_asset(record.findings, record.content_digest)) if record.findings else record
        for record in records
    )
    everything = chain(findings, (finding for record in records for finding in record.findings))
    gone = baseline.count_gone(everything)
    stamp = BaselineStamp(settings.baseline_file, recorded.name, recorded.finished, recorded.seal, gone)
    return marked, baseline.of_delivery(findings), stamp
