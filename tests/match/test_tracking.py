from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.match.tracking import MISSED_FRAMES, MISSED_SECONDS, SURE_POINTS, Sighting, track
from scanner.model.matching import Alignment, Match, Reference, Relation, Role

STILL = Reference("still", Role.AI, "temp/still.png", "ab" * 32)


def seen(time, points=40):
    alignment = Alignment((1.0, 0, 0, 0, 1, 0, 0, 0, 1), False, points, points + 9, 1.0, 1.0, 0.8)
    return Sighting(Fraction(time), Match(STILL, Relation.DERIVED, "sift128/1", alignment=alignment))


def tracks(times, looked_at=range(20), points=40):
    return track([seen(time, points) for time in times], [Fraction(one) for one in looked_at])


def test_frames_in_a_row_are_one_stretch_with_what_lies_around_it():
    (one,) = tracks([5, 6, 7])
    assert (one.first, one.last, one.before, one.after, one.frames) == (5, 7, 4, 8, 3)


def test_nothing_lies_before_the_first_frame_and_after_the_last():
    (one,) = tracks(range(20))
    assert (one.before, one.after) == (None, None)


def test_a_frame_that_failed_does_not_break_a_stretch():
    (one,) = tracks([5, 5 + MISSED_FRAMES + 1])
    assert (one.first, one.last, one.frames) == (5, 5 + MISSED_FRAMES + 1, 2)


def test_two_stretches_are_told_apart():
    assert [(one.first, one.last) for one in tracks([3, 4, 9, 10])] == [(3, 4), (9, 10)]


def test_far_apart_in_time_is_another_stretch_though_few_frames_lie_between():
    apart = MISSED_SECONDS * 4
    assert len(track([seen(0), seen(2 * apart)], [Fraction(0), apart, 2 * apart])) == 2


def test_where_nothing_was_looked_at_nothing_says_that_it_was_gone():
    (one,) = tracks([2, 18], looked_at=[0, 2, 18, 19])
    assert (one.first, one.last) == (2, 18)


def test_one_frame_is_believed_with_many_points_only_and_two_with_few():
    assert tracks([5], points=SURE_POINTS - 1) == ()
    assert len(tracks([5], points=SURE_POINTS)) == 1
    assert len(tracks([5, 6], points=SURE_POINTS - 1)) == 1


def test_the_frame_with_most_points_is_the_best_and_the_first_of_equals():
    (one,) = track([seen(4, 20), seen(5, 60), seen(6, 60)], [Fraction(time) for time in range(9)])
    assert one.best.time == 5


@pytest.mark.parametrize("times", [[], [3]])
def test_few_sightings(times):
    assert len(tracks(times)) == len(times)


@given(st.sets(st.integers(0, 60)), st.randoms())
def test_each_sighting_lies_in_one_stretch_whatever_the_order(times, random):
    shuffled = list(times)
    random.shuffle(shuffled)
    found = tracks(shuffled, looked_at=range(61))
    assert found == tracks(sorted(times), looked_at=range(61))
    assert sum(one.frames for one in found) == len(times)
    assert all(sum(one.first <= time <= one.last for one in found) == 1 for time in times)
    for earlier, later in pairwise(found):
        assert earlier.last < earlier.after <= later.first
