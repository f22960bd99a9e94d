from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from scanner.store.library import open_library
from tests.cli.conftest import Run, noise


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "stills"
    made.mkdir()
    for number in range(3):
        noise(number).save(made / f"{'abc'[number]}.png")
    return made


@pytest.fixture
def library(run: Run, folder: Path, tmp_path: Path) -> str:
    path = str(tmp_path / "l.sqlite")
    done = run("library", "add", "--role", "owned", str(folder), "--library", path)
    assert done.returncode == 0, done.stderr
    return path


def change(library: str, *statements: str) -> None:
    with sqlite3.connect(library) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


BROKEN = ("UPDATE reference_picture SET picture = x'00'", "INSERT INTO collection_member VALUES ('x', 'ai-gone')")


def test_a_whole_library(run: Run, library: str) -> None:
    done = run("library", "verify", "--library", library)
    assert (done.returncode, done.stdout) == (0, f"3 references checked: all is as it was kept ({library})\n")


def test_what_is_wrong_is_told_by_reference_and_nothing_changed(run: Run, library: str) -> None:
    change(library, *BROKEN)
    before = Path(library).read_bytes()

    done = run("library", "verify", "--library", library)

    lines = done.stdout.splitlines()
    assert done.returncode == 10
    assert lines[0] == "ai-gone: collection of a reference that is not there (1)"
    assert all("stills/" in line and "the picture is not the one that was kept" in line for line in lines[1:4])
    assert lines[4].startswith("3 references checked: something is wrong with 4")
    assert "--repair PATH" in lines[5]
    assert Path(library).read_bytes() == before


def test_repair_says_what_it_did_and_leaves_what_it_could_not(run: Run, library: str, folder: Path) -> None:
    change(library, *BROKEN)
    (folder / "a.png").unlink()

    done = run("library", "verify", "--repair", str(folder), "--library", library)

    assert done.returncode == 10
    assert "2 references repaired, 1 rows of references that are not there taken out" in done.stdout
    assert "stills/a.png: the picture" in done.stdout
    noise(0).save(folder / "a.png")
    again = run("library", "verify", "--repair", str(folder), "--library", library)
    assert (again.returncode, "1 reference repaired" in again.stdout) == (0, True)


def test_as_json(run: Run, library: str) -> None:
    change(library, BROKEN[0])
    done = run("library", "verify", "--library", library, "--format", "json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["references"], told["incomplete"], told["repaired"]) == (10, 3, 0, None)
    assert {one["part"] for one in told["troubles"]} == {"picture"}
    assert told["troubles"][0].keys() == {"reference", "name", "what", "part"}


def test_references_of_an_older_scanner_are_told_and_are_not_wrong(run: Run, library: str) -> None:
    change(library, "DELETE FROM reference_picture")
    done = run("library", "verify", "--library", library)
    assert (done.returncode, "3 lack what this version keeps" in done.stdout) == (0, True)


def test_wrong_usage(run: Run, library: str, folder: Path, tmp_path: Path) -> None:
    assert run("library", "verify", str(folder), "--library", library).returncode == 2
    assert run("library", "verify", "--library", str(tmp_path / "none.sqlite")).returncode == 2
    inside = str(folder / "l.sqlite")
    open_library(inside, create=True).close()
    assert run("library", "verify", "--repair", str(folder), "--library", inside).returncode == 2


def test_what_cannot_be_read_at_all(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "text.sqlite"
    path.write_text("this is a text\n" * 300)
    done = run("library", "verify", "--library", str(path))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_quiet(run: Run, library: str) -> None:
    change(library, BROKEN[0])
    done = run("library", "verify", "--library", library, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (10, "", "")
