"""The shape of the project, held by tests: what the import law cannot see."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "scanner").rglob("*.py"))
DRAWERS = {"util", "utils", "helper", "helpers", "common", "misc", "base"}
FORBIDDEN_WORDS = {"data", "info", "item", "items", "manager", "handler", "processor", "helper", "util", "utils"}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _words(name: str) -> set[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return set(spaced.lower().split("_"))


def test_every_folder_with_code_is_a_package() -> None:
    bare = {path.parent for path in SOURCES if not (path.parent / "__init__.py").exists()}

    assert not bare, "the import law does not see a folder without __init__.py"


def test_there_is_no_drawer() -> None:
    assert not [path for path in SOURCES if path.stem in DRAWERS]


def test_names_are_nouns_of_the_field() -> None:
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, DEFINITIONS) and _words(node.name) & FORBIDDEN_WORDS
    ]

    assert not named


def test_reports_never_use_the_words_that_promise_too_much() -> None:
    templates = [path for path in (ROOT / "scanner" / "report" / "templates").iterdir() if path.suffix == ".j2"]

    for path in templates:
        assert not re.search(r"\b(authentic|tampered|certified|compliant|likeness)\b", path.read_text("utf-8"), re.IGNORECASE)


def test_nothing_names_a_path_of_one_machine() -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    texts = [ROOT / name for name in listed.stdout.decode().split("\0") if name.endswith((".py", ".md", ".toml", ".sh", "run"))]

    assert not [
        path
        for path in texts
        if path.exists()
        and re.search(r"/work/(main|shared)|/tmp/venv|/root/", path.read_text("utf-8", "replace"))
        and path != Path(__file__)
    ]


def test_the_wheel_holds_what_the_program_reads_and_no_fixtures(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())

    for needed in (
        "scanner/py.typed",
        "scanner/judge/policies/default.toml",
        "scanner/judge/policies/policy.schema.json",
        "scanner/report/templates/scan.html.j2",
        "scanner/report/templates/page.js",
        "scanner/report/templates/compare.js",
        "scanner/report/templates/print.css",
        "scanner/report/schema/scan.schema.json",
        "scanner/interpret/marks/iptc.toml",
        "scanner/fingerprint/vocabulary.npz",
        "scanner/store/readings_migrations/versions/v0001_readings.py",
    ):
        assert needed in names
    assert not [name for name in names if name.startswith(("fixtures", "tests", "docs", "reports"))]
