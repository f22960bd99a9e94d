"""Counting, pruning and checking what is in a store of readings."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import text

from scanner.store.readings_checking import check_readings
from scanner.store.readings_opening import open_readings
from scanner.store.readings_upkeep import Chosen, contents_of, prune
from tests.store.examinations import READ_NS, VERSION, bare, delivery, marked, to_keep

OTHER = replace(VERSION, digest="cd" * 32, made_of='{"exiftool": "12.0"}')
DAY_NS = 86_400 * 10**9


def silent(done, total):
    assert 0 < done <= total


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path):
    place = str(tmp_path / "r.sqlite") if request.param == "sqlite" else request.getfixturevalue("postgres").new_place()
    with closing(open_readings(place)) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "delivery \udcff"
    made.mkdir()
    for number in range(10):
        (made / f"{number}.jpg").write_bytes(b"")
    return str(made)


def keep(store, folder, version=VERSION, read_ns=READ_NS, make=None):
    files = [to_keep(one, f"{folder}/{at}.jpg", read_ns=read_ns) for at, one in enumerate(make or delivery(10))]
    store.keep(files, version)


def counts(store):
    contents = contents_of(store.database)
    return contents.readings, contents.outcomes, contents.folders, len(contents.versions)


def test_nothing_is_in_an_empty_one(store):
    contents = contents_of(store.database)
    assert (contents.revision, contents.versions) == ("0001", ())
    assert counts(store) == (0, 0, 0, 0)
    assert contents.size_bytes > 10_000


def test_what_is_in_it_by_version(store):
    keep(store, "/x")
    keep(store, "/y", read_ns=READ_NS + DAY_NS)
    keep(store, "/x", OTHER)
    assert counts(store) == (30, 3, 2, 2)
    first, second = contents_of(store.database).versions
    assert (first.digest, first.readings, first.oldest_ns, first.newest_ns) == (VERSION.digest, 20, READ_NS, READ_NS + DAY_NS)
    assert (second.digest, second.made_of, second.readings) == (OTHER.digest, OTHER.made_of, 10)


def test_old_ones_go_with_what_only_they_had(store):
    keep(store, "/old", make=[marked(number) for number in range(10)])
    keep(store, "/new", read_ns=READ_NS + DAY_NS)
    chosen = Chosen(before_ns=READ_NS + 1)
    assert prune(store.database, chosen, silent, dry_run=True).readings == 10
    assert counts(store)[0] == 20
    pruned = prune(store.database, chosen, silent)
    # One of the marked files is in the new folder too.
    assert (pruned.readings, pruned.outcomes) == (10, 9)
    assert counts(store) == (10, 3, 1, 1)
    assert len(store.recall("/new", VERSION)) == 10


def test_other_versions_go(store):
    keep(store, "/x")
    keep(store, "/x", OTHER)
    assert prune(store.database, Chosen(versions=(OTHER.digest, "ef" * 32)), silent).readings == 10
    assert [one.digest for one in contents_of(store.database).versions] == [VERSION.digest]


def test_files_that_are_gone_go(store, folder):
    keep(store, folder)
    keep(store, f"{folder}/gone")
    os.remove(f"{folder}/3.jpg")
    chosen = Chosen(missing=True)
    assert prune(store.database, chosen, silent, dry_run=True).readings == 11
    pruned = prune(store.database, chosen, silent)
    assert (pruned.readings, pruned.unlisted) == (11, 0)
    assert ("3.jpg" in {name for name, _ in store.recall(folder, VERSION)}, counts(store)[0]) == (False, 9)


def test_a_folder_that_cannot_be_listed_keeps_its_readings(store, monkeypatch):
    keep(store, "/x")

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "listdir", refuse)
    pruned = prune(store.database, Chosen(missing=True), silent)
    assert (pruned.readings, pruned.unlisted, counts(store)[0]) == (0, 1, 10)


def test_a_reading_that_two_reasons_choose_is_counted_once(store, folder):
    keep(store, folder)
    keep(store, "/gone")
    chosen = Chosen(before_ns=READ_NS + 1, missing=True, versions=(VERSION.digest,))
    assert prune(store.database, chosen, silent, dry_run=True).readings == 20
    assert prune(store.database, chosen, silent).readings == 20
    assert counts(store) == (0, 0, 0, 0)


def test_pruning_an_empty_one(store):
    assert prune(store.database, Chosen(before_ns=READ_NS), silent).readings == 0


def test_pruned_names_are_nowhere_in_the_file(tmp_path):
    place = tmp_path / "r.sqlite"
    with closing(open_readings(str(place))) as store:
        store.keep([to_keep(bare(), "/secret-folder/secret-name.jpg")], VERSION)
        prune(store.database, Chosen(before_ns=READ_NS + 1), silent)
        assert counts(store)[0] == 0
    for one in tmp_path.iterdir():
        assert b"secret" not in one.read_bytes()


def test_a_scan_that_goes_on_keeps_right_what_was_pruned_meanwhile(store):
    keep(store, "/x", make=[marked(number) for number in range(3)])
    assert len(store.recall("/x", VERSION)) == 3
    prune(store.database, Chosen(before_ns=READ_NS + 1), silent)
    keep(store, "/x", make=[marked(number) for number in range(3)])
    assert [one.examination() for one in store.recall("/x", VERSION).values()] == [marked(number) for number in range(3)]
    assert list(check_readings(store.database, silent)) == []


def test_a_whole_one(store):
    keep(store, "/x", make=delivery(300))
    assert list(check_readings(store.database, silent)) == []


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM readings_outcome", "what it yielded is not there"),
        ("UPDATE readings_outcome SET digest = packed", "what it yielded is damaged"),
        ("UPDATE readings_outcome SET packed = digest", "what it yielded is damaged"),
        ("UPDATE readings_reading SET sha256 = name", "its own part is damaged"),
        ("UPDATE readings_reading SET prints = name", "its own part is damaged"),
        ("UPDATE readings_reading SET facts = '{'", "its own part is damaged"),
    ],
)
def test_what_is_wrong_is_told_by_file(store, statement, what):
    keep(store, "/x", make=delivery(10))
    with store.database.transaction() as connection:
        connection.execute(text(statement))
    troubles = list(check_readings(store.database, silent))
    assert sorted(one.path for one in troubles) == [f"/x/{number}.jpg" for number in range(10)]
    assert all(one.what.startswith(what) for one in troubles)


def test_a_damaged_file_is_told(tmp_path):
    place = tmp_path / "r.sqlite"
    with closing(open_readings(str(place))) as store:
        keep(store, "/x", make=delivery(500))
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = bytearray(place.read_bytes())
    for page in range(8, len(whole) // 4096, 3):
        whole[page * 4096 : page * 4096 + 300] = bytes(300)
    place.write_bytes(whole)
    with closing(open_readings(str(place))) as store:
        troubles = list(check_readings(store.database, silent))
    assert troubles and "damaged" in troubles[0].what and not troubles[0].path
