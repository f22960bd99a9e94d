from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.match.local_index import LocalIndex
from scanner.match.postings import build_postings
from scanner.model.matching import LocalFeatures
from tests.match.point_clouds import features

COUNT = 60
HELD = [features(COUNT, seed) for seed in range(30)]


def index_of(held, groups=None, cuts=()):
    edges = [0, *cuts, len(held)]
    segments = [build_postings(held[first:last]) for first, last in pairwise(edges)]
    return LocalIndex(segments, np.zeros(len(held), np.uint8) if groups is None else np.asarray(groups, np.uint8))


def test_a_picture_is_first_in_its_own_shortlist():
    index = index_of(HELD)
    for row in (0, 13, 29):
        best = index.shortlist(HELD[row], HELD[row].words, 5)[0]
        assert (best.row, best.votes) == (row, COUNT)


def test_nothing_is_listed_without_votes():
    index = index_of(HELD)
    stranger = features(COUNT, 99)
    assert index.shortlist(stranger, stranger.words, 5) == ()
    none = features(0, 1)
    assert index.shortlist(none, none.words, 5) == ()
    assert index_of([]).shortlist(HELD[0], HELD[0].words, 5) == ()


def test_one_group_never_crowds_out_another():
    # Thirty exact copies in one group, and in the other a picture that shares a third of the points.
    part = LocalFeatures("made/1", 480, 320, HELD[0].places[: 8 * 20], HELD[0].codes[: 16 * 20], HELD[0].words[: 4 * 20])
    listed = index_of([HELD[0]] * 30 + [part], [0] * 30 + [1]).shortlist(HELD[0], HELD[0].words, 3)
    assert listed[-1].row == 30
    assert listed[-1].votes == 20


def test_equal_votes_at_the_end_of_the_list_are_all_kept():
    listed = index_of([HELD[0]] * 7).shortlist(HELD[0], HELD[0].words, 3)
    assert len(listed) == 7


@settings(max_examples=15, deadline=None)
@given(st.sets(st.integers(1, 29), max_size=4))
def test_how_the_references_are_cut_into_segments_does_not_matter(cuts):
    whole, parts = index_of(HELD), index_of(HELD, cuts=sorted(cuts))
    for row in (3, 17):
        assert whole.shortlist(HELD[row], HELD[row].words, 5) == parts.shortlist(HELD[row], HELD[row].words, 5)


def test_segments_and_groups_must_agree():
    with pytest.raises(ValueError, match="group"):
        LocalIndex([build_postings(HELD)], np.zeros(3, np.uint8))
