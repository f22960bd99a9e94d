"""Reports as whole texts: the formats give them in pieces."""

from __future__ import annotations

from scanner.model.scan import Scan
from scanner.report import formats


def render(scan: Scan, name: str) -> str:
    """Return the report of one format as text."""
    return "".join(formats.render(scan, name))


def to_csv(scan: Scan) -> str:
    return render(scan, "csv")


def to_html(scan: Scan) -> str:
    return render(scan, "html")


def to_json(scan: Scan) -> str:
    return render(scan, "json")


def to_junit(scan: Scan) -> str:
    return render(scan, "junit")


def to_markdown(scan: Scan) -> str:
    return render(scan, "markdown")


def to_ndjson(scan: Scan) -> str:
    return render(scan, "ndjson")


def to_sarif(scan: Scan) -> str:
    return render(scan, "sarif")
