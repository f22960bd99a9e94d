"""The server: one process on one port, that ends by Ctrl-C and lets nobody hold it up."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from scanner.model.errors import UsageError

HEADER_SECONDS = 15.0
"""A request's headers come within this time, or the connection is closed."""
READING_SECONDS = 60.0
"""What was sent last is read within this time more."""
_HEADER_LIMIT_BYTES = 32 << 10
_CONNECTIONS_LIMIT = 200
_ENDING_SECONDS = 3
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class _Timed(H11Protocol):  # type: ignore[misc]  # types of extras are not looked at
    """A connection that is closed where a request does not come whole in time: otherwise it stays open as long as it likes."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - the type of uvicorn's base
        super().connection_made(transport)
        self._expect()

    def handle_events(self) -> None:
        super().handle_events()
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _expect(self) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(HEADER_SECONDS, self._close)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _close(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
        # It waits until all is read: for who reads nothing, not forever.
        self._deadline = self.loop.call_later(READING_SECONDS, self.transport.abort)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one.

    Raises:
        UsageError: the address is not to be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise UsageError(
            f"cannot be listened on: {(error.strerror or str(error)).lower()}",
            where=f"{host}:{port}",
            next_step="Name another --port, or none for a free one.",
        ) from None
    return listening


def server_of(app: ASGIApp) -> uvicorn.Server:
    """Return a server of an application that keeps to limits of time, size and number."""
    config = uvicorn.Config(
        app,
        http=_Timed,
        ws="none",
        lifespan="off",
        log_config=None,
        # Whoever sends something odd must not write to the terminal of who runs this.
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS_LIMIT,
        h11_max_incomplete_event_size=_HEADER_LIMIT_BYTES,
        timeout_keep_alive=int(HEADER_SECONDS),
        timeout_graceful_shutdown=_ENDING_SECONDS,
    )
    return uvicorn.Server(config)


def serve(app: ASGIApp, listening: socket.socket) -> None:
    """Serve until Ctrl-C or SIGTERM; requests that are being answered are given a moment to end."""
    # Once it has ended, the server raises the signal again, for whoever handled it before.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        server_of(app).run(sockets=[listening])
