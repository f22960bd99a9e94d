"""``scan.html``: one file that opens anywhere, loads nothing, runs nothing, and prints well."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from scanner.model.scan import Scan
from scanner.model.text import bounded, shown
from scanner.report import chain, sentences, worklist
from scanner.report.coverage_statement import coverage_statement
from scanner.report.page import page_of
from scanner.report.pairs import has_sides

RAW_LIMIT = 600
"""Characters of a raw value on the page; scan.json keeps more."""


def to_html(scan: Scan) -> str:
    """Return the scan as one self-contained page without script; equal scans give equal bytes."""
    template = _environment().get_template("scan.html.j2")
    return template.render(scan=scan, page=page_of(scan), style=_style(), policy=_security_policy()) + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("scanner.report", "templates"),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"path": _path, "raw": _raw, "base64": _base64, "moment": _moment, "number": sentences.number}
    environment.globals |= {
        "say": sentences,
        "coverage": coverage_statement,
        "place": worklist.place,
        "chain_of": chain.chain_of,
        "locators_of": chain.locators_of,
        "judged": worklist.is_judged,
        "paired_with": has_sides,
    }
    return environment


def _visible(value: object) -> object:
    # Each expression of a template passes here before it is escaped, so no text can reach the page unseen.
    if isinstance(value, str) and not isinstance(value, Markup):
        return value if value.isprintable() else shown(value)
    return value


def _path(path: str) -> Markup:
    """Return a path that a browser may break behind its slashes."""
    return Markup("/<wbr>").join(escape(_visible(part)) for part in path.split("/"))


def _raw(text: str) -> str:
    return bounded(text, RAW_LIMIT)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _moment(text: str) -> str:
    """Return an ISO time in UTC as people read it; anything else as it is."""
    return f"{text[:10]} {text[11:19]} UTC" if len(text) >= 20 and text[10] == "T" and text.endswith("Z") else text


@cache
def _style() -> Markup:
    text = (resources.files("scanner.report") / "templates" / "page.css").read_text("utf-8")
    return Markup(text)  # noqa: S704 - our own file; the security policy below admits exactly these bytes


@cache
def _security_policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode("ascii")
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
