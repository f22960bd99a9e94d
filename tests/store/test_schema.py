from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from sqlalchemy import text

from scanner.model.errors import StoreError
from scanner.model.matching import Rights
from scanner.store import schema
from scanner.store.library import open_library
from tests.store.references import made_references


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


@pytest.fixture
def v1(tmp_path):
    """A library of version 1 with five references."""
    path = str(tmp_path / "library.sqlite")
    with sqlite3.connect(path) as connection:
        connection.executescript(V1)
        for one in made_references(5):
            mark = one.fingerprint
            columns = (mark.algorithm, mark.bits, mark.width, mark.height, mark.flat) if mark else (None,) * 5
            row = (one.id, one.role.value, one.sha256, one.name, *columns, one.pixel_digest)
            connection.execute("INSERT INTO reference VALUES (?,?,?,?,?,?,?,?,?,?)", row)
    connection.close()
    return path


def columns_of(path):
    with sqlite3.connect(path) as connection:
        tables = ("schema_version", "reference", "reference_thumbnail")
        told = {table: connection.execute(f"PRAGMA table_info({table})").fetchall() for table in tables}
    connection.close()
    return {table: {(name, kind, not_null) for _, name, kind, not_null, *_ in rows} for table, rows in told.items()}


def test_a_library_of_version_1_keeps_what_it_holds(v1, tmp_path):
    with pytest.raises(StoreError, match=r"older scanner \(schema 1, this one reads 2\)"):
        open_library(v1, create=False)
    store = open_library(v1, create=True)
    assert sorted(made_references(5), key=lambda one: one.id) == list(store.references())
    one = replace(next(made_references(1, start=9)), rights=Rights("archive", no_ai_alteration=True))
    assert store.add([one], {one.id: b"jpeg"}) == 1
    again = open_library(v1, create=False)
    assert (again.count(), again.thumbnails([one.id]), again.find(one.id)) == (6, {one.id: b"jpeg"}, (one,))


def test_a_migrated_library_has_the_tables_of_a_new_one(v1, tmp_path):
    open_library(v1, create=True).close()
    new = str(tmp_path / "new.sqlite")
    open_library(new, create=True).close()
    assert columns_of(v1) == columns_of(new)


def test_migrations_run_once_and_for_a_writer_only(v1, monkeypatch):
    steps = [lambda connection, number=number: connection.execute(text(f"CREATE TABLE step_{number} (n)")) for number in (3, 4)]
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 4)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, *steps))
    with pytest.raises(StoreError, match=r"older scanner \(schema 1, this one reads 4\)"):
        open_library(v1, create=False)
    open_library(v1, create=True).close()
    open_library(v1, create=True).close()
    with sqlite3.connect(v1) as connection:
        assert connection.execute("SELECT version FROM schema_version").fetchall() == [(4,)]
    connection.close()
    assert open_library(v1, create=False).count() == 5
