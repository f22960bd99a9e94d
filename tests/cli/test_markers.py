from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.report.scans import blocked, hostile, located
from tests.report.written import to_json


@pytest.fixture
def report(tmp_path: Path) -> Path:
    (tmp_path / "reports").mkdir()
    path = tmp_path / "reports" / "scan.json"
    path.write_text(to_json(located()))
    return path


def test_a_file_for_each_cut_beside_the_report_and_none_is_overwritten(run: Run, report: Path) -> None:
    first, again = run("markers", str(report)), run("markers", str(report))
    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert "reel1-markers.edl: 5 markers" in first.stdout
    names = {path.name for path in report.parent.iterdir()}
    assert names == {"scan.json", *(f"{stem}-markers{more}.edl" for stem in ("reel1", "bin") for more in ("", "-2"))}


def test_one_cut_to_standard_output(run: Run, report: Path) -> None:
    done = run("markers", str(report), "--output", "-", "--cut", "reel1.edl", "--format", "avid")
    assert done.returncode == 0
    assert done.stdout.startswith("REVIEW near-ai-reference\t01:00:00:00\tV1\tyellow\t")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--output", "-"], "one cut"),
        (["--cut", "reel9.edl"], "has no cut of that name, but reel1.edl, bin.ale"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(run: Run, report: Path, arguments: list[str], words: str) -> None:
    done = run("markers", str(report), *arguments)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert words in done.stderr


def test_a_scan_without_a_cut_says_how_to_get_one(run: Run, report: Path) -> None:
    report.write_text(to_json(blocked()))
    done = run("markers", str(report))
    assert done.returncode == 2
    assert "--cut FILE" in done.stderr


def test_a_report_by_another_hand_names_no_path(run: Run, report: Path, tmp_path: Path) -> None:
    report.write_text(to_json(hostile()))
    done = run("markers", str(report), "--output", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert [path.parent for path in tmp_path.rglob("*-markers.edl")] == [tmp_path / "out"]
