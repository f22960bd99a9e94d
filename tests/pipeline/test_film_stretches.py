"""Which stretches of a film are asked for, whatever its header claims."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.pipeline.film_stretches import (
    EMPTY_LIMIT,
    FAILURES_LIMIT,
    STRETCH_SECONDS,
    STRETCHES_LIMIT,
    FixedStretches,
    Stretches,
)
from tests.model.test_film_time import FILM

WEEK = Fraction(7 * 24 * 3600)


def claimed(seconds, start=Fraction(0)):
    return Stretches(replace(FILM, start=start, duration=seconds))


def looked_through(stretches, frames, reached=None):
    """Ask as the scan does; `frames` are the times of all frames that are looked at. Returns what was asked and seen.

    `reached`: where the last of them ends.
    """
    asked, seen = [], set()
    while batch := stretches.following():
        for number in batch:
            if stretches.wants(number):
                begin, end = stretches.place(number)
                come = [time for time in frames if begin is None or time >= begin]
                past = next((at for at, time in enumerate(come) if time >= end), len(come))
                stretches.came(number, come[: past + 1], reached if past == len(come) else None)
                asked.append(number)
                seen.update(come[: past + 1])
    return asked, seen


@given(
    claimed_seconds=st.integers(1, 400),
    real_seconds=st.integers(1, 400),
    start=st.integers(-50, 5000),
    told=st.booleans(),
    step=st.sampled_from([1, 7, 45, 200]),
)
def test_every_frame_is_seen_whatever_is_claimed(claimed_seconds, real_seconds, start, told, step):
    frames = [Fraction(start + at) for at in range(0, real_seconds, step)]
    stretches = claimed(Fraction(claimed_seconds), Fraction(start) if told else None)
    _, seen = looked_through(stretches, frames)
    assert seen == set(frames)


def test_a_header_that_claims_a_week_is_not_believed_for_long():
    stretches = claimed(WEEK)
    asked, seen = looked_through(stretches, [Fraction(at) for at in range(45)])
    assert len(seen) == 45
    assert len(asked) == 2 + EMPTY_LIMIT
    assert stretches.why == "no frame comes of 20 minutes of it, and the rest was let be"
    assert stretches.unseen == ((60, WEEK),)


def test_a_film_that_ends_where_it_says_is_whole():
    stretches = claimed(Fraction(60))
    asked, _ = looked_through(stretches, [Fraction(at) for at in range(60)])
    assert (asked, stretches.why) == ([0, 1], "")


def test_a_film_that_tells_no_length_is_looked_at_to_its_end():
    stretches = claimed(None)
    _, seen = looked_through(stretches, [Fraction(at) for at in range(2000)])
    assert len(seen) == 2000
    assert stretches.why == ""


def test_a_frame_an_hour_costs_a_stretch_each():
    frames = [Fraction(3600 * at) for at in range(24)]
    stretches = claimed(Fraction(24 * 3600))
    asked, seen = looked_through(stretches, frames, Fraction(24 * 3600))
    assert seen == set(frames)
    assert len(asked) <= 2 * len(frames)
    assert stretches.why == ""


def test_one_wrong_time_hides_nothing_that_follows():
    frames = [Fraction(0), Fraction(1), Fraction(2**62), *(Fraction(at) for at in range(30, 120))]
    stretches = claimed(Fraction(120))
    # The reader stops at the wrong time and finds the rest where it looks for it.
    asked = []
    for number in stretches.following():
        if stretches.wants(number):
            asked.append(number)
            _, end = stretches.place(number)
            own = frames[:3] if not number else [time for time in frames[3:] if end - STRETCH_SECONDS <= time <= end]
            stretches.came(number, own)
    assert asked == [0, 1, 2, 3]
    assert not stretches.following()
    assert "only its first 166 hours" in stretches.why


@pytest.mark.parametrize("duration", [Fraction(2**62), Fraction(2**62, 3), WEEK * 1000])
def test_stretches_are_bounded(duration):
    assert len(claimed(duration).following()) == STRETCHES_LIMIT


@pytest.mark.parametrize("duration", [Fraction(0), Fraction(-5), None])
def test_there_is_a_stretch_at_least(duration):
    assert claimed(duration).following() == range(1)


def test_after_a_few_deaths_the_rest_is_let_be():
    stretches = claimed(WEEK)
    for number in list(stretches.following())[:FAILURES_LIMIT]:
        assert stretches.wants(number)
        stretches.failed(number, "the worker process died")
    assert not stretches.wants(FAILURES_LIMIT)
    assert not stretches.following()
    assert stretches.why == "the worker process died"


@given(st.permutations(range(60)))
def test_the_order_in_which_answers_come_does_not_matter(order):
    stretches = claimed(Fraction(7200))
    stretches.following()
    for number in order:
        why = {50: "it ends before it says it does", 55: "a part of it cannot be decoded"}.get(number, "")
        stretches.came(number, [Fraction(5)] if number == 0 else [], why=why)
    assert not stretches.wants(100)
    assert stretches.why == "it ends before it says it does"
    assert stretches.unseen == ((30, 7200),)


def test_what_was_not_looked_at_is_told_by_time():
    stretches = claimed(Fraction(100), start=Fraction(1000))
    assert list(stretches.following()) == [0, 1, 2, 3]
    stretches.came(0, [Fraction(1000 + at) for at in range(31)])
    assert stretches.unseen == ((1030, 1100),)
    stretches.came(2, [Fraction(1060 + at) for at in range(10)], why="a part of it cannot be decoded")
    stretches.failed(1, "the worker process died")
    stretches.came(3, [Fraction(1090 + at) for at in range(10)])
    assert stretches.unseen == ((1030, 1060), (1069, 1090))
    assert not stretches.following()


def test_behind_its_end_nothing_was_missed():
    stretches = claimed(Fraction(30))
    looked_through(stretches, [Fraction(at) for at in range(70)])
    assert stretches.unseen == ()


def spans(*edges):
    """The stretches of a sequence: begin, and end of the last."""
    return FixedStretches([(Fraction(begin) if begin else None, Fraction(end)) for begin, end in edges], Fraction(edges[-1][1]))


def test_stretches_of_a_sequence_are_asked_for_once():
    stretches = spans((0, 30), (90, 120))
    assert list(stretches.following()) == [0, 1]
    assert not stretches.following()
    assert (stretches.place(0), stretches.place(1)) == ((None, 30), (90, 120))
    assert stretches.unseen == ((0, 30), (90, 120))


def test_what_of_a_sequence_was_not_looked_at_is_told():
    stretches = spans((0, 30), (30, 60), (60, 90))
    stretches.following()
    stretches.came(0, [Fraction(at) for at in range(30)])
    stretches.came(1, [Fraction(30), Fraction(40)], why="deep pictures are not decoded")
    stretches.came(2, [])
    assert stretches.unseen == ((40, 90),)
    assert stretches.why == "deep pictures are not decoded"


def test_after_a_few_failures_the_rest_of_a_sequence_is_let_be():
    stretches = spans(*((30 * at, 30 * at + 30) for at in range(10)))
    for number in list(stretches.following())[:FAILURES_LIMIT]:
        assert stretches.wants(number)
        stretches.failed(number, "")
    assert not stretches.wants(FAILURES_LIMIT)
    assert stretches.why == "nothing decodes of several parts of it, and the rest was let be"
