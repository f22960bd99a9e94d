from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import text

from scanner.model.errors import StoreError
from scanner.store import schema
from scanner.store.library import open_library
from tests.store.references import made_references


def test_there_is_a_migration_for_every_older_version():
    assert len(schema.MIGRATIONS) == schema.SCHEMA_VERSION - 1


def test_an_older_library_is_brought_up_to_date_by_a_writer_only(tmp_path, monkeypatch):
    path = str(tmp_path / "library.sqlite")
    open_library(path, create=True).add(made_references(5))
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 3)
    steps = [lambda connection, number=number: connection.execute(text(f"CREATE TABLE step_{number} (n)")) for number in (2, 3)]
    monkeypatch.setattr(schema, "MIGRATIONS", tuple(steps))
    with pytest.raises(StoreError, match=r"older scanner \(schema 1, this one reads 3\)"):
        open_library(path, create=False)
    open_library(path, create=True).close()
    open_library(path, create=True).close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version FROM schema_version").fetchall() == [(3,)]
    connection.close()
    assert open_library(path, create=False).count() == 5
