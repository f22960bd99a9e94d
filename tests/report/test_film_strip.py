from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.matching import Role
from scanner.model.moving import FilmLook, StartTimecode
from scanner.report import film_strip
from scanner.report.film_hits import hits_of
from scanner.report.film_strip import strip_of
from tests.report.filmed import EPISODE, copy_on_screen, film, on_screen, segment

LOOK = FilmLook(EPISODE, 61)
"""A minute that was looked at whole."""


def drawn(*found, look=LOOK):
    return strip_of(look, hits_of(film("final/ep1.mov", look, *found)))


def share(text):
    assert text.endswith("%")
    return float(text[:-1])


def test_a_stretch_lies_where_it_is_in_the_film():
    (lane,) = drawn(on_screen(Role.AI, "a", segment(15, 30))).lanes
    (bar,) = lane.bars
    assert (bar.x, bar.width, bar.top) == ("25.0000%", "25.0000%", 3)
    assert (lane.kind, lane.total, lane.height) == ("ai", 1, 22)


def test_each_kind_has_a_lane_of_its_own_ai_first():
    everything = [on_screen(role, role.value, segment(1, 5)) for role in Role]
    strip = drawn(*everything, copy_on_screen("temp/a.png", segment(1, 5)))
    assert [lane.kind for lane in strip.lanes] == ["ai", "copy", "restricted", "owned", "licensed"]


def test_what_overlaps_is_stacked_and_what_follows_is_not():
    (lane,) = drawn(*(on_screen(Role.AI, str(at), segment(at * 5, at * 5 + 9)) for at in range(4))).lanes
    assert [bar.top for bar in lane.bars] == [3, 25, 3, 25]
    assert lane.height == 44


def test_a_short_stretch_has_its_number_beside_it_and_room_for_it():
    (lane,) = drawn(*(on_screen(Role.AI, str(at), segment(at, at + 0.04)) for at in (10, 11, 59.9))).lanes
    assert [bar.inside for bar in lane.bars] == [False] * 3
    assert [bar.top for bar in lane.bars] == [3, 25, 3]
    assert lane.bars[0].label_x == "16.7333%"
    assert lane.bars[2].label_x == "", "behind the end there is no room"


