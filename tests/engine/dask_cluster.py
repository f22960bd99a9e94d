"""A dask cluster for tests: a scheduler and separate worker processes that find it by its scheduler file, all on loopback."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parents[2]
_PATIENCE_SECONDS = 60.0


@dataclass
class DaskCluster:
    """What runs."""

    folder: Path
    """Holds ``scheduler.json``, ``scratch`` (temporary files of the workers' hosts) and logs."""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def scheduler_file(self) -> Path:
        return self.folder / "scheduler.json"

    @property
    def scratch(self) -> Path:
        return self.folder / "scratch"

    def add_worker(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
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
            process.wait()

    def _environment(self) -> dict[str, str]:
        # dask's own folder lies elsewhere, so that tests see what the scanner leaves behind.
        return {"TMPDIR": str(self.scratch), "PYTHONPATH": str(HERE), "DASK_TEMPORARY_DIRECTORY": str(self.folder / "dask")}

    def _start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"log-{len(self.processes)}").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments],
                env={**os.environ, **self._environment(), **environment},
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process


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
