"""Who is let in, and what is refused before any page sees it."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import pytest

from scanner.review import access, assets
from scanner.review.access import BODY_LIMIT_BYTES, ENTRANCE, SESSIONS_LIMIT, Access, Tokens
from scanner.review.identity import Identity
from tests.report.scans import blocked
from tests.review.asking import HOST, Visitor, ask
from tests.review.conftest import Opened

FORM = "application/x-www-form-urlencoded"


async def echo(scope, receive, send) -> None:
    """An application that takes everything and says who asked."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["review.recorder"].encode() + b" " + body})


class Guarded:
    """The middleware in front of `echo`, entered once."""

    def __init__(self, identity: Identity | None = None, **entering: str) -> None:
        self.tokens = Tokens()
        self.app = Access(echo, self.tokens, [HOST, "review.example"], identity or Identity("rosa"))
        entered = ask(self.app, "GET", f"{ENTRANCE}?token={self.tokens.current}", entering.items())
        self.cookie = entered.headers["set-cookie"].partition(";")[0]
        self.secret = self.app._sessions[self.cookie.partition("=")[2]]

    def ask(self, method: str, target: str = "/", pieces: tuple[bytes, ...] = (b"",), **headers: str):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return ask(self.app, method, target, ({"cookie": self.cookie} | named).items(), pieces)

    def post(self, pieces: tuple[bytes, ...] | None = None, **headers: str):
        body = (urlencode({"secret": self.secret, "kind": "approve"}).encode(),) if pieces is None else pieces
        return self.ask("POST", "/", body, **({"origin": f"http://{HOST}", "content_type": FORM} | headers))


def test_a_printed_token_lets_in_once_and_the_next_is_told() -> None:
    told: list[str] = []
    tokens = Tokens(announce=told.append)
    app = Access(echo, tokens, [HOST], Identity("rosa"))
    first = tokens.current
    entered = ask(app, "GET", f"{ENTRANCE}?token={first}")
    assert entered.status == 200
    assert {"httponly", "samesite=strict", "path=/"} <= set(entered.headers["set-cookie"].lower().split("; "))
    assert ask(app, "GET", f"{ENTRANCE}?token={first}").status == 403
    assert told == [tokens.current] and told[0] != first
    assert ask(app, "GET", f"{ENTRANCE}?token={told[0]}").status == 200


def test_what_looks_at_an_address_beforehand_does_not_use_it_up() -> None:
    tokens = Tokens()
    app = Access(echo, tokens, [HOST], Identity("rosa"))
    target = f"{ENTRANCE}?token={tokens.current}"
    assert ask(app, "HEAD", target).status == 405
    for header in (("sec-purpose", "prefetch;prerender"), ("purpose", "prefetch"), ("x-moz", "prefetch")):
        answer = ask(app, "GET", target, [header])
        assert (answer.status, "set-cookie" in answer.headers) == (503, False)
    entered = ask(app, "GET", target)
    assert (entered.status, entered.headers["referrer-policy"]) == (200, "no-referrer")


def test_a_shared_token_lets_in_again_and_again() -> None:
    app = Access(echo, Tokens("t" * 30), [HOST], Identity("rosa"))
    assert [ask(app, "GET", f"{ENTRANCE}?token={'t' * 30}").status for _ in range(2)] == [200, 200]


@pytest.mark.parametrize("target", ["", "?token=", "?token=%00", "?token=%ff", "?token=é", "?other=1", "?token=" + "x" * 9000])
def test_other_tokens_do_not(target: str) -> None:
    app = Access(echo, Tokens(), [HOST], Identity("rosa"))
    target = target.replace("é", "\N{LATIN SMALL LETTER E WITH ACUTE}".encode().decode("latin-1"))
    assert ask(app, "GET", ENTRANCE + target.encode("ascii", "ignore").decode()).status == 403


