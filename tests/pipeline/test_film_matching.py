"""Looking through films, with an engine that says what a worker would: what is asked, what is believed, what is said."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import pytest

from scanner.cli.progress import _UNITS
from scanner.model.matching import Alignment, LocalFeatures, LocalQuery, Match, Reference, Relation, Role
from scanner.model.moving import StartTimecode
from scanner.model.work import (
    EdgeFound,
    EdgeTask,
    FilmFrame,
    FilmFrames,
    FilmOpened,
    FilmTask,
    OpenFilmTask,
    WorkFailed,
)
from scanner.pipeline.film_matching import FINDING_ENDS, LOOKING, FilmMatching
from scanner.pipeline.film_stretches import FAILURES_LIMIT, STRETCH_SECONDS
from scanner.pipeline.point_matching import Shelf
from tests.model.test_film_time import FILM

STILL = Reference("still", Role.AI, "temp/still.png", "ab" * 32)
NOTHING = LocalFeatures("made/1", 480, 320, b"", b"", b"")
QUERY = LocalQuery(NOTHING, NOTHING, b"", b"")
SEEN = range(40, 44)
"""Seconds at which the still is on screen, up to not including 44."""


class Engine:
    """Answers tasks; a film has a frame a second."""

    def __init__(self, film=FILM, broken=(), stopped_at=None):
        self.film, self.broken, self.stopped_at = film, broken, stopped_at
        self.asked = []

    def run(self, tasks):
        for task in tasks:
            self.asked.append(task)
            if self.stopped_at is not None and isinstance(task, FilmTask) and task.key >= self.stopped_at:
                raise KeyboardInterrupt
            yield self.answer(task)

    def answer(self, task):
        match task:
            case OpenFilmTask():
                return FilmOpened(task.key, self.film, "" if self.film else "nothing decodes it")
            case FilmTask() if task.key in self.broken:
                return WorkFailed(task.key, "the worker process died")
            case FilmTask():
                first, last = task.begin or 0, min(task.end, self.film.duration - 1)
                # The first frame of the next stretch is handed on too.
                return FilmFrames(task.key, tuple(FilmFrame(Fraction(at), (), QUERY) for at in range(int(first), int(last) + 1)))
            case EdgeTask():
                after = Fraction(43, 1) + Fraction(20, 25)
                rises = task.lacks < task.shows
                return (
                    EdgeFound(task.key, task.shows, task.lacks + Fraction(24, 25)) if rises else EdgeFound(task.key, after, after)
                )


class Cascade:
    """Sees the still in the frames in which it is."""

    def __init__(self, points=40, relation=Relation.DERIVED):
        self.points, self.relation, self.at = points, relation, -1

    def find_further(self, by_phash, prints, query):
        self.at += 1
        if self.at not in SEEN:
            return ()
        alignment = Alignment((1.0, 0, 0, 0, 1, 0, 0, 0, 1), False, self.points + self.at % 3, 99, 1.0, 1.0, 0.8)
        return (Match(STILL, self.relation, "sift128/1", alignment=alignment if self.points else None),)

    def features_near(self, match):
        return (NOTHING,) if match.reference.id == "still" else ()


def looked_through(engine=None, cascade=None):
    """What a film of a minute gives, the engine and whether the scan counts as interrupted."""
    engine, told = engine or Engine(), []
    file = SimpleNamespace(path="final/ep1.mov", size_bytes=6_000_000)
    gathered = [SimpleNamespace(asset=SimpleNamespace(root=0, files=[file]))]
    room = SimpleNamespace(absolute=lambda root, path: f"/drive/{path}", interrupted=False)
    shelf = Shelf(cascade or Cascade(), {}, films=frozenset({0}))
    looks, (found,) = FilmMatching(gathered, [shelf], room, engine, lambda *step: told.append(step)).find()
    return SimpleNamespace(look=looks[0], matches=found.get(0, ()), asked=engine.asked, interrupted=room.interrupted, told=told)


def test_a_film_is_asked_for_in_stretches_that_leave_no_gap():
    asked = [task for task in looked_through().asked if isinstance(task, FilmTask)]
    assert [(task.begin, task.end) for task in asked] == [(None, STRETCH_SECONDS), (STRETCH_SECONDS, 2 * STRETCH_SECONDS)]
    assert [task.size_bytes for task in asked] == [3_000_000, 3_000_000]


def test_a_still_on_screen_is_one_match_with_its_time():
    came = looked_through()
    (match,) = came.matches
    (seen,) = match.segments
    assert (seen.first, seen.after, seen.exact, seen.frames) == (40, Fraction(219, 5), True, 4)
    assert (seen.tc_in, seen.tc_out) == ("00:00:40:00", "00:00:43:20")
    assert match.inliers == 42
    assert seen.best == 41
    # A frame that two stretches hand on is looked at once.
    assert (came.look.frames, came.look.why) == (60, "")


def test_times_are_told_in_the_films_own_timecode():
    film = replace(FILM, timecode=StartTimecode("10:00:00:00", Fraction(25), False))
    assert looked_through(Engine(film)).matches[0].segments[0].tc_in == "10:00:40:00"


@pytest.mark.parametrize("cascade", [Cascade(points=0), Cascade(relation=Relation.SIMILAR, points=0)])
def test_a_hash_alone_is_no_sighting(cascade):
    assert looked_through(cascade=cascade).matches == ()


def test_a_film_that_does_not_open_says_why():
    came = looked_through(Engine(None))
    assert (came.look.frames, came.look.why, came.matches) == (0, "nothing decodes it", ())


def test_a_stretch_that_breaks_a_worker_costs_itself_and_is_said():
    came = looked_through(Engine(broken={0}))
    assert len(came.matches) == 0
    assert came.look.frames == 30
    assert came.look.why == "a part of it was not looked at: the worker process died"


def test_after_a_few_of_them_the_film_is_let_be():
    film = replace(FILM, duration=Fraction(100 * STRETCH_SECONDS))
    came = looked_through(Engine(film, broken=set(range(100))))
    assert sum(isinstance(task, FilmTask) for task in came.asked) == FAILURES_LIMIT


def test_stopping_keeps_the_scan_and_says_that_the_film_was_not_looked_through():
    came = looked_through(Engine(stopped_at=1))
    assert came.interrupted
    assert came.matches == ()
    assert "stopped" in came.look.why


def test_progress_counts_what_is_counted():
    assert {phase for phase, _, _ in looked_through().told} == {LOOKING, FINDING_ENDS} <= set(_UNITS)
