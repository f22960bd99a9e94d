from __future__ import annotations

from fractions import Fraction

from scanner.model.work import FilmFrame, FilmFrames, PixelDigest, WorkFailed
from scanner.pipeline.film_looking import Watched
from scanner.pipeline.moving_assets import FilmAsset
from tests.model.test_film_time import FILM


def frames(*seconds: int, why: str = "") -> FilmFrames:
    return FilmFrames(0, tuple(FilmFrame(Fraction(at)) for at in seconds), why=why)


def watched() -> Watched:
    one = Watched.of(FilmAsset("/drive/ep1.mov", 1000, FILM))
    one.stretches.following()
    return one


def test_a_frame_that_two_stretches_hand_on_is_handed_on_once():
    one = watched()
    assert [frame.time for frame in one.take(frames(*range(0, 31)), 0)][-1] == 30
    assert [frame.time for frame in one.take(frames(30, 31), 1)] == [31]
    assert one.look().frames == 32


def test_why_a_film_was_not_looked_at_whole_is_told():
    one = watched()
    assert one.take(WorkFailed(0, "the worker process died"), 1) == ()
    one.take(frames(0, 1, why="a part of it cannot be decoded"), 0)
    look = one.look()
    assert look.why == "a part of it cannot be decoded"
    assert look.unseen[0][0] == 1
    assert one.look("the scan was stopped").why == "the scan was stopped"


def test_an_answer_of_another_kind_says_nothing():
    one = watched()
    assert one.take(PixelDigest(0, ""), 0) == ()
    assert one.look().frames == 0