def test_a_cookie_is_needed_and_must_be_ours() -> None:
    guarded = Guarded()
    assert guarded.ask("GET").text == "rosa "
    for cookie in ("", "scanner-review=", "scanner-review=x", guarded.cookie[:-1], 'scanner-review="\\777"', ";;;="):
        assert guarded.ask("GET", cookie=cookie).status == 403, cookie


@pytest.mark.parametrize(
    "cookies",
    ["{own}; {name}=x", "{name}=x; {own}", 'odd={{"a": 1}}; {own}', "a b; =; {own}; \xe9=\xff", "{own};", '{name}=""; {own}'],
)
def test_cookies_of_what_else_listens_on_this_machine_shut_nobody_out(cookies: str) -> None:
    guarded = Guarded()
    cookie = cookies.format(own=guarded.cookie, name=guarded.cookie.partition("=")[0])
    assert guarded.ask("GET", cookie=cookie).status == 200


def test_a_long_cookie_costs_nothing() -> None:
    begun = time.perf_counter()
    for cookie in ('a="' + "\\" * 30_000, 'a="' + "\\1" * 15_000 + '"', ";" * 30_000, "=" * 30_000):
        assert ask(Guarded().app, "GET", "/", [("cookie", cookie)]).status == 403
    assert time.perf_counter() - begun < 2


def test_two_rooms_on_one_machine_have_a_cookie_each() -> None:
    assert Guarded().cookie.startswith("scanner-review-8000=")


@pytest.mark.parametrize(
    ("site", "mode", "status"),
    [
        ("cross-site", "no-cors", 403),
        ("same-site", "no-cors", 403),
        ("same-site", "cors", 403),
        ("cross-site", "", 403),
        ("cross-site", "navigate", 200),
        ("same-origin", "no-cors", 200),
        ("none", "navigate", 200),
    ],
)
def test_pages_of_other_places_load_nothing_of_ours(site: str, mode: str, status: int) -> None:
    guarded = Guarded()
    assert guarded.ask("GET", sec_fetch_site=site, sec_fetch_mode=mode).status == status
    assert guarded.ask("GET", "/static/room.js", sec_fetch_site=site, sec_fetch_mode=mode).status == status


def test_the_oldest_session_ends_where_there_are_too_many() -> None:
    guarded = Guarded()
    for _ in range(SESSIONS_LIMIT):
        assert ask(guarded.app, "GET", f"{ENTRANCE}?token={guarded.tokens.current}").status == 200
    assert guarded.ask("GET").status == 403
    assert len(guarded.app._sessions) == SESSIONS_LIMIT


@pytest.mark.parametrize(
    "host", ["", "evil.example", f"evil.example:{HOST.partition(':')[2]}", "127.0.0.1", f"{HOST}.evil.example", "127.0.0.1:8001"]
)
def test_a_foreign_host_is_refused(host: str) -> None:
    guarded = Guarded()
    assert guarded.ask("GET", host=host).status == 421
    assert ask(guarded.app, "GET", f"{ENTRANCE}?token={guarded.tokens.current}", [("host", host)]).status == 421
    assert guarded.ask("GET", host="Review.Example").status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "X"])
def test_only_reading_and_forms(method: str) -> None:
    assert Guarded().ask(method).status == 405


def test_a_form_of_this_session_is_taken() -> None:
    guarded = Guarded()
    assert guarded.post().text.startswith("rosa secret=")
    assert guarded.post(sec_fetch_site="same-origin").status == 200
    assert guarded.post((b"kind=approve",), x_review_secret=guarded.secret).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": ""},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": f"http://{HOST}.evil.example"},
        {"origin": f"file://{HOST}"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"cookie": ""},
    ],
)
def test_a_form_from_elsewhere_is_refused(headers: dict[str, str]) -> None:
    assert Guarded().post(**headers).status == 403


