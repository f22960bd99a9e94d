"""Which reference is nearest, and how a match is said."""

from dataclasses import replace

import pytest

from scanner.judge.examples import aligned, differing, matched
from scanner.judge.nearness import SOURCE_ROLES, as_near, is_verified, near, rival, sureness, tell, tell_copy
from scanner.model.judging import Zone
from scanner.model.marks import Confidence, Provenance
from scanner.model.matching import NearCopy, Relation, Role


def test_nearest_first_and_equality_before_any_hash():
    same, zero, six = (matched(Role.AI, Relation.SAME), *(matched(Role.AI, Relation.SIMILAR, bits) for bits in (0, 6)))
    unmeasured = matched(Role.AI, Relation.SIMILAR)
    assert near((unmeasured, six, zero, same), Role.AI) == (same, zero, six, unmeasured)


def test_order_by_relation_then_points_then_what_differs():
    same = matched(Role.AI, Relation.SAME)
    many, few = aligned(Role.AI, Relation.CONTAINS, 90), aligned(Role.AI, Relation.DERIVED, 40)
    little, much = (aligned(Role.AI, Relation.ALTERED, 400, alteration=differing(share)) for share in (0.04, 0.2))
    similar = matched(Role.AI, Relation.SIMILAR, 0)
    assert near((similar, much, few, little, same, many), Role.AI) == (same, many, few, little, much, similar)


def test_only_the_roles_asked_for():
    every = tuple(matched(role, Relation.SAME) for role in Role)
    assert {one.reference.role for one in near(every, *SOURCE_ROLES)} == {Role.OWNED, Role.LICENSED}


@pytest.mark.parametrize(("own", "ai", "ambiguous"), [(5, 6, True), (6, 6, True), (7, 6, False)])
def test_as_near_counts_bits(own, ai, ambiguous):
    pair = (matched(Role.OWNED, Relation.SIMILAR, own), matched(Role.AI, Relation.SIMILAR, ai))
    assert as_near(*pair) is ambiguous


def test_a_hash_of_distance_nought_is_not_as_near_as_equality():
    assert not as_near(matched(Role.OWNED, Relation.SIMILAR, 0), matched(Role.AI, Relation.SAME))


RANKS = ((Relation.SAME,), (Relation.DERIVED, Relation.CONTAINED), (Relation.ALTERED,), (Relation.SIMILAR,))


@pytest.mark.parametrize("source", range(len(RANKS)))
@pytest.mark.parametrize("ai", range(len(RANKS)))
def test_as_near_goes_by_the_relation_before_any_figure(source, ai):
    if source != ai:
        for one in RANKS[source]:
            for other in RANKS[ai]:
                assert as_near(aligned(Role.OWNED, one, 9), aligned(Role.AI, other, 9)) is (source < ai)


@pytest.mark.parametrize(("own", "ai", "as_many"), [(100, 100, True), (90, 100, True), (89, 100, False), (200, 100, True)])
def test_as_near_counts_points_with_some_tolerance(own, ai, as_many):
    assert as_near(aligned(Role.OWNED, Relation.DERIVED, own), aligned(Role.AI, Relation.DERIVED, ai)) is as_many


@pytest.mark.parametrize(("own", "ai", "less"), [(0.05, 0.2, True), (0.2, 0.2, True), (0.2, 0.05, False)])
def test_as_near_compares_what_differs(own, ai, less):
    pair = (aligned(role, Relation.ALTERED, alteration=differing(share)) for role, share in ((Role.OWNED, own), (Role.AI, ai)))
    assert as_near(*pair) is less


def test_a_source_beside_the_ai_picture_explains_nothing_of_it():
    right = (0.5, 0.0, 0.5, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    beside = aligned(Role.OWNED, Relation.CONTAINS, 300, asset_share=0.5)
    beside = replace(beside, alignment=replace(beside.alignment, matrix=right))
    ai = aligned(Role.AI, Relation.CONTAINS, 30, asset_share=0.25)
    assert not as_near(beside, ai)
    assert as_near(aligned(Role.OWNED, Relation.CONTAINS, 300, asset_share=0.36), ai)
    assert as_near(aligned(Role.OWNED, Relation.DERIVED, 300), ai)
    assert not as_near(aligned(Role.OWNED, Relation.CONTAINS, 300, asset_share=0.25), aligned(Role.AI, Relation.DERIVED, 30))
    assert not as_near(aligned(Role.OWNED, Relation.CONTAINS, 300, asset_share=0.25), matched(Role.AI, Relation.SIMILAR, 4))


def test_the_rival_is_the_nearest_source_in_the_right_place():
    ai = aligned(Role.AI, Relation.DERIVED, 100)
    inset, whole = aligned(Role.LICENSED, Relation.CONTAINS, 400, asset_share=0.1), aligned(Role.OWNED, Relation.DERIVED, 90)
    assert rival(ai, (ai, inset, whole)) == whole
    assert rival(ai, (ai, inset)) is None
    assert rival(ai, (ai, aligned(Role.RESTRICTED, Relation.SAME))) is None


@pytest.mark.parametrize("relation", Relation)
def test_verified_is_what_was_laid_over_and_found_unaltered(relation):
    laid_over = aligned(Role.OWNED, relation, alteration=differing(0.0, overlays=("logo",)))
    held = (Relation.SAME, Relation.DERIVED, Relation.CONTAINS, Relation.CONTAINED)
    assert is_verified(laid_over) is (relation in held)
    assert is_verified(replace(laid_over, alteration=None)) is (relation is Relation.SAME)


@pytest.mark.parametrize(
    ("match", "text"),
    [
        (aligned(Role.AI, Relation.DERIVED, 41), "is derived from the AI reference library/ai_014.png (41 matching points)"),
        (
            aligned(Role.AI, Relation.DERIVED, 41, reference_share=0.5, mirrored=True),
            "is a crop of the AI reference library/ai_014.png (mirrored, shows 50 % of it, 41 matching points)",
        ),
        (
            aligned(Role.OWNED, Relation.DERIVED, 41, alteration=differing(0.0, overlays=("timecode", "logo", "logo"))),
            "is derived from the owned reference library/owned_014.png (41 matching points, a timecode and a logo laid over it)",
        ),
        (
            matched(Role.AI, Relation.DERIVED, 3),
            "is derived from the AI reference library/ai_014.png (3 bits apart)",
        ),
        (matched(Role.AI, Relation.ALTERED), "differs in a region from the AI reference library/ai_014.png"),
    ],
)
def test_a_match_in_words(match, text):
    assert tell(match) == text


def test_a_near_copy_in_words():
    copy = NearCopy(0, "temp/a.png", Zone.TEMPORARY, Provenance.GENERATED, 4)
    assert tell_copy(copy) == "is similar to temp/a.png (4 bits apart)"
    assert tell_copy(replace(copy, relation=Relation.SAME)) == "shows the same picture as temp/a.png"
    inset = aligned(Role.AI, Relation.CONTAINS, 34, asset_share=0.4).alignment
    inset = replace(copy, relation=Relation.CONTAINS, distance_bits=None, alignment=inset)
    assert tell_copy(inset) == "contains temp/a.png (fills 40 % of the picture, 34 matching points)"


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("role", Role)
def test_every_match_can_be_said(relation, role):
    text = tell(replace(matched(role, relation, 3), frames="1003"))
    assert f"reference library/{role}_014.png in frame 1003" in text
    assert sureness(matched(role, relation)) is (Confidence.DEFINITIVE if relation is Relation.SAME else Confidence.STRONG)
