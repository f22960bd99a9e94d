"""``scanner approvals``: list, show, verify, export, import, revoke."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner.cli.approvals import approvals_group
from scanner.model.errors import ApprovalLogError, ReportError, StoreError, UsageError
from scanner.store.approval_log import open_approval_log
from scanner.store.approval_records import record
from tests.store.approvals import MOMENT, made_approval


@pytest.fixture
def log(tmp_path: Path) -> str:
    """A log of four approvals: one expired, one dated far ahead."""
    path = str(tmp_path / "log.sqlite")
    dates = ({}, {"expires": "2026-01-31"}, {"date": "2999-01-01"}, {"expires": "2999-12-31", "approver": "Jo " + "é" * 60})
    with closing(open_approval_log(path, create=True)) as opened:
        record(opened, [made_approval(number, **more) for number, more in enumerate(dates, 1)], MOMENT, path)
    return path


def invoke(*arguments: str) -> str:
    done = CliRunner().invoke(approvals_group, arguments, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.output


def ids(log: str) -> list[str]:
    return [one["id"] for one in json.loads(invoke("list", "--approvals", log, "--format", "json"))]


def test_the_table_says_what_stands(log: str) -> None:
    heading, *rows = invoke("list", "--approvals", log).splitlines()

    assert heading.split() == ["ID", "STATE", "UNTIL", "DECISION", "BY", "REFERENCE", "PATH"]
    assert [row[18:27].strip() for row in rows] == ["stands", "expired", "not yet", "stands"]
    assert rows[0].endswith("final/st_001.png")
    assert all(row.index("NFLX") == heading.index("REFERENCE") for row in rows)
    assert "…" in rows[3]


def test_an_empty_log(tmp_path: Path) -> None:
    path = str(tmp_path / "log.sqlite")
    open_approval_log(path, create=True).close()

    assert invoke("list", "--approvals", path) == "no approvals\n"
    assert json.loads(invoke("list", "--approvals", path, "--format", "json")) == []
    assert invoke("list", "--approvals", path, "--format", "toml") == ""
    assert "the log is empty" in invoke("verify", "--approvals", path)
    with pytest.raises(ApprovalLogError, match="it is empty"):
        invoke("verify", "--approvals", path, "--head", "a" * 64)


def test_lists_for_programs(log: str) -> None:
    objects = json.loads(invoke("list", "--approvals", log, "--format", "json"))
    rows = list(csv.DictReader(io.StringIO(invoke("list", "--approvals", log, "--format", "csv"))))
    tables = tomllib.loads(invoke("list", "--approvals", log, "--format", "toml"))["approval"]

    assert [one["id"] for one in objects] == [row["id"] for row in rows] == [table["id"] for table in tables]
    assert objects[0]["state"] == "stands"


def test_show(log: str) -> None:
    said = invoke("show", ids(log)[1][:6], "--approvals", log)

    assert ids(log)[1] in said
    assert {"expired", "ines", "NFLX-2", "2026-01-31"} <= set(said.split())


def test_verify_and_a_head_that_was_kept(log: str) -> None:
    with closing(open_approval_log(log, create=False)) as opened:
        entries = opened.entries()

    said = invoke("verify", "--approvals", log, "--head", entries[1].hash.upper())

    assert "4 entries, each one as it was recorded" in said
    assert entries[3].hash in said
    assert "the head you kept is entry 2; 2 entries were added since" in said


@pytest.mark.parametrize(("head", "what"), [("abc", "no hash of 64"), ("0" * 64, "no entry has the hash 0000")])
def test_a_head_that_is_none_or_not_there(log: str, head: str, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        invoke("verify", "--approvals", log, "--head", head)


def test_verify_names_the_first_broken_entry(log: str) -> None:
    with sqlite3.connect(log) as connection:
        connection.execute("DROP TRIGGER entry_is_not_changed")
        connection.execute("UPDATE entry SET payload = replace(payload, 'NFLX', 'MINE') WHERE sequence > 2")
    connection.close()

    for command in (["verify"], ["list"], ["export", "-", "--format", "csv"], ["show", "1"]):
        with pytest.raises(ApprovalLogError, match="entry 3 is not what was recorded"):
            invoke(*command, "--approvals", log)


@pytest.mark.parametrize("name", ["out.csv", "out.toml"])
def test_carried_to_another_log(log: str, tmp_path: Path, name: str) -> None:
    invoke("revoke", ids(log)[0], "--reason", "taken back", "--approvals", log)
    file, other = str(tmp_path / name), str(tmp_path / "other.sqlite")
    assert "4 decisions exported" in invoke("export", file, "--approvals", log)

    said = invoke("import", file, "--approvals", other)

    assert said.startswith("4 imported, 0 in the log already; it holds 4")
    first = json.loads(invoke("list", "--approvals", other, "--format", "json"))[0]
    assert (first["state"], first["approver"]) == ("revoked", "Dana Reyes, Netflix")
    assert first["imported_from"].startswith(f"{name}, recorded there by ines on {MOMENT}, id ")
    again = invoke("import", file, "--approvals", other)
    assert again.startswith("0 imported, 4 in the log already; it holds 4")
    assert again.count("skipped: ") == 4
    assert "entries, each one" in invoke("verify", "--approvals", other)


def test_an_import_tells_what_was_revoked_there_only(log: str, tmp_path: Path) -> None:
    other, file = str(tmp_path / "other.sqlite"), str(tmp_path / "out.csv")
    invoke("export", file, "--approvals", log)
    invoke("import", file, "--approvals", other)
    invoke("revoke", ids(log)[0], "--reason", "taken back", "--approvals", log)
    invoke("export", file, "--approvals", log)

    assert "1 of the skipped is revoked in the file and not here" in invoke("import", file, "--approvals", other)


def test_a_wrong_row_imports_nothing(log: str, tmp_path: Path) -> None:
    text = invoke("list", "--approvals", log, "--format", "csv").splitlines()
    file = tmp_path / "in.csv"
    file.write_text("\n".join([*text[:3], text[3].replace("creative-output", "creative")]))
    other = str(tmp_path / "other.sqlite")

    with pytest.raises(UsageError, match="line 4: creative is no category"):
        invoke("import", str(file), "--approvals", other)
    assert not Path(other).exists()


def test_export_goes_to_standard_output_and_nowhere_else(log: str, tmp_path: Path) -> None:
    assert (
        "\r\n"
        in CliRunner().invoke(approvals_group, ["export", "-", "--format", "csv", "--approvals", log]).stdout_bytes.decode()
    )
    with pytest.raises(UsageError, match=r"neither \.csv nor \.toml"):
        invoke("export", str(tmp_path / "out.txt"), "--approvals", log)
    with pytest.raises(UsageError, match=r"neither \.csv nor \.toml"):
        invoke("export", "-", "--approvals", log)
    with pytest.raises(ReportError, match="cannot be written"):
        invoke("export", str(tmp_path / "no" / "out.csv"), "--approvals", log)
    with pytest.raises(UsageError, match=r"neither \.csv nor \.toml"):
        invoke("import", str(tmp_path / "out.txt"), "--approvals", log)


def test_revoke_needs_a_reason_on_one_line(log: str) -> None:
    with pytest.raises(UsageError, match="--reason: the reason is empty"):
        invoke("revoke", ids(log)[0], "--reason", " ", "--approvals", log)
    with pytest.raises(UsageError, match="no approval has this id"):
        invoke("revoke", "zzzz", "--reason", "x", "--approvals", log)


@pytest.mark.parametrize(
    "command", [["list"], ["show", "a"], ["verify"], ["export", "-", "--format", "csv"], ["revoke", "a", "--reason", "x"]]
)
def test_no_log_is_made_by_looking(tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "log.sqlite"
    with pytest.raises(UsageError, match="no approval log here"):
        invoke(*command, "--approvals", str(path))
    assert not path.exists()


def test_another_database_is_none(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    sqlite3.connect(path).execute("CREATE TABLE entry (x)")
    with pytest.raises(StoreError, match="no approval log"):
        invoke("list", "--approvals", str(path))
