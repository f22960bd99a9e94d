"""The generated page of all marks is the one that is committed."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

from scanner.interpret.catalogue import MarkCatalogue

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "make_docs.py"

pytestmark = pytest.mark.skipif(not SCRIPT.is_file(), reason="only in a clone of the repository")


@pytest.fixture(scope="module")
def make_docs():
    spec = importlib.util.spec_from_file_location("make_docs", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_page_is_up_to_date(make_docs):
    assert make_docs.main(["--check"]) == 0, "run: python scripts/make_docs.py"


def test_every_row_is_on_it_once_and_no_table_breaks(make_docs):
    page = make_docs.marks_page(MarkCatalogue.load())
    tables = [line for line in page.splitlines() if line.startswith("| `")]
    catalogue = MarkCatalogue.load()
    wanted = sorted([row.id for row in catalogue.rows] + [one.id for one in catalogue.later])
    assert sorted(line.split("`")[1] for line in tables) == wanted
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {7, 6, 3}


def test_its_example_of_an_own_row_is_right(make_docs, tmp_path):
    example = re.search(r"```toml\n(.*?)```", make_docs.marks_page(MarkCatalogue.load()), re.DOTALL)[1]
    (tmp_path / "house.toml").write_text(example, "utf-8")
    assert tomllib.loads(example)["mark"][0]["id"] == "house-tool"
    assert any(row.id == "house-tool" for row in MarkCatalogue.load([tmp_path / "house.toml"]).rows)
