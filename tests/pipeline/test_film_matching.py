"""Looking through films, with an engine that says what a worker would: what is asked, what is believed, what is said."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import pytest

from scanner.cli.progress import _UNITS
from scanner.model.matching import Alignment, LocalFeatures, LocalQuery, Match, NumberedFrames, Reference, Relation, Role
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
from scanner.pipeline.clip_parts import Clip
from scanner.pipeline.film_matching import FINDING_ENDS, LOOKING, FilmMatching
from scanner.pipeline.film_stretches import FAILURES_LIMIT, STRETCH_SECONDS
from scanner.pipeline.point_matching import Shelf
from tests.model.test_film_time import FILM
from tests.pipeline.test_moving_assets import read

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

    def __init__(self, points=40):
        self.points, self.at = points, -1

    def find_in_frame(self, prints, query):
        self.at += 1
        if self.at not in SEEN:
            return ()
        alignment = Alignment((1.0, 0, 0, 0, 1, 0, 0, 0, 1), False, self.points + self.at % 3, 99, 1.0, 1.0, 0.8)
        return (Match(STILL, Relation.DERIVED, "sift128/1", alignment=alignment),)

    def features_near(self, match):
        return (NOTHING,) if match.reference.id == "still" else ()


def looked_through(engine=None, cascade=None, shelf=None):
    """What a film of a minute gives, the engine and whether the scan counts as interrupted."""
    engine, told = engine or Engine(), []
    file = SimpleNamespace(path="final/ep1.mov", size_bytes=6_000_000)
    gathered = [SimpleNamespace(asset=SimpleNamespace(root=0, files=[file], is_sequence=False))]
    room = SimpleNamespace(absolute=lambda root, path: f"/drive/{path}", interrupted=False)
    shelf = shelf or Shelf(cascade or Cascade(), {}, films=frozenset({0}))
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
    assert (came.look.frames, came.look.why, came.look.unseen) == (60, "", ())
    assert seen.points == 42


def test_times_are_told_in_the_films_own_timecode():
    film = replace(FILM, timecode=StartTimecode("10:00:00:00", Fraction(25), False))
    assert looked_through(Engine(film)).matches[0].segments[0].tc_in == "10:00:40:00"


def test_a_film_that_does_not_open_says_why():
    came = looked_through(Engine(None))
    assert (came.look.frames, came.look.why, came.matches) == (0, "nothing decodes it", ())


def test_a_stretch_that_breaks_a_worker_costs_itself_and_is_said():
    came = looked_through(Engine(broken={0}))
    assert len(came.matches) == 0
    assert came.look.frames == 30
    assert came.look.why == "a part of it was not looked at: the worker process died"
    assert came.look.unseen == ((0, 30),)


def test_after_a_few_of_them_the_film_is_let_be():
    film = replace(FILM, duration=Fraction(100 * STRETCH_SECONDS))
    came = looked_through(Engine(film, broken=set(range(100))))
    assert sum(isinstance(task, FilmTask) for task in came.asked) == FAILURES_LIMIT
    assert came.look.unseen == ((0, 100 * STRETCH_SECONDS),)


def test_stopping_keeps_the_scan_and_says_that_the_film_was_not_looked_through():
    came = looked_through(Engine(stopped_at=1))
    assert came.interrupted
    assert came.matches == ()
    assert "stopped" in came.look.why
    assert came.look.unseen == ((30, 60),)


def test_stopping_while_ends_are_sought_keeps_what_was_found():
    class Stopped(Engine):
        def answer(self, task):
            if isinstance(task, EdgeTask):
                raise KeyboardInterrupt
            return super().answer(task)

    came = looked_through(Stopped())
    assert came.interrupted
    ((seen,),) = (match.segments for match in came.matches)
    assert (seen.first, seen.exact) == (40, False)
    assert (came.look.frames, came.look.why, came.look.unseen) == (60, "", ())


class Ending(Engine):
    """Of a film that breaks off after 34 seconds."""

    def answer(self, task):
        answer = super().answer(task)
        if not isinstance(answer, FilmFrames):
            return answer
        frames = tuple(frame for frame in answer.frames if frame.time < 34)
        return replace(answer, frames=frames, why="it ends before it says it does" if len(frames) < 30 else "")


@pytest.mark.parametrize(("seconds", "unseen"), [(60, ((33, 60),)), (120, ((33, 120),))])
def test_what_a_film_claims_and_does_not_have_was_not_looked_at(seconds, unseen):
    assert looked_through(Ending(replace(FILM, duration=Fraction(seconds)))).look.unseen == unseen


def test_progress_counts_what_is_counted():
    assert {phase for phase, _, _ in looked_through().told} == {LOOKING, FINDING_ENDS} <= set(_UNITS)


class SequenceEngine(Engine):
    """Answers for a sequence at 24 a second; the frames in `lost` do not decode."""

    def __init__(self, lost=(), none_decodes=False):
        super().__init__()
        self.lost, self.none_decodes = lost, none_decodes

    def answer(self, task):
        if isinstance(task, EdgeTask):
            last = Fraction(43 * 24 + 20, 24)
            ends = (task.shows, task.shows - Fraction(1, 24)) if task.lacks < task.shows else (last, last + Fraction(1, 24))
            return EdgeFound(task.key, *ends)
        seconds = sorted({number // 24 for number in task.files.numbers})
        lost = tuple(Fraction(number, 24) for number in self.lost if number in task.files.numbers)
        if self.none_decodes:
            return FilmFrames(task.key, (), 24, "deep pictures are not decoded", lost=tuple(Fraction(at) for at in seconds[:3]))
        return FilmFrames(task.key, tuple(FilmFrame(Fraction(at), (), QUERY) for at in seconds), len(lost), "", lost=lost)


def sequence_looked_through(engine, seconds=60, **given):
    gathered = [read(range(1001, 1001 + 24 * seconds), rate=Fraction(24))]
    room = SimpleNamespace(absolute=lambda root, path: f"/drive/{path}", interrupted=False)
    shelf = Shelf(Cascade(), {}, films=frozenset({0}))
    looks, (found,) = FilmMatching(gathered, [shelf], room, engine, lambda *_: None, **given).find()
    return SimpleNamespace(look=looks[0], matches=found.get(0, ()), asked=engine.asked)


def test_a_sequence_goes_the_way_of_films_and_says_its_frames():
    came = sequence_looked_through(SequenceEngine())
    (match,) = came.matches
    (segment,) = match.segments
    assert segment.numbers == NumberedFrames(1961, 2053, 1985)
    assert segment.exact
    assert match.frames == "1985"
    assert (came.look.frames, came.look.why) == (60, "")
    assert {task.path for task in came.asked} <= {f"/drive/final/sh/a.{number:04}.exr" for number in range(1001, 2441)}
    assert not any(isinstance(task, OpenFilmTask) for task in came.asked)


def test_a_frame_that_does_not_decode_is_named_in_the_look():
    came = sequence_looked_through(SequenceEngine(lost=(4,)))
    assert came.look.why == "frame 1005 does not decode; the others were looked through"
    assert came.look.frames == 60


def test_a_sequence_of_which_nothing_decodes_is_let_be_after_a_few_stretches():
    came = sequence_looked_through(SequenceEngine(none_decodes=True), seconds=600)
    assert sum(isinstance(task, FilmTask) for task in came.asked) == FAILURES_LIMIT
    assert came.look.why == "deep pictures are not decoded"


class LyingEngine(SequenceEngine):
    """A worker that was taken over: its frames and ends are none of the sequence's."""

    def answer(self, task):
        if isinstance(task, FilmTask):
            times = (Fraction(-5), Fraction(1, 7), Fraction(10**20))
            return FilmFrames(task.key, tuple(FilmFrame(time, (), QUERY) for time in times), lost=times)
        return EdgeFound(task.key, Fraction(10**20), Fraction(-3))


