"""What a report must say when it is read back, worked out from the scan that was written."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from scanner.model.recorded import RecordedAsset, RecordedScan
from scanner.model.scan import AssetRecord, Scan
from scanner.report.tally import is_judged
from scanner.report.worklist import in_order


def written(value: Any) -> Any:
    """A value as UTF-8 can carry it: half surrogate pairs in texts stand written out."""
    if type(value) is str:
        return re.sub("[\ud800-\udfff]", lambda hit: f"\\u{ord(hit.group()):04x}", value)
    if isinstance(value, tuple):
        return tuple(written(each) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(
            value, **{one.name: written(getattr(value, one.name)) for one in dataclasses.fields(value) if one.init}
        )
    return value


def had_back(value: Any) -> Any:
    """A path, or what holds paths: only halves that no system gives (os.fsdecode makes U+DC80 to U+DCFF) stand written out."""
    if isinstance(value, tuple):
        return tuple(had_back(each) for each in value)
    return re.sub("[\ud800-\udc7f\udd00-\udfff]", lambda hit: written(hit.group()), value) if isinstance(value, str) else value


def expected_asset(record: AssetRecord) -> RecordedAsset:
    store = record.manifests
    active = next((one for one in reversed(store.manifests) if one.label == store.active), None) if store else None
    told = RecordedAsset(
        root=record.root,
        path="",
        kind=written(record.kind),
        members=(),
        sidecars=(),
        zone=record.zone.zone,
        format=written(record.format.name),
        size_bytes=record.size_bytes,
        sha256=record.hash.value or "",
        content_digest=written(record.content_digest),
        provenance=record.provenance,
        credentials=record.credentials,
        verdict=record.verdict if is_judged(record) else None,
        marks=tuple(dataclasses.replace(each, value_is_public=False) for each in written(record.marks)),
        matches=tuple(_match(each) for each in record.matches),
        near_copies=tuple(dataclasses.replace(written(each), path=had_back(each.path)) for each in record.near_copies),
        approvals=tuple(_approval(each) for each in record.approvals),
        findings=written(record.findings),
        generation=written(record.generation),
        people=written(record.people),
        in_cut=written(record.in_cut),
        trusted_by=written(store.trusted_by) if store else (),
    )
    paths = {"path": record.path, "members": record.members, "sidecars": record.sidecars}
    return dataclasses.replace(
        told, **{key: had_back(value) for key, value in paths.items()}, **({"signer": written(active.signer)} if active else {})
    )


def _approval(applied: Any) -> Any:
    return dataclasses.replace(written(applied), lineage=None)


def _match(match: Any) -> Any:
    reference = dataclasses.replace(written(match.reference), fingerprint=None, pixel_digest="")
    return dataclasses.replace(written(match), reference=reference)


def expected_scan(scan: Scan, read: RecordedScan) -> RecordedScan:
    """The scan as a report has it; its seal is taken from `read`, where other tests check it."""
    return RecordedScan(
        scanner_version=written(scan.versions.scanner),
        name=written(scan.name),
        roots=had_back(scan.roots),
        started=scan.started,
        finished=scan.finished,
        complete=scan.complete,
        policy=written(scan.policy.name),
        policy_sha256=written(scan.policy.sha256),
        document=written(scan.policy.document),
        document_date=written(scan.policy.date),
        verdict=scan.verdict,
        confidentiality=written(scan.confidentiality),
        statement=read.statement,
        assets=tuple(expected_asset(record) for _, record in in_order(scan)),
        findings=written(scan.findings),
        inventory=tuple(sorted(scan.inventory, key=lambda one: (one.root, one.path))),
        specials=tuple(
            (root, had_back(each.path), written(each.kind))
            for root, each in sorted(scan.specials, key=lambda one: (one[0], one[1].path))
        ),
        unreadable_folders=tuple((root, had_back(path)) for root, path, _ in sorted(scan.unreadable_folders)),
        cuts=written(scan.cuts),
        seal=read.seal,
        seal_holds=True,
    )
