"""The local engine: worker processes of this machine, one thread of supervision each.

A worker has one task at a time, so that the death or delay of a worker names the file that caused it. Such a task is tried
once more in a fresh worker; the rest of the scan does not notice.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from scanner.engine.frames import HEADER, MESSAGE_LIMIT_BYTES, decode, encode
from scanner.model.errors import ScannerError
from scanner.model.work import Result, Task, WorkFailed
from scanner.pipeline.settings import WorkerSettings
from scanner.tools.process import Child, ChildFailedError, ChildLimits

TASK_SECONDS = 90.0
"""Time a task has beside what its size allows: both ExifTool attempts and a slow decode fit in."""
SLOWEST_BYTES_PER_SECOND = 10 << 20
"""The slowest medium worth waiting for: a file gets its size over this rate on top (USB 2 reads about 30 MB/s)."""
WORKER_COMMAND = (sys.executable, "-P", "-m", "scanner.engine.worker")
_ATTEMPTS = 2
_GLANCE_SECONDS = 0.2
"""How often a thread that waits for another looks whether the run was ended meanwhile."""
_FAREWELL_SECONDS = 3.0
"""Time an idle worker has to end in order, its ExifTool with it."""


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
        self._workers = [_Worker(settings, task_seconds, command) for _ in range(workers)]
        self._inboxes: list[queue.Queue[_Run | None]] = [queue.Queue() for _ in self._workers]
        self._threads = [
            threading.Thread(target=_serve, args=(worker, inbox), daemon=True)
            for worker, inbox in zip(self._workers, self._inboxes, strict=True)
        ]
        self._started = False
        self._closed = False
        self._current: _Run | None = None

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


def _serve(worker: _Worker, inbox: queue.Queue[_Run | None]) -> None:
    # A worker dies with the thread that started it (PR_SET_PDEATHSIG is the thread's), so thread and worker live equally long.
    try:
        while (run := inbox.get()) is not None:
            try:
                while (task := run.next_task()) is not None:
                    run.deliver(worker.perform(task, run.stopping))
            except BaseException as error:
                run.deliver(error)
            finally:
                run.deliver(None)
                run.let_go.release()
    finally:
        worker.stop(_FAREWELL_SECONDS)


class _Worker:
    """One worker process and its scratch folder."""

    def __init__(self, settings: WorkerSettings, task_seconds: float, command: Sequence[str]) -> None:
        self._settings = settings
        self._command = command
        self._task_seconds = task_seconds
        self._child: Child | None = None
        self._scratch = ""

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def perform(self, task: Task, stopping: threading.Event) -> Result:
        why = ""
        for _ in range(_ATTEMPTS):
            try:
                return self._ask(task, stopping)
            except (ChildFailedError, pickle.UnpicklingError) as error:
                why = str(error)
                self.stop()
            if stopping.is_set():
                break
        return WorkFailed(task.key, f"the worker process {why}")

    def abandon(self) -> None:
        """End the process from another thread; the supervising thread sees it die and cleans up."""
        child = self._child
        if child is not None:
            child.kill()

    def stop(self, patience_seconds: float = 0.0) -> None:
        if self._child is not None:
            # With its input closed a worker ends by itself, and stops its ExifTool before.
            self._child.stop(patience_seconds=patience_seconds)
            self._child = None
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = ""

    def _ask(self, task: Task, stopping: threading.Event) -> Result:
        if self._child is None:
            self._start()
        assert self._child is not None
        # After the start, not before: whoever ends the run could not see this child until now.
        if stopping.is_set():
            raise ChildFailedError("was stopped")
        patience = self._task_seconds + task.size_bytes / SLOWEST_BYTES_PER_SECOND
        self._child.send(encode(task))
        size = HEADER.unpack(self._child.read_exactly(HEADER.size, patience))[0]
        if size > MESSAGE_LIMIT_BYTES:
            raise ChildFailedError("sent a message past the limit")
        result = decode(self._child.read_exactly(size, patience))
        if not isinstance(result, Result) or result.key != task.key:
            raise ChildFailedError("answered what it was not asked")
        return result

    def _start(self) -> None:
        self._scratch = tempfile.mkdtemp(prefix="scanner-worker-")
        try:
            self._child = Child(
                self._command,
                limits=ChildLimits(output_bytes=HEADER.size + MESSAGE_LIMIT_BYTES),
                environment=_environment(self._scratch),
            )
        except OSError as error:
            raise ScannerError(f"no worker process can be started: {error.strerror}", where=sys.executable) from error
        self._child.send(encode(self._settings))


def _environment(scratch: str) -> dict[str, str]:
    # One arithmetic thread a worker: the workers themselves fill the machine.
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    # glibc hands every larger block back at once and faults its pages in again: a fifth of the time of a scan that looks for
    # parts. Blocks of 32 MB and more still go back, so that one large picture costs no memory afterwards.
    memory = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(128 << 20)}
    import_path = os.pathsep.join(path for path in sys.path if path)
    return {**os.environ, **single, **memory, "TMPDIR": scratch, "PYTHONPATH": import_path, "PYTHONDONTWRITEBYTECODE": "1"}
