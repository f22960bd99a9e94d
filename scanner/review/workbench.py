"""Where the room's work on files is done: the confined workers of scans, each with a thread that hands it its tasks.

A worker that a file kills or holds up costs that file's answer; what waits goes to the others meanwhile.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from scanner.model.protocols import Engine
from scanner.model.text import shown
from scanner.model.work import Result, Task, WorkFailed

WAITING_LIMIT = 200
"""Tasks that wait: three pages of the grid. What comes beyond is told to come again."""
WORKERS = 2
_CLOSED = "the room was closed"


class BusyError(Exception):
    """More work waits than there should; the same can be asked again soon."""


@dataclass(frozen=True, slots=True)
class _Asked:
    task: Task
    answer: Future[Result]


class Workbench:
    """Starts its workers with the first work. Any thread may ask; `close` ends workers and whoever waits."""

    def __init__(self, open_engine: Callable[[], Engine], *, workers: int = WORKERS, waiting_limit: int = WAITING_LIMIT) -> None:
        """Prepare `workers` threads; `open_engine` gives each of them an engine with one worker."""
        self._open_engine = open_engine
        self._workers = workers
        self._limit = waiting_limit
        self._waiting: deque[_Asked] = deque()
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._engines: list[Engine] = []
        self._idle = 0
        self._closed = False

    def ask(self, task: Task, *, urgent: bool = False) -> Future[Result]:
        """Have a task done, an urgent one before those that wait.

        A task that cannot be done yields `WorkFailed`, as engines have it.

        Raises:
            BusyError: too much waits, or the room is closing.
        """
        asked = _Asked(task, Future())
        with self._changed:
            if self._closed or len(self._waiting) >= self._limit:
                raise BusyError
            if urgent:
                self._waiting.appendleft(asked)
            else:
                self._waiting.append(asked)
            if self._idle < len(self._waiting) and len(self._threads) < self._workers:
                self._threads.append(threading.Thread(target=self._serve, daemon=True))
                self._threads[-1].start()
            self._changed.notify()
        return asked.answer

    def close(self) -> None:
        """End the workers; what waits is not done. May be called twice."""
        with self._changed:
            self._closed = True
            left, engines = list(self._waiting), list(self._engines)
            self._waiting.clear()
            self._changed.notify_all()
        for asked in left:
            if asked.answer.set_running_or_notify_cancel():
                asked.answer.set_result(WorkFailed(asked.task.key, _CLOSED))
        for engine in engines:
            engine.close()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        engine: Engine | None = None
        try:
            while (asked := self._next()) is not None:
                if not asked.answer.set_running_or_notify_cancel():
                    continue
                try:
                    engine = engine or self._opened()
                    asked.answer.set_result(_done(engine, asked.task))
                except Exception as error:
                    asked.answer.set_result(WorkFailed(asked.task.key, shown(str(error), 200)))
        finally:
            if engine is not None:
                engine.close()

    def _next(self) -> _Asked | None:
        with self._changed:
            self._idle += 1
            while not self._waiting and not self._closed:
                self._changed.wait()
            self._idle -= 1
            return None if self._closed else self._waiting.popleft()

    def _opened(self) -> Engine | None:
        """Return a new engine; None once the room is closing."""
        with self._changed:
            if self._closed:
                return None
            self._engines.append(self._open_engine())
            return self._engines[-1]


def _done(engine: Engine | None, task: Task) -> Result:
    if engine is None:
        return WorkFailed(task.key, _CLOSED)
    # To its end: a run that is left early has its worker killed.
    results = list(engine.run([task]))
    return results[0] if results else WorkFailed(task.key, "no answer came")
