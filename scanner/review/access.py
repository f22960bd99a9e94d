"""Who may use the room: everything that is decided about a request before a page sees it.

The room shows unreleased pictures and records decisions, so a request must come from a browser that was let in with a token, to
an address that is ours, and, where it changes something, from a page of ours. Each refusal is a line of plain text.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scanner.review.forms import FIELDS_LIMIT
from scanner.review.identity import Identity

BODY_LIMIT_BYTES = 1 << 20
BODY_SECONDS = 20.0
"""A form is at most so large, and comes within this time."""
SESSIONS_LIMIT = 200
ENTRANCE = "/enter"
COOKIE = "scanner-review"
_SAFE = frozenset({"GET", "HEAD"})
_METHODS = _SAFE | {"POST"}
_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
        b"frame-ancestors 'none'; base-uri 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)


class Tokens:
    """Tokens that let a browser in: each of the printed ones once; the one of a token file as often as it is shown."""

    def __init__(self, shared: str = "", announce: Callable[[str], None] = lambda _: None) -> None:
        """`shared` is the token of a file; without one, `announce` is given a new token whenever the last was used."""
        self._shared = shared
        self._announce = announce
        self._once = "" if shared else secrets.token_urlsafe(32)

    @property
    def current(self) -> str:
        """The token that lets the next browser in."""
        return self._shared or self._once

    def spend(self, token: str) -> bool:
        """Whether a token lets in; a printed one never does again."""
        if not token or not hmac.compare_digest(token.encode(), self.current.encode()):
            return False
        if not self._shared:
            self._once = secrets.token_urlsafe(32)
            self._announce(self._once)
        return True


class Access:
    """ASGI middleware around the pages."""

    def __init__(self, app: ASGIApp, tokens: Tokens, hosts: Iterable[str], identity: Identity) -> None:
        """Let in who has a token and asks one of `hosts`, each a name with its port as browsers send it."""
        self._app = app
        self._tokens = tokens
        self._hosts = frozenset(host.lower() for host in hosts)
        self._identity = identity
        self._sessions: dict[str, str] = {}
        """Session → the secret that its forms carry, oldest first."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or hand on."""
        if scope["type"] != "http":
            # There are no web sockets here; the server's own start and end pass.
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = _Headers(scope)
        if refusal := self._refusal(scope, headers):
            await _say(send, *refusal)
            return
        if scope["path"] == ENTRANCE and scope["method"] in _SAFE:
            await self._enter(scope, headers, send)
            return
        secret = self._secret(scope, headers)
        if not secret and not scope["path"].startswith("/static/"):
            await _say(send, 403, "This browser was not let in. Open the address that `scanner review` printed last.")
            return
        if scope["method"] == "POST":
            body = await _body(receive, headers)
            if isinstance(body, tuple):
                await _say(send, *body)
                return
            if not self._is_own_form(body, headers, secret):
                await _say(send, 403, "This form is not of this session. Load the page again.")
                return
            # Handlers run in threads, where nothing can be awaited.
            scope["review.body"] = body
            receive = _again(body)
        scope["review.secret"] = secret
        scope["review.recorder"] = self._identity.recorder(headers.of)
        await self._app(scope, receive, _guarded(send, scope["path"]))

    def _refusal(self, scope: Scope, headers: _Headers) -> tuple[int, str] | None:
        hosts = headers.all("host")
        # A page elsewhere can give its own name our address; its requests then come with that name.
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return 421, "This address is not one of the review room. Open the one that `scanner review` printed."
        if scope["method"] not in _METHODS:
            return 405, "This is not done here."
        if scope["method"] == "POST" and not self._is_own_origin(headers):
            return 403, "This form was sent from another place."
        if _is_loaded_elsewhere(headers):
            return 403, "A page of another place asked for this."
        if self._identity.is_missing(headers.of):
            return 403, "The proxy did not say who you are."
        return None

    def _is_own_origin(self, headers: _Headers) -> bool:
        if headers.of("sec-fetch-site") not in ("", "same-origin"):
            return False
        scheme, _, host = headers.of("origin").partition("://")
        return scheme in ("http", "https") and host.lower() == headers.of("host").lower()

    def _is_own_form(self, body: bytes, headers: _Headers, secret: str) -> bool:
        try:
            given = parse_qs(body.decode("utf-8"), max_num_fields=FIELDS_LIMIT).get("secret", [""])[0]
        except (UnicodeDecodeError, ValueError):
            return False
        given = headers.of("x-review-secret") or given
        return bool(secret) and hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())

    def _secret(self, scope: Scope, headers: _Headers) -> str:
        """Return the secret of the session that a request is of; empty without one.

        Browsers send the cookies of all ports of a machine. Whatever else listens there may have set some that are no cookies,
        or some of our name: they are passed over.
        """
        wanted = _cookie_name(scope)
        for pair in ";".join(headers.all("cookie")).split(";"):
            name, _, value = pair.strip().partition("=")
            if name == wanted and value in self._sessions:
                return self._sessions[value]
        return ""

    async def _enter(self, scope: Scope, headers: _Headers, send: Send) -> None:
        # Programs that look at links before a person does must not use them up.
        if scope["method"] == "HEAD":
            await _say(send, 405, "Open this address in a browser.")
        elif "prefetch" in (headers.of("sec-purpose") + headers.of("purpose") + headers.of("x-moz")).lower():
            await _say(send, 503, "Not before somebody opens this address.")
        else:
            await self._let_in(scope, send)

    async def _let_in(self, scope: Scope, send: Send) -> None:
        try:
            given = parse_qs(scope["query_string"].decode("ascii"), max_num_fields=10).get("token", [""])[0]
        except (UnicodeDecodeError, ValueError):
            given = ""
        if not self._tokens.spend(given):
            await _say(send, 403, "This address was used already. Open the one that `scanner review` printed last.")
            return
        while len(self._sessions) >= SESSIONS_LIMIT:
            del self._sessions[next(iter(self._sessions))]
        session = secrets.token_urlsafe(32)
        self._sessions[session] = secrets.token_urlsafe(32)
        cookie = f"{_cookie_name(scope)}={session}; Path=/; HttpOnly; SameSite=Strict"
        # By a page, not a redirect: a cookie of this strictness is not sent along with what a mail program's link leads to.
        page = b'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><title>Review room</title>'
        more = ((b"set-cookie", cookie.encode()), (b"referrer-policy", b"no-referrer"))
        await _answer(send, 200, page, b"text/html; charset=utf-8", more)


