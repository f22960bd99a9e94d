"""Events come out of a table as they went in, and what no cut has is refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model import event_table
from scanner.model.cut import Event, FrameRange, Source, TrackKind, Transition, TransitionKind
from scanner.model.event_table import EventRows, TableError
from scanner.model.timecode import Rate

FRAMES = st.integers(-(1 << 62), 1 << 62)
RANGES = st.none() | st.builds(FrameRange, FRAMES, FRAMES)
TEXTS = st.sampled_from(["", "A001", "one.mov"]) | st.text(st.characters(), max_size=8)
RATES = st.sampled_from([None, Rate(Fraction(25)), Rate(Fraction(30_000, 1_001), drop_frame=True)])
TRANSITIONS = st.none() | st.builds(Transition, st.sampled_from(TransitionKind), st.integers(0, 99), TEXTS)
SOURCES = st.builds(Source, TEXTS, TEXTS, TEXTS, st.lists(TEXTS, max_size=3).map(tuple), RANGES, RATES)
SPEEDS = st.sampled_from([Fraction(1), Fraction(0)]) | st.fractions(-10, 10, max_denominator=1 << 90)
EVENTS = st.builds(
    Event, st.sampled_from(TrackKind), TEXTS, RANGES, SOURCES, TEXTS, TRANSITIONS, TRANSITIONS, SPEEDS, st.booleans()
)
PLAIN = Event(TrackKind.VIDEO, "V", FrameRange(0, 5), Source("a"), "line 1")


def table(*events):
    rows = EventRows()
    for event in events:
        rows.append(event)
    return rows.table()


@given(st.lists(EVENTS, max_size=6))
def test_events_come_out_as_they_went_in(events):
    made = table(*events)

    assert list(made) == [made[at] for at in range(len(made))] == events
    assert list(made[1:]) == events[1:]
    assert not events or made[-1] == events[-1]


@given(EVENTS, EVENTS, EVENTS)
def test_an_event_put_in_place_of_another_leaves_its_neighbours(first, second, third):
    rows = EventRows()
    for event in (first, second, first):
        rows.append(event)
    rows[1] = third

    assert list(rows.table()) == [first, third, first]


def test_texts_are_found_again_after_many_others():
    names = [f"{n % 9_000}.mov" for n in range(20_000)]

    made = table(*(replace(PLAIN, source=Source(name, uuids=(name, "x"))) for name in names))

    assert [event.source.name for event in made] == names
    assert [event.source.uuids for event in made[-3:]] == [(name, "x") for name in names[-3:]]


def test_no_event_stands_beyond_the_last():
    with pytest.raises(IndexError):
        table(PLAIN)[1]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (replace(PLAIN, programme=FrameRange(0, 1 << 63)), "beyond any programme"),
        (replace(PLAIN, speed=Fraction(1, 1 << 101)), "a speed of it cannot be"),
        (replace(PLAIN, source=Source("a", rate=Rate(Fraction(1, 1 << 101)))), "cannot be"),
    ],
)
def test_what_no_cut_has_is_refused(event, words):
    with pytest.raises(TableError, match=words):
        table(event)


def test_more_names_than_a_message_holds_are_refused(monkeypatch):
    monkeypatch.setattr(event_table, "TEXT_LIMIT_BYTES", 500)

    with pytest.raises(TableError, match="names more media than fit"):
        table(*(replace(PLAIN, source=Source(f"{n}.mov")) for n in range(100)))
