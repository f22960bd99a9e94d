"""Which frames of a numbered sequence are looked at, and why; nothing is opened for it."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.frames.sequence import SequenceSampling
from scanner.model.moving import SampleReason
from scanner.model.work import FrameFiles

NTSC = Fraction(24_000, 1001)


def files(numbers, sizes=None, rate=Fraction(24)):
    numbers = tuple(numbers)
    names = tuple(f"a.{number:04}.exr" for number in numbers)
    return FrameFiles(rate, "/drive/final", names, numbers, tuple(sizes or [1000] * len(numbers)))


def chosen(held, end=None, lost=()):
    """Numbers and reasons of the frames to look at; those in `lost` do not decode."""
    sampling = SequenceSampling(held, end)
    told = []
    for at, mark in sampling:
        assert held.numbers[at] == mark.number
        assert mark.time == mark.number / held.rate
        if mark.number in lost:
            sampling.lost()
        else:
            told.append((mark.number, mark.reason))
    return told


def test_a_frame_in_each_second_with_the_reason():
    first, *others, last = chosen(files(range(100)))
    assert first == (0, SampleReason.FIRST)
    assert last == (99, SampleReason.LAST)
    assert others == [(number, SampleReason.INTERVAL) for number in (24, 48, 72, 96)]


@given(
    numbers=st.sets(st.integers(1, 400), max_size=300),
    rate=st.sampled_from([Fraction(12), NTSC, Fraction(24), Fraction(25), Fraction(60)]),
    sizes=st.lists(st.integers(0, 10_000), min_size=301, max_size=301),
)
def test_no_two_of_them_lie_further_apart_than_a_second_or_no_file_lies_between(numbers, rate, sizes):
    held = sorted({0, *numbers})
    told = [number for number, _ in chosen(files(held, sizes[: len(held)], rate))]
    for earlier, later in pairwise([*told, held[-1] + 1]):
        assert (later - earlier) / rate <= 1 or not any(earlier < number < later for number in held)


def test_a_change_in_the_size_of_compressed_files_is_a_scene_change():
    sizes = [1000] * 40 + [1700] * 60
    assert (40, SampleReason.SCENE_CHANGE) in chosen(files(range(100), sizes))


def test_flicker_makes_no_more_than_four_frames_a_second():
    sizes = [1000 + 900 * (number % 2) for number in range(240)]
    assert len(chosen(files(range(240), sizes))) <= 42


def test_both_sides_of_a_gap_are_looked_at():
    told = [number for number, _ in chosen(files([*range(30), *range(90, 120)]))]
    assert {29, 90} <= set(told)


def test_in_place_of_a_frame_that_does_not_decode_comes_the_next():
    told = [number for number, _ in chosen(files(range(60)), lost={0, 24, 25})]
    assert told[:2] == [1, 26]
    assert max(later - earlier for earlier, later in pairwise(told)) == 25


@pytest.mark.parametrize("rate", [Fraction(24), NTSC])
def test_stretches_that_follow_each_other_leave_no_second_out(rate):
    length = int(rate * 4)
    # With the first file after it, as a task has them.
    first = chosen(files(range(length + 1), rate=rate), length / rate)
    second = chosen(files(range(length, 3 * length), rate=rate))
    assert second[0] == (length, SampleReason.INTERVAL)
    assert all(later - earlier <= rate for (earlier, _), (later, _) in pairwise([*first, *second]))
