"""When marks were lost, and when an original merely stands beside an edit of it."""

from dataclasses import replace

import pytest

from scanner.judge.examples import PHOTO, matched, moved
from scanner.judge.rules.ai_marks_lost import observe
from scanner.judge.subject import Copy, Surroundings
from scanner.model.judging import Zone
from scanner.model.marks import Confidence, Provenance
from scanner.model.matching import NearCopy, Relation, Role

GENERATED = NearCopy(0, "temp/a.png", Zone.TEMPORARY, Provenance.GENERATED, 4)
EDITED = replace(GENERATED, path="temp/wider.png", provenance=Provenance.EDITED)


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
