"""Deciding on an asset: the form, what becomes of it, and the page of all decisions."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scanner.model.approvals import Category, ContentKind
from scanner.model.approved import decision_of
from scanner.model.errors import ScannerError, UsageError
from scanner.model.recorded import RecordedAsset
from scanner.model.stretches import Stretch, unite
from scanner.model.text import shown
from scanner.pipeline.approved_content import Content
from scanner.review.decide_form import (
    MEANINGS,
    SEGMENT,
    TITLES,
    Form,
    Kind,
    asked_categories,
    blank,
    decision_from,
    filled,
    submission_of,
)
from scanner.review.decisions import DecisionDesk, Standing, Told, desk_of, told_of
from scanner.review.forms import form_of
from scanner.review.pages import nothing_here, page
from scanner.review.picture_pages import Asked, asked_asset
from scanner.review.query import Query, read_query
from scanner.review.reach import Obstacle, ObstacleError, Reach
from scanner.review.room import Room
from scanner.store.approval_fields import text_field
from scanner.tools.user import current_user

ON_PAGE = 100
"""Decisions on one page of the log."""
PLACES = 20
"""Assets with the same content that are named."""
_SCAN_AGAIN = "Scan again, then decide on what stands there now"


@dataclass(frozen=True, slots=True)
class Place:
    """An asset with the same content, in any open report."""

    link: str
    path: str
    delivery: str


@dataclass(frozen=True, slots=True)
class _Desk:
    """What one request to decide is about."""

    asked: Asked
    kind: Kind
    query: Query
    desk: DecisionDesk
    standing: Standing
    content: str

    @property
    def categories(self) -> tuple[Category, ...]:
        return asked_categories(self.asked.record.findings)


def decide(request: Request) -> Response:
    """Show the form of a decision, or record what was sent."""
    asked, kind = asked_asset(request), _kind(request)
    if asked is None or kind is None:
        return nothing_here(request)
    desk = desk_of(request)
    standing = desk.standing()
    query = read_query(request.query_params.multi_items())
    about = _Desk(asked, kind, query, desk, standing, asked.report.catalogue.content(asked.row))
    recorder: str = request.scope["review.recorder"]
    if request.method == "POST":
        return _sent(request, about, recorder)
    return _shown(request, about, blank(kind, recorder, desk.today, standing.seen(about.content), about.categories))


def log(request: Request) -> Response:
    """Show all decisions, newest first."""
    return _listed(request, {})


def withdraw(request: Request) -> Response:
    """Withdraw a decision, and show that it is."""
    given = form_of(request)
    try:
        reason = text_field("the reason", " ".join(given.get("reason", "").split()))
    except ValueError as error:
        return _listed(request, {given.get("id", ""): str(error)}, given, HTTPStatus.UNPROCESSABLE_ENTITY)
    recorder: str = request.scope["review.recorder"]
    try:
        desk_of(request).withdraw(given.get("id", ""), recorder, reason, submission_of(given))
    except ScannerError as error:
        return _listed(request, {given.get("id", ""): str(error)}, given, HTTPStatus.CONFLICT)
    return RedirectResponse("/decisions", HTTPStatus.SEE_OTHER)


def _kind(request: Request) -> Kind | None:
    word = request.query_params.get("kind", Kind.APPROVE.value)
    return Kind(word) if word in list(Kind) else None


def _sent(request: Request, about: _Desk, recorder: str) -> Response:
    given = form_of(request)
    form = filled(about.kind, given, (recorder, *current_user()), about.standing.seen(about.content))
    if form.mistakes:
        return _shown(request, about, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        wanted = decision_from(form, _content(about, form, without_file=given.get("without_file") == "yes"), recorder)
        outcome = about.desk.decide(wanted, form.seen, form.submission)
    except ScannerError as error:
        return _shown(request, about, form, HTTPStatus.CONFLICT, why=str(error).rstrip("."))
    if outcome.recorded is None:
        now = about.desk.standing()
        known = replace(form, seen=now.seen(about.content))
        between = told_of(outcome.between, now)
        return _shown(request, replace(about, standing=now), known, HTTPStatus.CONFLICT, between=between)
    address = f"{about.asked.address}{about.query.address()}"
    return RedirectResponse(f"{address}#decision-{decision_of(outcome.recorded).id}", HTTPStatus.SEE_OTHER)


def _content(about: _Desk, form: Form, *, without_file: bool) -> Content:
    """Return the content that is decided on, as its files hold it now.

    Raises:
        UsageError: it is not what was scanned, or cannot be decided on. Other ScannerErrors where it cannot be read.
    """
    record = about.asked.record
    if not about.content:
        raise UsageError("This scan did not hash it whole")
    try:
        reach = Reach(about.asked.report)
        paths = [reach.file(record.root, path).path for path in record.members or (record.path,)]
    except ObstacleError as error:
        if error.obstacle is Obstacle.CHANGED:
            raise UsageError(str(error), next_step=_SCAN_AGAIN) from None
        if not without_file:
            raise UsageError(str(error)) from None
        return _unseen(about)
    content = about.desk.content(paths)
    if content.digest != about.content:
        raise UsageError("Changed since the scan: it holds other bytes now", next_step=_SCAN_AGAIN)
    if form.values["first"].strip() and not content.is_moving:
        raise UsageError("It is neither film nor sequence, so it has no parts", next_step="Leave From and To empty")
    return content


def _unseen(about: _Desk) -> Content:
    """Return the content as the report tells it, without anything that it could be recognised by."""
    record = about.asked.record
    kind = ContentKind.SEQUENCE if record.kind == "sequence" else ContentKind.FILE
    path = shown(os.path.join(about.asked.report.roots_now[record.root], record.path)).strip()
    return Content(path, kind, about.content, record.size_bytes, len(record.members), is_moving=True)


def _shown(
    request: Request,
    about: _Desk,
    form: Form,
    status: int = 200,
    *,
    why: str = "",
    between: Sequence[Told] = (),
) -> Response:
    room: Room = request.app.state.room
    record = about.asked.record
    return page(
        request,
        "decide.html.j2",
        status,
        report=about.asked.report,
        asked=about.asked,
        query=about.query,
        form=form,
        content=about.content,
        places=list(_places(room, about)),
        most_places=PLACES,
        decided=about.standing.about(about.content),
        trouble=about.standing.trouble,
        categories=about.categories,
        others=[category for category in Category if category not in about.categories],
        stretches=_stretches(record),
        segment=SEGMENT if record.members or _stretches(record) or form.values.get("first") else (),
        titles=TITLES,
        meanings=MEANINGS,
        kinds=list(Kind),
        why=why,
        out_of_reach=bool(why) and _is_out_of_reach(about),
        between=between,
    )


def _is_out_of_reach(about: _Desk) -> bool:
    record = about.asked.record
    try:
        Reach(about.asked.report).file(record.root, (record.members or (record.path,))[0])
    except ObstacleError as error:
        return error.obstacle is Obstacle.OUT_OF_REACH
    return False


def _stretches(record: RecordedAsset) -> Sequence[Stretch]:
    return unite(each for finding in record.findings if not finding.allowed_by for each in finding.stretches)


def _places(room: Room, about: _Desk) -> Iterator[Place]:
    if not about.content:
        return
    own = about.asked.report
    for report in sorted(room.reports, key=lambda one: one is not own):
        for row in report.catalogue.rows_of(about.content):
            yield Place(f"{report.address}/assets/{row}", report.catalogue.asset(row).text("path"), report.name)


def _listed(
    request: Request, mistakes: dict[str, str], given: dict[str, str] | None = None, status: int = HTTPStatus.OK
) -> Response:
    desk = desk_of(request)
    standing, room = desk.standing(), request.app.state.room
    told = list(standing.newest())
    number = request.query_params.get("page", "")
    at = max(int(number), 1) if number.isascii() and number.isdigit() and len(number) < 9 else 1
    pages = max(-(-len(told) // ON_PAGE), 1)
    at = min(at, pages)
    shown_here = told[(at - 1) * ON_PAGE : at * ON_PAGE]
    return page(
        request,
        "decisions.html.j2",
        status,
        decisions=shown_here,
        total=len(told),
        at=at,
        pages=pages,
        links={one.content: _link(room, one.content) for one in shown_here},
        trouble=standing.trouble,
        place=desk.place,
        head=standing.entries[-1].hash if standing.entries else "",
        mistakes=mistakes,
        given=given or {},
    )


def _link(room: Room, content: str) -> str:
    for report in room.reports:
        for row in report.catalogue.rows_of(content)[:1]:
            return f"{report.address}/assets/{row}"
    return ""
