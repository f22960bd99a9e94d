from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from scanner.pipeline.reading_key import reading_version
from scanner.pipeline.settings import WorkerSettings
from scanner.store.readings_opening import open_readings
from tests.cli.conftest import Run
from tests.store.examinations import VERSION, delivery, to_keep


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Ten readings of files that are not there, by another version."""
    place = str(tmp_path / "cache" / "r.sqlite")
    with closing(open_readings(place)) as opened:
        opened.keep([to_keep(one, f"/gone/{at}\udcff.jpg") for at, one in enumerate(delivery(10))], VERSION)
    return place


def change(store: str, statement: str) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute(statement)
        connection.commit()


def test_what_is_in_it(run: Run, store: str) -> None:
    done = run("store", "info", "--store", store)

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"store      {store}"
    assert lines[3:6] == ["readings   10 of files in 1 folder", "outcomes   3", "versions   1"]
    assert lines[6] == f"  {VERSION.digest[:12]}  10 readings, read 2023-11-14 to 2023-11-14 (exiftool 13.50)"


def test_what_is_in_it_as_json(run: Run, store: str) -> None:
    told = json.loads(run("store", "info", "--store", store, "--format", "json").stdout)

    assert (told["store"], told["readings"], told["outcomes"], told["revision"]) == (store, 10, 3, "0001")
    assert told["versions"][0]["made_of"] == {"exiftool": "13.50"}
    assert told["versions"][0]["oldest"] == "2023-11-14T22:13:20+00:00"
    assert told["size_bytes"] >= os.path.getsize(store)


@pytest.mark.parametrize("command", [("info",), ("verify",), ("prune", "--missing"), ("rebuild",)])
def test_where_there_is_none(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    done = run("store", *command, "--store", str(tmp_path / "x" / "none.sqlite"))

    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no store of readings here" in done.stderr
    assert not (tmp_path / "x").exists()


def test_the_default_place_is_in_the_cache_folder(run: Run, tmp_path: Path) -> None:
    done = run("store", "info", XDG_CACHE_HOME=str(tmp_path))

    assert f"{tmp_path}/media-provenance-scanner/readings.sqlite: there is no store" in done.stderr


def test_nothing_goes_unless_something_says_what(run: Run, store: str) -> None:
    done = run("store", "prune", "--store", store)

    assert done.returncode == 2
    assert "nothing says what to remove. Add --older-than DAYS, --missing or --other-versions" in done.stderr


@pytest.mark.parametrize("what", [("--missing",), ("--older-than", "1"), ("--other-versions",)])
def test_what_is_chosen_goes(run: Run, store: str, what: tuple[str, ...]) -> None:
    would = run("store", "prune", *what, "--dry-run", "--store", store)
    done = run("store", "prune", *what, "--store", store)
    again = run("store", "prune", *what, "--store", store, "--format", "json")

    assert (would.returncode, would.stdout) == (0, f"10 readings would be removed ({store})\n")
    assert (done.returncode, done.stdout) == (0, f"10 readings and 3 outcomes removed ({store})\n")
    assert json.loads(again.stdout) == {"store": store, "dry_run": False, "readings": 0, "outcomes": 0, "unlisted": 0}


def test_readings_of_this_version_stay_whatever_the_settings(run: Run, store: str, exiftool_version: str) -> None:
    mine = reading_version(WorkerSettings(thorough=True), exiftool_version, "00")
    now = time.time_ns()
    with closing(open_readings(store)) as opened:
        opened.keep([to_keep(one, f"/x/{at}.jpg", read_ns=now) for at, one in enumerate(delivery(5))], mine)

    assert run("store", "prune", "--other-versions", "--older-than", "1", "--store", store, "--quiet").stdout == ""
    assert "readings   5 of files in 1 folder" in run("store", "info", "--store", store).stdout


@pytest.fixture
def exiftool_version() -> str:
    from scanner.read.exiftool_installation import inspect_exiftool

    return inspect_exiftool("exiftool").version


def test_a_whole_one(run: Run, store: str) -> None:
    done = run("store", "verify", "--store", store)

    assert (done.returncode, done.stdout) == (0, f"all is as it was kept ({store})\n")
    assert json.loads(run("store", "verify", "--store", store, "--format", "json").stdout) == {"store": store, "troubles": []}


def test_what_is_wrong_is_told_and_nothing_changed(run: Run, store: str) -> None:
    change(store, "UPDATE readings_reading SET prints = x'00' WHERE substr(name, 1, 1) = x'33'")
    before = Path(store).read_bytes()

    done = run("store", "verify", "--store", store)

    assert done.returncode == 10
    assert done.stdout.splitlines() == [
        "/gone/3\\xff.jpg: its own part is damaged (hashes are damaged)",
        "The next scan reads these files again and puts them right",
    ]
    assert Path(store).read_bytes() == before
    assert run("store", "verify", "--store", store, "--quiet").stdout == ""
    told = json.loads(run("store", "verify", "--store", store, "--format", "json").stdout)["troubles"]
    assert told == [{"path": "/gone/3\\xff.jpg", "what": "its own part is damaged (hashes are damaged)"}]


def test_a_newer_one_is_set_aside_on_request(run: Run, store: str) -> None:
    change(store, "UPDATE readings_revision SET version_num = 'x9'")
    refused = run("store", "info", "--store", store)
    done = run("store", "rebuild", "--store", store)

    assert refused.returncode == 1
    assert "newer scanner (revision x9" in refused.stderr and "`scanner store rebuild`" in refused.stderr
    assert done.returncode == 0, done.stderr
    assert f"{store} is new and empty; the old one is {store}.set-aside-" in done.stdout
    assert "readings   0 of files in 0 folders" in run("store", "info", "--store", store).stdout
    assert len([one for one in os.listdir(os.path.dirname(store)) if one.startswith("r.sqlite.set-aside-")]) == 1
