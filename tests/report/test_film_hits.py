from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scanner.model.matching import Relation, Role
from scanner.model.moving import FilmLook
from scanner.report.film_hits import foremost, hits_of
from tests.report.filmed import EPISODE, copy_on_screen, film, on_screen, segment
from tests.report.parts import asset, match

LOOK = FilmLook(EPISODE, 61)


def hits(*found):
    return hits_of(film("final/ep1.mov", LOOK, *found))


def test_stretches_are_numbered_in_time_whatever_they_show():
    told = hits(on_screen(Role.OWNED, "a", segment(8, 9), segment(2, 3)), copy_on_screen("temp/b.png", segment(5, 6)))
    assert [(hit.number, hit.segment.first) for hit in told] == [(1, 2), (2, 5), (3, 8)]


def test_a_still_has_none():
    assert hits_of(asset("final/a.jpg", matches=(match(Role.AI, Relation.SIMILAR, "a", 3),))) == ()


def test_what_is_of_concern_comes_before_what_is_owned():
    own = on_screen(Role.OWNED, "own", *(segment(at, at + 1, 200) for at in range(10)))
    told = hits(own, on_screen(Role.AI, "ai", segment(40, 41, 8)), on_screen(Role.RESTRICTED, "theirs", segment(50, 51, 8)))
    assert [hit.segment.first for hit in foremost(told, 3)] == [0, 40, 50]


def test_each_thing_is_shown_once_before_one_is_shown_again():
    often = on_screen(Role.AI, "often", *(segment(at, at + 1, 100 + at) for at in range(10)))
    told = hits(often, on_screen(Role.AI, "once", segment(40, 41, 8)))
    assert [hit.segment.first for hit in foremost(told, 2)] == [9, 40]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9), st.sampled_from(Role)), max_size=30), st.integers(0, 40))
def test_the_foremost_are_as_many_as_asked_for_and_in_time(drawn, most):
    told = hits(*(on_screen(role, str(at), segment(first, first + long)) for at, (first, long, role) in enumerate(drawn)))
    chosen = foremost(told, most)
    assert len(chosen) == min(most, len(drawn))
    assert [hit.number for hit in chosen] == sorted({hit.number for hit in chosen})
