from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.cut import Cut, Event, FrameRange, Source, TrackKind
from scanner.model.placement import Medium, Placement, RecognisedBy
from scanner.model.timecode import Rate
from scanner.timeline.locating import locate, programme_range

FILM = Rate(Fraction(24))


def cut(*sources: Source) -> Cut:
    events = tuple(
        Event(TrackKind.VIDEO, "V", FrameRange(24 * n, 24 * n + 24), one, f"line {n}") for n, one in enumerate(sources)
    )
    return Cut("cut.edl", "EDL", "", FILM, events)


def recognised(medium: Medium, source: Source) -> str | None:
    placed = locate([medium], cut(source)).placed
    return placed[0].recognised_by.value if placed else None


@pytest.mark.parametrize(
    ("source", "way"),
    [
        (Source(uuids=("AB-12",)), "uuid"),
        (Source(uuids=("urn:uuid:ab12",)), "uuid"),
        (Source(uuids=("cd34",), file="S:\\Stills\\Harbour.TIF"), "path"),
        (Source(file="/Volumes/other/stills/harbour.tif"), "path"),
        (Source(file="/Volumes/other/harbour.tif"), "name"),
        (Source(file="harbour.tif"), "name"),
        (Source(name="harbour.tif"), "name"),
        (Source(name="Harbour"), "name"),
        (Source(tape="a001", range=FrameRange(90, 120)), "tape"),
        (Source(tape="A001", range=FrameRange(200, 210)), None),
        (Source(tape="A001"), None),
        (Source(tape="A001", range=FrameRange(90, 95), rate=Rate(Fraction(25))), None),
        (Source(name="harbour 2"), None),
        (Source(), None),
    ],
)
def test_ways_to_recognise_a_file(source, way):
    medium = Medium("stills/harbour.tif", uuids=("ab12",), tape="A001", timecode=FrameRange(80, 200), rate=FILM)

    assert recognised(medium, source) == way


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (Source(file="/vol/shots/sh010.%04d.exr"), True),
        (Source(file="/vol/shots/sh010.[1001-1045].exr"), True),
        (Source(file="S:\\shots\\sh010.1001.exr"), True),
        (Source(name="sh010"), True),
        (Source(name="sh0"), False),
    ],
)
def test_ways_to_recognise_a_sequence(source, found):
    assert (recognised(Medium("shots/sh010.1001-1045#.exr"), source) is not None) is found


def test_numbers_of_single_files_are_part_of_their_names():
    placements = locate([Medium("a/IMG_0715.MOV"), Medium("a/IMG_0716.MOV")], cut(Source(name="IMG_0716.MOV")))

    assert [one.medium for one in placements.placed] == [1]


def test_accents_may_be_written_either_way():
    assert recognised(Medium("stills/cafe\u0301.tif"), Source(file="/vol/stills/caf\u00e9.tif")) == "path"


def test_rivals_are_counted_but_not_all_named():
    media = [Medium(f"{n}/a.mov") for n in range(100)]

    placements = locate(media, cut(Source(name="a")))

    assert len(placements.placed) == 16
    assert {one.rivals for one in placements.placed} == {99}
    assert placements.not_in_cut == ()


def test_what_is_on_neither_side_is_told():
    placements = locate([Medium("a.mov"), Medium("b.mov")], cut(Source(name="b.mov"), Source(name="c.mov"), Source(name="b")))

    assert [(one.medium, one.event) for one in placements.placed] == [(1, 0), (1, 2)]
    assert placements.not_in_cut == (0,)
    assert placements.missing == (1,)


def test_files_of_one_name_are_told_apart_by_folders_or_named_as_rivals():
    media = [Medium("day 1/a.mov"), Medium("day 2/a.mov")]

    known, unknown = cut(Source(file="/mnt/day 2/a.mov")), cut(Source(file="/mnt/day 3/a.mov"))

    assert locate(media, known).placed == (Placement(1, 0, RecognisedBy.PATH),)
    assert locate(media, unknown).placed == (
        Placement(0, 0, RecognisedBy.NAME, rivals=1),
        Placement(1, 0, RecognisedBy.NAME, rivals=1),
    )


