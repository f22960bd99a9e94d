"""The server itself: slow and odd connections, its end."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from scanner.model.errors import UsageError
from scanner.review import serving as module
from scanner.review.serving import listen
from tests.report.scans import blocked
from tests.report.written import to_json
from tests.review.served import Served, serving


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("served") / "scan.json"
    path.write_text(to_json(blocked()))
    return path


@pytest.fixture(scope="module")
def served(report: Path):
    with serving(str(report)) as started:
        started.enter()
        yield started


def test_the_printed_address_leads_in(served: Served) -> None:
    assert "DRIVE" in served.get("/")
    assert served.address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "request_text",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET //evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\r\n" * 5000,
    ],
)
def test_odd_requests_are_refused_and_harm_nobody(served: Served, request_text: bytes) -> None:
    with served.connection() as connection:
        try:
            connection.sendall(request_text)
            answer = connection.recv(4096)
        except ConnectionError:
            answer = b""
    assert not answer or answer.split(b" ")[1] in (b"400", b"403", b"413", b"414", b"421", b"431"), answer
    assert b"DRIVE" not in answer
    assert "DRIVE" in served.get("/")


def whole(connection: socket.socket) -> bytes:
    """The answer of `hello`, in however many pieces it comes."""
    answer = b""
    while not answer.endswith(b"\r\n\r\nok") and (piece := connection.recv(100)):
        answer += piece
    return answer


def test_a_request_that_does_not_come_whole_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEADER_SECONDS", 0.6)

    async def hello(scope, receive, send) -> None:
        await asyncio.sleep(float(scope["query_string"] or 0))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    server, listening = module.server_of(hello), listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        address = listening.getsockname()
        slow = [socket.create_connection(address, timeout=20) for _ in range(4)]
        slow[1].sendall(b"GET / HTTP/1.1\r\nHost:")
        slow[2].sendall(b"GET / HTTP/1.1\r\n")
        slow[3].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert whole(slow[3]).endswith(b"ok")
        for connection in slow:
            assert connection.recv(100) == b""
            connection.close()
        # One that is being answered is not given up, however long that takes.
        with socket.create_connection(address, timeout=20) as waiting:
            waiting.sendall(b"GET /?1.5 HTTP/1.1\r\nHost: x\r\n\r\n")
            assert whole(waiting).endswith(b"ok")
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()


def test_who_does_not_read_an_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEADER_SECONDS", 0.2)
    monkeypatch.setattr(module, "READING_SECONDS", 0.2)

    async def much(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"20000000")]})
        await send({"type": "http.response.body", "body": b"x" * 20_000_000})

    server, listening = module.server_of(much), listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        with socket.create_connection(listening.getsockname(), timeout=20) as lazy:
            lazy.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert lazy.recv(10) == b"HTTP/1.1 2"
            assert len(server.server_state.connections) == 1
            deadline = time.monotonic() + 10
            while server.server_state.connections and time.monotonic() < deadline:
                time.sleep(0.02)
            assert not server.server_state.connections
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()


def test_it_ends_in_order(report: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        with serving(str(report)) as started:
            # Whoever read what it prints has gone.
            assert started.process.stdout is not None and started.process.stderr is not None
            started.process.stdout.close()
            started.enter()
            for odd in (
                b"\x16\x03\x01\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            ):
                with started.connection() as connection:
                    connection.sendall(odd)
                    assert connection.recv(10) == b"HTTP/1.1 4"
            assert started.end(number) == 0
            assert started.process.stderr.read() == ""
            with pytest.raises(ConnectionError):
                started.ask("GET", "/")


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"127\.0\.0\.1:{port}: cannot be listened on: address already in use"):
            listen("127.0.0.1", port)
    with pytest.raises(UsageError, match="cannot be listened on"):
        listen("192.0.2.1", 0)