@given(st.lists(st.tuples(st.integers(0, 590), st.integers(1, 100)), min_size=1, max_size=60))
def test_bars_stay_on_the_strip_and_in_their_rows(pairs):
    stretches = [segment(first / 10, (first + long) / 10) for first, long in pairs]
    (lane,) = drawn(*(on_screen(Role.AI, str(at), one) for at, one in enumerate(stretches))).lanes
    assert len(lane.bars) == len(pairs)
    for bar in lane.bars:
        assert 0 <= share(bar.x) <= 100
        assert 0 < share(bar.width) <= 100
        assert 0 <= bar.top < lane.height <= film_strip.ROWS * 22
    # But for the last row, which takes what finds no room, no two lie over each other.
    for row in range(film_strip.ROWS - 1):
        bars = [bar for bar in lane.bars if bar.top // 22 == row]
        assert all(share(a.x) + share(a.width) <= share(b.x) + 0.001 for a, b in pairwise(bars))


def test_very_many_are_not_all_drawn_and_that_is_said(monkeypatch):
    monkeypatch.setattr(film_strip, "BARS", 10)
    strip = drawn(on_screen(Role.AI, "a", *(segment(at, at + 0.5) for at in range(25))))
    assert (sum(len(lane.bars) for lane in strip.lanes), strip.lanes[0].total, strip.undrawn) == (10, 25, 15)


@pytest.mark.parametrize(
    ("seconds", "labels"),
    [
        (Fraction(2), ["10:00:00:00", "10:00:01:00", "10:00:02:00"]),
        (Fraction(33), ["10:00:00:00", "10:00:05:00"]),
        (Fraction(5400), ["10:00:00:00", "10:15:00:00"]),
    ],
)
def test_ticks_are_whole_timecodes_and_few(seconds, labels):
    look = replace(LOOK, description=replace(EPISODE, duration=seconds))
    ticks = drawn(on_screen(Role.AI, "a", segment(0, 1)), look=look).ticks
    assert [tick.label for tick in ticks[: len(labels)]] == labels
    assert len(ticks) <= film_strip.TICKS + 1
    assert sum(tick.is_major for tick in ticks) <= 3
    assert ticks[0].anchor == "start"


def test_ticks_follow_the_timecode_and_not_the_clock():
    late = replace(EPISODE, timecode=StartTimecode("09:59:58:12", Fraction(25), False))
    ticks = drawn(on_screen(Role.AI, "a", segment(0, 1)), look=FilmLook(late, 61)).ticks
    assert [tick.label for tick in ticks][:2] == ["10:00:00:00", "10:00:10:00"]
    assert share(ticks[0].x) == pytest.approx(100 * (38 / 25) / 60, abs=0.001)


def test_a_film_without_a_rate_has_a_clock():
    look = FilmLook(replace(EPISODE, rate=None, timecode=None), 61)
    strip = drawn(on_screen(Role.AI, "a", segment(0, 1, film=None)), look=look)
    assert [tick.label for tick in strip.ticks][:2] == ["0:00", "0:10"]
    assert strip.span == "0:00–1:00, 1 min 0 s"


def test_parts_that_were_not_looked_at_are_drawn_and_told():
    look = FilmLook(EPISODE, 40, "the worker process died", ((Fraction(30), Fraction(45)),))
    strip = drawn(on_screen(Role.AI, "a", segment(0, 1)), look=look)
    assert [(part.x, part.width) for part in strip.unseen] == [("50.0000%", "25.0000%")]
    assert strip.not_looked_at == "10:00:30:00–10:00:45:00, 15.0 s"
    assert strip.why == "the worker process died"


def test_a_film_in_which_nothing_was_found_is_drawn_where_parts_were_left_out():
    assert drawn() is None
    assert drawn(look=FilmLook(EPISODE, 0, "why", ((Fraction(0), Fraction(60)),))).lanes == ()


def test_many_gaps_are_counted():
    gaps = tuple((Fraction(at), Fraction(at + 1)) for at in range(0, 40, 2))
    assert drawn(look=FilmLook(EPISODE, 20, "why", gaps)).not_looked_at.endswith(" and 14 more parts")


def test_a_film_whose_length_is_not_known_ends_with_its_last_stretch():
    strip = drawn(on_screen(Role.AI, "a", segment(3, 6)), look=FilmLook(replace(EPISODE, duration=None), 9))
    assert strip.span == "10:00:00:00–10:00:06:00, 6.0 s"
    assert strip_of(None, hits_of(film("a.mov", None, on_screen(Role.AI, "a", segment(3, 6))))).looked_at == ""


def test_a_film_that_begins_late_on_its_clock_begins_at_the_left():
    late = replace(EPISODE, start=Fraction(3600))
    (lane,) = drawn(on_screen(Role.AI, "a", segment(3630, 3645, film=late)), look=FilmLook(late, 61)).lanes
    assert (lane.bars[0].x, lane.bars[0].width) == ("50.0000%", "25.0000%")


@pytest.mark.parametrize(("seconds", "told"), [(1.5, "1.5 s"), (64, "1 min 4 s"), (5400, "1 h 30 min")])
def test_lengths_are_said_in_words(seconds, told):
    look = FilmLook(replace(EPISODE, duration=Fraction(seconds)), 61)
    assert drawn(on_screen(Role.AI, "a", segment(0, 1)), look=look).span.endswith(f", {told}")


FRAMES = replace(EPISODE, first_frame=1001, time_base=Fraction(1, 25), duration=Fraction(4))
"""A hundred frames."""


def test_a_sequence_has_timecodes_along_its_strip_and_says_its_frames():
    strip = drawn(on_screen(Role.AI, "a", segment(1, 2)), look=FilmLook(FRAMES, 5))
    assert [tick.label for tick in strip.ticks] == ["10:00:00:00", "10:00:01:00", "10:00:02:00", "10:00:03:00", "10:00:04:00"]
    assert strip.span == "frames 1001–1100, 10:00:00:00–10:00:04:00, 4.0 s"


def test_a_sequence_without_a_rate_has_frame_numbers_and_no_time():
    look = FilmLook(replace(FRAMES, rate=None, timecode=None), 5, "", ((Fraction(2), Fraction(3)),))
    strip = drawn(on_screen(Role.AI, "a", segment(1, 2, film=None)), look=look)
    assert [(tick.label, tick.x) for tick in strip.ticks] == [
        ("1020", "19.0000%"),
        ("1040", "39.0000%"),
        ("1060", "59.0000%"),
        ("1080", "79.0000%"),
        ("1100", "99.0000%"),
    ]
    assert (strip.span, strip.not_looked_at) == ("frames 1001–1100", "frames 1051–1075")
