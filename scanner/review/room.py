"""What the room holds open: reports, each with its catalogue."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scanner.model.errors import UsageError
from scanner.model.objects import is_address
from scanner.model.text import shown
from scanner.report.json_nodes import WrongNodeError
from scanner.report.report_file import ReportFile
from scanner.review.catalogue import Catalogue

REPORT_NAME = "scan.json"


@dataclass(frozen=True, slots=True)
class OpenReport:
    """One report that is looked at."""

    number: int
    """In addresses, from 1."""
    file: ReportFile
    catalogue: Catalogue
    moved: Mapping[str, str] = field(default_factory=dict)
    """Root of the report → where it is now, for those that are elsewhere."""

    @property
    def name(self) -> str:
        """The delivery's name."""
        return self.file.head.text("name")

    @property
    def roots_now(self) -> tuple[str, ...]:
        """Where the delivery is."""
        return tuple(self.moved.get(root, root) for root in self.file.head.paths("roots"))

    @property
    def address(self) -> str:
        """Where its pages are."""
        return f"/scans/{self.number}"


@dataclass(frozen=True, slots=True)
class Room:
    """Everything that pages are made of."""

    reports: tuple[OpenReport, ...]

    def with_moved(self, moved: Mapping[str, str]) -> Room:
        """Return the room with roots of its reports elsewhere: root of a report → path or address."""
        return Room(tuple(replace(report, moved=moved) for report in self.reports))

    def report(self, number: int) -> OpenReport | None:
        """Return a report by its number in addresses."""
        return self.reports[number - 1] if 0 < number <= len(self.reports) else None

    @property
    def places(self) -> tuple[str, ...]:
        """Where the deliveries are that lie in folders."""
        return tuple(root for report in self.reports for root in report.roots_now if not is_address(root) and _can_be_path(root))

    def earlier(self, report: OpenReport) -> tuple[OpenReport, ...]:
        """Return the reports of the same delivery that ended before this one, the latest first."""
        finished = report.file.head.text("finished")
        same = (one for one in self.reports if one.name == report.name and one.file.head.text("finished") < finished)
        return tuple(sorted(same, key=lambda one: one.file.head.text("finished"), reverse=True))


def open_room(paths: Sequence[str], progress: Callable[[str, int, int], None]) -> Room:
    """Open the reports at `paths`: each a ``scan.json``, or a folder that holds one.

    Raises:
        UsageError: one cannot be read, or is no report of this version of the scanner.
    """
    reports: list[OpenReport] = []
    for done, path in enumerate(paths):
        progress("opening", done, len(paths))
        file = ReportFile(_report_at(path))
        _check_roots(file)
        reports.append(OpenReport(done + 1, file, Catalogue(file)))
    return Room(tuple(sorted(reports, key=lambda one: one.number)))


def _can_be_path(text: str) -> bool:
    # A report may say anything; no system has a path with half a surrogate pair or a null byte.
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


def _check_roots(file: ReportFile) -> None:
    try:
        file.head.paths("roots")
    except WrongNodeError as error:
        raise UsageError(
            f"is no report that this scanner wrote: {shown(str(error), 200)}", where=shown(file.path), next_step="Scan again."
        ) from None


def _report_at(path: str) -> str:
    if not os.path.isdir(path):
        return path
    inside = os.path.join(path, REPORT_NAME)
    if not os.path.lexists(inside):
        raise UsageError(
            f"holds no {REPORT_NAME}", where=shown(path), next_step="Name a report that `scanner scan` wrote with --format json."
        )
    return inside