def test_frames_that_a_sequence_does_not_have_are_not_believed():
    came = sequence_looked_through(LyingEngine())
    assert (came.look.frames, came.matches) == (0, ())


class LyingOfEnds(SequenceEngine):
    """The same, of ends alone."""

    def answer(self, task):
        return EdgeFound(task.key, Fraction(10**20), Fraction(-3)) if isinstance(task, EdgeTask) else super().answer(task)


def test_ends_that_a_sequence_does_not_have_are_not_believed():
    (match,) = sequence_looked_through(LyingOfEnds()).matches
    assert match.segments[0].numbers == NumberedFrames(1961, 2056, 1985)
    assert not match.segments[0].exact


CLIP = Reference("marked-3:0", Role.AI, "temp/dune.mp4", "cd" * 32)


class Clips(Cascade):
    """Sees the clip from its fifth second on, and once a frame that has little to do with it."""

    def __init__(self, coverage=0.8):
        super().__init__()
        self.coverage, self.near = coverage, []

    def find_in_frame(self, prints, query):
        for match in super().find_in_frame(prints, query):
            alignment = replace(match.alignment, coverage=self.coverage)
            yield replace(match, reference=CLIP, alignment=alignment, clip_time=Fraction(self.at - 35))

    def features_near(self, match):
        self.near.append(match.clip_time)
        return NOTHING, NOTHING


def looked_for_clip(cascade, interval=Fraction(1, 2), equals=frozenset()):
    clip = Clip(replace(FILM, start=Fraction(0), duration=Fraction(20), timecode=None), interval)
    engine = Engine()
    shelf = Shelf(cascade, {}, films=frozenset({0}), clips={CLIP.id: clip}, equals=equals)
    return looked_through(engine, shelf=shelf)


def test_frames_of_one_clip_are_one_stretch_with_its_time_in_both():
    cascade = Clips()
    came = looked_for_clip(cascade)
    (match,) = came.matches
    (seen,) = match.segments
    assert (match.reference, match.relation) == (CLIP, Relation.DERIVED)
    assert (seen.first, seen.after) == (40, Fraction(219, 5))
    assert (seen.of_clip.first, seen.of_clip.after) == (5, Fraction(44, 5))
    assert (seen.of_clip.tc_in, seen.of_clip.tc_out) == ("00:00:05:00", "00:00:08:20")
    # Each end is looked for by the frames of the clip that are on screen there.
    assert cascade.near == [5, 8]
    assert {len(task.references) for task in came.asked if isinstance(task, EdgeTask)} == {2}


def test_ends_of_a_clip_of_which_little_is_known_are_not_told_exactly():
    came = looked_for_clip(Clips(), interval=Fraction(5))
    assert not any(isinstance(task, EdgeTask) for task in came.asked)
    assert not came.matches[0].segments[0].exact


def test_a_thing_in_common_is_no_clip():
    assert looked_for_clip(Clips(coverage=0.2)).matches[0].relation is Relation.SIMILAR


def test_a_clip_is_not_found_in_itself():
    assert looked_for_clip(Clips(), equals=frozenset({(0, CLIP.id)})).matches == ()
