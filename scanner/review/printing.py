"""Pages to print: the record of a scan, and what a client is told of generative AI."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from scanner.model.approvals import AppliedApproval
from scanner.report.json_asset_reading import read_approval, read_decision
from scanner.report.json_nodes import Node
from scanner.report.permissions import approval_sentence, decision_sentence
from scanner.review.beside import OwnCommands
from scanner.review.catalogue import NOT_JUDGED
from scanner.review.grid import found_report
from scanner.review.pages import nothing_here, page
from scanner.review.query import read_query
from scanner.review.room import OpenReport

PATIENCE_SECONDS = 60.0
PERMISSIONS = 1000
"""Assets with an approval or another decision on the record; scan.json has all."""
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"<>]+)">')


@dataclass(frozen=True, slots=True)
class Permission:
    """What an approval or another decision did for one asset."""

    path: str
    sentence: str
    recorder: str
    recorded: str


def record(request: Request) -> Response:
    """Show what was checked, with what, what was not, and who allowed what."""
    report = found_report(request)
    if report is None:
        return nothing_here(request)
    catalogue = report.catalogue
    counts = {one.words: one.count for one in catalogue.search(read_query([])).facets["verdict"]}
    with_decisions = catalogue.rows_with_decisions()
    return page(
        request,
        "record.html.j2",
        report=report,
        head=report.file.head,
        counts=[(word, counts.get(word, 0)) for word in ("blocked", "incomplete", "review", "pass", NOT_JUDGED)],
        options=report.file.head.nodes("options", lambda each: (each.text("name"), each.text("value"))),
        sections=report.file.head.nodes("coverage_statement", lambda each: (each.text("title"), each.texts("lines"))),
        findings=report.file.head.nodes("findings", lambda each: each.text("message")),
        permissions=[one for row in with_decisions[:PERMISSIONS] for one in _permissions(catalogue.asset(row))],
        permissions_left=max(len(with_decisions) - PERMISSIONS, 0),
    )


def disclosure(request: Request) -> Response:
    """Show the page that `scanner disclosure` makes."""
    report = found_report(request)
    if report is None:
        return nothing_here(request)
    commands: OwnCommands = request.app.state.commands
    said = commands.ask(("disclosure", report.number), _disclosure_arguments(report), PATIENCE_SECONDS)
    if said is None or said.code != 0:
        what = "The page could not be made. `scanner disclosure` on the command line says why."
        if said is None:
            what = "The page is still being made. Load it again in a moment."
        return page(request, "nothing.html.j2", 503, what=what)
    # It has its styles in itself, and names their digests.
    policy = _POLICY.search(said.output)
    headers = {"content-security-policy": f"{policy[1].replace('&#39;', chr(39))}; frame-ancestors 'none'"} if policy else {}
    return Response(said.output.encode("utf-8", "backslashreplace"), 200, headers, "text/html")


def _disclosure_arguments(report: OpenReport) -> list[str]:
    places = [part for root in report.roots_now for part in ("--delivery", root)]
    return ["disclosure", "--quiet", "--output", "-", *places, "--", report.file.path]


def _permissions(asset: Node) -> Iterator[Permission]:
    applied: tuple[AppliedApproval, ...] = asset.nodes("approvals", read_approval)
    for one in applied:
        yield Permission(asset.text("path"), approval_sentence(one), one.approval.recorder, one.approval.recorded)
    # Not there in reports of before there were others than approvals.
    others = asset.nodes("decisions", read_decision) if "decisions" in asset.fields else ()
    for each in others:
        yield Permission(asset.text("path"), decision_sentence(each), each.decision.recorder, each.decision.recorded)
