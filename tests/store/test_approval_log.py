"""The log on disk: what it must do whatever happens to it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from benchmarks.approval_log import storm
from scanner.model.errors import ApprovalLogError, StoreError, UsageError
from scanner.store.approval_log import LOG_VERSION, ApprovalLog, Draft, open_approval_log
from scanner.store.chain import Entry, follow
from scanner.store.library import open_library
from tests.store.approvals import MOMENT

ROOT = Path(__file__).parents[2]
COLUMNS = ("kind", "recorded", "payload", "previous", "hash")


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "approvals.sqlite")


@pytest.fixture
def log(path):
    opened = open_approval_log(path, create=True)
    yield opened
    opened.close()


def filled(log: ApprovalLog, count: int = 5) -> tuple[Entry, ...]:
    return log.extend(lambda _: [Draft("approval", MOMENT, {"number": number, "use": "é" * 9}) for number in range(count)])


def tampered(path: str, *statements: str) -> None:
    """Change the file as somebody with a database tool would, the guards taken away."""
    with sqlite3.connect(path) as connection:
        for name in ("entry_is_not_changed", "entry_is_not_removed", "entry_comes_last"):
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_an_empty_log(log):
    assert log.entries() == ()


def test_what_is_appended_comes_back_in_order(log):
    first = log.append("approval", MOMENT, {"b": 1, "a": "ü"})
    second = log.append("revocation", MOMENT, {})

    assert log.entries() == (first, second)
    assert (first.sequence, second.sequence, second.previous) == (1, 2, first.hash)
    assert first.payload == '{"a":"ü","b":1}'


def test_kinds_of_a_later_version_are_kept_as_they_are(log):
    entry = log.append("rejection", MOMENT, {"why": "not AI"})

    assert log.entries() == (entry,)


def test_several_are_added_all_or_none(log):
    filled(log, 2)

    def failing(entries):
        assert len(entries) == 2
        yield Draft("approval", MOMENT, {})
        raise UsageError("no")

    with pytest.raises(UsageError):
        log.extend(failing)
    with pytest.raises(ValueError):
        log.extend(lambda _: [Draft("approval", MOMENT, {}), Draft("approval", MOMENT, {"a": float("nan")})])
    assert len(log.entries()) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET payload = '{}' WHERE sequence = 2",
        "DELETE FROM entry WHERE sequence = 5",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE sequence = 2",
        "INSERT INTO entry SELECT sequence + 10, kind, recorded, payload, previous, hash FROM entry WHERE sequence = 2",
    ],
)
def test_the_file_itself_refuses_changes(path, log, statement):
    entries = filled(log)

    with sqlite3.connect(path) as connection, pytest.raises(sqlite3.IntegrityError, match="approval log"):
        connection.execute(statement)
    connection.close()
    assert log.entries() == entries


def test_every_flipped_byte_of_every_column_is_found_and_named(path, log):
    """Flipped in the file itself, where a disk or an editor would do it, one after the other."""
    entries = filled(log, 3)
    log.close()
    whole = Path(path).read_bytes()
    flips = 0
    for entry in entries:
        start = whole.index(f"approval{MOMENT}{entry.payload}".encode())
        length = sum(len(getattr(entry, column).encode()) for column in COLUMNS)
        for place in range(start, start + length):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << (place % 8)
            Path(path).write_bytes(damaged)
            with pytest.raises(ApprovalLogError, match=f"entry {entry.sequence} is not what was recorded"):
                open_approval_log(path, create=False).entries()
            flips += 1
    assert flips > 500
    Path(path).write_bytes(whole)
    assert open_approval_log(path, create=False).entries() == entries


def test_a_flipped_byte_anywhere_in_the_file_never_yields_other_entries(path, log):
    entries = filled(log, 2)
    log.close()
    whole = Path(path).read_bytes()
    for place in range(0, len(whole), 101):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        Path(path).write_bytes(damaged)
        try:
            held = open_approval_log(path, create=False).entries()
        except (ApprovalLogError, StoreError):
            continue
        assert held == entries


@pytest.mark.parametrize(
    ("statements", "what"),
    [
        (["UPDATE entry SET payload = '{}' WHERE sequence = 3"], "entry 3 is not what was recorded"),
        (["UPDATE entry SET recorded = '2020-01-01T00:00:00Z' WHERE sequence = 1"], "entry 1 is not what was recorded"),
        (["DELETE FROM entry WHERE sequence = 2"], "entry 2 is missing"),
        (["DELETE FROM entry WHERE sequence = 1"], "entry 1 is missing"),
        (["DELETE FROM entry WHERE sequence > 3"], "entry 4 is missing: the log was cut at its end"),
        (["DELETE FROM entry"], "entry 1 is missing: the log was cut at its end"),
        (
            [
                "UPDATE entry SET sequence = 99 WHERE sequence = 2",
                "UPDATE entry SET sequence = 2 WHERE sequence = 3",
                "UPDATE entry SET sequence = 3 WHERE sequence = 99",
            ],
            "entry 2 is not what was recorded",
        ),
    ],
)
def test_whoever_goes_around_the_guards_is_found(path, log, statements, what):
    filled(log)
    tampered(path, *statements)

    with pytest.raises(ApprovalLogError, match=what):
        log.entries()
    with pytest.raises(ApprovalLogError, match=what):
        log.extend(lambda _: [Draft("approval", MOMENT, {})])


@pytest.mark.parametrize(
    "statement", ["UPDATE entry SET payload = '{}' WHERE sequence = 5", "DELETE FROM entry WHERE sequence > 3"]
)
def test_nothing_is_appended_to_an_end_that_does_not_hold(path, log, statement):
    filled(log)
    tampered(path, statement)

    with pytest.raises(ApprovalLogError, match=r"entry [45]"):
        log.append("approval", MOMENT, {})


def test_an_exchanged_entry_breaks_the_link_after_it(path, log):
    entries = filled(log)
    forged = follow(entries[1], "approval", MOMENT, {"number": 999})
    tampered(path, f"UPDATE entry SET payload = '{forged.payload}', hash = '{forged.hash}' WHERE sequence = 3")

    with pytest.raises(ApprovalLogError, match="entry 4 does not follow entry 3"):
        log.entries()


def test_guards_that_were_taken_away_come_back_with_the_next_writer(path, log):
    entries = filled(log)
    tampered(path)
    open_approval_log(path, create=True).close()

    with sqlite3.connect(path) as connection, pytest.raises(sqlite3.IntegrityError, match="never removed"):
        connection.execute("DELETE FROM entry")
    connection.close()
    assert log.entries() == entries


def test_reading_never_writes(path, log):
    entries = filled(log)
    log.close()
    before = (hashlib.sha256(Path(path).read_bytes()).hexdigest(), os.stat(path).st_mtime_ns, os.listdir(os.path.dirname(path)))
    reader = open_approval_log(path, create=False)

    assert reader.entries() == entries
    with pytest.raises(StoreError, match="the approval log cannot be written"):
        reader.append("approval", MOMENT, {})
    reader.close()
    after = (hashlib.sha256(Path(path).read_bytes()).hexdigest(), os.stat(path).st_mtime_ns, os.listdir(os.path.dirname(path)))
    assert after == before


def test_no_file(path):
    with pytest.raises(UsageError, match=r"no approval log here.*scanner approve"):
        open_approval_log(path, create=False)
    assert not Path(path).exists()


@pytest.mark.parametrize("create", [True, False])
def test_no_database(path, create):
    content = b"this is a text, and a long one\n" * 200
    Path(path).write_bytes(content)
    with pytest.raises(StoreError, match=r"no database.*--approvals"):
        open_approval_log(path, create=create)
    assert Path(path).read_bytes() == content


@pytest.mark.parametrize("create", [True, False])
def test_a_library_is_no_approval_log(path, create):
    open_library(path, create=True).close()
    before = Path(path).read_bytes()
    with pytest.raises(StoreError, match="no approval log"):
        open_approval_log(path, create=create)
    assert Path(path).read_bytes() == before


@pytest.mark.parametrize("create", [True, False])
def test_a_log_of_another_version(path, log, create):
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE approval_log_version SET version = ?", (LOG_VERSION + 1,))
    connection.close()
    with pytest.raises(StoreError, match=r"version 2, this one reads 1.*Update the scanner"):
        open_approval_log(path, create=create)


def test_an_empty_file_is_filled_only_when_asked(path):
    Path(path).touch()
    with pytest.raises(StoreError, match="no approval log"):
        open_approval_log(path, create=False)
    assert open_approval_log(path, create=True).entries() == ()


def test_folders_are_made_or_the_error_says_which(tmp_path):
    deep = tmp_path / "a b" / "100 %?#" / "approvals.sqlite"
    open_approval_log(str(deep), create=True).close()
    assert [entry.name for entry in deep.parent.iterdir()] == ["approvals.sqlite"]
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"folder cannot be made.*--approvals"):
        open_approval_log(str(tmp_path / "file" / "approvals.sqlite"), create=True)


HALF_DONE = """
    import os, sqlite3, sys
    connection = sqlite3.connect(sys.argv[1], isolation_level=None)
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DROP TRIGGER entry_comes_last")
    for number in range(2000):
        connection.execute("INSERT INTO entry VALUES (?, 'approval', '', ?, '', '')", (number + 1000, 'x' * 500))
    os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("create", [True, False])
