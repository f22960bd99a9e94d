"""`scanner review` as a person starts it: the real command, its printed address, its end."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit


@dataclass
class Served:
    """A server and a browser that it let in."""

    process: subprocess.Popen[str]
    entrance: str
    """The address that was printed first."""
    cookie: str = ""

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.entrance)
        return str(parts.hostname), int(parts.port or 0)

    @property
    def base(self) -> str:
        return "http://{}:{}".format(*self.address)

    def ask(self, method: str, target: str, body: str | None = None, **headers: str) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection(*self.address, timeout=60)
        named = {"Cookie": self.cookie} | {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, body, named)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text

    def enter(self) -> None:
        parts = urlsplit(self.entrance)
        status, headers, text = self.ask("GET", f"{parts.path}?{parts.query}")
        assert status == 200, text
        self.cookie = headers["set-cookie"].partition(";")[0]

    def get(self, target: str) -> str:
        status, _, text = self.ask("GET", target)
        assert status == 200, text
        return text

    def post(self, target: str, **fields: str) -> tuple[int, dict[str, str], str]:
        headers = {"Origin": self.base, "Content_Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", target, urlencode(fields), **headers)

    def connection(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=30)

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[Served]:
    """Run ``scanner review --quiet ARGUMENTS`` until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "scanner", "review", "--quiet", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline().strip()
        assert line.startswith("http://"), line + process.stderr.read()
        yield Served(process, line)
    finally:
        process.kill()
        process.communicate()
