"""Libraries of older scanners: everything comes along, once, and whole or not at all."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from sqlalchemy import text

from scanner.model.errors import StoreError
from scanner.model.matching import Rights
from scanner.store import schema
from scanner.store.library import open_library
from tests.store.references import made_references, with_belongings


def test_there_is_a_migration_for_every_older_version():
    assert len(schema.MIGRATIONS) == schema.SCHEMA_VERSION - 1


V1 = """
CREATE TABLE schema_version (version INTEGER NOT NULL);
CREATE TABLE reference (
    id VARCHAR NOT NULL, role VARCHAR NOT NULL, sha256 VARCHAR(64) NOT NULL, name VARCHAR NOT NULL, algorithm VARCHAR,
    bits VARCHAR, width INTEGER, height INTEGER, flat BOOLEAN, pixel_digest VARCHAR NOT NULL,
    PRIMARY KEY (id), UNIQUE (role, sha256));
INSERT INTO schema_version VALUES (1);
"""
"""What the first released scanner made, as SQLite tells it."""


V2 = """
CREATE TABLE schema_version (version INTEGER NOT NULL);
CREATE TABLE reference (
    id VARCHAR NOT NULL, role VARCHAR NOT NULL, sha256 VARCHAR(64) NOT NULL, name VARCHAR NOT NULL, algorithm VARCHAR,
    bits VARCHAR, width INTEGER, height INTEGER, flat BOOLEAN, pixel_digest VARCHAR NOT NULL,
    source VARCHAR DEFAULT '' NOT NULL, owner VARCHAR DEFAULT '' NOT NULL, licence VARCHAR DEFAULT '' NOT NULL,
    no_ai_alteration BOOLEAN DEFAULT '0' NOT NULL,
    PRIMARY KEY (id), UNIQUE (role, sha256));
CREATE TABLE reference_thumbnail (
    reference VARCHAR NOT NULL, jpeg BLOB NOT NULL,
    PRIMARY KEY (reference), FOREIGN KEY(reference) REFERENCES reference (id) ON DELETE CASCADE);
INSERT INTO schema_version VALUES (2);
"""
"""The same for version 2, which has rights and thumbnails."""
RIGHTS = Rights("archive", "us", "editorial", no_ai_alteration=True)
DIGEST_OF_2 = "d6683c2dea73868a3911f86f0c7c55f13fb8857d96b8644f7c4fa063745ddb51"
"""Of the library that `old` makes with version 2, as the scanner of that version told it."""


def old(path, version):
    """Write a library of an older version with five references; of version 2 with rights, and a thumbnail for the first."""
    with sqlite3.connect(path) as connection:
        connection.executescript({1: V1, 2: V2}[version])
        for number, one in enumerate(made_references(5)):
            mark = one.fingerprint
            columns = (mark.algorithm, mark.bits, mark.width, mark.height, mark.flat) if mark else (None,) * 5
            row = (one.id, one.role.value, one.sha256, one.name, *columns, one.pixel_digest)
            row += () if version == 1 else (RIGHTS.source, RIGHTS.owner, RIGHTS.licence, RIGHTS.no_ai_alteration)
            connection.execute(f"INSERT INTO reference VALUES ({','.join('?' * len(row))})", row)
            if version == 2 and number == 0:
                connection.execute("INSERT INTO reference_thumbnail VALUES (?, ?)", (one.id, b"jpeg"))
    connection.close()
    return path


def held_by(version):
    rights = Rights() if version == 1 else RIGHTS
    return sorted((replace(one, rights=rights) for one in made_references(5)), key=lambda one: one.id)


@pytest.fixture(params=[1, 2])
def version(request):
    return request.param


@pytest.fixture
def library(tmp_path, version):
    """The path of a library of an older version."""
    return old(str(tmp_path / "library.sqlite"), version)


def test_an_older_library_keeps_what_it_holds(library, version):
    with pytest.raises(StoreError, match=rf"older scanner \(schema {version}, this one reads 3\)"):
        open_library(library, create=False)
    store = open_library(library, create=True)
    assert list(store.references()) == held_by(version)
    first = next(made_references(1)).id
    assert store.thumbnails([first]) == ({first: b"jpeg"} if version == 2 else {})


def test_an_older_library_takes_what_is_new(library):
    store = open_library(library, create=True)
    given = [replace(one, rights=RIGHTS) for one in made_references(7)]
    assert store.add(given, with_belongings(given, ("a",))) == 2
    again = open_library(library, create=False)
    held = again.belongings([one.id for one in given])
    assert again.count() == 7
    assert all(its.picture and its.features and its.hashes and its.collections == ("a",) for its in held.values())


def test_bringing_a_library_up_to_date_changes_no_digest(tmp_path):
    library = old(str(tmp_path / "library.sqlite"), 2)
    assert open_library(library, create=True).digest() == DIGEST_OF_2


def told_of(path):
    """All tables and indexes of a database, as SQLite understands them."""
    with sqlite3.connect(path) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")]
        told = {}
        for table in names:
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            keys = connection.execute(f"PRAGMA foreign_key_list({table})").fetchall()
            indexes = connection.execute(f"PRAGMA index_list({table})").fetchall()
            (sql,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
            told[table] = (
                {(name, kind, not_null, key) for _, name, kind, not_null, _, key in columns},
                {(target, column, far, on_delete) for _, _, target, column, far, _, on_delete, _ in keys},
                {(name if origin == "c" else "", unique, origin) for _, name, unique, origin, _ in indexes},
                "WITHOUT ROWID" in sql,
            )
    connection.close()
    return told


def test_an_older_library_gets_the_tables_of_a_new_one(library, tmp_path):
    open_library(library, create=True).close()
    new = str(tmp_path / "new.sqlite")
    open_library(new, create=True).close()
    assert told_of(library) == told_of(new)


def test_a_kill_while_a_library_is_brought_up_to_date_leaves_the_old_one(library, version, monkeypatch):
    def killed(connection):
        raise KeyboardInterrupt

    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS[:-1], killed))
    before = told_of(library)
    with pytest.raises(KeyboardInterrupt):
        open_library(library, create=True)
    assert told_of(library) == before
    monkeypatch.undo()
    assert list(open_library(library, create=True).references()) == held_by(version)


def test_migrations_run_once_and_for_a_writer_only(library, version, monkeypatch):
    steps = [lambda connection, number=number: connection.execute(text(f"CREATE TABLE step_{number} (n)")) for number in (4, 5)]
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 5)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, *steps))
    with pytest.raises(StoreError, match=rf"older scanner \(schema {version}, this one reads 5\)"):
        open_library(library, create=False)
    open_library(library, create=True).close()
    open_library(library, create=True).close()
    with sqlite3.connect(library) as connection:
        assert connection.execute("SELECT version FROM schema_version").fetchall() == [(5,)]
    connection.close()
    assert open_library(library, create=False).count() == 5