class _Headers:
    """The headers of a request."""

    def __init__(self, scope: Scope) -> None:
        self._pairs: list[tuple[bytes, bytes]] = list(scope["headers"])

    def all(self, name: str) -> list[str]:
        wanted = name.encode()
        return [value.decode("latin-1") for key, value in self._pairs if key == wanted]

    def of(self, name: str) -> str:
        """The one header of this name; empty where there is none, or several."""
        values = self.all(name)
        return values[0] if len(values) == 1 else ""


def _cookie_name(scope: Scope) -> str:
    """Name of the cookie: one for each port of ours, since a browser has one jar for all ports of a host."""
    server = scope.get("server")
    return f"{COOKIE}-{server[1]}" if server else COOKIE


def _is_loaded_elsewhere(headers: _Headers) -> bool:
    """Whether a page that is not ours loads something, rather than leads a person here."""
    return headers.of("sec-fetch-site") in ("cross-site", "same-site") and headers.of("sec-fetch-mode") != "navigate"


async def _body(receive: Receive, headers: _Headers) -> bytes | tuple[int, str]:
    """Read a form whole, or say why not."""
    kind = headers.of("content-type").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return 415, "Only forms are taken here."
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return 400, "The form was not sent whole."
                body += message.get("body", b"")
                if len(body) > BODY_LIMIT_BYTES:
                    return 413, "The form is too large."
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        return 408, "The form came too slowly."


def _again(body: bytes) -> Receive:
    """Give a body that was read already to who reads it next."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


def _guarded(send: Send, path: str) -> Send:
    """Add what tells a browser to keep pages and pictures to itself."""
    keep = b"private, max-age=3600" if path.startswith("/static/") else b"no-store"
    usual = (*_HEADERS, (b"cache-control", keep))

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [(key.lower(), value) for key, value in message.get("headers", [])]
            known = {key for key, _ in own}
            message = {**message, "headers": [*own, *(pair for pair in usual if pair[0] not in known)]}
        await send(message)

    return guarded


async def _say(send: Send, status: int, text: str) -> None:
    await _answer(send, status, f"{text}\n".encode(), b"text/plain; charset=utf-8")


async def _answer(send: Send, status: int, body: bytes, kind: bytes, more: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *more]
    guarded = _guarded(send, "")
    await guarded({"type": "http.response.start", "status": status, "headers": headers})
    await guarded({"type": "http.response.body", "body": body})
