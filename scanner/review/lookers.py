"""Threads that look at files: a network drive that went away can hold one for hours, and no page and no end waits for it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")
THREADS = 8


class Lookers(Generic[T]):
    """Calls that are short where the disk answers, in daemon threads; these start with the first call."""

    def __init__(self, threads: int = THREADS) -> None:
        """Have up to `threads` calls under way at once."""
        self._threads = threads
        self._calls: queue.SimpleQueue[tuple[Callable[[], T], Future[T]]] = queue.SimpleQueue()
        self._started = threading.Lock()

    def look(self, call: Callable[[], T]) -> Future[T]:
        """Have a call made, in its turn; a cancelled one is not."""
        answer: Future[T] = Future()
        self._calls.put((call, answer))
        if self._started.acquire(blocking=False):
            # Never let go of: they are started once.
            for _ in range(self._threads):
                threading.Thread(target=self._serve, daemon=True).start()
        return answer

    def _serve(self) -> None:
        while True:
            call, answer = self._calls.get()
            if not answer.set_running_or_notify_cancel():
                continue
            try:
                answer.set_result(call())
            except BaseException as error:
                answer.set_exception(error)
