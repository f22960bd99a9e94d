"""Real files: none unknown, none called damaged without a reason, none said to lie."""

import csv
from pathlib import Path

import pytest

from scanner.probe.detect import probe
from scanner.probe.formats import find_extension

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"

PLACEHOLDERS = "scenario_"
"""The MHL scenarios' clips are a few letters of text under the name of a movie: rightly unreadable."""

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the evaluation corpus is not on this machine")


def look(path: Path):
    return probe(str(path), path.name, path.stat().st_size)


def corpus_files(folder: str = "") -> list[Path]:
    return sorted(path for path in (CORPUS / folder).rglob("*") if path.is_file()) if CORPUS.is_dir() else []


def test_nothing_real_is_damaged_unknown_or_lying():
    odd = {}
    for path in corpus_files():
        found = look(path)
        if PLACEHOLDERS not in str(path) and (found.damage or found.lying_extension or found.format.name == "unknown"):
            odd[str(path)] = found
    assert odd == {}


def test_placeholders_under_a_movie_s_name_are_unreadable():
    clips = [path for path in corpus_files("mhl") if path.suffix == ".mov"]
    assert clips
    assert all(look(path).damage for path in clips)


def test_labelled_files_are_what_their_label_says():
    alike = {"jpg": "jpeg", "JPG": "jpeg"}
    with (CORPUS / "labels.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) > 100
    for row in rows:
        found, expected = look(CORPUS / row["path"]).format, alike.get(row["format"], row["format"])
        assert expected == found.name or find_extension(f"a.{expected}") in found.extensions, row["path"]


def test_half_a_photograph_is_damaged(tmp_path):
    for path in corpus_files("photos")[:20]:
        cut = tmp_path / path.name
        cut.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert look(cut).damage == "JPEG ends before its end marker"
