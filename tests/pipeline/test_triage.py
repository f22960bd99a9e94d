"""What ExifTool was not asked about is told as if it had been: fixtures, the real corpus, and a slice of the mutants."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.mutation.planting import PLANTS, plant, samples_of
from benchmarks.triage import FIXTURES, Pair, Trials, find_originals, production_sound, taken
from scanner.interpret.catalogue import MarkCatalogue
from scanner.model.work import ExamineTask
from scanner.pipeline.examine import Examiner
from scanner.pipeline.facts import is_fact
from scanner.pipeline.settings import WorkerSettings
from tests.read.plain.samples import camera_jpeg, exif, jpeg_with
from tests.read.residue_samples import LABEL, png, png_chunk, segment

CORPUS = FIXTURES.parents[1] / "shared" / "corpus"
SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".wav", ".webp")
OWN_ROW = """
[[mark]]
id = "own-{number}"
title = "Ours"
meaning = "generated"
confidence = "strong"
fields = ["{field}"]
present = true
why = "We say so"
cannot_show = "Nothing else"
source = "us"
tests = [{{ field = "{sample}", value = "x" }}]
"""


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    opened = Pair()
    yield opened
    opened.close()


@pytest.mark.parametrize("folder", [FIXTURES, CORPUS / "dev", CORPUS / "photos"], ids=lambda folder: folder.name)
def test_asking_exiftool_changes_nothing_that_is_told(folder: Path, pair: Pair) -> None:
    files = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES]
    if not files:
        pytest.skip("not on this machine")
    counts: Counter[str] = Counter()
    for path in files:
        said, differences = pair.compare(path)
        counts[taken(said)] += 1
        assert differences == (), path
    assert counts["bare"]
    assert counts["plain"] or folder.name == "photos"


def test_a_slice_of_the_mutants_is_told_alike() -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    trials = Trials(7, find_originals(None))
    try:
        done = [trials.attempt(number) for number in range(250)]
    finally:
        trials.close()
    assert {one.taken for one in done} >= {"asked", "plain"}
    assert [one for one in done if one.differences] == []
    # No fixture has a maker note: the benchmark's originals of the corpus do.
    assert {part for one in done for part in one.change.split(" and ")} >= {*PLANTS} - {"mark in a maker note"}


def test_a_broadcast_wave_is_plain_and_told_alike(pair: Pair, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(production_sound())
    said, differences = pair.compare(path)
    assert (taken(said), said.format.name, differences) == ("plain", "bwf", ())


def test_one_number_is_one_planted_mutant() -> None:
    samples, content = samples_of(MarkCatalogue.load()), camera_jpeg(note=bytes(200))
    drawn = [[plant(content, samples, random.Random(f"7/{number}")) for number in range(60)] for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert all(changed != content for _, changed in drawn[0])
    assert {name for name, _ in drawn[0]} == {*PLANTS} - {"mark in a RIFF chunk"}


def examine(folder: Path, content: bytes, settings: WorkerSettings, **task: object) -> str:
    path = folder / "a.jpg"
    path.write_bytes(content)
    examiner = Examiner(replace(settings, confine=False))
    try:
        return taken(examiner.examine(ExamineTask(0, str(path), len(content), fingerprint=False, **task)))  # type: ignore[arg-type]
    finally:
        examiner.close()


@pytest.fixture(autouse=True)
def _exiftool() -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")


def test_a_camera_file_is_plain_unless_asked_thoroughly(tmp_path: Path) -> None:
    assert examine(tmp_path, camera_jpeg(), WorkerSettings()) == "plain"
    assert examine(tmp_path, camera_jpeg(), WorkerSettings(thorough=True)) == "asked"


def test_beside_a_mark_or_a_manifest_the_tools_are_asked(tmp_path: Path) -> None:
    hidden = camera_jpeg() + segment(0xEB, bytes.fromhex("6332706100110010800000aa00389b71"))
    assert examine(tmp_path, hidden, WorkerSettings()) == "asked"
    assert examine(tmp_path, jpeg_with(exif(comment=b"ASCII\0\0\0" + LABEL.encode() + b"\n")), WorkerSettings()) == "asked"
    sidecar = tmp_path / "a.c2pa"
    sidecar.write_bytes(b"no manifest")
    assert examine(tmp_path, camera_jpeg(), WorkerSettings(), manifest_sidecar=str(sidecar)) == "asked"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Canon:OwnerName", "asked"),
        ("*:Orientation", "asked"),
        ("ExifIFD:Flash", "asked"),
        ("GPS:GPSMapDatum", "asked"),
        ("PNG:Anything", "plain"),
        ("IFD0:Artist", "plain"),
        ("IFD0:Software", "plain"),
        ("IFD0:Copyright", "asked"),
    ],
)
def test_the_users_own_rows_are_heard(field: str, expected: str, tmp_path: Path) -> None:
    marks = tmp_path / "own.toml"
    marks.write_text(OWN_ROW.format(number=1, field=field, sample=field.replace("*", "IFD0")))
    content = camera_jpeg(note=b"Canon note", gps=True)
    assert examine(tmp_path, content, WorkerSettings(extra_marks=(str(marks),))) == expected


def test_facts_are_kept_and_nothing_else() -> None:
    kept = ("IFD0:Make", "ExifIFD:ISO", "XMP-xmpMM:DocumentID", "RIFF:ImageWidth")
    assert [is_fact(field) for field in (*kept, "IFD0:Software")] == [True] * 4 + [False]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("stills/generators/a1111-text.png", "plain"),
        ("stills/generators/comfy.png", "plain"),
        ("stills/generators/flux.jpg", "plain"),
        ("stills/declared/dst-trainedAlgorithmicMedia.jpg", "plain"),
        ("stills/declared/midjourney-pair.jpg", "plain"),
        ("signed/created.jpg", "asked"),
    ],
)
def test_a_mark_in_plain_text_is_told_alike(name: str, expected: str, pair: Pair) -> None:
    said, differences = pair.compare(FIXTURES / name)
    assert (taken(said), differences) == (expected, ())
    assert said.marks


def test_of_two_texts_under_one_name_exiftool_tells_the_first(tmp_path: Path, pair: Pair) -> None:
    text = b"tEXtparameters\0a pier\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512"
    one = png(png_chunk(text[:4], text[4:]))
    two = png(png_chunk(text[:4], text[4:]), png_chunk(text[:4], text[4:].replace(b"pier", b"dam")))
    for content, expected in ((one, "plain"), (two, "asked")):
        path = tmp_path / "a.png"
        path.write_bytes(content)
        said, differences = pair.compare(path)
        assert (taken(said), differences) == (expected, ())
        assert said.marks
