"""Time a scan on a dask cluster against one on this machine's own workers, and disturb it.

    python -m benchmarks.cluster [--files N] [--runs N] [--workers N]

A made delivery (`benchmarks.delivery_tree`) is scanned in turn by worker processes of the scan itself and by as many separate
`dask worker` commands that find their scheduler by its file. Then once more on the cluster: in the middle one worker is killed
and another is started. All reports must be equal to the byte.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.delivery_tree import make_tree

_ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000", "PYTHONPATH": str(Path(__file__).parents[1])}
_PLAIN = ("--no-config", "--no-library", "--no-approvals", "--no-store", "--progress", "json", "--format", "json")


class Cluster:
    """A scheduler and worker commands on loopback."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(self.file))
        while not self.file.exists():
            time.sleep(0.1)

    def add_worker(self) -> None:
        """Start one more `dask worker` of one thread."""
        place = ("--scheduler-file", str(self.file), "--local-directory", str(self._folder))
        options = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard")
        self.workers.append(self._start("worker", *place, *options))

    def replace_one(self) -> None:
        """Kill a worker and start another."""
        self.workers[0].kill()
        self.add_worker()

    def stop(self) -> None:
        """End everything."""
        for process in self._processes:
            process.kill()
            process.wait()

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *arguments]
        process = subprocess.Popen(command, env=_ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._processes.append(process)
        return process


@contextlib.contextmanager
def cluster_of(workers: int) -> Iterator[Cluster]:
    """Run a cluster."""
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(Path(folder))
        try:
            for _ in range(workers):
                cluster.add_worker()
            time.sleep(5)
            yield cluster
        finally:
            cluster.stop()


def scanned(tree: Path, output: Path, options: list[str], midway: Callable[[], None] | None = None) -> float:
    """Scan, and return the seconds it took; `midway` is called once half of the files are read."""
    command = [sys.executable, "-m", "scanner", "scan", *_PLAIN, *options, "--output", str(output), str(tree)]
    began = time.perf_counter()
    with subprocess.Popen(command, env=_ENVIRONMENT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr
        for line in process.stderr:
            told = json.loads(line) if line.startswith("{") else {}
            if midway and told.get("phase") == "reading" and told["done"] * 2 >= told["total"]:
                midway()
                midway = None
    if process.returncode not in (0, 10, 11):
        raise SystemExit(f"the scan ended with code {process.returncode}")
    if midway:
        raise SystemExit("the scan was over before it could be disturbed")
    return time.perf_counter() - began


def main() -> None:
    """Make the tree, scan it in turn, print medians and whether the reports are equal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, cluster_of(asked.workers) as cluster:
        tree = Path(folder, "DELIVERY")
        size = make_tree(tree, asked.files)
        print(f"{asked.files:,} files, {size / 1e6:.0f} MB, {asked.workers} workers, load {os.getloadavg()[0]:.1f}")
        ways = {
            "local": ["--workers", str(asked.workers)],
            "dask": ["--engine", f"dask:scheduler-file:{cluster.file}"],
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        reports = set()
        for run in range(asked.runs):
            for name, options in ways.items():
                output = Path(folder, f"{name}-{run}")
                times[name].append(scanned(tree, output, options))
                reports.add((output / "scan.json").read_bytes())
                print(f"{name:6} {times[name][-1]:7.1f} s, load {os.getloadavg()[0]:.1f}", flush=True)
        disturbed = scanned(tree, Path(folder, "disturbed"), ways["dask"], cluster.replace_one)
        reports.add(Path(folder, "disturbed", "scan.json").read_bytes())
        print(f"one worker killed, one added: {disturbed:.1f} s")
        medians = {name: statistics.median(taken) for name, taken in times.items()}
        print(f"medians: {medians}; overhead {medians['dask'] / medians['local'] - 1:+.0%}")
        print("all reports are equal to the byte" if len(reports) == 1 else f"THERE ARE {len(reports)} DIFFERENT REPORTS")


if __name__ == "__main__":
    main()
