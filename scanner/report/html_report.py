"""``scan.html``: one file that opens anywhere, loads nothing, prints well, and says the same without its script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from scanner.model.scan import Scan
from scanner.model.text import bounded, shown
from scanner.report import chain, cut_words, film_view, permissions, sealed_words, sentences, worklist
from scanner.report.coverage_statement import coverage_statement
from scanner.report.further import FINDINGS, FOLDER, FurtherPage, Run, entries_of, further_pages, runs_of
from scanner.report.page import NAMES, names_in, page_of
from scanner.report.tally import is_judged

FILE_NAME = "scan.html"
RAW_LIMIT = 600
"""Characters of a raw value on the page; scan.json keeps more."""
SHEET_LINE = 120
"""Characters of the confidentiality line at the top of each printed sheet; the first sheet has it whole."""
LONG_NAME = 16
"""Characters of a name that fit beside a small picture in one line."""
STRETCHES = 8
"""Stretches of the programme told of one asset."""
MISSING = 50
"""Sources of a cut that are not in the delivery, told by name."""
LISTS = 200
"""Lists of sealed hashes in the table."""
STYLES = ("colours.css", "page.css", "parts.css", "compare.css", "film.css", "filters.css", "print.css")
"""In the order in which they must stand: later ones change earlier ones."""
SCRIPTS = ("compare.js", "page.js")
"""In the order in which they run; one script on the page."""


def to_html(scan: Scan) -> Iterator[str]:
    """Return the scan as one self-contained page, in pieces; equal scans give equal bytes."""
    return _page(scan, ())


def html_pages(scan: Scan) -> Iterator[tuple[str, Iterator[str]]]:
    """Return the pages that go into `further.FOLDER` beside the page, each with its file's name; none for most scans."""
    for run in (run for runs in runs_of(further_pages(scan)).values() for run in runs):
        names = ["", *(page.name for page in run.pages), ""]
        for number, page in enumerate(run.pages, 1):
            yield page.name, _further(scan, page, run, names[number - 1], names[number + 1])


def to_html_with_pages(scan: Scan) -> Iterator[str]:
    """Return the page as `to_html` does, with links to those of `html_pages` where there are some."""
    return _page(scan, further_pages(scan))


def _page(scan: Scan, pages: Sequence[FurtherPage]) -> Iterator[str]:
    style = style_of(scan.confidentiality)
    template = environment().get_template("scan.html.j2")
    yield from template.generate(
        scan=scan,
        page=page_of(scan, beside_pages=bool(pages)),
        further=runs_of(pages),
        style=style,
        script=script_of_page(),
        policy=security_policy(style),
    )
    yield "\n"


def _further(scan: Scan, page: FurtherPage, run: Run, before: str, after: str) -> Iterator[str]:
    style = style_of(scan.confidentiality, (*STYLES, "further.css"))
    template = environment().get_template("further.html.j2")
    yield from template.generate(
        scan=scan,
        page=page,
        entries=entries_of(scan, page),
        run=run,
        back=FILE_NAME,
        before=before,
        after=after,
        style=style,
        policy=security_policy(style, with_script=False),
    )
    yield "\n"


@cache
def environment() -> Environment:
    """Return what makes pages of the templates: everything from a file is shown safely and escaped."""
    environment = Environment(
        loader=PackageLoader("scanner.report", "templates"),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"path": _path, "raw": _raw, "base64": _base64, "moment": _moment, "number": sentences.number}
    environment.filters["unbroken"] = _unbroken
    environment.globals |= {
        "say": sentences,
        "in_time": cut_words,
        "in_film": film_view,
        "sealing": sealed_words,
        "most_findings": FINDINGS,
        "pages_folder": FOLDER,
        "most_lists": LISTS,
        "most_stretches": STRETCHES,
        "most_missing": MISSING,
        "place": worklist.place,
        "chain_of": chain.chain_of,
        "locators_of": chain.locators_of,
        "standing": chain.standing,
        "judged": is_judged,
        "names_in": names_in,
        "most_names": NAMES,
        "asks": permissions.asks,
        "allowance": permissions.allowance,
        "approval_sentence": permissions.approval_sentence,
        "decision_sentence": permissions.decision_sentence,
        "coverage_statement": coverage_statement,
    }
    return environment


def _visible(value: object) -> object:
    # Each expression of a template passes here before it is escaped, so no text can reach the page unseen.
    if isinstance(value, str) and not isinstance(value, Markup):
        return value if value.isprintable() else shown(value)
    return value


def _path(path: str) -> Markup:
    """Return a path that a browser may break behind its slashes, and long names behind their underscores."""
    return Markup("/<wbr>").join(_breakable(escape(_visible(part))) for part in path.split("/"))


def _breakable(name: Markup) -> Markup:
    return name.replace("_", Markup("_<wbr>")) if len(name) > LONG_NAME else name


def _unbroken(text: str) -> Markup:
    """Return a text in which no line ends between a figure and its per cent."""
    return escape(_visible(text)).replace(" %", Markup("&nbsp;%"))


def _raw(text: str) -> str:
    return bounded(text, RAW_LIMIT)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _moment(text: str) -> str:
    """Return an ISO time in UTC as people read it; anything else as it is."""
    return f"{text[:10]} {text[11:19]} UTC" if len(text) >= 20 and text[10] == "T" and text.endswith("Z") else text


@cache
def style_of(confidentiality: str, names: tuple[str, ...] = STYLES) -> Markup:
    """Return the style of a page, made of these templates, with the line at the top of each printed sheet."""
    return _own("\n".join([*(_template_text(name) for name in names), _sheet_line(confidentiality)]))


def _sheet_line(text: str) -> str:
    """Return the rule that prints a line at the top of every sheet; empty for no line.

    Every character is written as its number, so that no text can end the string or the rule.
    """
    if not text:
        return ""
    numbers = "".join(f"\\{ord(char):06x}" for char in bounded(shown(text), SHEET_LINE))
    return f'@page {{ @top-center {{ content: "{numbers}"; font: bold 8.5pt sans-serif; }} }}\n'


@cache
def script_of_page() -> Markup:
    """Return the script of a page."""
    return _own("\n".join(_template_text(name) for name in SCRIPTS))


def _own(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - our own files; the security policy admits exactly these bytes


def _template_text(name: str) -> str:
    return (resources.files("scanner.report") / "templates" / name).read_text("utf-8")


def security_policy(style: str, *, with_script: bool = True) -> str:
    """Return the policy that lets a page use this style and our script, and nothing else."""
    script = f"; script-src {_digest(script_of_page())}" if with_script else ""
    allowed = f"img-src data:; style-src {_digest(style)}{script}"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"
