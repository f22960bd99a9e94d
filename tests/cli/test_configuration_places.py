"""Which file is used, and that none inside the scanned tree ever is."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from scanner.cli.configuration_places import choose_configuration
from scanner.model.errors import UsageError
from tests.cli.conftest import Run, generated


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """The four places, each with a file of its own number of workers."""
    work, home, elsewhere = tmp_path / "work", tmp_path / "config", tmp_path / "elsewhere"
    own = home / "media-provenance-scanner"
    for folder in (work, own, elsewhere):
        folder.mkdir(parents=True)
    files = {
        "flag": elsewhere / "a.toml",
        "environment": elsewhere / "b.toml",
        "work": work / "scanner.toml",
        "own": own / "scanner.toml",
    }
    for number, path in enumerate(files.values(), 1):
        path.write_text(f"workers = {number}", "utf-8")
    monkeypatch.chdir(work)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("SCANNER_CONFIG", str(files["environment"]))
    return files


def workers(flag: str | None = None, *roots: Path, none_wanted: bool = False) -> tuple[object, str]:
    found = choose_configuration(flag, none_wanted, [os.path.realpath(root) for root in roots])
    return (found.configuration.values["workers"] if found.configuration else None), found.source


def test_the_first_of_four_places_wins(places: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    assert workers(str(places["flag"])) == (1, "--config")
    assert workers() == (2, "SCANNER_CONFIG")
    monkeypatch.delenv("SCANNER_CONFIG")
    assert workers() == (3, "the working folder")
    places["work"].unlink()
    assert workers() == (4, "your own")
    places["own"].unlink()
    assert workers() == (None, "")


def test_none_is_used_where_none_is_wanted(places: dict[str, Path]) -> None:
    assert workers(none_wanted=True) == (None, "")
    with pytest.raises(UsageError, match="exclude each other"):
        workers(str(places["flag"]), none_wanted=True)


def test_the_environment_can_want_none_and_a_flag_beats_it(places: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCANNER_NO_CONFIG", "yes")
    assert workers(str(places["flag"])) == (1, "--config")
    with pytest.raises(UsageError, match="SCANNER_NO_CONFIG"):
        workers()
    monkeypatch.delenv("SCANNER_CONFIG")
    assert workers() == (None, "")


def test_a_file_named_inside_the_scanned_tree_is_refused(places: dict[str, Path]) -> None:
    for flag, root in ((str(places["flag"]), places["flag"].parent), (None, places["environment"].parent)):
        with pytest.raises(UsageError, match="must not lie in the scanned folder"):
            workers(flag, root)


def test_a_file_in_a_scanned_working_folder_is_passed_over_and_that_is_said(
    places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SCANNER_CONFIG")
    for root in (places["work"].parent, places["work"].parent.parent):
        found = choose_configuration(None, False, [os.path.realpath(root)])
        assert "was not used" in found.notes[0]
    assert workers(None, places["work"].parent) == (4, "your own")


def test_a_link_out_of_the_working_folder_into_the_delivery_is_passed_over(
    places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SCANNER_CONFIG")
    places["work"].unlink()
    places["work"].symlink_to(places["flag"])

    assert workers(None, places["flag"].parent) == (4, "your own")


def test_a_pipe_of_that_name_is_no_file(places: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCANNER_CONFIG")
    places["work"].unlink()
    os.mkfifo(places["work"])

    assert workers() == (4, "your own")


def test_a_delivery_does_not_configure_its_own_gate(run: Run, delivery: Path, tmp_path: Path) -> None:
    generated(delivery / "final" / "leak.png")
    (delivery / "scanner.toml").write_text("fail-on = 'never'\n[zones]\n'**' = 'temporary'", "utf-8")

    assert run("scan", str(delivery)).returncode == 11
    assert run("scan", str(delivery), "--config", str(delivery / "scanner.toml")).returncode == 2
    assert run("scan", str(delivery), SCANNER_CONFIG=str(delivery / "scanner.toml")).returncode == 2


def test_a_scan_from_inside_the_delivery_says_that_its_file_was_not_used(run: Run, tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "final").mkdir()
    generated(work / "final" / "leak.png")
    (work / "scanner.toml").write_text("fail-on = 'never'", "utf-8")

    done = run("scan", ".", "--output", str(tmp_path / "out"))

    assert done.returncode == 11
    assert "was not used" in done.stdout
    report = json.loads((tmp_path / "out" / "scan.json").read_text("utf-8"))
    assert any("was not used" in note for note in report["notes"])
    assert not {"fail-on", "config"} & {one["name"] for one in report["options"]}


def test_the_report_names_the_file_in_force_and_its_digest(run: Run, delivery: Path, tmp_path: Path) -> None:
    generated(delivery / "final" / "leak.png")
    work = tmp_path / "work"
    (work / "scanner.toml").write_text("fail-on = 'never'\noutput = 'qc'\n[zones]\n'temp/**' = 'final'", "utf-8")

    done = run("scan", str(delivery))

    report = json.loads((work / "qc" / "scan.json").read_text("utf-8"))
    assert done.returncode == 0
    assert "settings of scanner.toml are in force" in done.stderr
    told = {one["name"]: one["value"] for one in report["options"]}
    assert told["fail-on"] == "never"
    assert told["config"] == str(work / "scanner.toml")
    assert told["config-sha256"] == hashlib.sha256((work / "scanner.toml").read_bytes()).hexdigest()
    assert {one["zone_reason"] for one in report["assets"] if one["path"].startswith("temp")} == {
        "path matches `temp/**` of scanner.toml"
    }
    assert run("scan", str(delivery), "--no-config").returncode == 11


def test_a_mistake_in_it_is_told_in_one_line_before_anything_is_read(run: Run, delivery: Path, tmp_path: Path) -> None:
    (tmp_path / "work" / "scanner.toml").write_text("fail-no = 'never'", "utf-8")

    done = run("scan", str(delivery))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "scanner: scanner.toml:1: there is no setting 'fail-no'. Did you mean 'fail-on'?\n"


def test_an_exiftool_of_a_file_that_merely_lay_there_is_not_run(run: Run, delivery: Path, tmp_path: Path) -> None:
    trap = tmp_path / "work" / "exiftool"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n", "utf-8")
    trap.chmod(0o755)
    (tmp_path / "work" / "scanner.toml").write_text("exiftool = './exiftool'", "utf-8")

    assert run("scan", str(delivery)).returncode == 2
    assert run("doctor").returncode == 1
    assert run("library", "add", "--role", "ai", str(delivery)).returncode == 2
    assert not (tmp_path / "ran").exists()