def test_what_a_killed_writer_left_half_done_is_undone(path, log, create):
    entries = filled(log)
    log.close()
    subprocess.run([sys.executable, "-c", textwrap.dedent(HALF_DONE), path], check=False)
    assert Path(f"{path}-journal").stat().st_size > 0

    assert open_approval_log(path, create=create).entries() == entries


def test_threads_that_append_at_once_make_one_chain(path, log):
    def add() -> None:
        own = open_approval_log(path, create=True)
        for number in range(20):
            own.append("approval", MOMENT, {"number": number})
        own.close()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(log.entries()) == 80


def test_a_copy_is_a_whole_log(path, log, tmp_path):
    entries = filled(log)
    log.close()
    shutil.copy(path, tmp_path / "copy.sqlite")

    assert open_approval_log(str(tmp_path / "copy.sqlite"), create=False).entries() == entries


def test_no_acknowledged_entry_is_lost_or_torn_when_writers_are_killed(path):
    # The full run, 10,000 entries: python -m benchmarks.approval_log
    done = storm(path, entries=120, processes=8, kill_every_seconds=0.4, seed=1)

    assert done.acknowledged >= 120
    assert (done.lost, done.twice) == (0, 0)
    assert done.entries >= done.acknowledged
    assert done.kills > 8


def test_the_check_that_the_documentation_gives_does_check(path, log):
    page = (ROOT / "docs" / "approvals.md").read_text("utf-8")
    (snippet,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    filled(log)

    exec(snippet, {"path": path})
    tampered(path, "UPDATE entry SET payload = '{}' WHERE sequence = 4")
    with pytest.raises(AssertionError, match="4"):
        exec(snippet, {"path": path})
