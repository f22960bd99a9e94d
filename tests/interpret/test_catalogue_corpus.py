"""The catalogue against real files: every metadata-based AI label is found, and nothing is found where there is none."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scanner.interpret.catalogue import MarkCatalogue
from scanner.model.marks import Confidence, Mark, Meaning
from scanner.model.readings import Found, Reading, Statement

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
AI_MEANINGS = {Meaning.GENERATED, Meaning.COMPOSITE, Meaning.EDITED}
COPY = re.compile(r":Copy\d+(?=:)")


def exiftools() -> list[list[str]]:
    """The ExifTool commands to try: the one on the path, and any that EXIFTOOLS names, separated by ``;``."""
    found = shutil.which("exiftool")
    named = [command.split() for command in os.environ.get("EXIFTOOLS", "").split(";") if command.strip()]
    return ([[found]] if found else []) + named


pytestmark = pytest.mark.skipif(not (CORPUS / "labels.csv").is_file() or not exiftools(), reason="no corpus or no ExifTool here")


def statements_of(tags: dict) -> tuple[Statement, ...]:
    said = []
    for field, value in tags.items():
        if ":" in field:
            values = value if isinstance(value, list) else [value]
            said += [Statement(COPY.sub("", field), one if isinstance(one, str) else json.dumps(one)) for one in values]
    return tuple(said)


def read_corpus(command: list[str]) -> dict[str, tuple[Mark, ...]]:
    catalogue = MarkCatalogue.load()
    paths = sorted(str(path) for path in (CORPUS / "dev").rglob("*") if path.is_file())
    run = subprocess.run(
        [*command, "-config", "", "-j", "-G1:4", "-e", "-api", "largefilesupport=1", "-@", "-"],
        input="\n".join(paths).encode(),
        capture_output=True,
        check=False,
    )
    marks = {}
    for tags in json.loads(run.stdout):
        reading = Reading("exiftool", "", Found(statements_of(tags)))
        marks[str(Path(tags["SourceFile"]).relative_to(CORPUS))] = catalogue.find_marks(reading)
    return marks


@pytest.fixture(scope="module", params=exiftools(), ids=lambda command: command[-1])
def marks(request) -> dict[str, tuple[Mark, ...]]:
    return read_corpus(request.param)


def labels() -> list[dict[str, str]]:
    with (CORPUS / "labels.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_metadata_label_is_found(marks):
    wanted = [row for row in labels() if row["evidence"].startswith("meta:")]
    missed = [row["path"] for row in wanted if not any(mark.meaning in AI_MEANINGS for mark in marks[row["path"]])]
    assert len(wanted) > 30
    assert missed == []


def test_what_is_found_in_generated_files_is_no_weak_hint(marks):
    weak = [
        row["path"]
        for row in labels()
        if row["evidence"].startswith("meta:") and marks[row["path"]][0].confidence is Confidence.WEAK
    ]
    assert weak == []


def test_no_ai_mark_where_there_is_no_claim(marks):
    flagged = {
        row["path"]: [
            (mark.id, mark.where, mark.value[:60]) for mark in marks[row["path"]] if mark.meaning is not Meaning.PERMISSION
        ]
        for row in labels()
        if row["ai_claim"] == "none"
    }
    assert {path: found for path, found in flagged.items() if found} == {}
