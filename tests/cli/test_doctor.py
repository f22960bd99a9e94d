from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

FIXTURES = Path(__file__).parents[2] / "fixtures"


def checks(run: Run, *arguments: str, **more: str) -> tuple[int, dict[str, list[dict[str, str]]]]:
    """Exit code and name → checks of the JSON answer."""
    done = run("doctor", "--format", "json", *arguments, **more)
    answer = json.loads(done.stdout)
    assert answer["works"] is (done.returncode == 0)
    named: dict[str, list[dict[str, str]]] = {}
    for check in answer["checks"]:
        named.setdefault(check["name"], []).append(check)
    return done.returncode, named


def test_it_names_everything_that_a_scan_would_use(run: Run, tmp_path: Path) -> None:
    code, found = checks(run)

    assert code == 0
    assert {"scanner", "python", "marks", "exiftool", "trial", "configuration", "policy", "trust lists", "library", "limits", "landlock"} <= set(found)  # fmt: skip  # noqa: E501
    assert found["configuration"][0]["text"].startswith("none (./scanner.toml or ")
    assert found["trust lists"][0]["state"] == "note"
    assert "none yet" in found["library"][0]["text"]
    assert all({"name", "text", "state"} == set(check) for group in found.values() for check in group)
    assert not (tmp_path / "home" / "share").exists(), "asking makes nothing"


def test_text_says_a_name_once(run: Run) -> None:
    lines = run("doctor").stdout.splitlines()
    names = [line[:14].strip() for line in lines if line[:14].strip()]

    assert len(names) == len(set(names))


def test_the_configuration_in_force_is_named_and_followed(run: Run, tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "scanner.toml").write_text("library = 'house.sqlite'\npolicy = 'default'", "utf-8")

    code, found = checks(run)

    assert found["configuration"][0]["text"] == "scanner.toml (the working folder), checked"
    assert found["library"][0] == {"name": "library", "text": f"MISSING: {work / 'house.sqlite'}", "state": "failed"}
    assert (code, found["policy"][0]["text"]) == (1, "default")
    assert checks(run, SCANNER_NO_CONFIG="1")[0] == 0


def test_a_wrong_configuration_is_a_check_that_failed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "work" / "scanner.toml").write_text("polcy = 'default'", "utf-8")

    code, found = checks(run)

    assert code == 1
    assert "Did you mean 'policy'?" in found["configuration"][0]["text"]
    assert found["trial"][0]["state"] == "ok", "it goes on to say the rest"


def test_a_wrong_environment_is_a_check_that_failed(run: Run) -> None:
    code, found = checks(run, SCANNER_WORKERS="many")

    assert code == 1
    assert "many" in found["configuration"][0]["text"]


def test_a_missing_exiftool_fails_and_the_flag_beats_the_environment(run: Run) -> None:
    code, found = checks(run, SCANNER_EXIFTOOL="no-such-exiftool")
    assert (code, found["exiftool"][0]["state"]) == (1, "failed")
    assert "trial" not in found

    assert checks(run, "--exiftool", "exiftool", SCANNER_EXIFTOOL="no-such-exiftool")[0] == 0


@pytest.mark.parametrize(("day", "state", "said"), [("2026-08-13", "ok", "of 2026-08-13"), ("2020-01-01", "note", "OLDER")])
def test_kept_trust_lists_are_told_with_their_age(run: Run, day: str, state: str, said: str) -> None:
    run("trust", "import", str(FIXTURES / "trust" / "test-ca.pem"), "--name", "house", "--date", day)

    _, found = checks(run, SOURCE_DATE_EPOCH="1790000000")

    assert found["trust lists"][0]["state"] == state
    assert said in found["trust lists"][0]["text"]


def test_what_is_switched_off_is_said(run: Run) -> None:
    _, found = checks(run, SCANNER_NO_LIBRARY="1", SCANNER_NO_TRUST="1")

    assert "switched off" in found["library"][0]["text"]
    assert "switched off" in found["trust lists"][0]["text"]
