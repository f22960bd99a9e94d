"""The local engine with its real workers: readers, confinement, and what outlives a killed scan (nothing)."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanner.engine.local import LocalEngine
from scanner.model.work import Examination, ExamineTask, Result
from scanner.pipeline.settings import WorkerSettings

HERE = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("exiftool"), reason="needs Linux's /proc, and ExifTool"
)

DRIVER = """
import sys
import threading
from scanner.engine.local import LocalEngine
from scanner.model.work import ExamineTask
from scanner.pipeline.settings import WorkerSettings
engine = LocalEngine(WorkerSettings(), 2)
try:
    for result in engine.run(ExamineTask(key, sys.argv[1], 1000) for key in range(1_000_000)):
        print(result.key, flush=True)
finally:
    engine.close()
"""


@pytest.fixture
def scratch(tmp_path, monkeypatch) -> Path:
    """The folder for temporary files, empty."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def open_engine(scratch) -> Iterator[Callable[..., LocalEngine]]:
    """Make an engine with real workers; after the test it is closed, and neither process nor folder may be left."""
    engines: list[LocalEngine] = []

    def make(settings: WorkerSettings | None = None, workers: int = 1) -> LocalEngine:
        engines.append(LocalEngine(settings or WorkerSettings(), workers))
        return engines[-1]

    yield make
    pids = {pid for engine in engines for worker in engine.worker_pids for pid in (worker, *children_of(worker))}
    for engine in engines:
        engine.close()
    assert all(ends_soon(pid) for pid in pids)
    assert not list(scratch.iterdir())


@pytest.fixture
def pictures(tmp_path, jpeg) -> list[ExamineTask]:
    """Tasks for three pictures, one of which needs a safe name in the worker's own folder."""
    folder = tmp_path / "tree"
    folder.mkdir()
    made = []
    for key, name in enumerate(("plain.jpg", "line\nbreak.jpg", "-dash.jpg")):
        path = folder / name
        path.write_bytes(jpeg(f"comment {key}"))
        made.append(ExamineTask(key, str(path), path.stat().st_size))
    return made


def children_of(pid: int) -> list[int]:
    """Ids of the processes that `pid` started."""
    found = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in tasks.read_text().split()]
    return found


def ends_soon(pid: int, seconds: float = 5.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def states(result: Result) -> dict[str, str]:
    assert isinstance(result, Examination), result
    return {reading.reader: reading.state for reading in result.readings}


def test_files_are_examined(open_engine, pictures):
    results = sorted(open_engine(workers=2).run(pictures), key=lambda result: result.key)
    assert [result.key for result in results] == [0, 1, 2]
    assert all(states(result)["exiftool"] == "found" for result in results)


def test_workers_give_up_writing_and_see_only_their_own_folder(open_engine, pictures, tmp_path):
    engine = open_engine()
    list(engine.run(pictures))
    (worker,) = engine.worker_pids
    (exiftool,) = children_of(worker)
    status = Path(f"/proc/{exiftool}/status").read_text()
    assert "NoNewPrivs:\t1" in status or not WorkerSettings().confine
    environment = Path(f"/proc/{worker}/environ").read_bytes().split(b"\0")
    assert any(entry.startswith(b"TMPDIR=" + os.fsencode(tmp_path / "scratch")) for entry in environment)


def test_an_exiftool_killed_from_outside_costs_no_reading(open_engine, pictures):
    engine = open_engine()
    results = []
    for result in engine.run(pictures):
        results.append(result)
        for exiftool in children_of(engine.worker_pids[0]):
            os.kill(exiftool, signal.SIGKILL)
    assert [states(result)["exiftool"] for result in results] == ["found"] * 3


def test_a_worker_killed_from_outside_takes_its_exiftool_along_and_loses_nothing(open_engine, pictures):
    engine = open_engine()
    results = engine.run(pictures)
    kept = [next(results)]
    worker = engine.worker_pids[0]
    orphans = children_of(worker)
    os.kill(worker, signal.SIGKILL)
    kept += results
    assert sorted(result.key for result in kept) == [0, 1, 2]
    assert all(isinstance(result, Examination) for result in kept)
    assert all(ends_soon(pid) for pid in orphans)


def test_a_vanished_file_is_a_result_like_any_other(open_engine, tmp_path):
    (result,) = open_engine().run([ExamineTask(5, str(tmp_path / "gone.jpg"), 10)])
    assert states(result) == {"probe": "failed"}


@pytest.fixture
def driver(pictures, scratch) -> Iterator[subprocess.Popen[bytes]]:
    """A scan in a process of its own that never comes to an end; it has done its first task."""
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER, pictures[0].path],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(HERE), "TMPDIR": str(scratch)},
    ) as started:
        assert started.stdout is not None
        started.stdout.readline()
        yield started
        started.kill()


def family_of(driver: subprocess.Popen[bytes]) -> list[int]:
    workers = children_of(driver.pid)
    exiftools = [child for worker in workers for child in children_of(worker)]
    assert workers
    assert exiftools
    return [*workers, *exiftools]


@pytest.mark.skipif(not shutil.which("setpriv"), reason="children die with their parent through setpriv")
def test_a_killed_scan_leaves_nothing_running(driver):
    family = family_of(driver)
    driver.kill()
    assert all(ends_soon(pid) for pid in family)


def test_an_interrupted_scan_leaves_nothing_running_and_no_folder(driver, scratch):
    family = family_of(driver)
    driver.send_signal(signal.SIGINT)
    assert driver.stdout is not None
    driver.stdout.read()
    assert driver.wait(10) != 0
    assert all(ends_soon(pid) for pid in family)
    assert not list(scratch.iterdir())


def test_stopped_while_the_work_is_handed_out_it_still_closes(monkeypatch) -> None:
    engine = LocalEngine(WorkerSettings(), 2)
    real, times = engine._inboxes[1].put, iter(range(9))

    def put(item: object) -> None:
        if next(times) == 0:
            raise KeyboardInterrupt
        real(item)

    monkeypatch.setattr(engine._inboxes[1], "put", put)
    ended = threading.Event()

    def run_and_close() -> None:
        with pytest.raises(KeyboardInterrupt):
            list(engine.run([]))
        engine.close()
        ended.set()

    threading.Thread(target=run_and_close, daemon=True).start()

    assert ended.wait(60), "closing waits for a worker that was never given the work"
