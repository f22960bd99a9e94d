"""The coverage statement: what a scan looked at and what it did not, as every report tells it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from scanner.model.scan import Scan
from scanner.report import sentences


@dataclass(frozen=True, slots=True)
class CoverageSection:
    """One part of the statement."""

    title: str
    lines: tuple[str, ...]


def coverage_statement(scan: Scan) -> tuple[CoverageSection, ...]:
    """Return the parts of the statement that have something to say."""
    undone = (*sentences.alarms(scan), *sentences.not_done(scan), *scan.notes)
    whole = "Every file was opened, and every picture that can be compared was compared."
    sections = (
        CoverageSection("Not looked at", undone or (whole,)),
        CoverageSection("Limits by format", _limits(scan)),
    )
    return tuple(section for section in sections if section.lines)


def _limits(scan: Scan) -> tuple[str, ...]:
    counts = Counter((record.format.title, record.format.limits) for record in scan.assets if record.format.limits)
    return tuple(f"{title}, {sentences.counted(count, 'asset')}: {limits}" for (title, limits), count in sorted(counts.items()))
