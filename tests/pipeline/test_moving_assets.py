"""Sequences as things with frames in time: their parts, their clock, what is told of where something is on screen."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from scanner.match.tracking import Sighting, Track
from scanner.model.assets import FileEntry
from scanner.model.judging import Zone, ZoneChoice
from scanner.model.matching import Fingerprint, LocalFeatures, Match, NumberedFrames, Reference, Relation, Role
from scanner.model.readings import ReadingSummary
from scanner.model.timecode import Rate, format_timecode
from scanner.model.work import EdgeFound
from scanner.pipeline.gather import gather
from scanner.pipeline.moving_assets import moving_among, sequence_of
from tests.pipeline.conftest import asset, examined

STILL = Match(Reference("still", Role.AI, "temp/still.png", "ab" * 32), Relation.DERIVED, "sift128/1")
POINTS = LocalFeatures("made/1", 480, 320, b"", b"", b"")
PRINT = Fingerprint("phash64/1", "00" * 8, 480, 270, False)
BROKEN = (ReadingSummary("probe", "failed", "it ends too early"),)


def read(numbers, *, rate=None, timecodes=(), zone=Zone.FINAL, fingerprint=PRINT, **more):
    """A sequence, read, with what the headers of its frames say."""
    numbers = tuple(numbers)
    one = replace(
        asset("final/sh/a.#.exr", frames=1),
        files=tuple(FileEntry(f"final/sh/a.{number:04}.exr", 1_000_000) for number in numbers),
        frames=numbers,
        zone=ZoneChoice(zone, "test"),
    )
    told = [*timecodes, *[""] * (len(numbers) - len(timecodes))]
    frames = [examined(format_name="exr", frame_rate=rate, timecode=text, fingerprint=fingerprint, **more) for text in told]
    return gather(one, frames, [])


def sequence(numbers, frames_per_second=None, **headers):
    return sequence_of(read(numbers, **headers), "/drive/final/sh", frames_per_second)


def seen(first, last, before, after, rate=24, start=1001):
    """A track by frame numbers."""
    times = [None if number is None else Fraction(number - start, rate) for number in (first, last, before, after)]
    return Track(*times, Sighting(times[0], STILL), (Sighting(times[0], STILL),) * 3)


def spans_of(held):
    """Where the stretches of a sequence lie."""
    stretches = held.stretches()
    return [stretches.place(number) for number in stretches.following()]


def running(start, count, rate):
    """Timecodes of frames that follow each other."""
    return [format_timecode(start + at, rate) for at in range(count)]


def test_ten_thousand_frames_are_several_tasks_that_hold_every_file():
    held = sequence(range(1001, 11_001), rate=Fraction(24))
    tasks = [held.film_task(key, stretch) for key, stretch in enumerate(spans_of(held))]
    assert len(tasks) == 14
    assert {name for task in tasks for name in task.files.names} == set(held.names)
    assert all(len(task.files.names) <= 721 for task in tasks)
    # The first file of the next one is the last of each.
    assert all(one.files.names[-1] == other.files.names[0] for one, other in pairwise(tasks))
    assert tasks[0].begin is None
    assert tasks[-1].end is None
    assert tasks[0].path == "/drive/final/sh/a.1001.exr"


def test_a_stretch_in_which_every_frame_is_missing_is_no_task():
    held = sequence([*range(1, 2401), *range(4801, 7201)], rate=Fraction(24))
    assert len(spans_of(held)) == 8


def test_the_rate_is_that_of_most_headers_else_the_one_given_else_none():
    assert sequence(range(8), Fraction(30), rate=Fraction(25)).description.rate == 25
    assert sequence(range(8), Fraction(30)).description.rate == 30
    unknown = sequence(range(48))
    assert unknown.description.rate is None
    assert unknown.rate == 24
    assert unknown.description.duration == 2


def test_ends_that_were_found_are_told_in_frames_and_in_the_frames_own_timecode():
    held = sequence(range(1001, 1101), rate=Fraction(24), timecodes=running(36_000 * 24, 100, Rate(Fraction(24))))
    at = [Fraction(number, 24) for number in (29, 30, 74, 75)]
    told = held.segment(seen(1049, 1073, 1025, 1097), EdgeFound(0, at[1], at[0]), EdgeFound(1, at[2], at[3]))
    assert told.numbers == NumberedFrames(1031, 1075, 1049)
    assert (told.tc_in, told.tc_out) == ("10:00:01:06", "10:00:03:03")
    assert (told.first, told.after, told.exact) == (Fraction(30, 24), Fraction(75, 24), True)


def test_ends_that_were_not_found_go_as_far_as_the_frame_before_the_one_that_lacks_it():
    told = sequence(range(1001, 1101), rate=Fraction(24)).segment(seen(1049, 1073, 1025, 1097), None, None)
    assert told.numbers == NumberedFrames(1049, 1096, 1049)
    assert not told.exact
    # Counted from its first frame: no header says more.
    assert (told.tc_in, told.tc_out) == ("00:00:02:00", "00:00:04:00")


def test_it_stands_to_the_end_and_the_out_point_is_one_frame_after_it():
    held = sequence(range(1001, 1101), rate=Fraction(24), timecodes=running(0, 100, Rate(Fraction(24))))
    rise = EdgeFound(0, Fraction(47, 24), Fraction(46, 24))
    told = held.segment(seen(1049, 1100, 1025, None), rise, None)
    assert told.numbers == NumberedFrames(1048, 1100, 1049)
    assert (told.tc_out, told.after, told.exact) == ("00:00:04:04", Fraction(100, 24), True)
    # The last frames do not decode: nothing says that they show it.
    assert not held.segment(seen(1049, 1097, 1025, None), rise, None).exact
    assert not held.segment(seen(1005, 1049, None, 1073), None, EdgeFound(0, Fraction(60, 24), Fraction(61, 24))).exact


def test_a_gap_after_the_last_frame_is_not_counted_as_showing_it():
    held = sequence([*range(1001, 1050), *range(1060, 1100)], rate=Fraction(24))
    fall = EdgeFound(0, Fraction(48, 24), Fraction(59, 24))
    told = held.segment(seen(1025, 1049, 1001, 1060), EdgeFound(1, Fraction(24, 24), Fraction(23, 24)), fall)
    assert told.numbers == NumberedFrames(1025, 1049, 1025)
    assert told.tc_out == "00:00:02:01"


def test_without_a_rate_frames_are_told_and_no_timecode():
    for timecodes in ((), running(0, 100, Rate(Fraction(24)))):
        told = sequence(range(1001, 1101), timecodes=timecodes).segment(seen(1025, 1049, 1001, 1073), None, None)
        assert told.numbers == NumberedFrames(1025, 1072, 1025)
        assert (told.tc_in, told.tc_out) == ("", "")


def test_the_same_timecode_in_every_frame_is_not_believed():
    held = sequence(range(1001, 1101), rate=Fraction(25), timecodes=["00:00:00:00"] * 100)
    assert held.description.timecode is None
    assert held.timecodes == ()


def test_drop_frame_where_the_header_says_so():
    rate = Rate(Fraction(30_000, 1001), drop_frame=True)
    held = sequence(range(1001, 1101), rate=rate.frames_per_second, timecodes=running(1790, 100, rate))
    told = held.segment(seen(1005, 1010, None, 1011, held.rate), None, None)
    assert (told.tc_in, told.tc_out) == ("00:00:59;24", "00:01:00;02")


def test_timecode_that_cannot_be_at_the_rate_is_not_told():
    held = sequence(range(1001, 1101), rate=Fraction(24), timecodes=running(0, 100, Rate(Fraction(30))))
    told = held.segment(seen(1029, 1030, None, 1031), None, None)
    assert (told.tc_in, told.tc_out) == ("", "")


def test_the_task_for_an_end_has_the_files_between_two_frames_and_no_others():
    held = sequence([*range(1001, 1030), *range(1035, 1101)], rate=Fraction(24))
    task = held.edge_task(3, Fraction(48, 24), Fraction(24, 24), POINTS, mirrored=True)
    assert task.files.names == tuple(f"a.{number}.exr" for number in (*range(1025, 1030), *range(1035, 1050)))
    assert (task.key, task.mirrored, task.shows, task.lacks) == (3, True, 2, 1)


def test_frames_that_do_not_decode_are_named():
    held = sequence(range(1001, 1101), rate=Fraction(24))
    assert held.told_lost([]) == ""
    assert held.told_lost([Fraction(4, 24)]) == "frame 1005 does not decode; the others were looked through"
    lost = [Fraction(number, 24) for number in (4, 5, 9)]
    assert held.told_lost(lost) == "frames 1005-1006,1010 do not decode; the others were looked through"
    assert len(held.told_lost(Fraction(number, 24) for number in range(0, 100, 2))) < 200


@pytest.mark.parametrize("zone", [Zone.TEMPORARY, Zone.REFERENCE])
def test_what_is_not_delivered_is_not_looked_through(zone):
    assert moving_among([read(range(8)), read(range(8), zone=zone)]) == (0,)


def test_a_sequence_of_which_a_frame_cannot_be_read_is_looked_through():
    good, bad = (read(range(8), fingerprint=PRINT), read(range(8), fingerprint=None))
    unreadable = gather(good.asset, [examined(format_name="exr", readings=BROKEN), *(one for _, one in good.frames[1:])], [])
    assert moving_among([unreadable]) == (0,)
    assert moving_among([bad]) == ()
