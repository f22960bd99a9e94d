"""What every engine promises: one result a task, whatever a task does to its worker, and nothing left behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from scanner.engine.cluster_setup import ClusterSetup, HostReport, inspect_host
from scanner.engine.dask_clusters import ClusterKind, ClusterPlace, connect
from scanner.engine.dask_engine import DaskEngine
from scanner.engine.local import LocalEngine
from scanner.model.errors import ScannerError
from scanner.model.protocols import Engine
from scanner.model.work import PixelDigest, PixelsTask, Result, WorkFailed
from scanner.pipeline.fetching import FetchingEngine
from scanner.pipeline.settings import WorkerSettings
from tests.engine.dask_cluster import DaskCluster, dask_cluster

SCRIPTED = (sys.executable, str(Path(__file__).parents[1] / "engine" / "scripted_worker.py"))
TASK_SECONDS = 1.0


@dataclass(frozen=True)
class Subject:
    """One kind of engine under test."""

    make: Callable[[int], Engine]
    """Makes one with scripted workers, so many where it can be told."""
    hosts: tuple[int, ...]
    """Processes that start workers."""
    scratch: tuple[Path, ...]
    """Folders for temporary files, empty before and after."""


@pytest.fixture(scope="session")
def cluster(tmp_path_factory) -> Iterator[DaskCluster]:
    """Two dask workers that wait for work."""
    pytest.importorskip("distributed")
    with dask_cluster(tmp_path_factory.mktemp("cluster"), workers=2) as running:
        yield running


@pytest.fixture
def local(scratch) -> Subject:
    def make(workers: int) -> Engine:
        return LocalEngine(WorkerSettings(), workers, task_seconds=TASK_SECONDS, command=SCRIPTED)

    return Subject(make, (os.getpid(),), (scratch,))


@pytest.fixture
def fetching(scratch) -> Subject:
    def make(workers: int) -> Engine:
        return FetchingEngine(LocalEngine(WorkerSettings(), workers, task_seconds=TASK_SECONDS, command=SCRIPTED))

    return Subject(make, (os.getpid(),), (scratch,))


@pytest.fixture
def dask(scratch, cluster) -> Subject:
    here = inspect_host_once()
    setup = ClusterSetup(WorkerSettings(), (), TASK_SECONDS, SCRIPTED)
    place = ClusterPlace(ClusterKind.SCHEDULER_FILE, str(cluster.scheduler_file))

    def make(workers: int) -> Engine:
        return DaskEngine(connect(place, workers), setup, here, home=LocalEngine(WorkerSettings(), 1))

    return Subject(make, (os.getpid(), *(worker.pid for worker in cluster.workers)), (scratch, cluster.scratch))


@cache
def inspect_host_once() -> HostReport:
    return inspect_host(ClusterSetup(WorkerSettings(), (), TASK_SECONDS))


@pytest.fixture
def scratch(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture(params=["local", "fetching", "dask"])
def subject(request) -> Subject:
    made: Subject = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def open_engine(subject) -> Iterator[Callable[..., Engine]]:
    """Make an engine; closed after the test, it must have left neither a process nor a folder."""
    engines: list[Engine] = []
    others = descendants(subject)

    def make(workers: int = 2) -> Engine:
        engines.append(subject.make(workers))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()
    assert not left_behind(subject, others)
    assert not [one for folder in subject.scratch for one in folder.iterdir()]


def left_behind(subject: Subject, others: Collection[int]) -> set[int]:
    """Processes that are there still, some seconds after an engine was closed.

    What a host of a cluster was just starting ends a moment later.
    """
    deadline = time.monotonic() + 10
    while (found := descendants(subject, beside=others)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def descendants(subject: Subject, beside: Collection[int] = ()) -> set[int]:
    """Processes that run below a subject's hosts; not those of `beside`, nor those started by them.

    A database server that other tests run in this process starts helpers of its own whenever it likes.
    """
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state != "Z":
                parents[int(entry.name)] = int(parent)
    found: set[int] = set()
    waiting = list(subject.hosts)
    while waiting:
        above = waiting.pop()
        below = {pid for pid, parent in parents.items() if parent == above} - found - set(beside) - set(subject.hosts)
        found |= below
        waiting += below
    return found


def tasks(*acts: str) -> list[PixelsTask]:
    return [PixelsTask(key, act, 1) for key, act in enumerate(acts)]


def by_key(results: list[Result]) -> dict[int, Result]:
    keyed = {result.key: result for result in results}
    assert len(keyed) == len(results), "a task came back twice"
    return keyed


def failures(results: list[Result]) -> dict[int, str]:
    return {result.key: result.why for result in results if isinstance(result, WorkFailed)}


def test_every_task_comes_back_once(open_engine):
    results = by_key(list(open_engine().run(tasks(*["fine"] * 50))))
    assert sorted(results) == list(range(50))
    assert all(isinstance(result, PixelDigest) for result in results.values())


def test_no_tasks_make_no_results(open_engine):
    assert list(open_engine().run([])) == []


def test_an_engine_runs_again_and_keeps_its_workers(open_engine):
    engine = open_engine(2)
    first, second = (list(engine.run(tasks(*["linger"] * 8))) for _ in range(2))
    assert {result.digest for result in first} == {result.digest for result in second}


def test_tasks_are_taken_as_they_are_needed(open_engine):
    taken = 0

    def endless() -> Iterator[PixelsTask]:
        nonlocal taken
        while True:
            taken += 1
            yield PixelsTask(taken, "fine", 1)

    results = open_engine().run(endless())
    for _ in range(5):
        next(results)
    assert taken < 40
    results.close()


@pytest.mark.parametrize(
    ("act", "why"),
    [
        ("die", "was ended by signal SIGKILL"),
        ("quit", "ended with code 3"),
        ("noise", "sent no message"),
        ("foreign", "system, which is no message"),
        ("other", "answered what it was not asked"),
        ("words", "answered what it was not asked"),
        ("huge", "sent a message past the limit"),
        ("hang", "gave no answer within 1 s"),
    ],
)
def test_a_task_that_ruins_its_worker_fails_alone(act, why, open_engine):
    results = list(open_engine().run(tasks("fine", act, "fine", "fine")))
    assert sorted(by_key(results)) == [0, 1, 2, 3]
    assert list(failures(results)) == [1]
    assert why in failures(results)[1]
    assert failures(results)[1].startswith("the worker process ")


def test_a_task_whose_worker_dies_once_is_done_by_the_next(open_engine, tmp_path):
    results = list(open_engine().run(tasks("fine", f"once {tmp_path / 'died'}", "fine")))
    assert failures(results) == {}


def test_workers_killed_from_outside_lose_nothing(open_engine, subject):
    stop = threading.Event()
    others = descendants(subject)

    results: list[Result] = []

    def kill_now_and_then() -> None:
        done = 0
        while not stop.wait(0.25):
            # Only once something was done since: on a slow machine the same task would be killed twice, and fail by right.
            if len(results) > done:
                done = len(results)
                for pid in sorted(descendants(subject, beside=others))[:1]:
                    os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_now_and_then)
    for result in open_engine().run(tasks(*["linger"] * 12)):
        if not results:
            killer.start()
        results.append(result)
        if len(results) == 6:
            stop.set()
    killer.join()
    assert sorted(by_key(results)) == list(range(12))
    assert len(failures(results)) <= 1


def test_ending_early_leaves_no_work_behind(open_engine):
    engine = open_engine()
    results = engine.run(tasks("fine", *["hang"] * 20))
    next(results)
    began = time.monotonic()
    results.close()
    assert time.monotonic() - began < TASK_SECONDS
    assert [type(result) for result in engine.run(tasks("fine"))] == [PixelDigest]


def test_an_interrupt_ends_the_run_at_once(open_engine):
    results = open_engine().run(tasks("fine", *["hang"] * 20))
    next(results)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        results.throw(KeyboardInterrupt())
    assert time.monotonic() - began < TASK_SECONDS


def test_an_engine_can_be_closed_while_a_run_hangs_in_the_air(open_engine, subject):
    others = descendants(subject)
    engine = open_engine()
    results = engine.run(tasks(*["fine"] * 200))
    next(results)
    began = time.monotonic()
    engine.close()
    assert time.monotonic() - began < 5
    assert not left_behind(subject, others)
    with pytest.raises(ScannerError):
        list(results)


def test_closing_twice_and_before_any_work_is_allowed(open_engine):
    engine = open_engine()
    engine.close()
    engine.close()
    with pytest.raises(ScannerError):
        list(engine.run(tasks("fine")))


def test_an_error_in_the_tasks_themselves_reaches_the_caller(open_engine):
    def broken() -> Iterator[PixelsTask]:
        yield from tasks("fine")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(open_engine().run(broken()))
