"""The pages by their addresses."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scanner.model.errors import ScannerError
from scanner.model.text import shown
from scanner.report.json_nodes import WrongNodeError
from scanner.review import asset, comparing, deciding, grid, picture_pages, printing, verifying
from scanner.review.assets import static_file
from scanner.review.beside import OwnCommands
from scanner.review.decisions import DecisionDesk, no_desk
from scanner.review.pages import nothing_here, page
from scanner.review.pictures import Pictures
from scanner.review.room import Room

_ASSET = "/scans/{report:place}/assets/{row:place}"


class _Place(Convertor[int]):  # type: ignore[misc]  # types of extras are not looked at
    """A number in an address; Starlette's own takes any number of digits, and fails where there are thousands."""

    regex = "[0-9]{1,9}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("place", _Place())


def make_app(room: Room, pictures: Pictures | None = None, desk: DecisionDesk | None = None) -> Starlette:
    """Return the application; `access.Access` must stand in front of it. Without `pictures` none are made.

    Without `desk` nothing is known to be decided, and nothing can be.
    """
    app = Starlette(
        routes=[
            Route("/", grid.deliveries),
            Route("/static/{name:path}", _static),
            Route("/scans/{report:place}", grid.assets),
            Route(_ASSET, asset.asset),
            Route(f"{_ASSET}/metadata", asset.metadata),
            Route(f"{_ASSET}/thumbnail", picture_pages.thumbnail),
            Route(f"{_ASSET}/picture", picture_pages.large),
            Route(f"{_ASSET}/frames/{{hit:place}}", picture_pages.frame),
            Route(f"{_ASSET}/frames/{{hit:place}}/shown", picture_pages.shown_in_frame),
            Route(f"{_ASSET}/beside/{{pair:place}}", picture_pages.beside),
            Route(f"{_ASSET}/beside/{{pair:place}}/{{part}}", picture_pages.laid_over),
            Route(f"{_ASSET}/decide", deciding.decide, methods=["GET", "POST"]),
            Route("/decisions", deciding.log),
            Route("/decisions/withdraw", deciding.withdraw, methods=["POST"]),
            Route("/scans/{report:place}/changes", comparing.changed),
            Route("/scans/{report:place}/verify", verifying.verify, methods=["GET", "POST"]),
            Route("/scans/{report:place}/record", printing.record),
            Route("/scans/{report:place}/disclosure", printing.disclosure),
        ],
        exception_handlers={HTTPException: _refused, WrongNodeError: _unreadable, ScannerError: _unreadable},
    )
    # It would name this server as this server is spoken to: behind a proxy that speaks HTTPS, without it.
    app.router.redirect_slashes = False
    app.state.room = room
    app.state.pictures = pictures or Pictures({}, None)
    app.state.desk = desk or no_desk()
    app.state.commands = OwnCommands()
    return app


def _static(request: Request) -> Response:
    found = static_file(request.path_params["name"])
    return (
        Response(found[0], media_type=found[1]) if found else Response("There is no such file.\n", 404, media_type="text/plain")
    )


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return nothing_here(request) if status == 404 else Response("This is not done here.\n", status, media_type="text/plain")


def _unreadable(request: Request, error: Exception) -> Response:
    return page(request, "nothing.html.j2", 422, what=f"The report cannot be read here: {shown(str(error), 400).rstrip('.')}.")
