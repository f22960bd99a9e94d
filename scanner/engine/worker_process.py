"""One worker process under supervision, with its scratch folder: what an engine hands its tasks to.

It is at one task at a time, so that its death or delay names the task that caused it; that one is tried again in a fresh process.
"""

from __future__ import annotations

import os
import pickle
import shutil
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Sequence

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
FAREWELL_SECONDS = 3.0
"""Time an idle worker has to end in order, its ExifTool with it."""
_ATTEMPTS = 2
_AHEAD = 1
"""Tasks that wait in a process while it is at another one."""
_SMALL_BYTES = 8 << 20
"""Behind a larger file no other one waits."""


class WorkerProcess:
    """One worker process and its scratch folder. Belongs to one thread at a time, `abandon` apart."""

    def __init__(
        self, settings: WorkerSettings, task_seconds: float = TASK_SECONDS, command: Sequence[str] = WORKER_COMMAND
    ) -> None:
        """Prepare a process, a run of `command`; it starts with its first task."""
        self._settings = settings
        self._command = command
        self._task_seconds = task_seconds
        self._child: Child | None = None
        self._scratch = ""

    @property
    def pid(self) -> int | None:
        """Process id; None where none runs."""
        return self._child.pid if self._child else None

    def perform(self, task: Task, stopping: threading.Event) -> Result:
        """Do one task; one that ruins two processes yields `WorkFailed`. Gives up once `stopping` is set.

        Raises:
            ScannerError: no process can be started.
        """
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

    def serve(self, take: Callable[[], Task | None], deliver: Callable[[Result], None], stopping: threading.Event) -> None:
        """Do the tasks that `take` gives until it gives None, each as `perform` does; gives up once `stopping` is set.

        A small file's task goes out before the one ahead of it is answered, so that the process does not wait for its next task.
        Where the process dies, it was at the first task that is not answered; those behind it go out again.

        Raises:
            ScannerError: no process can be started.
        """
        asked: deque[Task] = deque()
        failures = 0
        try:
            while not stopping.is_set():
                try:
                    self._ask_ahead(asked, take)
                    if not asked:
                        return
                    deliver(self._answer(asked[0]))
                except (ChildFailedError, pickle.UnpicklingError) as error:
                    self.stop()
                    failures += 1
                    if failures < _ATTEMPTS:
                        continue
                    deliver(WorkFailed(asked[0].key, f"the worker process {error}"))
                asked.popleft()
                failures = 0
        finally:
            if asked:
                # An answer that comes too late must not be taken for that of the next task.
                self.stop()

    def abandon(self) -> None:
        """End the process from another thread; the supervising thread sees it die and cleans up."""
        child = self._child
        if child is not None:
            child.kill()

    def stop(self, patience_seconds: float = 0.0) -> None:
        """End the process and remove its folder; may be called twice."""
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
        self._child.send(encode(task))
        return self._answer(task)

    def _ask_ahead(self, asked: deque[Task], take: Callable[[], Task | None]) -> None:
        if self._child is None and asked:
            self._start()
            for task in asked:
                self._send(task)
        while len(asked) <= _AHEAD and all(task.size_bytes < _SMALL_BYTES for task in asked):
            if (next_task := take()) is None:
                return
            asked.append(next_task)
            if self._child is None:
                self._start()
            self._send(next_task)

    def _send(self, task: Task) -> None:
        assert self._child is not None
        self._child.send(encode(task))

    def _answer(self, task: Task) -> Result:
        assert self._child is not None
        patience = self._task_seconds + task.size_bytes / SLOWEST_BYTES_PER_SECOND
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
