from __future__ import annotations

from dataclasses import replace

from scanner.model.cut import FrameRange
from scanner.model.in_cut import OnScreenInCut
from scanner.model.marks import Provenance
from scanner.model.matching import Role
from scanner.model.moving import FilmLook
from scanner.report.disclosure import on_screen as module
from tests.report.disclosure.disclosed import CUT, delivery, disclosed, poster, seen
from tests.report.filmed import EPISODE, copy_on_screen, film, on_screen, segment

SECOND = replace(CUT, file="reel2.edl")


def located(*in_cut, cuts=(CUT,)):
    (entry,) = disclosed(poster(in_cut=in_cut), cuts=cuts).entries
    return entry.on_screen


def test_the_cut_is_named_with_its_timecodes():
    assert located(seen(10, 14), seen(30, 31)).programme == ("reel1.edl: 01:00:10:00–01:00:14:00, 01:00:30:00–01:00:31:00",)


def test_one_stretch_on_two_tracks_is_told_once():
    assert located(seen(10, 14), seen(10, 14, track="V2")).programme == ("reel1.edl: 01:00:10:00–01:00:14:00",)


def test_each_cut_has_a_line():
    assert located(seen(10, 14), seen(1, 2, cut=1), cuts=(CUT, SECOND)).programme == (
        "reel1.edl: 01:00:10:00–01:00:14:00",
        "reel2.edl: 01:00:01:00–01:00:02:00",
    )


def test_what_may_be_another_file_of_that_name_is_told_so():
    assert located(seen(10, 14, among=3)).programme == ("reel1.edl: perhaps 01:00:10:00–01:00:14:00",)


def test_of_several_times_those_that_may_be_another_file_are_told_so():
    assert located(seen(10, 14), seen(30, 31, among=2)).programme == (
        "reel1.edl: 01:00:10:00–01:00:14:00, perhaps 01:00:30:00–01:00:31:00",
    )
    # What is sure of one track is sure.
    assert located(seen(10, 14, among=2), seen(10, 14, track="V2")).programme == ("reel1.edl: 01:00:10:00–01:00:14:00",)


def test_what_is_switched_off_is_told_so():
    (line,) = located(seen(10, 14, enabled=False)).programme
    assert line == "reel1.edl: in the timeline, but switched off (01:00:10:00–01:00:14:00)"
    assert located(seen(10, 14, enabled=False), seen(20, 21)).programme == ("reel1.edl: 01:00:20:00–01:00:21:00",)


def test_a_list_that_places_nothing_says_no_time():
    placeless = seen(0, 1, programme=None, tc_in="", tc_out="")
    assert located(placeless).programme == ("reel1.edl: at a time that the list does not say",)


def test_not_located_is_said_only_where_a_cut_was_looked_at():
    assert located().unknown == "not located in the cut"
    assert located(cuts=(CUT, SECOND)).unknown == "not located in any of the cuts"
    assert located(cuts=()).unknown == "no cut was given to the scan"
    assert located(seen(10, 14)).unknown == ""


def test_a_film_tells_what_it_shows_and_a_still_which_film_shows_it():
    told = {entry.file: entry.on_screen for entry in disclosed(*delivery()).entries}
    assert told["temp/idea.png"].films == ("shown in final/ep1.mov: 10:00:02:00–10:00:04:15, 10:00:20:00–10:00:21:00",)
    assert told["final/ep1.mov"].films == (
        # In time.
        "shows a crop of temp/idea.png: 10:00:02:00–10:00:04:15, 10:00:20:00–10:00:21:00",
        "shows a crop of the AI reference boards/dune.png: 10:00:30:00–10:00:31:00",
    )
    assert told["temp/other.png"].films == ()


def test_many_stretches_and_films_are_bounded(monkeypatch):
    monkeypatch.setattr(module, "TIMES", 2)
    monkeypatch.setattr(module, "PLACES", 1)
    matches = [on_screen(Role.AI, f"{name}.png", *(segment(at, at + 1) for at in range(5))) for name in "abc"]
    (entry,) = disclosed(film("final/ep1.mov", FilmLook(EPISODE, 61), *matches)).entries
    assert entry.on_screen.films == (
        "shows a crop of the AI reference a.png: 10:00:00:00–10:00:01:00, 10:00:01:00–10:00:02:00 and 3 more times",
        "and 2 more in scan.json",
    )


def test_a_copy_of_a_root_that_is_not_there_is_no_fault():
    odd = replace(copy_on_screen("temp/idea.png", segment(1, 2)), root=7)
    (entry,) = disclosed(film("final/ep1.mov", FilmLook(EPISODE, 61), odd), roots=("/a", "/b")).entries
    assert entry.on_screen.films == ("shows a crop of temp/idea.png: 10:00:01:00–10:00:02:00",)


def test_a_film_is_in_the_programme_with_what_it_shows():
    def programme(*times, **more):
        shown = replace(segment(30, 31), in_cut=times)
        one = film("final/ep1.mov", FilmLook(EPISODE, 61), on_screen(Role.AI, "boards/dune.png", shown))
        (entry,) = disclosed(replace(one, in_cut=(seen(0, 59),), **more), cuts=(CUT,)).entries
        return entry.on_screen

    time = OnScreenInCut(0, "V1", FrameRange(90_100, 90_125), "01:00:04:00", "01:00:05:00", exact=True)
    about = replace(time, tc_in="01:00:08:00", tc_out="01:00:09:00", programme=FrameRange(90_200, 90_225), exact=False)
    assert programme(about, time).programme == ("reel1.edl: 01:00:04:00–01:00:05:00, about 01:00:08:00–01:00:09:00",)
    assert (programme().programme, programme().unknown) == ((), "in the cut, but not with what was found in it")
    assert programme(provenance=Provenance.GENERATED).programme == ("reel1.edl: 01:00:00:00–01:00:59:00",)
