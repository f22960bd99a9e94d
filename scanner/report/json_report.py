"""``scan.json``: the report that other programs build on. Its schema is ``schema/scan.schema.json``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from json.encoder import encode_basestring

from scanner.model.assets import SpecialEntry
from scanner.model.scan import Coverage, FileRecord, Scan
from scanner.model.text import escape_path
from scanner.report.coverage_statement import coverage_statement
from scanner.report.json_asset import Json, finding_json, trust_list_json
from scanner.report.json_asset_text import AssetTexts
from scanner.report.json_cut import cut_json
from scanner.report.json_forms import keyed, laid_out, list_laid_out, sealed
from scanner.report.json_paths import file_json, path_json
from scanner.report.json_sealed import sealed_by_json
from scanner.report.json_shard import shard_json
from scanner.report.ordered import ordered
from scanner.report.seal import Sealing, encodable, seconds_text
from scanner.report.sentences import statement
from scanner.report.worklist import baseline_counts

SCHEMA_VERSION = "1"


def to_json(scan: Scan) -> Iterator[str]:
    """Return the scan as JSON text, in pieces: keys in a fixed order, assets by root and path; equal scans give equal bytes.

    The last two keys are the inventory, a line a file, and the seal over everything else (see `seal`).
    """
    head, tail = report_json(scan)
    sealing = Sealing(head | tail)
    write = AssetTexts(laid_out, sealed, depth=2).write
    yield "{"
    yield from (f"{keyed(key, 1)}{laid_out(value, 1)}," for key, value in head.items())
    yield from list_laid_out("assets", _sealed("assets", map(write, ordered(scan)), sealing), 1)
    yield ","
    yield from (f"{keyed(key, 1)}{laid_out(value, 1)}," for key, value in tail.items())
    yield from list_laid_out("inventory", _sealed("inventory", map(_file, _by_path(scan.inventory)), sealing), 1)
    yield f",{keyed('seal', 1)}{json.dumps(sealing.seal())}\n}}\n"


def _sealed(key: str, entries: Iterable[Sequence[str]], sealing: Sealing) -> Iterator[str]:
    """Return entries laid out, and seal them on their way."""
    sealing.open_list(key)
    for text, canonical in entries:
        sealing.take(canonical)
        yield text
    sealing.close_list()


def schema() -> str:
    """Return the text of the JSON Schema (2020-12) that `to_json` keeps to."""
    return (resources.files("scanner.report") / "schema" / "scan.schema.json").read_text("utf-8")


def report_json(scan: Scan) -> tuple[Json, Json]:
    """Return the keys that `to_json` writes before the assets, and those between them and the inventory."""
    head: Json = {
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
    }
    tail: Json = {
        "coverage_statement": [{"title": section.title, "lines": list(section.lines)} for section in coverage_statement(scan)],
        "statement": statement(scan),
        **shard_json(scan.shard),
    }
    return head, tail


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
        **({} if coverage.fetched_bytes is None else {"fetched_bytes": coverage.fetched_bytes}),
    }


def _by_path(inventory: Sequence[FileRecord]) -> Iterable[FileRecord]:
    # What lies on disk was put there in this order; what somebody put together by hand is short.
    return sorted(inventory, key=lambda record: (record.root, record.path)) if isinstance(inventory, tuple) else inventory


def inventory_beginning(root: int, path: str) -> str:
    """Return how the inventory's line of a file begins, up to its path."""
    text, escaped = _path_text(path)
    flag = ', "path_escaped": true' if escaped else ""
    return f'{{"root": {root}, "path": {text}{flag}'


def _path_text(path: str) -> tuple[str, bool]:
    text, escaped = escape_path(path)
    return encodable(encode_basestring(text)) if escaped else encode_basestring(text), escaped


def _file(record: FileRecord) -> tuple[str, str]:
    """Return a file on a line, and in the canonical form."""
    path, escaped = _path_text(record.path)
    sealed_flag = ',"path_escaped":true' if escaped else ""
    root, size, modified = record.root, record.size_bytes, seconds_text(record.mtime_ns)
    sha256 = encode_basestring(record.sha256) if record.sha256 else "null"
    return (
        f'{inventory_beginning(root, record.path)}, "size_bytes": {size}, "modified": "{modified}", "sha256": {sha256}}}',
        f'{{"modified":"{modified}","path":{path}{sealed_flag},"root":{root},"sha256":{sha256},"size_bytes":{size}}}',
    )
