"""The page of what changed between two scans that are open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from scanner.review.changes import Change, Changed, changes
from scanner.review.decisions import Told, desk_of
from scanner.review.grid import found_report
from scanner.review.pages import nothing_here, page
from scanner.review.room import OpenReport, Room

FIRST = 20
"""Assets of one kind of change on the page of all kinds."""
FEW = 5
"""Assets named beside one decision."""
PAGE = 200
"""Assets on a page of one kind."""

TITLES = {
    Change.NEW: ("New", "Nothing stood here at the earlier scan."),
    Change.CHANGED: ("Changed", "Other content under the same name: judged anew, approvals of the earlier content do not count."),
    Change.JUDGED: ("Judged otherwise", "The same content, of which the later scan says something else."),
    Change.MOVED: ("Moved", "The same content under another name."),
    Change.GONE: ("Gone", "Not in the later scan."),
}


@dataclass(frozen=True, slots=True)
class Side:
    """An asset as one scan told it."""

    row: int
    path: str
    verdict: str
    said: tuple[str, ...]
    """The findings that asked for something."""


@dataclass(frozen=True, slots=True)
class Line:
    """One asset that is not as it was."""

    before: Side | None
    now: Side | None


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of change."""

    change: Change
    title: str
    lead: str
    total: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was recorded since the earlier scan."""

    told: Told
    assets: tuple[Side, ...]
    """Some of those that have its content."""
    total: int


def changed(request: Request) -> Response:
    """Show what changed since another open report."""
    room: Room = request.app.state.room
    report = found_report(request)
    earlier = _since(room, request)
    if report is None or earlier is None or earlier is report:
        return nothing_here(request, "Two different reports are needed: open both with `scanner review OLD NEW`.")
    found = changes(earlier.catalogue, report.catalogue)
    asked = request.query_params.get("kind", "")
    number = _page_number(request)
    if asked in list(Change):
        change = Change(asked)
        number = min(number, max(-(-len(found[change]) // PAGE), 1))
        shown = [_section(change, found[change], (number - 1) * PAGE, PAGE, earlier, report)]
    else:
        asked = ""
        shown = [_section(change, pairs, 0, FIRST, earlier, report) for change, pairs in found.items()]
    decided = () if asked else tuple(_decided(request, earlier, report))
    return page(
        request,
        "changes.html.j2",
        report=report,
        earlier=earlier,
        sections=shown,
        decided=decided[:FIRST],
        decided_total=len(decided),
        asked=asked,
        number=number,
        size=PAGE,
    )


def _decided(request: Request, earlier: OpenReport, report: OpenReport) -> Iterator[Decided]:
    """What was recorded since the earlier scan about content that stands in the later one, newest first."""
    since = earlier.file.head.text("finished")
    for told in desk_of(request).standing().newest():
        if told.recorded > since and (rows := report.catalogue.rows_of(told.content)):
            yield Decided(told, tuple(Side(row, *_told(report, row)) for row in rows[:FEW]), len(rows))


def _since(room: Room, request: Request) -> OpenReport | None:
    asked = request.query_params.get("since", "")
    return room.report(int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None


def _page_number(request: Request) -> int:
    asked = request.query_params.get("page", "")
    return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1


def _section(change: Change, pairs: Sequence[Changed], first: int, size: int, earlier: OpenReport, report: OpenReport) -> Section:
    return Section(change, *TITLES[change], len(pairs), tuple(_lines(pairs[first : first + size], earlier, report)))


def _lines(pairs: Sequence[Changed], earlier: OpenReport, report: OpenReport) -> Iterator[Line]:
    for pair in pairs:
        yield Line(_side(earlier, pair.before), _side(report, pair.now))


def _side(report: OpenReport, row: int | None) -> Side | None:
    return None if row is None else Side(row, *_told(report, row))


def _told(report: OpenReport, row: int) -> tuple[str, str, tuple[str, ...]]:
    """Path, verdict, and the findings that asked for something."""
    asset = report.catalogue.asset(row)
    findings = asset.nodes("findings", lambda each: (each.text("message"), each.text("severity"), each.text("allowed_by")))
    said = tuple(message + (" (allowed)" if allowed else "") for message, severity, allowed in findings if severity != "info")
    return asset.text("path"), asset.optional_text("verdict"), said
