from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run, generated, noise, scanned_once
from tests.cli.warm import WarmCommand


@pytest.fixture(scope="module")
def reports(warm: WarmCommand, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scanned_once(warm, tmp_path_factory.mktemp("scanned"), "old.png")


@pytest.fixture
def first(reports: Path, delivery: Path, tmp_path: Path) -> str:
    """The report of such a delivery, with one picture that blocks."""
    generated(delivery / "final" / "old.png")
    shutil.copytree(reports, tmp_path / "first")
    return str(tmp_path / "first" / "scan.json")


def again(run: Run, delivery: Path, tmp_path: Path, baseline: str, *more: str) -> tuple[int, str, dict]:
    done = run("scan", "--baseline", baseline, "--output", str(tmp_path / "second"), str(delivery), *more)
    return done.returncode, done.stdout, json.loads((tmp_path / "second" / "scan.json").read_text())


def test_what_is_known_is_hidden_and_counted_and_still_blocks(run: Run, first: str, delivery: Path, tmp_path: Path) -> None:
    code, screen, report = again(run, delivery, tmp_path, first)

    assert code == 11
    assert screen.startswith("BLOCKED")
    assert "new: nothing to fix or to review" in screen
    assert "1 to fix stood in scan.json of" in screen
    assert "old.png" not in screen
    assert report["verdict"] == "blocked"
    assert report["baseline"]["known"] == {"blocked": 1, "incomplete": 0, "review": 0}


def test_what_is_new_is_shown_alone(run: Run, first: str, delivery: Path, tmp_path: Path) -> None:
    generated(delivery / "final" / "new.png")

    code, screen, report = again(run, delivery, tmp_path, first)

    assert (code, "new.png" in screen, "old.png" in screen) == (11, True, False)
    assert (report["baseline"]["known"]["blocked"], report["baseline"]["new"]["blocked"]) == (1, 1)


def test_another_picture_under_a_known_name_is_new(run: Run, first: str, delivery: Path, tmp_path: Path) -> None:
    generated(delivery / "final" / "old.png")
    with (delivery / "final" / "old.png").open("ab") as stream:
        stream.write(b"more")

    assert "old.png" in again(run, delivery, tmp_path, first)[1]


def test_what_was_mended_is_counted(run: Run, first: str, delivery: Path, tmp_path: Path) -> None:
    noise(5).save(delivery / "final" / "old.png")

    code, screen, _ = again(run, delivery, tmp_path, first)

    assert code == 0
    assert "not found any more" in screen


def test_only_new_leaves_out_what_is_known_and_keeps_the_verdict(run: Run, first: str, delivery: Path, tmp_path: Path) -> None:
    generated(delivery / "final" / "new.png")
    formats = [part for name in ("json", "html", "markdown", "csv", "sarif") for part in ("--format", name)]

    code, screen, report = again(run, delivery, tmp_path, first, "--only-new", *formats)

    assert (code, report["verdict"]) == (11, "blocked")
    assert "1 to fix stood in scan.json of" in screen
    assert "not shown here; the verdict counts that" in " ".join(screen.split())
    told = {path.name: path.read_text("utf-8") for path in (tmp_path / "second").iterdir() if path.is_file()}
    for name in ("scan.html", "scan.md", "scan.csv"):
        assert ("new.png" in told[name], "old.png" in told[name]) == (True, False), name
    for name in ("scan.json", "scan.sarif"):
        assert "old.png" in told[name], name
    assert (report["baseline"]["known"]["blocked"], report["baseline"]["new"]["blocked"]) == (1, 1)


def test_only_new_needs_something_to_compare_with(run: Run, delivery: Path) -> None:
    done = run("scan", "--only-new", str(delivery))

    assert done.returncode == 2
    assert done.stderr == (
        "scanner: --only-new: there is nothing to compare with. Name the earlier report with --baseline SCAN.json\n"
    )


def test_an_edited_baseline_hides_nothing(run: Run, first: str, delivery: Path) -> None:
    Path(first).write_text(Path(first).read_text().replace('"complete": true', '"complete": false'))

    done = run("scan", "--baseline", first, str(delivery))

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("content", ["", "{}", "[1, 2"])
def test_a_baseline_that_is_no_report_is_told_before_the_scan(run: Run, delivery: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)

    done = run("scan", "--baseline", str(tmp_path / "x.json"), str(delivery))

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
