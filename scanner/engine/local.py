"""The local engine: worker processes of this machine, one thread of supervision each.

The death or delay of a worker costs the task that caused it; the rest of the scan does not notice.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from scanner.engine.worker_process import FAREWELL_SECONDS, TASK_SECONDS, WORKER_COMMAND, WorkerProcess
from scanner.model.errors import ScannerError
from scanner.model.work import Result, Task
from scanner.pipeline.settings import WorkerSettings

_GLANCE_SECONDS = 0.2
"""How often a thread that waits for another looks whether the run was ended meanwhile."""


@dataclass(frozen=True, slots=True)
class _Run:
    """One call of `LocalEngine.run`, shared by the threads that serve it."""

    source: Iterator[Task]
    results: queue.Queue[Result | BaseException | None]
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopping: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released once by each thread that is done with this run, and so with all before it."""

    def next_task(self) -> Task | None:
        with self.lock:
            return None if self.stopping.is_set() else next(self.source, None)

    def deliver(self, result: Result | BaseException | None) -> None:
        """Hand over a result, or None as the last; dropped where the run was ended, since then nobody takes it."""
        while not self.stopping.is_set():
            with contextlib.suppress(queue.Full):
                self.results.put(result, timeout=_GLANCE_SECONDS)
                return

    def take(self) -> Iterator[Result | BaseException | None]:
        """Yield what is delivered until the run is ended."""
        while not self.stopping.is_set():
            try:
                result = self.results.get(timeout=_GLANCE_SECONDS)
            except queue.Empty:
                continue
            yield result


class LocalEngine:
    """Worker processes on this machine. Implements `model.protocols.Engine`."""

    def __init__(
        self,
        settings: WorkerSettings,
        workers: int,
        *,
        task_seconds: float = TASK_SECONDS,
        command: Sequence[str] = WORKER_COMMAND,
    ) -> None:
        """Prepare `workers` workers, each a run of `command`; each starts with its first task and serves until `close`."""
        self._workers = [WorkerProcess(settings, task_seconds, command) for _ in range(workers)]
        self._inboxes: list[queue.Queue[_Run | None]] = [queue.Queue() for _ in self._workers]
        self._threads = [
            threading.Thread(target=_serve, args=(worker, inbox), daemon=True)
            for worker, inbox in zip(self._workers, self._inboxes, strict=True)
        ]
        self._started = False
        self._closed = False
        self._current: _Run | None = None
        self.notes: tuple[str, ...] = ()
        """Nothing: a dead worker's task says itself what became of it."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """Do the tasks; see `model.protocols.Engine`. One run at a time; `close` ends a run that goes on."""
        if self._closed:
            raise ScannerError("the engine is closed")
        if not self._started:
            self._started = True
            for thread in self._threads:
                thread.start()
        results: queue.Queue[Result | BaseException | None] = queue.Queue(maxsize=4 * len(self._workers))
        run = self._current = _Run(iter(tasks), results)
        waiting = len(self._inboxes)
        try:
            for inbox in self._inboxes:
                inbox.put(run)
            for result in run.take():
                if result is None:
                    waiting -= 1
                    if not waiting:
                        return
                elif isinstance(result, BaseException):
                    raise result
                else:
                    yield result
            raise ScannerError("the engine was closed before all work was done")
        finally:
            self._end(run, early=waiting > 0)

    def close(self) -> None:
        """Stop all workers."""
        self._closed = True
        if self._current is not None:
            self._end(self._current, early=True)
        for inbox in self._inboxes:
            inbox.put(None)
        if self._started:
            for thread in self._threads:
                thread.join()

    @property
    def worker_pids(self) -> tuple[int, ...]:
        """Process ids of the living workers."""
        return tuple(worker.pid for worker in self._workers if worker.pid)

    def _end(self, run: _Run, *, early: bool) -> None:
        """Wait until each thread has let go of the run; where it ends early, break off what the workers do."""
        if self._current is not run:
            return
        self._current = None
        run.stopping.set()
        if early:
            for worker in self._workers:
                worker.abandon()
        # Ctrl-C may have come before every thread was given the run, and one that was not would never let go of it: a run
        # without work goes to each after it.
        last = _Run(iter(()), run.results, stopping=run.stopping)
        for inbox in self._inboxes:
            inbox.put(last)
        for _ in self._workers:
            last.let_go.acquire()


def _serve(worker: WorkerProcess, inbox: queue.Queue[_Run | None]) -> None:
    # A worker dies with the thread that started it (PR_SET_PDEATHSIG is the thread's), so thread and worker live equally long.
    try:
        while (run := inbox.get()) is not None:
            try:
                worker.serve(run.next_task, run.deliver, run.stopping)
            except BaseException as error:
                run.deliver(error)
            finally:
                run.deliver(None)
                run.let_go.release()
    finally:
        worker.stop(FAREWELL_SECONDS)
