"""The report formats this version writes, and their file names."""

from __future__ import annotations

from scanner.model.scan import Scan
from scanner.report.html_report import to_html
from scanner.report.json_report import to_json

FORMATS = {"json": "scan.json", "html": "scan.html"}
"""Format → name of its file in the report folder."""


def render(scan: Scan, name: str) -> str:
    """Return the report of one format as text."""
    return {"json": to_json, "html": to_html}[name](scan)
