"""The report formats, in one table: what each is called, the file it is written to, and what writes it.

Every format keeps the contract of ``tests/contracts/test_report_formats.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scanner.model.scan import Scan
from scanner.report.csv_report import to_csv
from scanner.report.html_report import to_html
from scanner.report.json_report import to_json
from scanner.report.junit_report import to_junit
from scanner.report.markdown_report import to_markdown
from scanner.report.ndjson_report import to_ndjson
from scanner.report.sarif_report import to_sarif


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """One way to write a scan down."""

    file_name: str
    """Name of its file in the report folder."""
    write: Callable[[Scan], Iterator[str]]
    """Pure; gives the text in pieces, so that no report is ever whole in memory. It is UTF-8 when it is encoded, and ends in a
    line break."""


FORMATS: Mapping[str, ReportFormat] = MappingProxyType(
    {
        "json": ReportFormat("scan.json", to_json),
        "ndjson": ReportFormat("scan.ndjson", to_ndjson),
        "csv": ReportFormat("scan.csv", to_csv),
        "html": ReportFormat("scan.html", to_html),
        "junit": ReportFormat("scan.junit.xml", to_junit),
        "sarif": ReportFormat("scan.sarif", to_sarif),
        "markdown": ReportFormat("scan.md", to_markdown),
    }
)
"""Name on the command line → format."""


def render(scan: Scan, name: str) -> Iterator[str]:
    """Return the report of one format as text, in pieces."""
    return FORMATS[name].write(scan)
