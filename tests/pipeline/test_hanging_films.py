"""A film whose decoder never comes back: its worker is ended, the stretch is lost and told, and the scan goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scanner.engine.local import LocalEngine
from scanner.match.cascade import Cascade
from scanner.model.work import FilmTask, Result, Task, WorkFailed
from scanner.pipeline.film_matching import FilmMatching
from scanner.pipeline.point_matching import Shelf
from scanner.pipeline.settings import WorkerSettings
from tests.frames.films import Film, made
from tests.pipeline.conftest import InProcessEngine, RunScan, generated

pytest.importorskip("av", reason="films need the extra `video`")

STAND_IN = """
import os, pathlib, time
import scanner.pipeline.tasks as tasks
look_at_film, hung = tasks.look_at_film, pathlib.Path({!r})
def stuck(task):
    if task.begin is not None:
        return look_at_film(task)
    if hung.exists():  # tried once more: that need not take as long
        os._exit(1)
    hung.touch()
    time.sleep(600)
tasks.look_at_film = stuck
from scanner.engine.worker import main
main()
"""
TWO_STRETCHES = Film("libx264", "matroska", frames=45, rate=Fraction(1), gop=5)


def test_a_worker_that_hangs_costs_its_stretch(tmp_path: Path) -> None:
    film = made(tmp_path / "film.mkv", TWO_STRETCHES)
    file = SimpleNamespace(path="film.mkv", size_bytes=film.stat().st_size)
    gathered: Any = [SimpleNamespace(asset=SimpleNamespace(root=0, files=[file], is_sequence=False))]
    room: Any = SimpleNamespace(absolute=lambda _, path: str(tmp_path / path), interrupted=False)
    shelf = Shelf(Cascade.of((), {}), {}, films=frozenset({0}))
    command = (sys.executable, "-P", "-c", STAND_IN.format(str(tmp_path / "hung")))
    settings = replace(WorkerSettings(), confine=False)
    with closing(LocalEngine(settings, 1, task_seconds=5, command=command)) as engine:
        looks, _ = FilmMatching(gathered, [shelf], room, engine, lambda *_: None).find()
    assert looks[0].frames == 15
    assert looks[0].why.startswith("a part of it was not looked at: the worker process ")
    assert (tmp_path / "hung").exists()
    assert not room.interrupted


def test_the_report_is_whole(run: RunScan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    perform = InProcessEngine.run

    def hanging(self: InProcessEngine, tasks: Iterable[Task]) -> Iterator[Result]:
        for task in tasks:
            if isinstance(task, FilmTask) and "bad" in task.path:
                yield WorkFailed(task.key, "the worker process did not answer in time")
            else:
                yield from perform(self, [task])

    monkeypatch.setattr(InProcessEngine, "run", hanging)
    for folder in ("temp", "final"):
        (tmp_path / folder).mkdir()
    generated(tmp_path / "temp" / "idea.png")
    for name in ("bad", "good"):
        made(tmp_path / "final" / f"{name}.mkv", TWO_STRETCHES)

    scan = run(tmp_path)

    assert scan.complete
    told = {asset.path: (asset.fingerprinted, asset.picture_note) for asset in scan.assets if asset.path != "temp/idea.png"}
    assert told == {
        "final/bad.mkv": (False, "a part of it was not looked at: the worker process did not answer in time"),
        "final/good.mkv": (True, ""),
    }
