"""Which reference is nearest, and how a match is said."""

from dataclasses import replace

import pytest

from scanner.judge.examples import matched
from scanner.judge.nearness import SOURCE_ROLES, as_near, near, sureness, tell
from scanner.model.marks import Confidence
from scanner.model.matching import Relation, Role


def test_nearest_first_and_equality_before_any_hash():
    same, zero, six = (matched(Role.AI, Relation.SAME), *(matched(Role.AI, Relation.SIMILAR, bits) for bits in (0, 6)))
    unmeasured = matched(Role.AI, Relation.CONTAINED)
    assert near((unmeasured, six, zero, same), Role.AI) == (same, zero, six, unmeasured)


def test_only_the_roles_asked_for():
    every = tuple(matched(role, Relation.SAME) for role in Role)
    assert {one.reference.role for one in near(every, *SOURCE_ROLES)} == {Role.OWNED, Role.LICENSED}


@pytest.mark.parametrize(("own", "ai", "ambiguous"), [(5, 6, True), (6, 6, True), (7, 6, False)])
def test_as_near_counts_bits(own, ai, ambiguous):
    pair = (matched(Role.OWNED, Relation.SIMILAR, own), matched(Role.AI, Relation.SIMILAR, ai))
    assert as_near(*pair) is ambiguous


def test_a_hash_of_distance_nought_is_not_as_near_as_equality():
    assert not as_near(matched(Role.OWNED, Relation.SIMILAR, 0), matched(Role.AI, Relation.SAME))


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("role", Role)
def test_every_match_can_be_said(relation, role):
    text = tell(replace(matched(role, relation, 3), frames="1003"))
    assert f"reference library/{role}_014.png in frame 1003" in text
    assert sureness(matched(role, relation)) is (Confidence.DEFINITIVE if relation is Relation.SAME else Confidence.STRONG)
