"""What README and docs show, works: every excerpt is run, or at least names commands and options that there are."""

from __future__ import annotations

import functools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.cli.configuration import read_configuration
from scanner.interpret.catalogue import MarkCatalogue
from tests.cli.conftest import clean_environment, generated, noise
from tests.cli.warm import WarmCommand
from tests.cli.warm_call import call
from tests.docs.excerpts import ROOT, Excerpt, check_call, excerpts, pages, scanner_calls

yaml = pytest.importorskip("yaml")

pytestmark = pytest.mark.skipif(not (ROOT / "docs").is_dir(), reason="only in a clone of the repository")
ALL = [one for page in pages() if page.is_file() for one in excerpts(page)]
RUN = [one for one in ALL if one.language in ("sh", "python") and "save" not in one.asks]
VERDICTS = {0, 3, 4, 10, 11}
"""Exit codes that an excerpt may come to; 1 and 2 are mistakes."""


def kept_by_ci(one: Excerpt) -> bool:
    """Whether a block holds the commands that CI itself runs on a clean machine."""
    return all(line.startswith("sh scripts/") for line in one.text.splitlines())


def shows_a_scan(one: Excerpt) -> bool:
    """Whether a block is the one that scans from Python and says what came of it."""
    return one.language == "python" and "scanner.scan(" in one.text and one.page.name == "scripting.md"


def named(some: list[Excerpt]) -> Callable[..., pytest.MarkDecorator]:
    return pytest.mark.parametrize("one", some, ids=[one.name for one in some])


@pytest.fixture(scope="module")
def model_stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that excerpts name; copied for each of them."""
    stage = tmp_path_factory.mktemp("model")
    for name, marked in (
        ("Volumes/DELIVERY/final/leak.png", True),
        ("Volumes/DELIVERY/temp/idea.png", True),
        ("Volumes/PROJECT/temp_ai/idea.png", True),
        ("Volumes/ARCHIVE/still.png", False),
        ("STILLS/still.png", False),
        ("DIR/final/leak.png", True),
        ("final/st_014.png", True),
        ("Volumes/DELIVERY/final/ep1/st_014.png", True),
        ("Volumes/DRIVE_07/final/leak.png", True),
        ("inbox/OLD/leak.png", True),
        ("inbox/NEW/leak.png", True),
    ):
        path = stage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        generated(path) if marked else noise(len(name)).save(path)
    trust = ROOT / "fixtures" / "trust"
    for place in ("C2PA-TRUST-LIST.pem", "NEWER.pem"):
        shutil.copy(trust / "test-ca.pem", stage / place)
    (stage / "our-trust.toml").write_text('anchors = ["NEWER.pem"]\n', "utf-8")
    (stage / "tmp").mkdir()
    return stage


@pytest.fixture(scope="module")
def report_of(model_stage: Path, warm: WarmCommand, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give the ``scan.json`` of one folder of the stage, scanned where the model of all stages lies."""
    home = tmp_path_factory.mktemp("reports")
    environment = clean_environment(home / "home")

    @functools.cache
    def scanned(folder: str) -> Path:
        output = home / folder.replace("/", "-")
        done = warm.run(["scan", folder, "--quiet", "--output", str(output)], model_stage, environment, home)
        assert done.returncode in VERDICTS, done.stderr
        return output / "scan.json"

    return scanned


