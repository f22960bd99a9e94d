from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from scanner.match.tracking import MISSED_SECONDS, Sighting, Track
from scanner.model.matching import Alignment, Match, Reference, Relation, Role, Segment
from scanner.model.moving import StartTimecode
from scanner.pipeline.clip_parts import LEAST_REACH, Clip, part_of_clip, settled
from tests.model.test_film_time import FILM

CLIP = Reference("marked-3:0", Role.AI, "temp/dune.mp4", "ab" * 32)
EIGHT_SECONDS = replace(FILM, start=Fraction(0), duration=Fraction(8), timecode=None)


def seen(times, points=None, coverage=0.9, shares=(1.0, 1.0)):
    """A track: film time → time of the clip's frame."""
    runs = []
    for at, (film, own) in enumerate(times.items()):
        inliers = (points or {}).get(film, 100 - at)
        alignment = Alignment((1.0, 0, 0, 0, 1, 0, 0, 0, 1), False, inliers, 200, *shares, coverage)
        match = Match(CLIP, Relation.DERIVED, "made/1", alignment=alignment, clip_time=Fraction(own))
        runs.append(Sighting(Fraction(film), match))
    best = max(runs, key=lambda one: one.match.inliers)
    return Track(runs[0].time, runs[-1].time, None, None, best, tuple(runs))


def segment(first, after):
    return Segment(Fraction(first), Fraction(after), "", "", Fraction(first), 1)


def part(times, first, after, clip=EIGHT_SECONDS):
    return part_of_clip(clip, seen(times), segment(first, after))


def test_at_its_own_speed_the_part_is_the_segment_set_back():
    told = part({40: "2", 41: "3", 42: "4"}, "39.5", "42.8")
    assert (told.first, told.after, told.best) == (Fraction(3, 2), Fraction(24, 5), 2)
    assert (told.tc_in, told.tc_out) == ("00:00:01:13", "00:00:04:20")


def test_one_frame_that_was_taken_for_another_does_not_matter():
    assert abs(part({40: "2", 41: "7", 42: "4.5"}, 40, 43).first - 2) <= Fraction(1, 2)


@pytest.mark.parametrize("times", [{40: 1, 41: 2, 42: 4, 43: 6, 44: 7}, {40: 7, 41: 5, 42: 4, 43: 2, 44: 1}])
def test_fast_or_backwards_it_is_what_lies_between_the_frames_seen(times):
    told = part(times, 40, 45)
    assert (told.first, told.after) == (1, 7)


def test_a_part_does_not_reach_beyond_the_clip():
    told = part({40: "0.5", 41: "1.5"}, 39, 60)
    assert (told.first, told.after) == (0, 8)


def test_a_clip_with_a_clock_of_its_own_is_told_by_it():
    clip = replace(EIGHT_SECONDS, start=Fraction(100), timecode=StartTimecode("02:00:00:00", Fraction(25), False))
    told = part({40: 102, 41: 103}, 40, 42, clip)
    assert (told.first, told.tc_in, told.tc_out) == (102, "02:00:02:00", "02:00:04:00")


def test_little_of_the_picture_in_common_is_no_more_than_likeness():
    both = [(segment(1, 2), seen({1: 1}, coverage=0.3).sightings), (segment(5, 6), seen({5: 1}, coverage=0.2).sightings)]
    best = both[0][1][0].match
    told = settled(both, best)
    assert (told.relation, len(told.segments)) == (Relation.SIMILAR, 2)
    whole = settled([*both, (segment(8, 9), seen({8: 1}, coverage=0.6).sightings)], best)
    assert (whole.relation, [one.first for one in whole.segments]) == (Relation.DERIVED, [8])


def test_a_clip_shown_small_and_a_crop_of_it_reach_far():
    for shares in ((0.1, 1.0), (1.0, 0.2)):
        told = seen({1: 1}, coverage=0.9, shares=shares).sightings
        assert settled([(segment(1, 2), told)], told[0].match).relation is Relation.DERIVED
    assert LEAST_REACH > 0.3 * 0.9


def test_a_sparse_clip_may_seem_gone_for_longer():
    assert Clip(FILM).missed_seconds == MISSED_SECONDS
    assert Clip(FILM, Fraction(30)).missed_seconds == 60
    assert Clip(FILM, Fraction(30)).is_sparse and not Clip(FILM).is_sparse
