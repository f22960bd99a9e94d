"""Stretches of a film: what covers what."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.stretches import Stretch, is_covered, unite


def part(first: int | str, after: int | str) -> Stretch:
    return Stretch(Fraction(first), Fraction(after))


STRETCHES = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 6)).map(lambda pair: part(pair[0], pair[0] + pair[1])), max_size=6
)


def moments(stretches: list[Stretch]) -> set[int]:
    return {moment for one in stretches for moment in range(int(one.first), int(one.after))}


@given(STRETCHES, STRETCHES)
def test_covered_is_what_no_moment_of_is_left_out(wanted, by):
    assert is_covered(wanted, by) is (moments(wanted) <= moments(by))


@given(STRETCHES)
def test_united_stretches_are_the_same_time_apart_and_in_order(stretches):
    united = list(unite(stretches))

    assert moments(united) == moments(stretches)
    assert all(one.after < other.first for one, other in pairwise(united))


@pytest.mark.parametrize(
    ("stretch", "text"),
    [(part(0, 30), "0 s to 30 s"), (part("25/2", "61/4"), "12.5 s to 15.25 s"), (part("1001/24", 44), "1001/24 s to 44 s")],
)
def test_told_in_seconds(stretch, text):
    assert str(stretch) == text
