"""Whether the delivery still is what was scanned: `scanner verify`, shown in the room."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scanner.review.beside import OwnCommands, Said
from scanner.review.forms import form_of
from scanner.review.grid import found_report
from scanner.review.pages import nothing_here, page
from scanner.review.room import OpenReport

DEPTHS = {
    "": "Sizes and times; files whose time differs by their bytes",
    "--stat": "Sizes and times alone: no file is read",
    "--hash": "Every file by its bytes",
}
LISTED = 200
_WORDS = {"same": "The delivery is what was scanned.", "differs": "The delivery is not what was scanned."}
_NOT_TOLD = "Whether the delivery is what was scanned could not be told."


@dataclass(frozen=True, slots=True)
class Verified:
    """What the command said, as far as the page tells it."""

    result: str
    sentence: str
    seal: str
    counts: tuple[tuple[str, int], ...]
    differences: tuple[tuple[str, str, str], ...]
    """Kind of change, path, why; at most `LISTED`."""
    left: int


def verify(request: Request) -> Response:
    """Show the last answer and the form that asks; a form starts the command."""
    report = found_report(request)
    if report is None:
        return nothing_here(request)
    commands: OwnCommands = request.app.state.commands
    busy = False
    if request.method == "POST":
        depth = form_of(request).get("depth", "")
        arguments = [one for one in (depth,) if one in DEPTHS and one]
        place = [report.file.path, *report.roots_now]
        busy = not commands.start(_key(report), ["verify", "--format", "json", *arguments, "--", *place])
        if not busy:
            return RedirectResponse(f"{report.address}/verify", 303)
    said = commands.said(_key(report))
    return page(
        request,
        "verify.html.j2",
        status=503 if busy else 200,
        report=report,
        depths=DEPTHS,
        running=commands.running(_key(report)),
        busy=busy,
        verified=_verified(said) if said else None,
        failed=said is not None and _verified(said) is None,
    )


def _key(report: OpenReport) -> tuple[object, ...]:
    return "verify", report.number


def _verified(said: Said) -> Verified | None:
    try:
        answer: dict[str, Any] = json.loads(said.output)
        compared = answer["delivery"]
        differences = compared["differences"]
        return Verified(
            answer["result"],
            _WORDS.get(answer["result"], _NOT_TOLD),
            "The report is as it was written: its seal holds."
            if answer["report"]["seal_holds"]
            else "The report was changed since it was written: its seal does not hold, and nothing it says can be relied on.",
            tuple((kind, count) for kind, count in compared["counts"].items() if count),
            tuple((one["change"], one["path"], one["why"]) for one in differences[:LISTED]),
            max(len(differences) - LISTED, 0),
        )
    except (ValueError, KeyError, TypeError):
        return None
