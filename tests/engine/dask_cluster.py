"""A dask cluster for tests: a scheduler and separate worker processes that find it by its scheduler file, all on loopback.

They are forks of a process that has imported dask: each is a process of its own without half a second of imports.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parents[2]
_PATIENCE_SECONDS = 60.0
_IMPORTED = ("dask.__main__", "distributed.cli.dask_scheduler", "distributed.cli.dask_worker", "scanner.engine.dask_host")


@dataclass(frozen=True)
class Member:
    """A scheduler or a worker that runs."""

    pid: int

    def send_signal(self, number: int) -> None:
        """Send it a signal; nothing where it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it, and wait until it is gone."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        with contextlib.suppress(ProcessLookupError):
            while time.monotonic() < deadline:
                os.kill(self.pid, signal.SIGKILL)
                time.sleep(0.01)


@dataclass
class DaskCluster:
    """What runs."""

    folder: Path
    """Holds ``scheduler.json``, ``scratch`` (temporary files of the workers' hosts) and logs."""
    processes: list[Member] = field(default_factory=list)
    workers: list[Member] = field(default_factory=list)

    @property
    def scheduler_file(self) -> Path:
        return self.folder / "scheduler.json"

    @property
    def scratch(self) -> Path:
        return self.folder / "scratch"

    def add_worker(self, *options: str, **environment: str) -> Member:
        """Start one more worker process."""
        options = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "60", *options)
        process = self._start("worker", "--scheduler-file", str(self.scheduler_file), *options, **environment)
        self.workers.append(process)
        return process

    def start(self) -> None:
        """Start the scheduler and wait for its file."""
        self.scratch.mkdir(parents=True)
        options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(self.scheduler_file))
        self._start("scheduler", *options)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self.scheduler_file.exists():
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.05)

    def stop(self) -> None:
        """End all that was started, without the seconds that dask takes to say goodbye."""
        for process in self.processes:
            process.kill()

    def _environment(self) -> dict[str, str]:
        # dask's own folder lies elsewhere, so that tests see what the scanner leaves behind.
        return {"TMPDIR": str(self.scratch), "PYTHONPATH": str(HERE), "DASK_TEMPORARY_DIRECTORY": str(self.folder / "dask")}

    def _start(self, *arguments: str, **environment: str) -> Member:
        wanted = {
            "arguments": arguments,
            "environment": {**os.environ, **self._environment(), **environment},
            "log": str(self.folder / f"log-{len(self.processes)}"),
        }
        forking = _forking()
        assert forking.stdin is not None
        assert forking.stdout is not None
        forking.stdin.write(json.dumps(wanted) + "\n")
        forking.stdin.flush()
        process = Member(int(forking.stdout.readline()))
        self.processes.append(process)
        return process


@functools.cache
def _forking() -> subprocess.Popen[str]:
    """Start the process that forks; it ends with this one, which holds the other end of its input."""
    # One arithmetic thread: a process with threads cannot be forked safely.
    environment = {**os.environ, "PYTHONPATH": str(HERE), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.engine.dask_cluster"]
    return subprocess.Popen(command, cwd=HERE, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _fork_on_demand() -> None:
    for name in _IMPORTED:
        importlib.import_module(name)
    # Nobody waits for the forks, and dead ones are not to be kept.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Ctrl-C is for the tests, whose end ends this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    started = []
    for line in sys.stdin:
        if not (pid := os.fork()):
            _be_dask(**json.loads(line))
        started.append(pid)
        print(pid, flush=True)
    for pid in started:
        Member(pid).send_signal(signal.SIGKILL)


def _be_dask(arguments: list[str], environment: dict[str, str], log: str) -> None:
    """Be ``python -m dask`` and never come back."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with open(log, "wb") as said, open(os.devnull, "rb") as nothing:
            for descriptor, stream in enumerate((nothing, said, said)):
                os.dup2(stream.fileno(), descriptor)
        os.environ.clear()
        os.environ.update(environment)
        tempfile.tempdir = None
        importlib.import_module("dask.config").refresh()
        sys.argv = ["dask", *arguments]
        importlib.import_module("dask.__main__").main()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


@contextlib.contextmanager
def dask_cluster(folder: Path, workers: int) -> Iterator[DaskCluster]:
    """Run a cluster of so many workers."""
    cluster = DaskCluster(folder)
    try:
        cluster.start()
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        cluster.stop()


if __name__ == "__main__":
    _fork_on_demand()
