"""The report formats, in one table: what each is called, the file it is written to, and what writes it.

Every format keeps the contract of ``tests/contracts/test_report_formats.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scanner.model.scan import Scan
from scanner.report.csv_report import to_csv
from scanner.report.further import FOLDER
from scanner.report.html_report import FILE_NAME, html_pages, to_html, to_html_with_pages
from scanner.report.json_report import to_json
from scanner.report.junit_report import to_junit
from scanner.report.markdown_report import to_markdown
from scanner.report.ndjson_report import to_ndjson
from scanner.report.sarif_report import to_sarif
from scanner.report.writing import write_folder, write_report


@dataclass(frozen=True, slots=True)
class Beside:
    """What a report has beside it in its folder, where it is too long for one file."""

    folder: str
    """Its name."""
    files: Callable[[Scan], Iterator[tuple[str, Iterator[str]]]]
    """Names of files and their text in pieces; none for a scan that needs none."""
    write: Callable[[Scan], Iterator[str]]
    """As `ReportFormat.write`, with links to the files."""


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """One way to write a scan down."""

    file_name: str
    """Name of its file in the report folder."""
    write: Callable[[Scan], Iterator[str]]
    """Pure; gives the text in pieces, so that no report is ever whole in memory. It is UTF-8 when it is encoded, and ends in a
    line break."""
    beside: Beside | None = None


FORMATS: Mapping[str, ReportFormat] = MappingProxyType(
    {
        "json": ReportFormat("scan.json", to_json),
        "ndjson": ReportFormat("scan.ndjson", to_ndjson),
        "csv": ReportFormat("scan.csv", to_csv),
        "html": ReportFormat(FILE_NAME, to_html, Beside(FOLDER, html_pages, to_html_with_pages)),
        "junit": ReportFormat("scan.junit.xml", to_junit),
        "sarif": ReportFormat("scan.sarif", to_sarif),
        "markdown": ReportFormat("scan.md", to_markdown),
    }
)
"""Name on the command line → format."""


def write_into(folder: str, scan: Scan, name: str) -> str:
    """Write the report of one format into a folder, with what stands beside it, and return its path.

    Raises:
        ReportError: the folder cannot be written.
    """
    one = FORMATS[name]
    if one.beside is None:
        return write_report(folder, one.file_name, one.write(scan))
    # The report comes last: it never points to what is not there.
    write_folder(folder, one.beside.folder, one.beside.files(scan))
    return write_report(folder, one.file_name, one.beside.write(scan))


def render(scan: Scan, name: str) -> Iterator[str]:
    """Return the report of one format as text, in pieces."""
    return FORMATS[name].write(scan)
