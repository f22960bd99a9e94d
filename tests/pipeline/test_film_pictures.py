"""Frames of films for the report, with an engine that makes them at once: which are wanted, and of which films first."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import pytest

from scanner.model.judging import Verdict
from scanner.model.matching import NumberedFrames, Role
from scanner.model.moving import FilmLook
from scanner.model.work import Thumbnail, WorkFailed
from scanner.pipeline.film_pictures import film_pictures
from scanner.pipeline.settings import ScanSettings
from scanner.report.film_hits import PICTURED
from tests.report.filmed import EPISODE, film, on_screen, segment
from tests.report.parts import asset

LOOK = FilmLook(EPISODE, 61)


def test_of_a_sequence_the_frame_is_a_file_of_its_own():
    engine = Engine()
    numbered = replace(segment(2, 4), numbers=NumberedFrames(1051, 1100, 1075))
    record = film("final/a.1001-1100#.exr", LOOK, on_screen(Role.AI, "a.png", numbered), kind="sequence")
    files = [SimpleNamespace(path=f"final/a.{number}.exr", size_bytes=9) for number in range(1001, 1101)]
    gathered = [SimpleNamespace(asset=SimpleNamespace(root=0, files=files, frames=tuple(range(1001, 1101))))]
    room = SimpleNamespace(absolute=lambda root, path: f"/drive/{path}", interrupted=False)
    made_of = film_pictures(ScanSettings(("/drive",)), gathered, [record], [0], room, engine, lambda *step: None)
    assert [(task.path, task.at) for task in engine.asked] == [("/drive/final/a.1075.exr", None)]
    assert list(made_of) == [(0, 3)]


class Engine:
    """Makes a picture of each frame but of those that fail; Ctrl-C comes after `until`."""

    def __init__(self, failing=(), until=1000):
        self.failing, self.until, self.asked = failing, until, []

    def run(self, tasks):
        for task in tasks:
            if len(self.asked) >= self.until:
                raise KeyboardInterrupt
            self.asked.append(task)
            yield WorkFailed(task.key, "it died") if task.at in self.failing else Thumbnail(task.key, str(task.at).encode())


def made(records, engine=None, interrupted=False, **settings):
    files = [SimpleNamespace(path=one.path, size_bytes=9) for one in records]
    gathered = [SimpleNamespace(asset=SimpleNamespace(root=0, files=[file])) for file in files]
    room = SimpleNamespace(absolute=lambda root, path: f"/drive/{path}", interrupted=interrupted)
    chosen = replace(ScanSettings(("/drive",)), **settings)
    return film_pictures(chosen, gathered, records, range(len(records)), room, engine or Engine(), lambda *step: None)


def of(path, *seconds, **changes):
    return film(path, LOOK, on_screen(Role.AI, "a.png", *(segment(at, at + 2) for at in seconds)), **changes)


def test_the_telling_frame_of_each_stretch_is_made():
    engine = Engine()
    records = [asset("final/a.jpg"), of("final/ep1.mov", 2, 8)]
    assert made(records, engine) == {(1, Fraction(3)): b"3", (1, Fraction(9)): b"9"}
    assert [(task.path, task.at) for task in engine.asked] == [("/drive/final/ep1.mov", 3), ("/drive/final/ep1.mov", 9)]


def test_two_references_in_one_frame_are_one_picture():
    both = film("final/ep1.mov", LOOK, *(on_screen(Role.AI, name, segment(2, 4)) for name in ("a.png", "b.png")))
    assert list(made([both])) == [(0, 3)]


def test_a_film_with_very_many_stretches_has_few_pictures():
    assert len(made([of("final/ep1.mov", *range(0, 60, 2))])) == PICTURED


def test_the_worst_come_first_where_not_all_have_room():
    records = [of("final/a.mov", 2), of("final/b.mov", 4, verdict=Verdict.BLOCKED)]
    assert list(made(records, thumbnails_limit=1)) == [(1, 5)]


@pytest.mark.parametrize("kept", [{"thumbnails": False}, {"interrupted": True}])
def test_none_is_made_where_none_is_wanted(kept):
    engine = Engine()
    assert made([of("final/ep1.mov", 2)], engine, **kept) == {}
    assert engine.asked == []


def test_a_frame_that_cannot_be_made_and_ctrl_c_cost_pictures_only():
    assert made([of("final/ep1.mov", 2, 8)], Engine(failing={Fraction(3)})) == {(0, 9): b"9"}
    assert made([of("final/ep1.mov", 2, 8)], Engine(until=1)) == {(0, 3): b"3"}
