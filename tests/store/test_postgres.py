"""A library on a server: addresses, passwords that are never told, and errors in our words."""

from __future__ import annotations

import sys
import threading
from urllib.parse import quote

import pytest

from scanner.model.errors import StoreError, UsageError
from scanner.store import postgres as adapter
from scanner.store.library import open_library
from tests.store.references import made_references
from tests.store.server import PASSWORD

WRONG = "wr0ng-Passw0rd"


def told(place, *, create=False):
    """The whole of an error, as the command line would print it."""
    with pytest.raises((UsageError, StoreError)) as caught:
        open_library(place, create=create)
    said = str(caught.value)
    assert "\n" not in said
    assert caught.value.next_step
    return said


def test_a_password_with_any_characters_and_the_short_scheme(postgres):
    place = postgres.over_network(quote(PASSWORD, safe=""))
    postgres.execute("CREATE SCHEMA IF NOT EXISTS named")
    store = open_library(f"{place}?options=-csearch_path%3Dnamed", create=True)
    assert store.add(made_references(2)) == 2
    assert store.database.where == f"postgresql://127.0.0.1:{postgres.port}/postgres"
    store.close()


def test_a_wrong_password_is_told_without_it(postgres):
    said = told(postgres.over_network(WRONG))
    assert "refuses this user or password" in said
    assert "PGPASSWORD or ~/.pgpass" in said
    assert WRONG not in said


def test_a_user_that_there_is_not(postgres):
    said = told(postgres.over_network(WRONG, user="nobody-we-know"))
    assert "refuses this user or password" in said
    assert WRONG not in said


def test_no_database_and_no_schema_of_this_name(postgres):
    assert "there is no such database" in told(postgres.address(database="none-such"))
    assert "no reference library" in told(postgres.address("none_such"))
    assert "schema that the address names is not there" in told(postgres.address("none_such"), create=True)


def test_no_server_there(postgres):
    said = told(f"postgresql+psycopg://scanner:{WRONG}@127.0.0.1:1/x")
    assert said.startswith("postgresql://127.0.0.1:1/x: the server cannot be used (")
    assert "refused" in said
    assert WRONG not in said


@pytest.mark.parametrize(
    "place",
    [
        f"postgresql://user:{WRONG}@host:notaport/db",
        f"postgresql://user:p@{WRONG}@host/db",
        f"postgresql+psycopg2://user:{WRONG}@host/db",
        f"postgres+asyncpg://user:{WRONG}@host/db",
        "postgresql://[::1/db",
    ],
)
def test_a_wrong_address_is_told_without_its_password(place):
    said = told(place)
    assert WRONG not in said
    assert "postgresql+psycopg://USER@HOST/DATABASE" in said


def test_a_password_in_what_the_driver_says_is_taken_out(postgres):
    said = told(f"postgresql://scanner:{WRONG}@{WRONG}.invalid/x")
    assert said.count(WRONG) == 1, "the host is ours to tell; the driver's own words are not"


def test_who_may_only_read_can_read(postgres):
    place = postgres.new_place()
    name = place.rpartition("%3D")[2]
    store = open_library(place, create=True)
    store.add(made_references(3))
    store.close()
    postgres.execute(f"CREATE ROLE reader_{name} LOGIN")
    postgres.execute(
        f"GRANT USAGE ON SCHEMA {name} TO reader_{name}; GRANT SELECT ON ALL TABLES IN SCHEMA {name} TO reader_{name}"
    )
    as_reader = place.replace("//scanner@", f"//reader_{name}@")

    store = open_library(as_reader, create=False)
    assert (store.count(), len(store.digest())) == (3, 64)
    store.close()
    assert "may not do this in the database" in told(as_reader, create=True)


def test_a_writer_waits_for_another_and_gives_up_in_our_words(postgres, monkeypatch):
    place = postgres.new_place()
    first, second = open_library(place, create=True), open_library(place, create=True)
    monkeypatch.setattr(adapter, "BUSY_TIMEOUT_SECONDS", 1)
    with first.database.transaction():
        with pytest.raises(StoreError, match=r"another process has held the library for .* Wait for it"):
            second.add(made_references(1))
        assert open_library(place, create=False).count() == 0
    assert second.add(made_references(1)) == 1
    first.close()
    second.close()


def test_a_server_that_drops_the_connection(postgres):
    place = postgres.new_place()
    store = open_library(place, create=True)
    with pytest.raises(StoreError, match="the server was stopped") as caught, store.database.transaction() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        postgres.execute(f"SELECT pg_terminate_backend({pid})")
        connection.exec_driver_sql("SELECT 1")
    assert "what was added before is kept" in str(caught.value)
    assert store.add(made_references(2)) == 2
    store.close()


@pytest.mark.parametrize(
    ("version", "encoding", "said"), [(13, "UTF8", "PostgreSQL 13, which is too old"), (16, "LATIN1", "LATIN1")]
)
def test_old_servers_and_other_encodings_are_refused(version, encoding, said):
    class Connection:
        def execute(self, _):
            return self

        def one(self):
            return version, encoding

    with pytest.raises(StoreError, match=said):
        adapter._check_server(Connection(), "x")


def test_acknowledged_means_on_disk_whatever_the_server_s_default(postgres):
    place = postgres.new_place()
    store = open_library(place, create=True)
    with store.database.transaction() as connection:
        connection.exec_driver_sql("SET SESSION synchronous_commit = off")
    with store.database.transaction() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
    store.close()


def test_two_threads_making_one_library_at_once(postgres):
    place = postgres.new_place()
    troubles = []

    def make():
        try:
            open_library(place, create=True).close()
        except Exception as error:
            troubles.append(error)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []


def test_without_the_driver_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "pip install 'media-provenance-scanner[postgres]'" in told("postgresql+psycopg://host/db")
