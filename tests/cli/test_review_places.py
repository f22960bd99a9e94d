"""Where `scanner review` is told that things are: roots that were moved, the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.report.scans import blocked
from tests.report.written import to_json

pytest.importorskip("starlette", reason="the extra 'review' is not installed")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "scan.json"
    path.write_text(to_json(blocked()))
    return path


@pytest.mark.parametrize("moved", ["", "=", "/elsewhere=/new", "/Volumes/DRIVE_07", "/Volumes/DRIVE_07="])
def test_a_root_that_no_report_has_is_refused_with_those_there_are(run: Run, report: Path, moved: str) -> None:
    done = run("review", "--root", moved, str(report))
    assert done.returncode == 2 and done.stdout == ""
    assert "names no root of these reports" in done.stderr and blocked().roots[0] in done.stderr


def test_a_library_that_is_not_there_is_refused_before_anything_is_served(run: Run, report: Path, tmp_path: Path) -> None:
    done = run("review", "--library", str(tmp_path / "none.sqlite"), str(report))
    assert done.returncode == 2 and done.stdout == ""
    assert "there is no reference library here" in done.stderr


def test_a_report_whose_roots_are_no_paths_is_refused(run: Run, report: Path) -> None:
    report.write_text(report.read_text().replace(f'"roots": [\n    "{blocked().roots[0]}"\n  ]', '"roots": 7'))
    done = run("review", str(report))
    assert done.returncode == 2 and "roots is not a list" in done.stderr and "Traceback" not in done.stderr
