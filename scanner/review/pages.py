"""Making pages: templates, and what all of them know."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from scanner.model.text import shown
from scanner.report import permissions, sentences
from scanner.report.chain import chain_of, locators_of, standing_of
from scanner.review.assets import HTMX


@cache
def environment() -> Environment:
    """Return the templates; every value is escaped."""
    made = Environment(
        loader=PackageLoader("scanner.review", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["number"] = sentences.number
    made.filters["shown"] = shown
    made.globals.update(
        say=sentences, permissions=permissions, htmx=HTMX, chain_of=chain_of, locators_of=locators_of, standing_of=standing_of
    )
    return made


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page; templates know the session's `secret` and who is the `recorder` besides `values`.

    A request of htmx for a part of a page names the part by its target; templates see it as `part`.
    """
    part = request.headers.get("hx-target", "") if request.headers.get("hx-request") == "true" else ""
    known = {"secret": request.scope["review.secret"], "recorder": request.scope["review.recorder"], "part": part}
    text = environment().get_template(template).render(**known, **values)
    # A report may hold half a surrogate pair, which UTF-8 has no bytes for.
    return HTMLResponse(text.encode("utf-8", "backslashreplace"), status)


def nothing_here(request: Request, what: str = "There is nothing at this address.") -> HTMLResponse:
    """Return the page for an address that leads nowhere."""
    return page(request, "nothing.html.j2", 404, what=what)