def event(speed=1, rate=None, frames=48, shown=48) -> Event:
    source = Source(range=FrameRange(1000, 1000 + frames), rate=rate)
    return Event(TrackKind.VIDEO, "V", FrameRange(86400, 86400 + shown), source, "line 1", speed=Fraction(speed))


@pytest.mark.parametrize(
    ("given_event", "stretch", "expected"),
    [
        (event(), (1010, 1020), (86410, 86420)),
        (event(), (0, 1010), (86400, 86410)),
        (event(), (1040, 2000), (86440, 86448)),
        (event(), (0, 1000), None),
        (event(), (1048, 1050), None),
        (event(2, frames=96), (1010, 1020), (86405, 86410)),
        (event(2, frames=96), (1011, 1012), (86405, 86406)),
        (event(Fraction(1, 2), frames=24), (1010, 1011), (86420, 86422)),
        (event(-1), (1000, 1010), (86438, 86448)),
        (event(0, frames=1), (1000, 1001), (86400, 86448)),
        (event(rate=Rate(Fraction(48)), frames=96), (1010, 1020), (86405, 86410)),
    ],
)
def test_a_stretch_of_a_source_in_the_programme(given_event, stretch, expected):
    found = programme_range(given_event, FrameRange(*stretch), FILM)

    assert (found and (found.start, found.end)) == expected


def test_what_says_no_range_shows_nowhere():
    listed = Event(TrackKind.VIDEO, "V", None, Source(range=FrameRange(0, 10)), "line 1")
    unsaid = Event(TrackKind.VIDEO, "V", FrameRange(0, 10), Source(), "line 1")

    assert programme_range(listed, FrameRange(0, 10), FILM) is None
    assert programme_range(unsaid, FrameRange(0, 10), FILM) is None


@given(
    st.fractions(Fraction(-4), Fraction(4), max_denominator=8),
    st.integers(900, 1100),
    st.integers(1, 200),
    st.sampled_from([None, Rate(Fraction(25)), Rate(Fraction(30000, 1001))]),
)
def test_a_showing_lies_in_its_event(speed, start, duration, rate):
    shown = event(speed, rate)
    found = programme_range(shown, FrameRange(start, start + duration), FILM)

    if found:
        assert shown.programme
        assert shown.programme.start <= found.start < found.end <= shown.programme.end


def test_the_nearest_identity_decides():
    media = [Medium("a.mxf", uuids=("ff01", "aa00")), Medium("b.mxf", uuids=("ff02", "aa00"))]

    (placed,) = locate(media, cut(Source(uuids=("ff02", "aa00")))).placed

    assert (placed.medium, placed.rivals) == (1, 0)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (Source(uuids=("aa00",), file="/vol/day 2/a.mxf"), [1]),
        (Source(uuids=("aa00",), tape="A001", range=FrameRange(100, 110)), [0]),
        (Source(uuids=("aa00",), name="b"), [2]),
        (Source(uuids=("aa00",), name="c"), [0, 1, 2]),
    ],
)
def test_copies_of_one_identity_are_told_apart_by_another_way(source, found):
    frames = {"timecode": FrameRange(80, 200), "rate": FILM}
    media = [Medium("day 1/a.mxf", ("aa00",), "A001", **frames), Medium("day 2/a.mxf", ("aa00",)), Medium("b.mxf", ("aa00",))]

    placed = locate(media, cut(source)).placed

    assert [(one.medium, one.recognised_by.value) for one in placed] == [(number, "uuid") for number in found]


def test_a_reel_may_be_cut_to_eight_letters():
    medium = Medium("x.mov", tape="A002C006_141024_R2EC", timecode=FrameRange(80, 200), rate=FILM)

    assert recognised(medium, Source(tape="A002C006", range=FrameRange(90, 95))) == "tape"
    assert recognised(medium, Source(tape="A002C0", range=FrameRange(90, 95))) is None


def test_an_empty_identity_names_nothing():
    assert recognised(Medium("x.mov", uuids=("", "uuid:", "urn:uuid:")), Source(uuids=("", "urn:uuid:"))) is None
