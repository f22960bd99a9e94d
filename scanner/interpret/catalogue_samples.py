"""Tries the samples of a row: what must fire and what must stay silent, under the whole catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.interpret.catalogue_file import CatalogueFile
from scanner.interpret.row import Row, Sample
from scanner.model.errors import CatalogueError
from scanner.model.marks import Mark
from scanner.model.readings import Found, Reading, Statement

if TYPE_CHECKING:
    from scanner.interpret.catalogue import MarkCatalogue


def check_samples(catalogue: MarkCatalogue, file: CatalogueFile) -> None:
    """Try every sample of a file.

    Raises:
        CatalogueError: one does not hold; the message names the file, the line, the row and what came instead.
    """
    for row in file.rows:
        for kind, samples in (("tests", row.tests), ("silent", row.silent)):
            for number, sample in enumerate(samples, 1):
                if wrong := failure(catalogue, row, sample, fires=kind == "tests"):
                    raise CatalogueError(
                        f"mark {row.id!r}: sample {number} of {kind!r}: {wrong}",
                        where=file.where(row.id, kind, sample.value),
                        next_step="Correct the row or its sample",
                    )


def sample_marks(catalogue: MarkCatalogue, sample: Sample) -> tuple[Mark, ...]:
    """Return the marks of a file that says what `sample` says."""
    said = ((sample.field, sample.value), *sample.others)
    return catalogue.find_marks(Reading("exiftool", "", Found(tuple(Statement(field, value) for field, value in said))))


def failure(catalogue: MarkCatalogue, row: Row, sample: Sample, *, fires: bool) -> str:
    """Say why a sample does not hold, or nothing."""
    marks = sample_marks(catalogue, sample)
    mine = [mark for mark in marks if mark.id == row.id]
    if not fires or not row.speaks:
        name = catalogue.generator_of(sample.field, sample.value) if fires and row.vendor_only else None
        if mine:
            return "it fires and must not"
        return "it names no generator" if fires and row.vendor_only and name is None else ""
    if not mine:
        others = ", ".join(sorted({mark.id for mark in marks}))
        return f"it does not fire; these marks do: {others}" if others else "it does not fire"
    return _difference(mine[0], row, sample)


def _difference(mark: Mark, row: Row, sample: Sample) -> str:
    wanted = {
        "meaning": (mark.meaning.value, (sample.meaning or row.meaning).value),
        "confidence": (mark.confidence.value, (sample.confidence or row.confidence).value),
        "generator": (mark.generator, mark.generator if sample.generator is None else sample.generator),
    }
    wrong = [f"its {key} is {found!r} and must be {right!r}" for key, (found, right) in wanted.items() if found != right]
    return "; ".join(wrong)
