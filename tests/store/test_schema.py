from __future__ import annotations

import sqlite3

import pytest

from scanner.model.errors import StoreError
from scanner.store import schema
from scanner.store.library import open_library
from tests.store.references import made_references, with_belongings


def test_a_postgresql_library_begins_with_the_tables_of_now_and_sorts_by_characters(postgres):
    place = postgres.new_place()
    open_library(place, create=True).close()
    name = place.rpartition("%3D")[2]
    columns = postgres.execute(
        "SELECT table_name, column_name, collation_name FROM information_schema.columns "
        f"WHERE table_schema = '{name}' AND column_name IN ('id', 'reference', 'collection')"
    )
    assert {table for table, _, _ in columns} == {"reference", *(table.name for table in schema.BELONGINGS)}
    assert {collation for _, _, collation in columns} == {"C"}
    assert postgres.execute("SELECT version FROM schema_version", schema=name) == [(schema.SCHEMA_VERSION,)]


def test_what_belongs_to_a_reference_cannot_stand_without_it(tmp_path):
    path = str(tmp_path / "l.sqlite")
    given = list(made_references(3))
    store = open_library(path, create=True)
    store.add(given, with_belongings(given, ("a",)))
    with store.database.transaction() as connection:
        connection.execute(schema.reference.delete())
    with sqlite3.connect(path) as connection:
        left = [connection.execute(f"SELECT count(*) FROM {table.name}").fetchone() for table in schema.BELONGINGS]
    connection.close()
    assert left == [(0,)] * len(schema.BELONGINGS)


def test_a_postgresql_database_of_another_program_is_left_alone(postgres):
    place = postgres.new_place()
    name = place.rpartition("%3D")[2]
    postgres.execute("CREATE TABLE schema_version (version INTEGER)", schema=name)
    for create in (True, False):
        with pytest.raises(StoreError, match="this database is no reference library"):
            open_library(place, create=create)
    assert postgres.execute(f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{name}'") == [
        ("schema_version",)
    ]
