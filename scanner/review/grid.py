"""The first pages: which deliveries there are, and the assets of one as a grid with filters."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from scanner.report.json_nodes import Node
from scanner.review.decisions import Told, desk_of
from scanner.review.pages import nothing_here, page
from scanner.review.query import FACETS, read_query
from scanner.review.room import OpenReport, Room


@dataclass(frozen=True, slots=True)
class Card:
    """One asset in the grid."""

    row: int
    path: str
    verdict: str
    """Empty where the asset is not judged."""
    zone: str
    format: str
    provenance: str
    said: str
    """What weighs most, in a sentence."""
    more: int
    """Further findings."""
    decided: tuple[Told, ...] = ()
    """What stands of what was decided about its content."""


def deliveries(request: Request) -> Response:
    """Show which reports are open."""
    room: Room = request.app.state.room
    return page(request, "deliveries.html.j2", reports=room.reports)


def assets(request: Request) -> Response:
    """Show a report's assets, filtered as the address asks."""
    report = found_report(request)
    if report is None:
        return nothing_here(request)
    query = read_query(request.query_params.multi_items())
    standing = desk_of(request).standing()
    found = report.catalogue.search(query, standing.facet(report))
    cards = [_card(row, report.catalogue.asset(row), standing.in_force(report.catalogue.content(row))) for row in found.rows]
    others = request.app.state.room.earlier(report)
    return page(request, "grid.html.j2", report=report, query=query, found=found, cards=cards, labels=FACETS, others=others)


def found_report(request: Request) -> OpenReport | None:
    """Return the report that an address names."""
    room: Room = request.app.state.room
    return room.report(request.path_params["report"])


def _card(row: int, asset: Node, decided: tuple[Told, ...]) -> Card:
    findings = asset.nodes("findings", lambda each: each.text("message"))
    return Card(
        row,
        asset.text("path"),
        asset.optional_text("verdict"),
        asset.text("zone"),
        asset.text("format"),
        asset.text("provenance"),
        findings[0] if findings else "",
        max(len(findings) - 1, 0),
        decided,
    )
