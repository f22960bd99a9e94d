"""``scanner policy``, and ``scan --policy``."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from scanner.judge.policy import packaged_policies
from scanner.judge.policy.schema import schema_text
from tests.cli.conftest import Run

WRONG = Path(__file__).parents[1] / "judge" / "policy" / "wrong"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    path = tmp_path / "work" / "house.toml"
    path.write_text('name = "house"\nextends = "permissive"\nnote = "Ours."\n')
    return path


def test_list_names_each_with_date_and_document(run: Run) -> None:
    done = run("policy", "list")
    assert done.returncode == 0
    for name in packaged_policies():
        assert any(line.startswith(f"{name} ") and " 20" in line for line in done.stdout.splitlines())


def test_show_is_a_page_of_lines_that_fit(run: Run) -> None:
    done = run("policy", "show", "archive-producers")
    assert done.returncode == 0
    assert "ai-declared" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 96
    for heading in ("Principles", "Written approval can allow", "Categories of approval", "Lists"):
        assert f"\n{heading}\n" in done.stdout


@pytest.mark.parametrize("name", packaged_policies())
def test_show_toml_is_a_policy_that_checks(run: Run, tmp_path: Path, name: str) -> None:
    done = run("policy", "show", name, "--toml")
    assert tomllib.loads(done.stdout)["name"] == name
    (tmp_path / "work" / "written.toml").write_text(done.stdout)
    assert run("policy", "check", "written.toml").returncode == 0


def test_show_of_a_file_names_it_and_what_it_extends(run: Run, house: Path) -> None:
    done = run("policy", "show", "house.toml")
    assert done.stdout.startswith("house (house.toml, extends permissive, default)\n")


def test_check_says_that_nothing_is_wrong(run: Run, house: Path) -> None:
    done = run("policy", "check", "house.toml")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("house.toml: no mistake. Policy house, extends permissive, default; sha256 ")


def test_check_tells_every_mistake_on_a_line_and_exits_2(run: Run) -> None:
    done = run("policy", "check", str(WRONG / "several.toml"))
    expected = tomllib.loads((WRONG / "expected.toml").read_text("utf-8"))["several"]
    assert (done.returncode, done.stderr) == (2, "")
    *told, count = done.stdout.splitlines()
    assert [line.removeprefix(f"{WRONG}/") for line in told] == expected
    assert count == f"{WRONG}/several.toml: 4 mistakes"


def test_check_of_nothing_there(run: Run) -> None:
    done = run("policy", "check", "nowhere.toml")
    assert done.returncode == 2
    assert done.stderr == ("scanner: nowhere.toml: there is no such policy file. `scanner policy list` names the shipped ones.\n")


def test_schema_is_the_one_that_is_shipped(run: Run) -> None:
    assert run("policy", "schema").stdout == schema_text()


def test_a_scan_under_a_file_says_which_it_was(run: Run, delivery: Path, house: Path, tmp_path: Path) -> None:
    (tmp_path / "work" / "permissive").write_text("not a policy")
    done = run("scan", "--policy", "house.toml", "--output", "out", str(delivery))
    assert "house policy" in done.stdout
    assert "policy house (file house.toml, extends permissive, default): Ours." in " ".join(done.stdout.split())
    report = json.loads((tmp_path / "work" / "out" / "scan.json").read_text())
    assert report["policy"]["name"] == "house"
    named = run("scan", "--policy", "permissive", "--output", "out2", str(delivery))
    assert "permissive policy" in named.stdout
    assert "(shipped with the scanner, extends default)" in " ".join(named.stdout.split())


def test_a_wrong_policy_stops_a_scan_before_anything_is_read(run: Run, delivery: Path) -> None:
    done = run("scan", "--policy", str(WRONG / "several.toml"), str(delivery))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"scanner: {WRONG}/several.toml:5: 'hihg' is no severity (ai-declared, final). Did you mean 'high'? "
        "3 more mistakes: `scanner policy check` tells all.\n"
    )


def test_an_unknown_name_names_the_nearest(run: Run, delivery: Path) -> None:
    done = run("scan", "--policy", "netflix", str(delivery))
    assert done.returncode == 2
    assert done.stderr == "scanner: there is no policy named 'netflix'. Did you mean 'netflix-genai-2025'?\n"