def test_a_form_without_this_sessions_secret_is_refused() -> None:
    guarded, other = Guarded(), Guarded()
    for body in (b"kind=approve", b"secret=", b"secret=x", b"secret=%FF", b"\xff", urlencode({"secret": other.secret}).encode()):
        assert guarded.post((body,)).status == 403, body
    assert guarded.post((b"&".join([b"a=1"] * 5000),)).status == 403


def test_what_is_no_form_is_refused() -> None:
    for kind in ("", "text/plain", "multipart/form-data; boundary=x", "application/json"):
        assert Guarded().post(content_type=kind).status == 415


def test_a_large_form_is_refused_whatever_it_says_of_its_size() -> None:
    guarded = Guarded()
    pieces = tuple(b"x" * (1 << 16) for _ in range(BODY_LIMIT_BYTES // (1 << 16) + 1))
    assert guarded.post(pieces).status == 413


def test_a_slow_form_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "BODY_SECONDS", 0.05)
    guarded = Guarded()

    async def never_whole(scope, receive, send):
        first = True

        async def slowly():
            nonlocal first
            if first:
                first = False
                return {"type": "http.request", "body": b"secret=", "more_body": True}
            return await receive()

        await guarded.app(scope, slowly, send)

    headers = {"cookie": guarded.cookie, "origin": f"http://{HOST}", "content-type": FORM}
    assert ask(never_whole, "POST", "/", headers.items(), ()).status == 408


def test_a_form_that_breaks_off_is_refused() -> None:
    guarded = Guarded()

    async def broken_off(scope, receive, send):
        async def gone():
            return {"type": "http.disconnect"}

        await guarded.app(scope, gone, send)

    headers = {"cookie": guarded.cookie, "origin": f"http://{HOST}", "content-type": FORM}
    assert ask(broken_off, "POST", "/", headers.items()).status == 400


def test_a_proxy_says_who_records() -> None:
    guarded = Guarded(Identity("root", "x-user"), **{"x-user": "dana"})
    assert guarded.ask("GET", x_user="Zoë".encode().decode("latin-1")).text == "Zoë "
    for name in ("", "  ", "a\tb", "x" * 201, "\xff", "a\u202eb".encode().decode("latin-1")):
        assert guarded.ask("GET", x_user=name).status == 403, name


def test_without_a_proxy_nobody_names_himself() -> None:
    assert Guarded().ask("GET", x_user="dana", remote_user="dana").text == "rosa "


def test_every_answer_tells_the_browser_to_keep_it_to_itself(opened: Opened) -> None:
    visitor = Visitor(opened(blocked()))
    for answer in (
        visitor.get("/"),
        visitor.get("/nowhere"),
        visitor.get("/scans/1"),
        visitor.get("/static/room.js"),
        ask(visitor.app, "GET", "/"),
    ):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "unsafe" not in answer.headers["content-security-policy"]
    assert visitor.get("/scans/1").headers["cache-control"] == "no-store"


def test_styles_need_no_cookie_and_lead_nowhere_else(opened: Opened) -> None:
    visitor = Visitor(opened(blocked()))
    assert ask(visitor.app, "GET", "/static/room.css").status == 200
    for name in (
        "",
        "..",
        "../app.py",
        "..%2fapp.py",
        "%2e%2e/app.py",
        "room.css/..",
        "ROOM.CSS",
        "/etc/passwd",
        "room.css%00",
        "a/b",
    ):
        answer = ask(visitor.app, "GET", f"/static/{name}")
        assert answer.status in (404, 403) and "rosa" not in answer.text, name
    before = assets._read.cache_info().currsize
    for number in range(20):
        assert ask(visitor.app, "GET", f"/static/{number}").status == 404
    assert assets._read.cache_info().currsize == before


def test_a_web_socket_is_not_answered() -> None:
    guarded = Guarded()
    sent: list[object] = []

    async def receive():
        raise AssertionError

    async def send(message):
        sent.append(message)

    import asyncio

    asyncio.run(guarded.app({"type": "websocket", "path": "/", "headers": []}, receive, send))
    assert sent == []
