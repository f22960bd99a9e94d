"""Which readings a policy requires, and what becomes of those that a format cannot give."""

from dataclasses import replace

import pytest

from scanner.judge.examples import EXR, MOVIE, PHOTO
from scanner.judge.rules.media_not_read import observe
from scanner.judge.subject import Surroundings
from scanner.model.formats import MediaKind
from scanner.model.marks import Provenance
from scanner.model.readings import ReadingSummary

FOUND = ReadingSummary("exiftool", "found")


def cases(subject, **required):
    readings = {MediaKind(kind): readers for kind, readers in required.items()}
    around = Surroundings(required_readings=readings) if required else Surroundings()
    return [one.case for one in observe(subject, around)]


def read(*readings, **changes):
    return replace(PHOTO, readings=readings, **changes)


@pytest.mark.parametrize("reader", ["picture", "watermark"])
def test_an_extra_look_that_failed_counts_only_where_it_is_required(reader):
    subject = read(*PHOTO.readings, ReadingSummary(reader, "failed", "out of memory"), fingerprinted=False)
    assert cases(subject) == []
    assert cases(subject, still=("exiftool", reader)) == [""]


def test_a_plain_picture_counts_as_looked_at():
    flat = ReadingSummary("picture", "not-tried", "too plain to compare")
    assert cases(read(FOUND, flat), still=("exiftool", "picture")) == []
    assert cases(read(FOUND, flat, fingerprinted=False), still=("exiftool", "picture")) == ["no-reader"]


def test_kinds_are_required_apart():
    film = replace(PHOTO, format=MOVIE, readings=(FOUND, ReadingSummary("c2pa", "failed", "time-out")))
    assert cases(film, still=("exiftool", "c2pa"), video=("exiftool",)) == ["not-required"]
    assert cases(film, still=("exiftool",), video=("exiftool", "c2pa")) == [""]


def test_what_a_format_cannot_give_is_told_beside_nothing_else():
    still = read(FOUND, ReadingSummary("c2pa", "not-tried", "no reader"), format=EXR)
    assert cases(still) == ["no-reader"]
    assert cases(replace(still, readings=(*still.readings, ReadingSummary("probe", "failed", "short")))) == [""]


def test_nothing_left_to_read_is_no_loss():
    assert cases(read(*PHOTO.readings, ReadingSummary("residue", "not-tried", "nothing is known in JPEG"))) == []


def test_structure_counts_whatever_a_policy_requires():
    broken = read(FOUND, ReadingSummary("probe", "failed", "ends early"), provenance=Provenance.UNREADABLE)
    assert cases(broken, still=()) == [""]


def test_metadata_nobody_looked_for_is_a_loss_only_where_it_is_required():
    assert cases(read(ReadingSummary("c2pa", "not-found")), still=("exiftool", "c2pa")) == [""]
    assert cases(read(ReadingSummary("c2pa", "not-found")), still=("c2pa",)) == []


def test_unreadable_without_a_reason_still_counts():
    assert cases(read(*PHOTO.readings, provenance=Provenance.UNREADABLE), still=("exiftool",)) == [""]
