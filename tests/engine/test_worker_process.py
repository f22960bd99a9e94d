"""One worker process: what waits in it, and who is blamed for its death."""

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from scanner.engine.worker_process import WorkerProcess
from scanner.model.work import PixelDigest, PixelsTask, Result, WorkFailed
from scanner.pipeline.settings import WorkerSettings

COMMAND = (sys.executable, str(Path(__file__).with_name("scripted_worker.py")))
LARGE = 9 << 20


@pytest.fixture
def worker():
    made = WorkerProcess(WorkerSettings(), task_seconds=1.0, command=COMMAND)
    yield made
    made.stop()


def served(worker: WorkerProcess, acts: Sequence[str], sizes: Sequence[int] = ()) -> tuple[list[Result], list[int]]:
    """The answers, and how many tasks had been taken at each."""
    tasks = iter([PixelsTask(key, act, sizes[key] if sizes else 0) for key, act in enumerate(acts)])
    answers: list[Result] = []
    taken = [0]
    seen: list[int] = []

    def take() -> PixelsTask | None:
        task = next(tasks, None)
        taken[0] += task is not None
        return task

    def deliver(result: Result) -> None:
        answers.append(result)
        seen.append(taken[0])

    worker.serve(take, deliver, threading.Event())
    return answers, seen


def test_one_task_waits_in_the_process_while_it_is_at_another(worker):
    answers, seen = served(worker, ["fine"] * 4)
    assert [answer.key for answer in answers] == [0, 1, 2, 3]
    assert seen == [2, 3, 4, 4]
    assert len({answer.digest for answer in answers if isinstance(answer, PixelDigest)}) == 1


def test_nothing_waits_behind_a_large_file(worker):
    assert served(worker, ["fine"] * 3, [LARGE, 0, 0])[1] == [1, 3, 3]


def test_who_waits_behind_a_death_is_not_blamed(worker):
    answers, _ = served(worker, ["fine", "die", "fine", "hang", "fine"])
    assert [answer.key for answer in answers] == [0, 1, 2, 3, 4]
    assert [isinstance(answer, WorkFailed) for answer in answers] == [False, True, False, True, False]


def test_a_worker_that_was_stopped_answers_no_task_of_the_next_run(worker):
    stopping = threading.Event()
    tasks = iter([PixelsTask(0, "linger", 0), PixelsTask(1, "linger", 0)])
    worker.serve(lambda: next(tasks, None), lambda _: stopping.set(), stopping)
    assert [answer.key for answer in served(worker, ["fine"])[0]] == [0]
