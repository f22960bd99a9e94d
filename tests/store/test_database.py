from __future__ import annotations

import pytest

from scanner.model.errors import StoreError
from scanner.store.library import open_library
from scanner.store.schema import reference
from tests.store.references import made_references


@pytest.fixture
def database(tmp_path):
    store = open_library(str(tmp_path / "l.sqlite"), create=True)
    store.add(made_references(2))
    yield store.database
    store.close()


def test_a_transaction_that_fails_leaves_nothing(database):
    with pytest.raises(RuntimeError), database.transaction() as connection:
        connection.execute(reference.delete())
        raise RuntimeError
    with database.transaction() as connection:
        assert len(connection.execute(reference.select()).all()) == 2


def test_errors_name_the_place_in_our_words(database):
    with (
        pytest.raises(StoreError, match=r"l\.sqlite: the library cannot be used \(no such table: none_such\)"),
        database.transaction() as connection,
    ):
        connection.exec_driver_sql("SELECT * FROM none_such")


def test_an_insert_leaves_alone_what_is_known(database):
    with database.transaction() as connection:
        rows = [dict(row._mapping) for row in connection.execute(reference.select())]
        connection.execute(database.insert(reference), [{**row, "name": "other"} for row in rows])
        assert {row.name for row in connection.execute(reference.select())} == {"stills/0.jpg", "stills/1.jpg"}


def test_which_kind_it_is(database, postgres):
    store = open_library(postgres.new_place(), create=True)
    assert (database.is_postgresql, store.database.is_postgresql) == (False, True)
    store.close()
