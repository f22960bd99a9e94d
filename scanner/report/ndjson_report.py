"""``scan.ndjson``: a record a line, for programs that read a delivery of any size without holding it.

First a line ``scan`` (what was scanned, when and with what), then a line ``asset`` each in the order of the paths, at last
a line ``end`` with verdict, findings and coverage: a file without it was cut. Only ASCII is written, so that no reader finds
a line break of its own (U+2028, NEL) inside a record. The schema is ``schema/scan.ndjson.schema.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

from scanner.model.scan import Scan
from scanner.report.json_asset_text import AssetTexts
from scanner.report.json_forms import on_a_line
from scanner.report.json_report import report_json
from scanner.report.ordered import ordered

_AT_THE_END = (
    *("verdict", "findings", "notes", "coverage", "specials", "unreadable_folders", "litter"),
    *("coverage_statement", "statement"),
)
"""Keys of ``scan.json`` about the delivery as a whole; whatever else it has stands in the first line, but inventory and seal."""
_NOT_ASCII = re.compile(r"[^\x00-\x7e]")


def to_ndjson(scan: Scan) -> Iterator[str]:
    """Return the scan as lines of JSON, one after the other; equal scans give equal bytes."""
    head, tail = report_json(scan)
    yield _line(on_a_line({"record": "scan", **{key: value for key, value in head.items() if key not in _AT_THE_END}}))
    write = AssetTexts(on_a_line, depth=0).write
    yield from (_line('{"record":"asset",' + write(record)[0][1:]) for record in ordered(scan))
    whole = head | tail
    yield _line(on_a_line({"record": "end", **{key: whole[key] for key in _AT_THE_END}, "assets": len(scan.assets)}))


def ndjson_schema() -> str:
    """Return the text of the JSON Schema of one line; it refers to that of ``scan.json``."""
    return (resources.files("scanner.report") / "schema" / "scan.ndjson.schema.json").read_text("utf-8")


def _line(text: str) -> str:
    return f"{text}\n" if text.isascii() and "\x7f" not in text else _NOT_ASCII.sub(_escaped, text) + "\n"


def _escaped(hit: re.Match[str]) -> str:
    units = hit.group().encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
