from __future__ import annotations

import hashlib
import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.model.errors import StoreError, UsageError
from scanner.model.matching import Role
from scanner.store.library import BATCH, open_library
from scanner.store.rows import digest_of, reference_id
from scanner.store.schema import SCHEMA_VERSION
from tests.store.processes import child
from tests.store.references import made_references


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "library.sqlite")


def filled(path, count=20):
    with_them = open_library(path, create=True)
    with_them.add(made_references(count))
    with_them.close()
    return path


def test_ids_are_of_role_and_content(path):
    one = replace(next(made_references(1)), id="whatever")
    with_it = open_library(path, create=True)
    with_it.add([one])
    assert next(with_it.references()).id == reference_id(Role.AI, one.sha256) == f"ai-{one.sha256[:16]}"


def test_the_digest_of_a_store_is_that_of_its_references(path):
    store = open_library(filled(path), create=False)
    assert store.digest() == digest_of(store.references()) == digest_of(made_references(20))


def test_no_file(path):
    with pytest.raises(UsageError, match="scanner library add --role owned") as caught:
        open_library(path, create=False)
    assert caught.value.where == path
    assert not Path(path).exists()


def test_folders_are_made(tmp_path):
    deep = tmp_path / "a b" / "100 %?#" / "library.sqlite"
    filled(str(deep))
    assert open_library(str(deep), create=False).count() == 20
    assert [entry.name for entry in deep.parent.iterdir()] == ["library.sqlite"]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="folder cannot be made"):
        open_library(str(tmp_path / "file" / "library.sqlite"), create=True)


@pytest.mark.parametrize("create", [True, False])
def test_no_database(path, create):
    content = b"this is a text, and a long one\n" * 200
    Path(path).write_bytes(content)
    with pytest.raises(StoreError, match="no database"):
        open_library(path, create=create)
    assert Path(path).read_bytes() == content


@pytest.mark.parametrize("create", [True, False])
def test_another_program_s_database_is_left_alone(path, create):
    with sqlite3.connect(path) as foreign:
        foreign.execute("CREATE TABLE schema_version (version INTEGER)")
    foreign.close()
    before = Path(path).read_bytes()
    with pytest.raises(StoreError, match="no reference library"):
        open_library(path, create=create)
    assert Path(path).read_bytes() == before


def with_version(path, version):
    with sqlite3.connect(filled(path)) as connection:
        connection.execute("UPDATE schema_version SET version = ?", (version,))
    connection.close()


@pytest.mark.parametrize("create", [True, False])
def test_a_newer_library(path, create):
    with_version(path, SCHEMA_VERSION + 1)
    with pytest.raises(StoreError, match=r"newer scanner \(schema 4, this one reads 3\)\. Update the scanner"):
        open_library(path, create=create)


def test_a_library_that_does_not_say_its_version(path):
    with_version(path, 0)
    with pytest.raises(StoreError, match="does not say its schema version"):
        open_library(path, create=False)


def test_an_empty_file_is_filled_only_when_asked(path):
    Path(path).touch()
    with pytest.raises(StoreError, match="no reference library"):
        open_library(path, create=False)
    assert open_library(path, create=True).count() == 0


def test_a_damaged_library(path):
    filled(path, 2000)
    with open(path, "r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xa5" * 40_000)
    with pytest.raises(StoreError, match=r"damaged|cannot be used|no reference library"):
        list(open_library(path, create=False).references())


@pytest.mark.parametrize("change", ["role = 'mine'", "inner_box = x'00'"])
def test_a_damaged_reference_is_told_in_our_words(path, change):
    with sqlite3.connect(filled(path)) as connection:
        connection.execute(f"UPDATE reference SET {change}")
    connection.close()
    store = open_library(path, create=False)
    with pytest.raises(StoreError, match=r"the reference ai-.* is damaged\. `scanner library verify` says"):
        list(store.references())


def test_reading_never_writes(path):
    filled(path)
    before = (hashlib.sha256(Path(path).read_bytes()).hexdigest(), os.stat(path).st_mtime_ns, os.listdir(os.path.dirname(path)))
    store = open_library(path, create=False)
    list(store.references()), store.count(), store.digest()
    with pytest.raises(StoreError, match="cannot be written"):
        store.add(made_references(1, start=99))
    store.close()
    after = (hashlib.sha256(Path(path).read_bytes()).hexdigest(), os.stat(path).st_mtime_ns, os.listdir(os.path.dirname(path)))
    assert after == before


def test_read_only_file_in_a_read_only_folder(path):
    filled(path)
    os.chmod(path, 0o444)
    os.chmod(os.path.dirname(path), 0o555)
    try:
        assert open_library(path, create=False).count() == 20
    finally:
        os.chmod(os.path.dirname(path), 0o755)


def test_no_write_ahead_log(path):
    store = open_library(path, create=True)
    store.add(made_references(3))
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()


HALF_DONE = """
    import os, sqlite3, sys
    connection = sqlite3.connect(sys.argv[1], isolation_level=None)
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE reference SET name = 'half done' || name")
    os.kill(os.getpid(), 9)
"""


def test_what_a_killed_writer_left_half_done_is_undone_on_reading(path):
    filled(path, 3000)
    child(HALF_DONE, path).wait()
    assert Path(f"{path}-journal").stat().st_size > 0
    store = open_library(path, create=False)
    assert store.digest() == digest_of(made_references(3000))
    assert not any("half done" in one.name for one in store.references())


def test_a_batch_is_kept_when_a_later_reference_cannot_be_made(path):
    def failing():
        yield from made_references(BATCH + 10)
        raise RuntimeError

    store = open_library(path, create=True)
    with pytest.raises(RuntimeError):
        store.add(failing())
    assert store.count() == BATCH
