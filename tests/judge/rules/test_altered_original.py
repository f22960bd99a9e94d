"""Which original an asset was altered from, and when another one explains it."""

from dataclasses import replace

import pytest

from scanner.judge.examples import PHOTO, aligned, bound, differing, matched
from scanner.judge.rule import ALONE
from scanner.judge.rules.altered_original import observe
from scanner.model.marks import Confidence
from scanner.model.matching import Relation, Role

REGION = differing(0.06, (0.1, 0.1, 0.3, 0.3))
ALTERED = aligned(Role.OWNED, Relation.ALTERED, alteration=REGION)


def seen(*matches):
    return [(one.case, one.key) for one in observe(replace(PHOTO, matches=matches), ALONE)]


@pytest.mark.parametrize("relation", [relation for relation in Relation if relation is not Relation.ALTERED])
@pytest.mark.parametrize("role", Role)
def test_only_an_altered_source_is_told(role, relation):
    assert seen(aligned(role, relation, alteration=differing(0.0, overlays=("logo",)))) == []


def test_the_roles_that_are_ours_to_show():
    told = [role for role in Role if seen(aligned(role, Relation.ALTERED, alteration=REGION))]
    assert told == [Role.OWNED, Role.LICENSED]


def test_terms_are_told_before_a_nearer_reference_without_any():
    terms = bound(aligned(Role.LICENSED, Relation.ALTERED, 9, alteration=differing(0.3)))
    assert seen(ALTERED, terms) == [("terms", "licensed-1")]


@pytest.mark.parametrize(
    ("other", "case"),
    [
        (matched(Role.LICENSED, Relation.SAME), "explained"),
        (aligned(Role.LICENSED, Relation.DERIVED, alteration=differing(0.0)), "explained"),
        (aligned(Role.LICENSED, Relation.DERIVED), ""),
        (aligned(Role.LICENSED, Relation.CONTAINS, asset_share=0.3, alteration=differing(0.0)), ""),
        (matched(Role.LICENSED, Relation.SIMILAR, 0), ""),
        (matched(Role.AI, Relation.SAME), ""),
    ],
)
def test_only_a_source_known_to_show_all_of_it_explains_the_difference(other, case):
    assert seen(ALTERED, other) == [(case, "owned-1")]


def test_terms_do_not_count_where_another_take_of_ours_is_shown():
    assert seen(bound(ALTERED), matched(Role.LICENSED, Relation.SAME)) == [("explained", "owned-1")]


def test_points_that_agree_are_strong_evidence_and_no_fact():
    (one,) = observe(replace(PHOTO, matches=(ALTERED,)), ALONE)
    assert one.confidence is Confidence.STRONG
