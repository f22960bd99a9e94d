"""Every row of the catalogue runs its own samples: what must fire, and what must stay silent under the whole catalogue."""

from __future__ import annotations

import pytest

from scanner.interpret.catalogue import MarkCatalogue
from scanner.interpret.row import Row, Sample
from scanner.model.marks import Mark, Meaning
from scanner.model.readings import Found, Reading, Statement

CATALOGUE = MarkCatalogue.load()
AI_MEANINGS = {Meaning.GENERATED, Meaning.COMPOSITE, Meaning.EDITED, Meaning.ENHANCED, Meaning.HISTORY}


def named(row: Row, number: int) -> str:
    return f"{row.id}-{number}"


def samples(kind: str, wanted: bool | None = None) -> list:
    return [
        pytest.param(row, sample, id=named(row, number))
        for row in CATALOGUE.rows
        if wanted is None or row.speaks is wanted
        for number, sample in enumerate(getattr(row, kind))
    ]


def marks_of(sample: Sample) -> tuple[Mark, ...]:
    said = ((sample.field, sample.value), *sample.others)
    statements = tuple(Statement(field, value) for field, value in said)
    return CATALOGUE.find_marks(Reading("exiftool", "13.59", Found(statements)))


@pytest.mark.parametrize(("row", "sample"), samples("tests", True))
def test_sample_fires(row, sample):
    fired = [mark for mark in marks_of(sample) if mark.id == row.id]
    assert len(fired) == 1, f"{row.id} gave {len(fired)} marks on {sample}"
    assert fired[0].meaning is (sample.meaning or row.meaning)
    assert fired[0].confidence is (sample.confidence or row.confidence)
    assert sample.generator is None or fired[0].generator == sample.generator
    assert fired[0].where == f"file, {sample.field}"


@pytest.mark.parametrize(("row", "sample"), samples("tests", False))
def test_vendor_sample_names_and_says_nothing(row, sample):
    assert not any(mark.id == row.id for mark in marks_of(sample))
    name = CATALOGUE.generator_of(sample.field, sample.value)
    assert name is not None
    assert name.name == (sample.generator or row.generator)


@pytest.mark.parametrize(("row", "sample"), samples("silent"))
def test_silent_sample_stays_silent(row, sample):
    marks = marks_of(sample)
    assert row.id not in {mark.id for mark in marks}
    if row.meaning is not Meaning.TRAP:
        return
    # Two traps are about what enhancement is mistaken for, so an enhancement mark is right there.
    allowed = {Meaning.ENHANCED} if row.id in ("trap-comfy-upscale-only", "trap-a1111-extras") else set()
    assert {mark.meaning for mark in marks} & (AI_MEANINGS - allowed) == set()


def test_every_row_has_samples():
    assert [row.id for row in CATALOGUE.rows if row.meaning is not Meaning.TRAP and not row.tests] == []
    assert [row.id for row in CATALOGUE.rows if row.meaning is Meaning.TRAP and not row.silent] == []


def test_no_trap_speaks():
    assert all(mark.meaning is not Meaning.TRAP for row in CATALOGUE.rows for sample in row.silent for mark in marks_of(sample))
