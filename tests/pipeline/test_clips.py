"""Which frames of clips are kept, and what is said of what is not."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.fingerprint.local_features import local_query
from scanner.fingerprint.picture import Picture
from scanner.model.matching import Match, Reference, Relation, Role
from scanner.model.work import FilmFrame, FilmFrames, FilmOpened, FilmTask, OpenFilmTask, WorkFailed
from scanner.pipeline import clips
from scanner.pipeline.clip_parts import CLIP_INTERVAL
from scanner.pipeline.clips import CLIP_FRAMES, FRAMES_LIMIT, clip_shelf
from scanner.pipeline.feature_spool import FeatureSpool
from scanner.pipeline.film_looking import FilmLooking
from tests.fingerprint.landscapes import landscape
from tests.model.test_film_time import FILM

FILM_INDEX = 9


class Engine:
    """Clips of a landscape each that shows at once what it shows; `lengths` in seconds by index."""

    def __init__(self, lengths, broken=()):
        self.lengths, self.broken = lengths, broken
        self.queries = {index: local_query(Picture(landscape(index), 480, 320)) for index in lengths}
        self.asked = []

    def run(self, tasks):
        for task in tasks:
            self.asked.append(task)
            index = int(task.path.rpartition("/")[2])
            if isinstance(task, OpenFilmTask):
                yield FilmOpened(task.key, replace(FILM, start=Fraction(0), duration=Fraction(self.lengths[index])))
            elif isinstance(task, FilmTask) and index in self.broken:
                yield WorkFailed(task.key, "the worker process died")
            else:
                yield FilmFrames(task.key, tuple(self.frames(task, index)), reached=Fraction(self.lengths[index]))

    def frames(self, task, index):
        time = -(-(task.begin or 0) // task.interval) * task.interval
        while time < self.lengths[index]:
            yield FilmFrame(time, (), self.queries[index])
            if time >= task.end:
                return
            time += task.interval


def shelf_of(lengths, spool, digests=None, **options):
    engine = Engine(lengths, **options)
    digests = digests or {}

    def one(index):
        file = SimpleNamespace(path=str(index), size_bytes=1000)
        asset = SimpleNamespace(root=0, files=[file])
        return SimpleNamespace(asset=asset, hash=SimpleNamespace(value=digests.get(index)))

    gathered = [one(index) for index in range(FILM_INDEX + 1)]
    room = SimpleNamespace(absolute=lambda root, path: f"/drive/{path}", interrupted=False)
    references = [Reference(f"marked-{index}:0", Role.AI, f"temp/{index}.mp4", f"{index:064}") for index in lengths]
    places = {reference.id: (index, 0) for reference, index in zip(references, lengths, strict=True)}
    looking = FilmLooking(gathered, room, engine, lambda *_: None)
    return *clip_shelf(references, places, frozenset({FILM_INDEX}), spool, looking), engine


@pytest.fixture
def spool():
    with closing(FeatureSpool()) as opened:
        yield opened


def test_a_short_clip_is_known_by_a_frame_each_half_second(spool):
    shelf, notes, engine = shelf_of({0: 8, 1: 4}, spool)
    assert notes == ()
    assert {task.interval for task in engine.asked if isinstance(task, FilmTask)} == {CLIP_INTERVAL}
    (match,) = shelf.cascade.find_further((), (), engine.queries[1])
    assert match.reference.name == "temp/1.mp4"
    assert shelf.clips["marked-1:0"].film.duration == 4
    # 8 s in half seconds, and 4 s of the other.
    assert len(spool) == 24


def test_a_long_clip_is_known_evenly_and_that_is_said(spool):
    shelf, (note,), engine = shelf_of({0: 3600}, spool)
    assert len(spool) <= CLIP_FRAMES + 1
    assert note.startswith("of 1 film that bears AI marks, being long or many, one frame in up to 15.0 s is known")
    assert shelf.clips["marked-0:0"].is_sparse
    (match,) = shelf.cascade.find_further((), (), engine.queries[0])
    assert match.reference.name == "temp/0.mp4"


def test_a_clip_that_gives_no_frame_is_said(spool):
    _, notes, _ = shelf_of({0: 8, 1: 8}, spool, broken={1})
    assert notes == (
        "1 film that bears AI marks gave no frame that can be recognised, and would not be found in other films",
        "1 film that bears AI marks could not be looked at whole, and what was not would not be found in other films",
    )


def test_a_film_with_the_bytes_of_a_clip_is_that_clip(spool):
    shelf, _, _ = shelf_of({0: 2, 1: 2, 2: 2}, spool, digests={0: "aa", FILM_INDEX: "aa", 1: "bb"})
    found = [Match(Reference(f"marked-{index}:0", Role.AI, "", ""), Relation.DERIVED, "") for index in range(3)]
    assert [shelf.is_itself(FILM_INDEX, match) for match in found] == [True, False, False]


def test_no_digest_is_no_digest_like_another(spool):
    shelf, _, _ = shelf_of({0: 2}, spool)
    assert shelf.equals == frozenset()


@given(st.lists(st.one_of(st.none(), st.fractions(0, 10**6)), max_size=60), st.integers(0, 200))
def test_the_frames_of_all_clips_are_bounded_and_shared_out(lengths, more):
    films = {index: replace(FILM, duration=length) for index, length in enumerate([*lengths, *([Fraction(900)] * more)])}
    planned = clips._planned(films)
    assert sum(one.frames for one in planned.values()) <= FRAMES_LIMIT
    assert set(planned) == set(films)
    for index, one in planned.items():
        assert one.clip.interval >= CLIP_INTERVAL
        if films[index].duration and films[index].duration <= 10 and len(films) < 100:
            assert one.clip.interval == CLIP_INTERVAL


def test_more_clips_than_frames_are_not_all_known():
    films = {index: replace(FILM, duration=Fraction(100)) for index in range(FRAMES_LIMIT + 5)}
    assert len(clips._planned(films)) <= FRAMES_LIMIT // 2
