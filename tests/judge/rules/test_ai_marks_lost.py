"""When marks were lost, and when an original merely stands beside an edit of it."""

from dataclasses import replace

import pytest

from scanner.judge.examples import PHOTO, aligned, differing, matched, moved
from scanner.judge.rules.ai_marks_lost import observe
from scanner.judge.subject import Copy, Surroundings
from scanner.model.judging import Zone
from scanner.model.marks import Confidence, Provenance
from scanner.model.matching import NearCopy, Relation, Role

GENERATED = NearCopy(0, "temp/a.png", Zone.TEMPORARY, Provenance.GENERATED, 4)
EDITED = replace(GENERATED, path="temp/wider.png", provenance=Provenance.EDITED)
UNALTERED = differing(0.0)
OURS = replace(PHOTO, matches=(matched(Role.OWNED, Relation.SAME),))
IN_ARCHIVE = moved(PHOTO, Zone.ARCHIVAL)


def laid_over(copy, relation, points=100, alteration=None, **shares):
    alignment = aligned(Role.AI, relation, points, **shares).alignment
    return replace(copy, relation=relation, distance_bits=None, alignment=alignment, alteration=alteration)


def seen(subject, *copies, **around):
    return [
        (one.case, one.key, one.confidence) for one in observe(subject, Surroundings(near_copies={subject.key: copies}, **around))
    ]


@pytest.mark.parametrize(
    ("subject", "copy", "case"),
    [
        (PHOTO, EDITED, "similar"),
        (moved(PHOTO, Zone.ARCHIVAL), EDITED, "original"),
        (moved(PHOTO, Zone.ARCHIVAL), GENERATED, "similar"),
        (moved(PHOTO, Zone.ARCHIVAL), replace(EDITED, relation=Relation.SAME), "same"),
        (replace(PHOTO, provenance=Provenance.DECLARED_OTHER), EDITED, "original"),
        (replace(PHOTO, provenance=Provenance.DECLARED_OTHER), GENERATED, "similar"),
        (replace(PHOTO, matches=(matched(Role.OWNED, Relation.SAME),)), EDITED, "original"),
        (replace(PHOTO, matches=(matched(Role.OWNED, Relation.SAME),)), GENERATED, "ambiguous"),
        (replace(PHOTO, matches=(matched(Role.OWNED, Relation.SIMILAR, 5),)), GENERATED, "similar"),
        (replace(PHOTO, matches=(matched(Role.AI, Relation.SIMILAR, 1),)), GENERATED, "similar"),
    ],
)
def test_case(subject, copy, case):
    assert [one[0] for one in seen(subject, copy)] == [case]


@pytest.mark.parametrize(
    ("subject", "copy", "case"),
    [
        (PHOTO, laid_over(GENERATED, Relation.DERIVED), "derived"),
        (PHOTO, laid_over(replace(GENERATED, zone=Zone.FINAL), Relation.DERIVED), "derived"),
        (PHOTO, laid_over(GENERATED, Relation.CONTAINS, asset_share=0.2), "derived"),
        (PHOTO, laid_over(GENERATED, Relation.CONTAINED, reference_share=0.08), "derived"),
        (IN_ARCHIVE, laid_over(GENERATED, Relation.DERIVED), "derived"),
        (PHOTO, laid_over(GENERATED, Relation.ALTERED, alteration=differing(0.1)), "altered"),
        (OURS, laid_over(GENERATED, Relation.DERIVED), "ambiguous"),
        (OURS, replace(GENERATED, relation=Relation.SAME), "ambiguous"),
        (
            replace(PHOTO, matches=(aligned(Role.OWNED, Relation.DERIVED, 90),)),
            laid_over(GENERATED, Relation.DERIVED),
            "ambiguous",
        ),
        (replace(PHOTO, matches=(aligned(Role.OWNED, Relation.DERIVED, 50),)), laid_over(GENERATED, Relation.DERIVED), "derived"),
        (replace(PHOTO, matches=(aligned(Role.OWNED, Relation.ALTERED),)), laid_over(GENERATED, Relation.DERIVED), "derived"),
    ],
)
def test_case_by_relation(subject, copy, case):
    assert [(one[0], one[2]) for one in seen(subject, copy)] == [
        (case, Confidence.DEFINITIVE if copy.relation is Relation.SAME else Confidence.STRONG)
    ]


VERIFIED = replace(PHOTO, matches=(aligned(Role.OWNED, Relation.DERIVED, 90, alteration=UNALTERED),))


@pytest.mark.parametrize(
    ("subject", "copy", "case"),
    [
        # The original beside the edit is altered from it, not the reverse: known as ours, kept as archive, or nobody said so.
        (OURS, laid_over(EDITED, Relation.ALTERED, alteration=differing(0.1)), "original"),
        (VERIFIED, laid_over(EDITED, Relation.ALTERED, alteration=differing(0.1)), "original"),
        (IN_ARCHIVE, laid_over(EDITED, Relation.ALTERED, alteration=differing(0.1)), "original"),
        (PHOTO, laid_over(EDITED, Relation.ALTERED, alteration=differing(0.1)), "altered"),
        # A change too small to be seen, or the crop of a widened edit that the original is.
        (OURS, laid_over(EDITED, Relation.DERIVED, alteration=UNALTERED), "original"),
        (IN_ARCHIVE, laid_over(EDITED, Relation.DERIVED), "original"),
        (IN_ARCHIVE, laid_over(EDITED, Relation.DERIVED, reference_share=0.7, alteration=UNALTERED), "original"),
        (VERIFIED, laid_over(EDITED, Relation.DERIVED), "ambiguous"),
        (PHOTO, laid_over(EDITED, Relation.DERIVED), "edit"),
        (PHOTO, laid_over(replace(EDITED, provenance=Provenance.COMPOSITE), Relation.DERIVED), "edit"),
        # An archival folder does not vouch for what is known to show the whole edit.
        (IN_ARCHIVE, laid_over(EDITED, Relation.DERIVED, alteration=UNALTERED), "edit"),
    ],
)
def test_the_original_of_an_edit_is_not_held_for_the_edit(subject, copy, case):
    assert [one[0] for one in seen(subject, copy)] == [case]


def test_what_says_most_is_told_before_what_is_merely_alike():
    final = laid_over(replace(GENERATED, path="final/b.png", zone=Zone.FINAL), Relation.DERIVED)
    assert seen(PHOTO, GENERATED, final) == [("derived", "final/b.png", Confidence.STRONG)]


def test_a_loss_is_told_before_an_edit_that_is_nearer():
    subject = moved(PHOTO, Zone.ARCHIVAL)
    assert seen(subject, replace(EDITED, distance_bits=0), GENERATED) == [("similar", "temp/a.png", Confidence.STRONG)]


def test_equality_is_a_fact_and_a_hash_is_evidence():
    assert seen(PHOTO, replace(GENERATED, relation=Relation.SAME)) == [("same", "temp/a.png", Confidence.DEFINITIVE)]


@pytest.mark.parametrize("zone", [Zone.TEMPORARY, Zone.REFERENCE])
def test_silent_where_nothing_is_delivered(zone):
    assert seen(moved(PHOTO, zone), GENERATED) == []


def test_equal_bytes_outside_temporary_folders_are_told_here():
    copies = {"a" * 64: (Copy(0, "final/b.jpg", Zone.FINAL, Provenance.GENERATED),)}
    other = NearCopy(0, "final/b.jpg", Zone.FINAL, Provenance.GENERATED, 0, Relation.SAME)
    assert [one[0] for one in seen(PHOTO, other, copies=copies)] == ["same"]
