"""The generated page of policies is the one that is committed, and its example is right."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from scanner.crawl.globs import compile_glob
from scanner.judge.policy import load_packaged, load_policy, packaged_policies
from scanner.judge.policy.words import CASES
from scanner.model.judging import Severity

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "scripts" / "make_docs.py"

pytestmark = pytest.mark.skipif(not SCRIPT.is_file(), reason="only in a clone of the repository")


@pytest.fixture(scope="module")
def make_docs():
    spec = importlib.util.spec_from_file_location("make_docs", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page(make_docs):
    return make_docs.policies_page()


def test_the_committed_page_is_up_to_date(page):
    assert (ROOT / "docs" / "policies.md").read_text("utf-8") == page, "run: python scripts/make_docs.py"


@pytest.mark.parametrize("name", packaged_policies())
def test_each_policy_stands_with_document_date_note_principles_and_rules(page, name):
    policy = load_packaged(name)
    _, _, section = page.partition(f"\n## {name}\n")
    section = section.partition("\n## ")[0]
    assert f"Reads: {policy.document}, {policy.date}." in section
    assert policy.note in section
    assert all(f"| **{one.id}** | {one.text}" in section for one in policy.principles)
    assert all(f"| `{rule}` | " in section for rule in CASES)


def test_no_table_breaks(page):
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} == {3, 4, 5, 8}


def test_its_example_is_a_policy(page, tmp_path):
    example = re.search(r"```toml\n(.*?)```", page, re.DOTALL)[1]
    (tmp_path / "my-show.toml").write_text(example, "utf-8")
    policy = load_policy(tmp_path / "my-show.toml", compile_glob)
    assert policy.extends == ("netflix-genai-2025", "default")
    assert policy.approved_tools == ("Adobe Firefly", "Topaz Photo AI")
    assert policy.weights["ai-declared", "generated", "archival"] is Severity.HIGH
    assert policy.by_confidence["ai-declared", "strong", "final"] is Severity.MEDIUM
    assert policy.weights["media-not-read", "no-reader", "final"] is Severity.MEDIUM
    assert [one.id for one in policy.principles] == ["P1", "P2", "P3", "P4", "P5", "S1"]
