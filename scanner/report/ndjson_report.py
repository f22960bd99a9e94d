"""``scan.ndjson``: a record a line, for programs that read a delivery of any size without holding it.

First a line ``scan`` (what was scanned, when and with what), then a line ``asset`` each in the order of the paths, at last
a line ``end`` with verdict, findings and coverage: a file without it was cut. Only ASCII is written, so that no reader finds
a line break of its own (U+2028, NEL) inside a record. The schema is ``schema/scan.ndjson.schema.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import resources

from scanner.model.scan import Scan
from scanner.report.json_asset import Json
from scanner.report.json_report import report_json
from scanner.report.seal import encodable

_AT_THE_END = (
    *("verdict", "findings", "notes", "coverage", "specials", "unreadable_folders", "litter"),
    *("coverage_statement", "statement"),
)
"""Keys of ``scan.json`` about the delivery as a whole; whatever else it has stands in the first line, but inventory and seal."""
_NOT_ASCII = re.compile(r"[^\x00-\x7e]")


def to_ndjson(scan: Scan) -> str:
    """Return the scan as lines of JSON; equal scans give equal bytes."""
    return "".join(_line(record) for record in _records(scan))


def ndjson_schema() -> str:
    """Return the text of the JSON Schema of one line; it refers to that of ``scan.json``."""
    return (resources.files("scanner.report") / "schema" / "scan.ndjson.schema.json").read_text("utf-8")


def _records(scan: Scan) -> Iterator[Json]:
    report = report_json(scan)
    assets = report.pop("assets")
    yield {"record": "scan", **{key: value for key, value in report.items() if key not in _AT_THE_END}}
    if isinstance(assets, list):
        yield from ({"record": "asset", **asset} for asset in assets)
    yield {"record": "end", **{key: report[key] for key in _AT_THE_END}, "assets": len(scan.assets)}


def _line(record: Json) -> str:
    return _NOT_ASCII.sub(_escaped, encodable(json.dumps(record, ensure_ascii=False, separators=(",", ":")))) + "\n"


def _escaped(hit: re.Match[str]) -> str:
    units = hit.group().encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
