"""``scan.json``: the report that other programs build on. Its schema is ``schema/scan.schema.json``."""

from __future__ import annotations

import json
from importlib import resources

from scanner.model.assets import SpecialEntry
from scanner.model.scan import Coverage, FileRecord, Scan
from scanner.report.coverage_statement import coverage_statement
from scanner.report.json_asset import Json, asset_json, finding_json, trust_list_json
from scanner.report.json_cut import cut_json
from scanner.report.json_paths import file_json, path_json
from scanner.report.json_sealed import sealed_by_json
from scanner.report.json_shard import shard_json
from scanner.report.seal import encodable, seal_of, seconds_text
from scanner.report.sentences import statement
from scanner.report.worklist import baseline_counts, in_order

SCHEMA_VERSION = "1"


def to_json(scan: Scan) -> str:
    """Return the scan as JSON text: keys in a fixed order, assets by root and path; equal scans give equal bytes.

    The last two keys are the inventory, a line a file, and the seal over everything else (see `seal`).
    """
    report = report_json(scan)
    files = [_file(record) for record in sorted(scan.inventory, key=lambda record: (record.root, record.path))]
    seal = seal_of({**report, "inventory": files})
    head = json.dumps(report, indent=2, ensure_ascii=False).removesuffix("\n}")
    rows = ",".join("\n    " + json.dumps(each, ensure_ascii=False) for each in files) + ("\n  " if files else "")
    return encodable(f'{head},\n  "inventory": [{rows}],\n  "seal": {json.dumps(seal)}\n}}\n')


def schema() -> str:
    """Return the text of the JSON Schema (2020-12) that `to_json` keeps to."""
    return (resources.files("scanner.report") / "schema" / "scan.schema.json").read_text("utf-8")


def report_json(scan: Scan) -> Json:
    """Return the report as the values that `to_json` writes."""
    return {
        "schema_version": SCHEMA_VERSION,
        "scanner": {"version": scan.versions.scanner, "tools": dict(sorted(scan.versions.tools))},
        "name": scan.name,
        "roots": [file_json(root) for root in scan.roots],
        "started": scan.started,
        "finished": scan.finished,
        "complete": scan.complete,
        "interrupted": scan.interrupted,
        "policy": {
            "name": scan.policy.name,
            "sha256": scan.policy.sha256,
            "document": scan.policy.document,
            "date": scan.policy.date,
        },
        "options": [{"name": name, "value": value} for name, value in scan.options],
        "catalogue_sha256": scan.catalogue_sha256,
        "library_sha256": scan.library.sha256 if scan.library else None,
        "library": {"name": scan.library.name, "references": scan.library.references} if scan.library else None,
        "approval_log": None
        if scan.approval_log is None
        else {"name": scan.approval_log.name, "head": scan.approval_log.head, "entries": scan.approval_log.entries},
        "baseline": _baseline(scan),
        "cuts": [cut_json(stamp) for stamp in scan.cuts],
        "sealed_by": [sealed_by_json(one) for one in scan.sealed_by],
        "confidentiality": scan.confidentiality,
        "trust_lists": [trust_list_json(each) for each in scan.trust_lists],
        "verdict": scan.verdict,
        "findings": [finding_json(finding) for finding in scan.findings],
        "notes": list(scan.notes),
        "coverage": _coverage(scan.coverage),
        "specials": [{"root": root, **path_json(each.path), "kind": each.kind} for root, each in _sorted_specials(scan)],
        "unreadable_folders": [
            {"root": root, **path_json(path), "reason": reason} for root, path, reason in sorted(scan.unreadable_folders)
        ],
        "litter": [{"root": root, **path_json(path)} for root, path in sorted(scan.litter)],
        "assets": [asset_json(record) for _, record in in_order(scan)],
        "coverage_statement": [{"title": section.title, "lines": list(section.lines)} for section in coverage_statement(scan)],
        "statement": statement(scan),
        **shard_json(scan.shard),
    }


def _baseline(scan: Scan) -> Json | None:
    if scan.baseline is None:
        return None
    stamp, counts = scan.baseline, baseline_counts(scan)
    return {
        "file": stamp.file,
        "delivery": stamp.delivery,
        "finished": stamp.finished,
        "seal": stamp.seal,
        "known": counts.known,
        "new": counts.new,
        "gone_findings": stamp.gone,
    }


def _sorted_specials(scan: Scan) -> list[tuple[int, SpecialEntry]]:
    return sorted(scan.specials, key=lambda pair: (pair[0], pair[1].path))


def _coverage(coverage: Coverage) -> Json:
    return {
        "files": coverage.files,
        "assets": coverage.assets,
        "not_media": coverage.not_media,
        "not_checkable": coverage.not_checkable,
        "unreadable": coverage.unreadable,
        "special": coverage.special,
        "litter": coverage.litter,
        "by_format": dict(sorted(coverage.by_format)),
        "by_zone": dict(sorted(coverage.by_zone)),
        "pictures": coverage.pictures,
        "pictures_compared": coverage.pictures_compared,
        "not_compared": dict(sorted(coverage.not_compared)),
        "readings_lost": dict(sorted(coverage.readings_lost)),
    }


def _file(record: FileRecord) -> Json:
    return {
        "root": record.root,
        **path_json(record.path),
        "size_bytes": record.size_bytes,
        "modified": seconds_text(record.mtime_ns),
        "sha256": record.sha256 or None,
    }
