"""Requests to an ASGI application without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from scanner.review.access import COOKIE, ENTRANCE, Access, Tokens
from scanner.review.app import make_app
from scanner.review.identity import Identity
from scanner.review.room import Room

HOST = "127.0.0.1:8000"


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


def ask(
    app: Any, method: str, target: str, headers: Iterable[tuple[str, str]] = (), pieces: Iterable[bytes] = (b"",)
) -> Answered:
    """Send one request, its body in pieces; `headers` replace the usual ones of their name."""
    path, _, query = target.partition("?")
    given = {"host": HOST} | {name.lower(): value for name, value in headers}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items() if value],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    bodies = list(pieces)
    waiting = [
        {"type": "http.request", "body": each, "more_body": number + 1 < len(bodies)} for number, each in enumerate(bodies)
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if waiting:
            return waiting.pop(0)
        # A browser that waits for its answer says nothing more.
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    start = sent[0]
    answered = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Answered(start["status"], answered, b"".join(each.get("body", b"") for each in sent[1:]))


class Visitor:
    """A browser that was let in."""

    def __init__(self, room: Room, identity: Identity | None = None) -> None:
        tokens = Tokens()
        self.app = Access(make_app(room), tokens, [HOST], identity or Identity("rosa"))
        entered = ask(self.app, "GET", f"{ENTRANCE}?token={tokens.current}")
        assert entered.status == 200, entered
        self.cookie = entered.headers["set-cookie"].partition(";")[0]
        assert self.cookie.startswith(COOKIE)
        self.secret = self.app._sessions[self.cookie.partition("=")[2]]

    def get(self, target: str, **headers: str) -> Answered:
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        return ask(self.app, "GET", target, [("cookie", self.cookie), *named])

    def post(self, target: str, fields: dict[str, str] | None = None, **headers: str) -> Answered:
        usual = {
            "cookie": self.cookie,
            "origin": f"http://{HOST}",
            "content-type": "application/x-www-form-urlencoded",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        body = urlencode({"secret": self.secret, **(fields or {})}).encode()
        return ask(self.app, "POST", target, usual.items(), [body])
