"""Work on files: in the order of asking, urgent first, never more than a bound, and over when the room is."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator

import pytest

from scanner.engine.local import LocalEngine
from scanner.model.errors import ScannerError
from scanner.model.work import PixelDigest, PixelsTask, Result, Task, WorkFailed
from scanner.pipeline.settings import WorkerSettings
from scanner.review.workbench import BusyError, Workbench


class Scripted:
    """An engine that waits for leave to work, and does what a task's path says."""

    def __init__(self) -> None:
        self.leave = threading.Event()
        self.done: list[str] = []
        self.closed = False

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        for task in tasks:
            assert isinstance(task, PixelsTask)
            self.leave.wait(10)
            self.done.append(task.path)
            match task.path:
                case "raise":
                    raise ScannerError("no process can be started")
                case "break":
                    raise RuntimeError("unforeseen")
                case "silent":
                    return
            yield PixelDigest(task.key, task.path)

    def close(self) -> None:
        self.closed = True
        self.leave.set()


def task(path: str) -> PixelsTask:
    return PixelsTask(0, path, 1)


def test_urgent_work_goes_before_what_waits() -> None:
    engine = Scripted()
    bench = Workbench(lambda: engine, workers=1)
    first = bench.ask(task("first"))
    while not first.running():
        time.sleep(0.001)
    answers = [bench.ask(task("second")), bench.ask(task("now"), urgent=True)]
    engine.leave.set()
    assert [answer.result(10) for answer in answers] == [PixelDigest(0, "second"), PixelDigest(0, "now")]
    assert engine.done == ["first", "now", "second"]
    bench.close()


@pytest.mark.parametrize("act", ["raise", "break", "silent"])
def test_whatever_a_task_does_the_next_is_done(act: str) -> None:
    engine = Scripted()
    engine.leave.set()
    bench = Workbench(lambda: engine, workers=1)
    assert isinstance(bench.ask(task(act)).result(10), WorkFailed)
    assert bench.ask(task("fine")).result(10) == PixelDigest(0, "fine")
    bench.close()


def test_more_than_the_bound_is_told_to_come_again() -> None:
    engine = Scripted()
    bench = Workbench(lambda: engine, workers=1, waiting_limit=2)
    running = bench.ask(task("running"))
    while not running.running():
        time.sleep(0.001)
    waiting = [bench.ask(task("a")), bench.ask(task("b"))]
    with pytest.raises(BusyError):
        bench.ask(task("c"), urgent=True)
    engine.leave.set()
    assert all(answer.result(10) for answer in waiting)
    assert bench.ask(task("c")).result(10) == PixelDigest(0, "c")
    bench.close()


def test_closing_answers_whoever_waits_and_takes_nothing_more() -> None:
    engine = Scripted()
    bench = Workbench(lambda: engine, workers=1)
    running = bench.ask(task("running"))
    while not running.running():
        time.sleep(0.001)
    waiting = bench.ask(task("waiting"))
    bench.close()
    bench.close()
    assert isinstance(waiting.result(0), WorkFailed) and engine.closed
    assert engine.done == ["running"]
    with pytest.raises(BusyError):
        bench.ask(task("late"))


def test_no_worker_starts_before_the_first_work() -> None:
    opened: list[Scripted] = []
    bench = Workbench(lambda: opened.append(Scripted()) or opened[-1])  # type: ignore[func-returns-value]
    assert opened == []
    bench.close()
    assert opened == []


def test_a_worker_that_dies_is_replaced() -> None:
    engines: list[LocalEngine] = []

    def opened() -> LocalEngine:
        engines.append(LocalEngine(WorkerSettings(), 1))
        return engines[-1]

    bench = Workbench(opened, workers=1)
    assert bench.ask(task("/nothing/here")).result(30) == PixelDigest(0, "")
    (pid,) = engines[0].worker_pids
    os.kill(pid, signal.SIGKILL)
    assert bench.ask(task("/nothing/there")).result(30) == PixelDigest(0, "")
    assert engines[0].worker_pids != (pid,)
    bench.close()
    assert engines[0].worker_pids == ()
