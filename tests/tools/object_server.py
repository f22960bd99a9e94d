"""A small object server that speaks enough of S3: lists, HEAD and ranges, of bytes or of files, with mistakes on request."""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

MODIFIED = 1_760_000_000
"""Seconds since 1970 of each object's last modification."""
SECRET = "AKIASECRETSECRET"
"""Stands in the bodies of refusals, as services repeat what they were sent."""

_REFUSALS = {
    "busy": (503, "SlowDown"),
    "expired": (400, "ExpiredToken"),
    "denied": (403, "AccessDenied"),
    "unknown-key": (403, "InvalidAccessKeyId"),
    "gone": (404, "NoSuchKey"),
    "no-bucket": (404, "NoSuchBucket"),
}


@dataclass(slots=True)
class ObjectServer:
    """What it serves, and how it misbehaves."""

    objects: dict[str, bytes | Path] = field(default_factory=dict)
    """Key → content; a path is read as it is asked for."""
    page: int = 1000
    """Keys in one answer to a list."""
    mistakes: defaultdict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    """Key (of a list, ``?list``) → what to do instead, one a request: a refusal's name, ``short`` or ``part``."""
    always: str = ""
    """A refusal of everything."""
    asked: list[str] = field(default_factory=list)
    """Method, key and range of each request."""
    sent_bytes: int = 0
    """Of bodies of objects."""
    url: str = ""

    def size(self, key: str) -> int:
        content = self.objects[key]
        return len(content) if isinstance(content, bytes) else content.stat().st_size

    def tag(self, key: str) -> str:
        content = self.objects[key]
        return hashlib.md5(content if isinstance(content, bytes) else str(content).encode()).hexdigest()

    def part(self, key: str, start: int, end: int) -> bytes:
        content = self.objects[key]
        if isinstance(content, bytes):
            return content[start:end]
        with content.open("rb") as stream:
            stream.seek(start)
            return stream.read(end - start)


def environment(server_url: str) -> dict[str, str]:
    """The environment in which obstore takes this server for S3."""
    return {
        "AWS_ENDPOINT_URL": server_url,
        "AWS_ACCESS_KEY_ID": "someone",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }


@contextmanager
def serving() -> Iterator[ObjectServer]:
    """Run a server on a port of its own."""
    served = ObjectServer()

    class Handler(_Handler):
        server_of = served

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of: ObjectServer

    def log_message(self, *_: object) -> None:
        return

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = parse_qs(parts.query, keep_blank_values=True)
        key = unquote(parts.path).lstrip("/").partition("/")[2]
        name = "?list" if "list-type" in asked else key
        self.server_of.asked.append(f"{self.command} {name} {self.headers.get('Range', '')}".strip())
        waiting = self.server_of.mistakes[name]
        mistake = waiting.popleft() if waiting else self.server_of.always
        if mistake in _REFUSALS:
            self._refuse(*_REFUSALS[mistake])
        elif name == "?list":
            self._list(asked)
        elif key not in self.server_of.objects:
            self._refuse(*_REFUSALS["gone"])
        else:
            self._object(key, mistake)

    def _refuse(self, status: int, code: str) -> None:
        self._xml(f"<Error><Code>{code}</Code><AWSAccessKeyId>{SECRET}</AWSAccessKeyId></Error>", status)

    def _xml(self, text: str, status: int = 200) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _list(self, asked: dict[str, list[str]]) -> None:
        prefix, delimiter = asked.get("prefix", [""])[0], asked.get("delimiter", [""])[0]
        after = asked.get("continuation-token", [""])[0]
        rows: dict[str, str] = {}
        for key in sorted(self.server_of.objects):
            if key.startswith(prefix):
                rest = key[len(prefix) :]
                folder = prefix + rest.partition(delimiter)[0] + delimiter if delimiter and delimiter in rest else ""
                rows.setdefault(folder or key, self._folder_row(folder) if folder else self._row(key))
        names = [name for name in sorted(rows) if name > after]
        shown, more = names[: self.server_of.page], len(names) > self.server_of.page
        token = f"<NextContinuationToken>{escape(shown[-1])}</NextContinuationToken>" if more else ""
        body = "".join(rows[name] for name in shown)
        self._xml(f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{token}{body}</ListBucketResult>")

    def _row(self, key: str) -> str:
        return (
            f"<Contents><Key>{escape(key)}</Key><LastModified>2025-10-09T08:53:20.000Z</LastModified>"
            f'<ETag>"{self.server_of.tag(key)}"</ETag><Size>{self.server_of.size(key)}</Size></Contents>'
        )

    def _folder_row(self, folder: str) -> str:
        return f"<CommonPrefixes><Prefix>{escape(folder)}</Prefix></CommonPrefixes>"

    def _object(self, key: str, mistake: str) -> None:
        size = self.server_of.size(key)
        start, end = 0, size
        wanted = self.headers.get("Range")
        if wanted:
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start, end = int(first), min(int(last) + 1 if last else size, size)
        body = self.server_of.part(key, start, end) if self.command != "HEAD" else b""
        sent = body[: len(body) // 2] if mistake in ("short", "part") else body
        told_end = start + len(sent) if mistake == "part" else end
        self.send_response(206 if wanted else 200)
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{told_end - 1}/{size}")
        self.send_header("ETag", f'"{self.server_of.tag(key)}"')
        self.send_header("Last-Modified", formatdate(MODIFIED, usegmt=True))
        self.send_header("Content-Length", str(told_end - start))
        self.end_headers()
        self.wfile.write(sent)
        self.server_of.sent_bytes += len(sent)
        if mistake == "short":
            # The connection breaks off inside the body.
            self.close_connection = True
