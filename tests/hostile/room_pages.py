"""A room asked with whatever comes to mind, and a parser that tells whether a page is made of our own elements alone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from scanner.review.access import ENTRANCE, Access, Tokens
from scanner.review.identity import Identity
from tests.review.asking import HOST, Answered

FORM = "application/x-www-form-urlencoded"
ELEMENTS = frozenset(
    (
        *(
            "html",
            "head",
            "meta",
            "title",
            "link",
            "script",
            "body",
            "header",
            "main",
            "nav",
            "section",
            "article",
            "aside",
            "footer",
        ),
        *(
            "h1",
            "h2",
            "h3",
            "h4",
            "p",
            "span",
            "strong",
            "em",
            "code",
            "kbd",
            "br",
            "wbr",
            "a",
            "ol",
            "ul",
            "li",
            "dl",
            "dt",
            "dd",
        ),
        *("div", "details", "summary", "figure", "figcaption", "img", "svg", "rect", "text", "form", "fieldset", "legend"),
        *(
            "label",
            "input",
            "textarea",
            "select",
            "option",
            "optgroup",
            "button",
            "dialog",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        ),
    )
)
LOADING = frozenset(
    ("href", "src", "action", "formaction", "hx-get", "hx-post", "xlink:href", "data", "poster", "srcset", "ping")
)
ATTRIBUTES = LOADING - {"formaction", "hx-post", "xlink:href", "data", "poster", "srcset", "ping"} | frozenset(
    (
        *(
            "id",
            "class",
            "name",
            "value",
            "type",
            "lang",
            "charset",
            "content",
            "rel",
            "alt",
            "loading",
            "width",
            "height",
            "x",
            "y",
        ),
        *("dx", "dy", "title", "method", "checked", "disabled", "hidden", "required", "open", "maxlength", "rows", "min", "max"),
        *(
            "for",
            "tabindex",
            "role",
            "scope",
            "start",
            "defer",
            "novalidate",
            "autocomplete",
            "spellcheck",
            "label",
            "selected",
            "method",
        ),
    )
)
KINDS = frozenset(("text/html", "text/plain", "image/svg+xml", "image/jpeg", "image/png", "text/css", "text/javascript"))
STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Page(HTMLParser):
    """Refuses, while it reads, what no template of ours writes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.told: list[str] = []
        self.made: list[tuple[str, tuple[str, ...]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS, tag
        self.made.append((tag, tuple(name for name, _ in attrs)))
        given = dict(attrs)
        assert len(given) == len(attrs), attrs
        for name, value in attrs:
            assert name in ATTRIBUTES or name.startswith(("aria-", "data-", "hx-")), (tag, name)
            if name in LOADING:
                assert re.match(r"(?:/(?!/)|#)[\x21-\x7e]*\Z", value or ""), (tag, name, value)
        if tag == "script":
            assert (given.get("src") or "").startswith("/static/"), attrs
        if tag == "meta":
            assert "http-equiv" not in given, attrs

    def handle_data(self, data: str) -> None:
        # What was typed is given back as it was typed.
        if self.made and self.made[-1][0] != "textarea":
            self.told.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


def check_page(answer: Answered) -> Page | None:
    """Read an answer; None where it is no page. It must be one of ours, and the browser must be told not to guess."""
    kind = answer.headers.get("content-type", "")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert kind.partition(";")[0] in KINDS or not (kind or answer.body), kind
    if not kind.startswith("text/html"):
        return None
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    page = Page(answer.text)
    hidden = STEERING.search("".join(page.told))
    assert hidden is None, (hidden, answer.text[max(answer.text.find(hidden[0]) - 80, 0) :][:200])
    return page


class Asker:
    """Asks an application in one event loop, header by header, as often as a test likes."""

    def __init__(self, pages: Any, identity: Identity | None = None, hosts: Iterable[str] = (HOST,)) -> None:
        self.pages = pages
        self.app = Access(pages, Tokens("t" * 32), hosts, identity or Identity("rosa"))
        self._runner = asyncio.Runner()
        self.cookie = self.secret = ""

    def close(self) -> None:
        self._runner.close()

    def enter(self, *headers: tuple[str, str]) -> Asker:
        entered = self.raw("GET", f"{ENTRANCE}?token={'t' * 32}", [("host", HOST), *headers])
        assert entered.status == 200, entered
        self.cookie = entered.headers["set-cookie"].partition(";")[0]
        self.secret = self.app._sessions[self.cookie.partition("=")[2]]
        return self

    def raw(self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes = b"") -> Answered:
        path, _, query = target.partition("?")
        return self.sent(method, path, query.encode("latin-1", "replace"), headers, body)

    def sent(self, method: str, path: str, query: bytes, headers: Iterable[tuple[str, str]], body: bytes = b"") -> Answered:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode("utf-8", "surrogatepass"),
            "query_string": query,
            "root_path": "",
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000),
        }
        return self._runner.run(_asked(self.app, scope, body))

    def get(self, target: str, *headers: tuple[str, str], method: str = "GET") -> Answered:
        return self.raw(method, target, [("host", HOST), ("cookie", self.cookie), *headers])

    def post(self, target: str, fields: Iterable[tuple[str, str]] | dict[str, str] = ()) -> Answered:
        pairs = list(fields.items() if isinstance(fields, dict) else fields)
        body = urlencode([("secret", self.secret), *pairs], errors="surrogatepass").encode()
        return self.raw("POST", target, self.form_headers(), body)

    def form_headers(self) -> list[tuple[str, str]]:
        return [("host", HOST), ("cookie", self.cookie), ("origin", f"http://{HOST}"), ("content-type", FORM)]


async def _asked(app: Any, scope: dict[str, Any], body: bytes) -> Answered:
    sent: list[dict[str, Any]] = []
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if left:
            return left.pop()
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Answered(sent[0]["status"], headers, b"".join(each.get("body", b"") for each in sent[1:]))
