"""What a scan looked at, with what, and what it cannot show: the part of a report that legal readers ask for first."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.scan import Scan


@dataclass(frozen=True, slots=True)
class CoverageSection:
    """One part of the statement."""

    title: str
    lines: tuple[str, ...]
    """One fact each; may hold text from outside (format names, reasons), which a report shows as it shows any such text."""


def coverage_statement(scan: Scan) -> tuple[CoverageSection, ...]:
    """Return the statement's sections in their order; none is empty."""
    return (CoverageSection("Checked", (f"{scan.coverage.files:,} files",)),)
