"""Scans on a real dask cluster of this machine: as here, whatever happens to workers."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

import scanner
from scanner.engine import dask_host
from scanner.engine.cluster_setup import ClusterSetup, inspect_host
from scanner.engine.dask_clusters import ClusterKind, ClusterPlace, Connection, connect
from scanner.engine.dask_engine import DaskEngine
from scanner.engine.local import LocalEngine
from scanner.model.errors import ScannerError
from scanner.model.version import VERSION
from scanner.model.work import PixelDigest, PixelsTask, WorkFailed
from scanner.pipeline.settings import WorkerSettings
from tests.conftest import installed_exiftools
from tests.engine.dask_cluster import DaskCluster, dask_cluster

# Found and not imported: every test worker would wait for it.
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not installed_exiftools() or not find_spec("distributed"),
    reason="needs Linux's /proc, ExifTool and dask.distributed",
)

SCRIPTED = (sys.executable, str(Path(__file__).with_name("scripted_worker.py")))
PARAMETERS = "a harbour\nNegative prompt: text\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 41, Size: 64x64"


@pytest.fixture
def start_cluster(tmp_path) -> Iterator[Callable[[int], DaskCluster]]:
    """Start a cluster of so many workers."""
    with ExitStack() as running:
        yield lambda workers: running.enter_context(dask_cluster(tmp_path / "cluster", workers))


@pytest.fixture
def open_engine() -> Iterator[Callable[..., DaskEngine]]:
    """Make an engine with scripted workers; closed after the test."""
    engines: list[DaskEngine] = []

    def make(cluster: DaskCluster, **options: int) -> DaskEngine:
        setup = ClusterSetup(WorkerSettings(), (), 5.0, SCRIPTED)
        place = ClusterPlace(ClusterKind.SCHEDULER_FILE, str(cluster.scheduler_file))
        engines.append(
            DaskEngine(connect(place, 1), setup, inspect_host(setup), home=LocalEngine(WorkerSettings(), 1), **options)
        )
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


@pytest.fixture
def tree(tmp_path) -> Path:
    """A delivery: pictures, a generated one, an image sequence, a sidecar, a broken file and one that is no media."""
    root = tmp_path / "DRIVE"
    for folder in ("final", "temp", "archive/seq"):
        (root / folder).mkdir(parents=True)
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", PARAMETERS)
    Image.effect_noise((64, 64), 60).convert("RGB").save(root / "final" / "leak.png", pnginfo=text)
    for number in range(12):
        Image.new("RGB", (32, 24), (number * 20, 90, 30)).save(root / "temp" / f"pic {number}.jpg")
        Image.effect_noise((40, 30), number + 20).convert("RGB").save(root / "archive" / "seq" / f"a.{1001 + number}.png")
    (root / "temp" / "pic 3.jpg.xmp").write_text("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    (root / "final" / "broken\n\udcff.jpg").write_bytes(b"\xff\xd8\xff\xe0 broken")
    (root / "final" / "notes.txt").write_text("notes")
    return root


def report_of(scan: scanner.Scan, folder: Path) -> bytes:
    return Path(scanner.write_reports(scan, folder, ["json"])[0]).read_bytes()


def test_a_scan_is_the_same_to_the_byte_as_here(tree, tmp_path, start_cluster, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    cluster = start_cluster(2)
    # The workers' hosts have the tree under another name.
    there = tmp_path / "net" / "show"
    there.parent.mkdir()
    there.symlink_to(tree.parent)
    hidden = tmp_path / "away"
    here = report_of(scanner.scan(tree, workers=1), tmp_path / "local")
    for name, maps in (("same paths", ()), ("mapped", (f"{tree.parent}={there}",))):
        engine = f"dask:scheduler-file:{cluster.scheduler_file}"
        assert report_of(scanner.scan(tree, engine=engine, map_paths=maps), tmp_path / name) == here
    # A host that does not see the tree is told before anything is read as if it were broken.
    with pytest.raises(ScannerError, match=r"worker host .*: .*/away/DRIVE is not there, or cannot be read"):
        scanner.scan(tree, engine=engine, map_paths=[f"{tree.parent}={hidden}"])


def test_a_cluster_of_this_machine_listens_on_loopback_only():
    pytest.importorskip("cryptography")
    connection = connect(ClusterPlace(ClusterKind.OWN), 1)
    try:
        pids = {os.getpid(), *connection.client.run(os.getpid).values()}
        listening = dict(_listening())
        held = [address for pid in pids for inode in _sockets_of(pid) if (address := listening.get(inode))]
    finally:
        connection.close()
    assert held
    assert set(held) == {"0100007F"}


def _listening() -> Iterator[tuple[str, str]]:
    """Inode and address, as the kernel writes it, of each listening socket."""
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A":
                yield fields[9], fields[1].partition(":")[0]


def _sockets_of(pid: int) -> Iterator[str]:
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            target = os.readlink(one)
            if target.startswith("socket:["):
                yield target[8:-1]


def test_a_cluster_of_this_machine_needs_no_word(tree, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    pytest.importorskip("cryptography")
    here = report_of(scanner.scan(tree / "final", workers=1), tmp_path / "local")
    assert report_of(scanner.scan(tree / "final", engine="dask", workers=1), tmp_path / "dask") == here


def test_dead_workers_cost_nothing_and_new_ones_join(start_cluster, open_engine):
    cluster = start_cluster(2)
    _wait_for(cluster, 2)
    seen: set[str] = set()
    keys: list[int] = []
    given = 0

    def until_the_third_works() -> Iterator[PixelsTask]:
        nonlocal given
        while len(seen) < 3:
            assert given < 1000, "the third worker did nothing"
            yield PixelsTask(given, "linger", 1)
            given += 1

    for result in open_engine(cluster).run(until_the_third_works()):
        assert not isinstance(result, WorkFailed)
        keys.append(result.key)
        seen.add(result.digest)
        if len(keys) == 6:
            cluster.workers[0].send_signal(signal.SIGKILL)
            cluster.add_worker()
    assert sorted(keys) == list(range(given))


def test_all_workers_may_die_if_others_come(start_cluster, open_engine):
    cluster = start_cluster(1)
    keys = []
    for result in open_engine(cluster).run(PixelsTask(key, "linger", 1) for key in range(12)):
        keys.append(result.key)
        if len(keys) == 2:
            cluster.workers[0].send_signal(signal.SIGKILL)
            cluster.add_worker()
    assert sorted(keys) == list(range(12))


def test_no_more_files_at_once_than_allowed(start_cluster, open_engine):
    cluster = start_cluster(2)
    digests = [result.digest for result in open_engine(cluster, io_limit=1).run(PixelsTask(key, "clock", 1) for key in range(8))]
    spans = sorted(tuple(map(float, digest.split())) for digest in digests)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_a_worker_of_another_version_is_refused_by_name(start_cluster, open_engine, tmp_path):
    cluster = start_cluster(1)
    fake = tmp_path / "bin" / "exiftool"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho 'ExifTool version 13.99'\n")
    fake.chmod(0o755)
    list(open_engine(cluster).run([]))
    cluster.add_worker(PATH=f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    engine = open_engine(cluster)
    _wait_for(cluster, 2)
    with pytest.raises(ScannerError, match=r"worker host \S+: ExifTool is 13\.99 there and \S+ here"):
        list(engine.run([PixelsTask(0, "fine", 1)]))


def test_a_late_worker_without_exiftool_gets_no_work_and_is_noted(start_cluster, open_engine, tmp_path):
    cluster = start_cluster(1)
    engine = open_engine(cluster)
    (tmp_path / "empty").mkdir()
    results = engine.run(PixelsTask(key, "linger", 1) for key in range(400))
    digests = {next(results).digest}
    cluster.add_worker(PATH=str(tmp_path / "empty"))
    deadline = time.monotonic() + 30
    while not engine.notes:
        assert time.monotonic() < deadline
        digests.add(next(results).digest)
    digests |= {next(results).digest for _ in range(5)}
    results.close()
    assert len(digests) == 1
    assert "was given no more work" in engine.notes[0]
    assert "xif" in engine.notes[0]


def test_a_scheduler_that_dies_is_told_in_a_line(start_cluster, open_engine, monkeypatch):
    monkeypatch.setattr("scanner.engine.dask_clusters.CONNECT_SECONDS", 2.0)
    cluster = start_cluster(1)
    results = open_engine(cluster).run(PixelsTask(key, "linger", 1) for key in range(100))
    next(results)
    cluster.processes[0].send_signal(signal.SIGKILL)
    with pytest.raises(ScannerError, match="scheduler does not answer any more"):
        list(results)


def test_a_cluster_without_workers_is_told(start_cluster, open_engine, monkeypatch):
    monkeypatch.setattr("scanner.engine.dask_clusters.WORKERS_SECONDS", 0.5)
    cluster = start_cluster(0)
    with pytest.raises(ScannerError, match="it has no worker"):
        list(open_engine(cluster).run([PixelsTask(0, "fine", 1)]))


class FatalClient:
    """Stands for a cluster of one worker, which one of the tasks kills each time."""

    def __init__(self, fatal: int) -> None:
        self.fatal = fatal
        self.submitted = 0

    def nthreads(self) -> dict[str, int]:
        return {"tcp://one": 1}

    def run(self, function, body, *, workers, on_error):
        return {address: function(body) for address in workers} if function is dask_host.introduce else {}

    def submit(self, function, name, run, body, **_):
        from distributed import KilledWorker

        self.submitted += 1
        future: Future[bytes] = Future()
        keys = [task.key for task in dask_host.decode(body)]
        if self.fatal in keys:
            future.set_exception(KilledWorker(name, None, 3))
        else:
            future.set_result(dask_host.packed((dask_host.DONE, 0.001, tuple(PixelDigest(key, "") for key in keys))))
        return future

    def cancel(self, futures, force):
        return None


def test_what_kills_cluster_workers_is_split_off_and_fails_alone():
    client = FatalClient(fatal=97)
    connection = Connection(client, "the cluster", 1.0, lambda: None)
    setup = ClusterSetup(WorkerSettings(), (), 5.0, SCRIPTED)
    engine = DaskEngine(connection, setup, inspect_host(setup), home=LocalEngine(WorkerSettings(), 1))
    results = list(engine.run(PixelsTask(key, "fine", 1) for key in range(300)))
    assert sorted(result.key for result in results) == list(range(300))
    (failed,) = [result for result in results if isinstance(result, WorkFailed)]
    assert (failed.key, failed.why) == (97, "the cluster worker was lost too many times over it")
    assert client.submitted < 100
    engine.close()


def test_children_without_work_are_stopped(monkeypatch):
    monkeypatch.setattr(dask_host, "IDLE_SECONDS", 0.2)
    setup = ClusterSetup(WorkerSettings(), (), 5.0, SCRIPTED).pack()
    dask_host.introduce(setup)
    name = dask_host.name_of(setup)
    dask_host.work(name, "run", dask_host.packed((PixelsTask(0, "fine", 1),)))
    (child,) = dask_host._process.idle[name]
    assert child.pid
    deadline = time.monotonic() + 10
    while child.pid:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    dask_host.forget(name)


def test_a_run_that_was_ended_gets_no_work_any_more():
    setup = ClusterSetup(WorkerSettings(), (), 5.0, SCRIPTED).pack()
    dask_host.introduce(setup)
    name = dask_host.name_of(setup)
    chunk = dask_host.packed((PixelsTask(0, "hang", 1),))
    threading.Timer(0.3, dask_host.abandon, ["run 1"]).start()
    began = time.monotonic()
    assert dask_host.decode(dask_host.work(name, "run 1", chunk))[0] in (dask_host.ENDED, dask_host.DONE)
    assert dask_host.decode(dask_host.work(name, "run 1", chunk)) == (dask_host.ENDED,)
    assert time.monotonic() - began < 3
    dask_host.forget(name)


def test_what_a_host_says_of_itself():
    report = inspect_host(ClusterSetup(WorkerSettings(), (), 1.0))
    assert dict(report.versions)["scanner"] == VERSION
    assert dict(report.versions)["python"] == f"{sys.version_info.major}.{sys.version_info.minor}"
    lacking = inspect_host(ClusterSetup(WorkerSettings(exiftool="/none/exiftool"), (), 1.0))
    assert "/none/exiftool" in lacking.problem


def _wait_for(cluster: DaskCluster, workers: int) -> None:
    from distributed import Client

    with Client(scheduler_file=str(cluster.scheduler_file), set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=30)
