"""What was found in a film, carried over into the cut that shows the film."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.cut import Cut, Event, FrameRange, Source, TrackKind
from scanner.model.matching import Match, Reference, Relation, Role, Segment
from scanner.model.placement import Medium, Placement, RecognisedBy
from scanner.model.timecode import Rate
from scanner.pipeline.on_screen import FilmClock, Showing, clock_of, is_programme, span_of
from tests.model.test_film_time import FILM, begins
from tests.report.parts import asset

PAL, FILM_RATE = Rate(Fraction(25)), Rate(Fraction(24))
NTSC, DROP = Rate(Fraction(30_000, 1001)), Rate(Fraction(30_000, 1001), drop_frame=True)
HOUR = 90_000
REFERENCE = Reference("still", Role.AI, "temp/still.png", "ab" * 32)
CLOCK = FilmClock(Fraction(0), 1500, 10 * HOUR, PAL)
"""A minute that begins at 10:00:00:00."""


def event(programme, shown, **more):
    source = Source("film", range=FrameRange(*shown) if shown else None, rate=more.pop("rate", None))
    return Event(TrackKind.VIDEO, "V", FrameRange(*programme) if programme else None, source, "line 1", **more)


def seconds(first, after, exact=True):
    return Segment(Fraction(first), Fraction(after), "", "", Fraction(first), 3, exact)


def showing(*events, clock=CLOCK, rate=PAL, is_programme=False):
    placed = tuple(Placement(0, at, RecognisedBy.NAME) for at in range(len(events)))
    return Showing(clock, Cut("cut.edl", "EDL", "", rate, events), 0, placed, is_programme)


def times(shows, segment):
    record = asset("film.mov", matches=(Match(REFERENCE, Relation.DERIVED, "sift128/1", segments=(segment,)),))
    (told,) = shows.with_times(record).matches[0].segments
    return [(one.programme.start, one.programme.end, one.exact) for one in told.in_cut]


def test_a_stretch_of_a_film_stands_where_the_cut_shows_it():
    # Seconds 10 to 20 of the film, of which the still is on screen from 12 to 14.
    used = event((HOUR, HOUR + 250), (10 * HOUR + 250, 10 * HOUR + 500))

    assert times(showing(used), seconds(12, 14)) == [(HOUR + 50, HOUR + 100, True)]
    assert times(showing(used), seconds(5, 11)) == [(HOUR, HOUR + 25, True)]
    assert times(showing(used), seconds(30, 31)) == []
    assert times(showing(used), seconds(12, 14, exact=False)) == [(HOUR + 50, HOUR + 100, False)]


def test_a_cut_may_count_from_the_films_first_frame():
    assert times(showing(event((HOUR, HOUR + 250), (250, 500))), seconds(12, 14)) == [(HOUR + 50, HOUR + 100, True)]


def test_a_film_that_begins_late_on_its_clock_is_counted_from_there():
    clock = replace(CLOCK, begin=Fraction(2))
    assert times(showing(event((0, 250), (250, 500)), clock=clock), seconds(12, 14)) == [(0, 50, True)]


def test_each_time_that_the_cut_shows_it_is_told_in_the_programmes_order():
    twice = event((500, 600), (250, 350)), event((100, 200), (300, 400), enabled=False)
    shows = showing(*twice)

    assert times(shows, seconds(12, 13)) == [(100, 125, True), (550, 575, True)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        # Frames 300 to 350 of the film, 50 frames after the event's first one, at twice the speed, backwards, standing.
        ({"speed": Fraction(2), "shown": (250, 750)}, [(25, 50, False)]),
        ({"speed": Fraction(-1)}, [(150, 200, False)]),
        ({"speed": Fraction(0), "shown": (310, 311)}, [(0, 250, True)]),
        ({"speed": Fraction(0), "shown": (360, 361)}, []),
        # It lasts other than its source, and says no speed.
        ({"shown": (250, 400)}, [(50, 100, False)]),
        # Its numbers lie in no way to count that the film has: all that is shown of it, about.
        ({"shown": (50_000, 50_250)}, [(0, 250, False)]),
        ({"shown": None}, [(0, 250, False)]),
    ],
)
def test_what_is_not_known_to_the_frame_is_said(change, told):
    one = event((0, 250), change.pop("shown", (250, 500)), **change)
    assert times(showing(one), seconds(12, 14)) == told


def test_a_film_that_counts_otherwise_is_told_about():
    # 24 frames a second in a programme of 25: second 12 of the film is second 2 of what is shown, by the clock.
    shown = event((0, 250), (10 * 25, 20 * 25))
    clock = FilmClock(Fraction(0), 1440, 10 * 86_400, FILM_RATE)
    assert times(showing(shown, clock=clock), seconds(12, 14)) == [(50, 100, False)]
    in_timecode = event((0, 250), (10 * HOUR + 250, 10 * HOUR + 500))
    assert times(showing(in_timecode, clock=clock), seconds(12, 14)) == [(50, 100, False)]
    # Timecode of a film that drops frames, in a list that says nothing of it.
    dropping = replace(CLOCK, rate=DROP, start=1_078_920)
    (told,) = times(showing(event((0, 300), (1_078_920, 1_079_220)), clock=dropping, rate=NTSC), seconds(2, 3))
    assert not told[2]


def test_a_film_whose_frames_cannot_be_numbered_stands_where_the_cut_has_it():
    assert clock_of(replace(FILM, rate=None), Medium("a.mov")) is clock_of(replace(FILM, duration=None), Medium("a.mov")) is None
    assert clock_of(replace(FILM, rate=Fraction(10_000)), Medium("a.mov")) is None
    assert times(showing(event((0, 250), (250, 500)), clock=None), seconds(12, 14)) == [(0, 250, False)]


def test_sound_shows_nothing():
    sound = replace(event((0, 250), (250, 500)), kind=TrackKind.AUDIO)
    assert times(showing(sound, event(None, (250, 500))), seconds(12, 14)) == []


def test_the_programme_itself_has_its_own_timecode():
    assert times(showing(is_programme=True), seconds(12, 14)) == [(10 * HOUR + 300, 10 * HOUR + 350, True)]


def test_a_film_is_numbered_by_its_container_or_by_its_rate():
    medium = Medium("a.mov", timecode=FrameRange(10, 110), rate=PAL)
    assert clock_of(begins("01:00:00:00", Fraction(25)), medium) == FilmClock(Fraction(0), 100, 10, PAL)
    assert clock_of(FILM, Medium("a.mov")) == FilmClock(Fraction(0), 1500, None, PAL)


@pytest.mark.parametrize(
    ("frames", "rate", "taken"),
    [
        ((HOUR, HOUR + 1000), PAL, True),
        ((HOUR - 100, HOUR + 1100), PAL, True),
        ((HOUR + 100, HOUR + 900), PAL, True),
        ((HOUR, HOUR + 700), PAL, False),
        ((HOUR, HOUR + 1400), PAL, False),
        ((5 * HOUR, 5 * HOUR + 1000), PAL, False),
        ((HOUR, HOUR + 1000), FILM_RATE, False),
    ],
)
def test_what_is_taken_for_the_programme(frames, rate, taken):
    cut = Cut("a", "EDL", "", PAL, (event((HOUR, HOUR + 600), None), event((HOUR + 600, HOUR + 1000), None)))
    span = span_of(cut)
    assert span == FrameRange(HOUR, HOUR + 1000)
    assert is_programme(Medium("a.mov", timecode=FrameRange(*frames), rate=rate), span, cut.rate) is taken


def test_what_has_no_timecode_or_places_nothing_is_no_programme():
    assert not is_programme(Medium("a.mov"), FrameRange(0, 10), PAL)
    assert span_of(Cut("a", "ALE", "", PAL, (event(None, (0, 5)), event((0, 5), (0, 5), enabled=False)))) is None


@given(
    st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 2), Fraction(-1), Fraction(-3, 2)]),
    st.integers(0, 300),
    st.integers(1, 120),
    st.integers(0, 400),
    st.integers(1, 100),
)
def test_every_frame_of_the_programme_that_shows_it_is_told(speed, first, frames, found, length):
    """Against a frame by frame account of what an event shows."""
    shown = FrameRange(first, first + max(1, round(frames * abs(speed))))
    one = event((1000, 1000 + frames), (shown.start, shown.end), speed=speed)
    told = times(showing(one, clock=replace(CLOCK, start=None)), seconds(Fraction(found, 25), Fraction(found + length, 25)))

    def source_frame(at):
        return shown.start + at * speed if speed > 0 else shown.end - (at + 1) * -speed

    sees = [1000 + at for at in range(frames) if found <= source_frame(at) < min(found + length, shown.end)]
    assert not sees or (told and told[0][0] <= sees[0] and sees[-1] < told[0][1])
    if told:
        # No more than a frame of the programme, or a frame of the source, beyond at each end.
        slack = 1 + -(-1 // abs(speed))
        assert (sees and sees[0] - told[0][0] <= slack and told[0][1] - 1 - sees[-1] <= slack) or told[0][1] - told[0][
            0
        ] <= 2 * slack
