from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from scanner.model.matching import Alignment, Match, Reference, Relation, Role, Segment
from scanner.pipeline.point_matching import in_order, joined

IDENTITY = (1.0, 0, 0, 0, 1.0, 0, 0, 0, 1.0)


def match(name: str, relation: Relation = Relation.SIMILAR, bits: int | None = None, inliers: int = 0) -> Match:
    alignment = Alignment(IDENTITY, False, inliers, inliers + 5, 1.0, 1.0, 0.9) if inliers else None
    basis = "sift128/1" if inliers else "bytes" if relation is Relation.SAME else "phash64/imagehash-4.3"
    return Match(Reference(name, Role.OWNED, name, "0" * 64), relation, basis, bits, alignment=alignment)


def test_points_take_the_place_of_a_hash_and_keep_its_distance() -> None:
    told = joined([match("a", bits=6)], [match("a", Relation.DERIVED, inliers=40)])
    assert told == (replace(match("a", Relation.DERIVED, inliers=40), distance_bits=6),)


def test_equality_stays_and_what_a_hash_alone_knows_too() -> None:
    known = [match("a", Relation.SAME), match("b", bits=3)]
    assert joined(known, [match("a", Relation.DERIVED, inliers=90)]) == tuple(known)


def test_of_two_frames_the_one_with_more_points_is_told() -> None:
    first, second = match("a", Relation.DERIVED, inliers=20), match("a", Relation.CONTAINS, inliers=60)
    assert joined([first], [second]) == joined([second], [first]) == (second,)


def test_order_is_equality_points_bits_name() -> None:
    ordered = [
        match("z", Relation.SAME),
        match("c", Relation.DERIVED, inliers=60),
        match("b", Relation.ALTERED, inliers=20),
        match("d", bits=1),
        match("a", bits=5),
        match("e", bits=5),
    ]
    assert in_order(reversed(ordered)) == tuple(ordered)


def test_when_it_is_on_screen_is_kept_whatever_says_more_of_the_picture() -> None:
    times = (Segment(Fraction(1), Fraction(2), "", "", Fraction(1), 2),)
    through = replace(match("a", Relation.DERIVED, inliers=40), segments=times)
    for other in (match("a", Relation.SAME), match("a", Relation.DERIVED, inliers=60), match("a", bits=4)):
        assert [one.segments for one in joined([other], [through])] == [times]
        assert [one.segments for one in joined([through], [other])] == [times]
