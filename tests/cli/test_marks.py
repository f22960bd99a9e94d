"""``--marks``: users' own marks in scans and explanations."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Run, noise
from tests.interpret.test_user_marks import TWO_ROWS


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    path = tmp_path / "house.toml"
    path.write_text(TWO_ROWS, "utf-8")
    return path


@pytest.fixture
def housed(tmp_path: Path) -> Path:
    """A final zone with a picture that bears the house's own mark."""
    root = tmp_path / "DRIVE" / "final"
    root.mkdir(parents=True)
    picture = noise(1)
    picture.getexif()[0x0131] = "House 1"
    picture.save(root / "still.jpg", exif=picture.getexif())
    return root.parent


def test_own_marks_are_found_by_the_workers_and_named_in_the_report(run: Run, marks: Path, housed: Path) -> None:
    shape = ("--no-fingerprints", "--format", "json", "--output", "-")
    plain = json.loads(run("scan", str(housed), *shape).stdout)
    done = run("scan", str(housed), "--marks", os.path.relpath(marks, marks.parent / "work"), *shape)
    own = json.loads(done.stdout)
    assert done.returncode == 11
    assert plain["assets"][0]["marks"] == []
    assert [mark["id"] for mark in own["assets"][0]["marks"]] == ["house-tool"]
    assert own["catalogue_sha256"] != plain["catalogue_sha256"]


def test_the_environment_names_a_list_of_paths(run: Run, marks: Path, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(TWO_ROWS.replace('"house-', '"other-').replace("House 1", "Other 1"), "utf-8")
    both = os.pathsep.join([str(marks), str(tmp_path / "other.toml")])
    listed = run("explain", "--list", SCANNER_MARKS=both)
    assert "house-tool" in listed.stdout
    assert "other-tool" in listed.stdout
    assert "house-tool" not in run("explain", "--list").stdout


def test_explain_knows_own_marks_and_those_not_read(run: Run, marks: Path) -> None:
    assert "IFD0:Software" in run("explain", "house-tool", "--marks", str(marks)).stdout
    assert "needs its reader" in run("explain", "house-seal", "--marks", str(marks)).stdout


@pytest.mark.parametrize("command", [("scan", "."), ("explain", "final")])
def test_a_mistake_is_one_line_and_exit_2(run: Run, marks: Path, command: tuple[str, ...]) -> None:
    marks.write_text(TWO_ROWS.replace("vlaues", "").replace("values", "vlaues"), "utf-8")
    done = run(*command, "--marks", str(marks))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"scanner: {marks}:14: mark 'house-tool': unknown key 'vlaues'")
    assert done.stderr.count("\n") == 1
