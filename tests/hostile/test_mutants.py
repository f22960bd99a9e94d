"""A short run of the mutation benchmark: nothing crashes, nothing damaged passes, no intact mark is overlooked."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator

import pytest

from benchmarks.mutants import Trials, find_originals, violations_among
from benchmarks.mutation.carriers import find_carriers, find_intact
from benchmarks.mutation.changes import CHANGES, mutate
from benchmarks.mutation.units import units
from scanner.model.marks import Confidence, Mark, Meaning
from tests.read.residue_samples import jpeg, png, png_chunk, segment

COUNT, SEED = 300, 7
VALUE = "a pier, Steps: 20, Sampler: Euler a"
MARK = Mark("a1111-png", Meaning.GENERATED, Confidence.DEFINITIVE, "", "file, PNG:Parameters", VALUE, "exiftool", "13")
CONTENT = png(png_chunk(b"tEXt", b"Title\0none"), png_chunk(b"tEXt", b"parameters\0" + VALUE.encode()))


@pytest.fixture
def trials() -> Iterator[Trials]:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    opened = Trials(SEED)
    yield opened
    opened.close()


def test_no_mutant_of_the_fixtures_passes_wrongly(trials: Trials) -> None:
    paths = find_originals(None)

    done = [trials.attempt(number, paths) for number in range(COUNT)]

    assert len({trial.change for trial in done}) == len(CHANGES)
    assert violations_among(done) == ()


def test_one_number_is_one_mutant() -> None:
    first, second = (mutate(CONTENT, random.Random("7/1")) for _ in range(2))
    assert first == second
    assert first[1] != CONTENT


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        (CONTENT, ["IHDR", "tEXt", "tEXt", "IDAT", "IEND"]),
        (jpeg(segment(0xE4, b"AIGC{}")), ["e4", "e0"]),
    ],
)
def test_units_are_walked(content: bytes, kinds: list[str]) -> None:
    assert [unit.kind for unit in units(content)][: len(kinds)] == kinds


def test_a_mark_is_intact_where_its_chunk_is_reached() -> None:
    carriers = find_carriers(CONTENT, (MARK,))
    title, parameters = units(CONTENT)[1:3]

    assert find_intact(carriers, CONTENT, CONTENT[: title.start] + CONTENT[title.end :]) == MARK.id
    assert find_intact(carriers, CONTENT, CONTENT[: parameters.start] + CONTENT[parameters.end :]) is None
    assert find_intact(carriers, CONTENT, CONTENT[: parameters.end - 1]) is None
    assert find_intact(carriers, CONTENT, CONTENT[: title.start] + b"????" + CONTENT[title.start :]) is None