@pytest.fixture
def stage(model_stage: Path, tmp_path: Path, warm: WarmCommand) -> Path:
    """A stage of one's own, with commands that note how they were called; ``scanner`` also its exit code."""
    stage = tmp_path / "stage"
    shutil.copytree(model_stage, stage)
    hour_ago = time.time() - 3600
    for path in (stage / "inbox" / "OLD", stage / "inbox" / "OLD" / "leak.png"):
        os.utime(path, (hour_ago, hour_ago))
    commands = stage / "bin"
    commands.mkdir()
    for name in ("release", "notify", "hold", "alert"):
        (commands / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "{stage}/log"\n', "utf-8")
    (commands / "scanner").write_text(
        f'#!/bin/sh\n{shlex.join(call(warm.place, "scanner"))} "$@"\ncode=$?\necho "$code $*" >> "{stage}/calls"\nexit $code\n',
        "utf-8",
    )
    for path in commands.iterdir():
        path.chmod(0o755)
    return stage


def environment(stage: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCANNER_", "SOURCE_DATE", "XDG_"))}
    return {
        **kept,
        "HOME": str(stage / "home"),
        "PATH": f"{stage / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "DELIVERY": str(stage / "Volumes" / "DELIVERY"),
        "QC": str(stage / "qc"),
        "COLUMNS": "80",
    }


def staged(text: str, stage: Path) -> str:
    """An excerpt that names places of the stage instead of those of a real machine."""
    return re.sub(r"(?<![\w.])/(Volumes|tmp|srv)\b", lambda hit: f"{stage}/{hit[1]}", text)


def run(one: Excerpt, stage: Path) -> subprocess.CompletedProcess[str]:
    for other in excerpts(one.page):
        if "save" in other.asks:
            (stage / other.asks["save"]).write_text(staged(other.text, stage), "utf-8")
    program = ["sh", "-u"] if one.language == "sh" else [sys.executable]
    script = stage / f"excerpt.{one.language}"
    script.write_text(staged(one.text, stage), "utf-8")
    return subprocess.run(
        [*program, str(script)], cwd=stage, env=environment(stage), capture_output=True, text=True, timeout=120, check=False
    )


REPORTS = ("qc", "last", "reports/DELIVERY-…", "reports/DRIVE_07-20261120T180000Z", ".")
"""Folders that excerpts name reports in."""


def make_reports(text: str, stage: Path, report_of: Callable[[str], Path]) -> None:
    """Lay down the earlier reports and cue sheets that an excerpt goes on from."""
    if "scan.json" not in text.lower():
        return
    made = report_of("DIR" if "DIR" in text else "Volumes/DRIVE_07")
    for folder in REPORTS:
        (stage / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(made, stage / folder)
    shutil.copy(made, stage / "SCAN.json")
    if "sheets/v1.xlsx" in text:
        command = ["scanner", "cuesheet", "SCAN.json", "--quiet", "--output", "sheets/v1.xlsx"]
        subprocess.run(command, cwd=stage, env=environment(stage), capture_output=True, check=True)


def test_one_python_excerpt_shows_a_scan() -> None:
    assert sum(map(shows_a_scan, RUN)) == 1


@named([one for one in RUN if not kept_by_ci(one)])
def test_it_runs(one: Excerpt, stage: Path, report_of: Callable[[str], Path]) -> None:
    if "not run" in one.asks:
        pytest.skip(one.asks["not run"])
    if shutil.which("exiftool") is None or shutil.which(one.asks.get("needs", "sh")) is None:
        pytest.skip(f"{one.asks.get('needs', 'ExifTool')} is not installed")
    make_reports(one.text, stage, report_of)

    done = run(one, stage)

    said = f"{done.stdout}\n{done.stderr}"
    calls = (stage / "calls").read_text("utf-8").splitlines() if (stage / "calls").exists() else []
    assert done.returncode in VERDICTS, said
    assert "Traceback" not in said
    assert "not found" not in done.stderr, said
    assert {int(call.split()[0]) for call in calls} <= VERDICTS, "\n".join([*calls, said])
    assert len(calls) >= len(list(scanner_calls(one.text))) > 0 or one.language == "python" or "then" in one.asks
    if shows_a_scan(one):
        assert "final/leak.png generated blocked" in done.stdout.splitlines()
        assert done.stdout.splitlines()[-1] == "11"
    if condition := one.asks.get("then"):
        assert subprocess.run(["sh", "-c", condition], cwd=stage, check=False).returncode == 0, said


@named([one for one in RUN if kept_by_ci(one)])
def test_what_is_not_run_here_is_run_by_ci(one: Excerpt) -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")

    for line in one.text.splitlines():
        assert " ".join(line.split()[:2]) in script, line


@named(ALL)
def test_its_commands_and_options_exist(one: Excerpt) -> None:
    wrong = {" ".join(words): problem for words in scanner_calls(one.text) if (problem := check_call(words))}

    assert not wrong


@named([one for one in ALL if one.language == "yaml"])
def test_yaml_is_yaml_and_calls_the_scanner(one: Excerpt) -> None:
    tree = yaml.safe_load(one.text)

    texts = list(strings(tree))
    calls = [words for text in texts for words in scanner_calls(text)]
    assert any(words[0] == "scan" for words in calls)
    assert not [problem for words in calls if (problem := check_call(words))]


def strings(tree: object) -> list[str]:
    if isinstance(tree, dict):
        return [text for value in tree.values() for text in strings(value)]
    if isinstance(tree, list):
        return [text for value in tree for text in strings(value)]
    return [tree] if isinstance(tree, str) else []


@named([one for one in ALL if one.language == "json"])
def test_json_is_json(one: Excerpt) -> None:
    for line in one.text.splitlines():
        json.loads(line)


@named([one for one in ALL if one.language == "toml"])
def test_toml_is_what_its_page_is_about(one: Excerpt, tmp_path: Path) -> None:
    tomllib.loads(one.text)
    path = tmp_path / "excerpt.toml"
    path.write_text(one.text, "utf-8")
    if one.page.name == "configuration.md":
        assert read_configuration(str(path), named=True).zones
    if one.page.name == "marks.md":
        assert MarkCatalogue.load([path])


def test_wrong_excerpts_are_found() -> None:
    """The checks themselves can fail."""
    assert check_call(["scan", "x", "--fail-onn", "never"])
    assert check_call(["scan", "x", "--fail-on", "nevr"])
    assert check_call(["scann", "x"])
    assert not check_call(["scan", "x", "--format", "json", "--output", "-"])
    assert list(scanner_calls('a && scanner scan "x y" | jq # scanner no\nscanner doctor')) == [["scan", "x y"], ["doctor"]]
    assert next(len(excerpts(page)) for page in pages() if page.name == "scripting.md") > 10
