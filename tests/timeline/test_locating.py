from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.cut import Cut, Event, FrameRange, Source, TrackKind
from scanner.model.in_cut import APPEARANCES_LIMIT, MISSING_LIMIT, MatchedBy
from scanner.model.timecode import Rate
from scanner.timeline.locating import Media, locate

RATE = Rate(Fraction(25))
PICTURE = frozenset({TrackKind.VIDEO})
HOUR = 90_000


def media(*paths, kinds=PICTURE):
    return [Media(index, path, kinds, is_sequence="#" in path) for index, path in enumerate(paths)]


def event(start=HOUR, end=HOUR + 100, kind=TrackKind.VIDEO, **source):
    placed = None if start is None else FrameRange(start, end)
    return Event(kind, "V1", placed, Source(**source), "line 7")


def cut_of(*events):
    return Cut("/edit/reel1.edl", "EDL", "Reel 1", RATE, events)


def found(one, *paths):
    """The media that the event shows, and by what."""
    located = locate(cut_of(one), media(*paths))
    return {(paths[index], seen.by) for index, some in located.appearances.items() for seen in some}


def test_an_event_is_told_with_its_timecodes_and_where_it_stands():
    located = locate(cut_of(event(name="still.jpg")), media("Stills/still.jpg"), 3)
    (seen,) = located.appearances[0]
    assert (seen.tc_in, seen.tc_out) == ("01:00:00:00", "01:00:04:00")
    assert (seen.cut, seen.track, seen.place, seen.by, seen.among) == (3, "V1", "line 7", MatchedBy.NAME, 1)
    assert located.events == 1
    assert located.missing == ()


def test_a_path_of_another_machine_fits_from_its_end():
    source = r"D:\Projects\Doc\Stills\Archive\0001.jpg"
    assert found(event(file=source), "Archive/0001.jpg", "AI/0001.jpg") == {("Archive/0001.jpg", MatchedBy.PATH)}
    assert found(event(file="/Volumes/x/ai/0001.JPG"), "Archive/0001.jpg", "AI/0001.jpg") == {("AI/0001.jpg", MatchedBy.PATH)}


def test_the_longest_common_path_is_the_one():
    paths = "reel1/stills/a.jpg", "reel2/stills/a.jpg"
    assert found(event(file="/edit/reel2/stills/a.jpg"), *paths) == {("reel2/stills/a.jpg", MatchedBy.PATH)}


def test_a_name_that_two_bear_is_told_of_both_as_open():
    located = locate(cut_of(event(name="a.jpg")), media("x/a.jpg", "y/a.jpg"))
    assert sorted(located.appearances) == [0, 1]
    assert {seen.among for some in located.appearances.values() for seen in some} == {2}


@pytest.mark.parametrize(
    ("source", "path", "by"),
    [
        ({"name": "STILL_04.TIF"}, "a/still_04.tif", MatchedBy.NAME),
        ({"name": "Café.jpg"}, "a/Cafe\u0301.jpg", MatchedBy.NAME),
        ({"file": "x/still.mov"}, "a/still.tif", MatchedBy.STEM),
        ({"name": "still"}, "a/still.tif", MatchedBy.STEM),
        ({"tape": "STILL04"}, "a/still04.tif", MatchedBy.TAPE),
        ({"name": "Map of Berlin", "file": "maps/berlin.png"}, "Graphics/berlin.png", MatchedBy.NAME),
    ],
)
def test_ways_to_be_called(source, path, by):
    assert found(event(**source), path) == {(path, by)}


@pytest.mark.parametrize(
    "name",
    ["shot.1001.exr", "shot.[1001-1045].exr", "shot.%04d.exr", "shot.####.exr", "shot.1001-1045#.exr", "SHOT.1020.EXR"],
)
def test_a_sequence_by_any_spelling_of_its_frames(name):
    assert found(event(file=name), "vfx/shot.1001-1045#.exr", "vfx/shot.exr") == {("vfx/shot.1001-1045#.exr", MatchedBy.NAME)}


def test_a_sequence_in_its_folder():
    paths = "v1/shot.1001-1045#.exr", "v2/shot.1001-1045#.exr"
    assert found(event(file="/job/v2/shot.1001.exr"), *paths) == {("v2/shot.1001-1045#.exr", MatchedBy.PATH)}


@pytest.mark.parametrize("tape", ["AX", "bl", "BLACK", ""])
def test_what_stands_for_no_tape_is_no_name(tape):
    located = locate(cut_of(event(tape=tape)), media("ax.jpg", "bl.jpg", "black.jpg"))
    assert not located.appearances
    assert located.missing_total == 0


def test_a_sound_is_not_seen_on_a_picture_track():
    sound = media("mix.wav", kinds=frozenset({TrackKind.AUDIO}))
    assert not locate(cut_of(event(name="mix.wav")), sound).appearances
    assert locate(cut_of(event(name="mix.wav", kind=TrackKind.AUDIO)), sound).appearances


def test_what_is_missing_is_told_once_with_its_first_time():
    located = locate(
        cut_of(event(name="gone.jpg", start=HOUR + 50, end=HOUR + 75), event(name="GONE.jpg"), event(name="here.jpg")),
        media("here.jpg"),
    )
    (missing,) = located.missing
    assert (missing.name, missing.events, missing.tc_in) == ("gone.jpg", 2, "01:00:02:00")
    assert (located.events, located.missing_total) == (1, 1)


def test_a_list_without_places_still_says_what_is_used():
    (seen,) = locate(cut_of(event(start=None, name="a.jpg")), media("a.jpg")).appearances[0]
    assert (seen.tc_in, seen.tc_out, seen.programme) == ("", "", None)


def test_what_repeats_without_end_is_bounded_and_counted():
    many = [event(name="loop.mov") for _ in range(APPEARANCES_LIMIT + 5)]
    gone = [event(name=f"gone{number}x.mov") for number in range(MISSING_LIMIT + 5)]
    located = locate(cut_of(*many, *gone), media("loop.mov"))
    assert len(located.appearances[0]) == APPEARANCES_LIMIT
    assert located.cut_short == 1
    assert located.events == APPEARANCES_LIMIT + 5
    assert len(located.missing) == MISSING_LIMIT
    assert located.missing_total == MISSING_LIMIT + 5


_NAMES = st.text(st.characters(codec="utf-8"), max_size=12)


@given(_NAMES, _NAMES, _NAMES, st.lists(st.text("ab./#1-", min_size=1, max_size=8), max_size=4))
def test_any_name_is_located_or_missing_or_names_nothing(name, file, tape, paths):
    located = locate(cut_of(event(name=name, file=file, tape=tape)), media(*paths))
    assert located.events + located.missing_total <= 1
    assert bool(located.appearances) == bool(located.events)


@given(st.sampled_from(["a/b/c.jpg", "b/c.jpg", "c.jpg", "x/c.jpg"]), st.permutations(["a/b/c.jpg", "d/b/c.jpg", "x/c.jpg"]))
def test_the_order_of_the_delivery_changes_nothing(file, paths):
    assert found(event(file=file), *paths) == found(event(file=file), *sorted(paths))
