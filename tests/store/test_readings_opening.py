"""Making, opening and setting aside a store of readings; what goes wrong with its file."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from scanner.model.errors import StoreError, UsageError
from scanner.store import readings_opening, readings_schema
from scanner.store.library import open_library
from scanner.store.readings_migrations import known_revisions
from scanner.store.readings_opening import open_readings, set_aside
from tests.store.examinations import TASK, VERSION, bare, delivery, to_keep
from tests.store.processes import child


@pytest.fixture
def place(tmp_path):
    return str(tmp_path / "kept" / "readings.sqlite")


def keep(store, count=10, folder="/x"):
    return store.keep([to_keep(one, f"{folder}/{at}.jpg") for at, one in enumerate(delivery(count))], VERSION)


def made(place, count=10):
    with closing(open_readings(place)) as store:
        keep(store, count)


def names(place, folder="/x"):
    with closing(open_readings(place)) as store:
        return len(store.recall(folder, VERSION))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_steps_make_the_tables_that_are_used(kind, place, request):
    place = place if kind == "sqlite" else request.getfixturevalue("postgres").new_place()
    with closing(open_readings(place)) as store, store.database.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": readings_schema.REVISION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, readings_schema.tables) == []
        assert context.get_current_revision() == readings_schema.REVISION
        assert set(inspect(connection).get_table_names()) == readings_schema.NAMES


def test_the_revision_is_the_newest_step():
    assert max(known_revisions()) == readings_schema.REVISION


def test_a_store_that_is_up_to_date_is_opened_without_alembic(place):
    made(place)
    script = """
        import sys
        from scanner.store.readings_opening import open_readings
        open_readings(sys.argv[1]).close()
        print([name for name in sys.modules if name.partition(".")[0] in ("alembic", "mako")])
    """
    with child(script, place) as process:
        assert process.stdout.read() == "[]\n"


def test_it_is_the_owners_alone_and_in_wal_mode(place):
    with closing(open_readings(place)) as store:
        keep(store)
        for name in os.listdir(os.path.dirname(place)):
            assert os.stat(os.path.join(os.path.dirname(place), name)).st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_none_is_made_unless_asked(place):
    with pytest.raises(UsageError, match="there is no store of readings here"):
        open_readings(place, create=False)
    assert not os.path.exists(os.path.dirname(place))


def test_none_is_made_on_a_server_unless_asked(postgres):
    place = postgres.new_place()
    with pytest.raises(UsageError, match="there is no store of readings here"):
        open_readings(place, create=False)
    open_readings(place).close()
    open_readings(place, create=False).close()


@pytest.mark.parametrize("first", [open_readings, lambda place: open_library(place, create=True)])
def test_a_library_and_a_store_share_a_server_and_no_file(first, postgres, tmp_path):
    place = postgres.new_place()
    first(place).close()
    open_readings(place).close()
    open_library(place, create=True).close()
    assert names(place) == 0
    file = str(tmp_path / "library.sqlite")
    open_library(file, create=True).close()
    before = Path(file).read_bytes()
    with pytest.raises(StoreError, match="this database is no store of readings"):
        open_readings(file)
    assert Path(file).read_bytes() == before


def test_a_store_is_no_library(place):
    made(place)
    with pytest.raises(StoreError, match="this database is no reference library"):
        open_library(place, create=True)


def test_a_newer_store_is_told_and_left_alone(place):
    made(place)
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("UPDATE readings_revision SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreError, match=r"newer scanner \(revision 9999, this one knows 0001\).*scanner store rebuild"):
        open_readings(place)
    old = set_aside(place)
    assert names(place) == 0
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("SELECT count(*) FROM readings_reading").fetchone() == (10,)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda whole: b"no database at all " * 1000, "this file is no database"),
        (lambda whole: whole[:5000], "the store is damaged"),
        (lambda whole: whole[:4096] + b"\xff" * (len(whole) - 4096), "the store is damaged"),
    ],
)
def test_a_damaged_store_is_told_and_set_aside_on_request(place, damage, told):
    made(place, 300)
    broken = damage(Path(place).read_bytes())
    Path(place).write_bytes(broken)
    with pytest.raises(StoreError, match=told) as caught, closing(open_readings(place)) as store:
        store.recall("/x", VERSION)
        keep(store, 300)
    assert "scanner store rebuild" in str(caught.value)
    old = set_aside(place)
    assert old.startswith(f"{place}.set-aside-")
    assert Path(old).read_bytes() == broken
    assert names(place) == 0


def test_setting_aside_twice_in_one_second_keeps_both(place):
    made(place)
    first = set_aside(place)
    made(place)
    assert set_aside(place) != first
    with pytest.raises(UsageError, match="there is no store of readings here"):
        set_aside(place)


def test_a_store_on_a_server_is_not_set_aside_by_us():
    with pytest.raises(UsageError, match="set aside there"):
        set_aside("postgresql://user:secret@host/db")


def test_a_network_file_system_is_refused_unless_asked(place, monkeypatch):
    monkeypatch.setattr(readings_opening, "network_file_system", lambda path: "nfs4" if path == place else "")
    with pytest.raises(UsageError, match=r"network file system \(nfs4\).*--store-on-network"):
        open_readings(place)
    assert not os.path.exists(place)
    open_readings(place, on_network=True).close()


def test_a_store_that_another_process_holds_is_told_after_a_while(place):
    with closing(open_readings(place, patience_seconds=0.1)) as store:
        keep(store)
        with closing(sqlite3.connect(place, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match=r"another process has held the store for .* Wait for it"):
                keep(store, folder="/y")
            assert len(store.recall("/x", VERSION)) == 10
            other.execute("ROLLBACK")
        assert keep(store, folder="/y") == 10


def test_a_full_disk_is_told_and_what_was_kept_stays(place):
    with closing(open_readings(place)) as store:
        keep(store, 50)
        raw = store.database.engine.raw_connection()
        pages = raw.cursor().execute("PRAGMA page_count").fetchone()[0]
        raw.cursor().execute(f"PRAGMA max_page_count={pages + 2}")
        raw.close()
        with pytest.raises(StoreError, match=r"the disk is full; what was added before is kept\. Make room"):
            keep(store, 3000, folder="/y")
        assert (len(store.recall("/x", VERSION)), len(store.recall("/y", VERSION))) == (50, 0)
        assert keep(store, 1, folder="/z") == 1
    assert names(place) == 50


def test_a_write_that_the_system_refuses_is_told(place):
    made(place)
    script = """
        import resource, signal, sys
        from scanner.store.readings_opening import open_readings
        from tests.store.examinations import VERSION, delivery, to_keep
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        store = open_readings(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        try:
            store.keep([to_keep(one, f"/y/{at}.jpg") for at, one in enumerate(delivery(5000))], VERSION)
        except Exception as error:
            print(type(error).__name__, error)
    """
    with child(script, place) as process:
        told = process.stdout.read()
    assert told.startswith("StoreError") and ("disk is full" in told or "the disk failed" in told)
    assert (names(place), names(place, "/y")) == (10, 0)


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_that_cannot_be_written_is_told(there):
    folder = tempfile.mkdtemp()  # Not below pytest's own, which only its owner may enter.
    place = os.path.join(folder, "readings.sqlite")
    if there:
        made(place)
        os.chmod(place, 0o444)
    os.chmod(folder, 0o555)
    script = """
        import os, sys
        from scanner.store.readings_opening import open_readings
        from tests.store.examinations import VERSION, delivery, to_keep
        if os.geteuid() == 0:
            os.setuid(65534)
        try:
            store = open_readings(sys.argv[1])
            store.keep([to_keep(one, f"/y/{at}.jpg") for at, one in enumerate(delivery(10))], VERSION)
        except Exception as error:
            print(type(error).__name__, error)
    """
    try:
        with child(script, place) as process:
            told = process.stdout.read()
    finally:
        os.chmod(folder, 0o755)
        shutil.rmtree(folder)
    assert told.startswith(f"StoreError {place}: the store cannot be")
    assert "Check the permissions of the file and its folder" in told


def test_a_place_that_cannot_be_is_told(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(StoreError, match=r"its folder cannot be made .* Name another place with --store"):
        open_readings(str(file / "x" / "readings.sqlite"))
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError, match="the store cannot be opened"):
        open_readings(str(tmp_path / "folder"))


@pytest.mark.parametrize(
    ("address", "error", "told"),
    [
        ("postgresql://scanner:s3cret@127.0.0.1:1/readings", StoreError, "postgresql://127.0.0.1:1/readings: "),
        ("postgresql+psycopg2://scanner:s3cret@host/readings", UsageError, "only the driver psycopg is supported"),
    ],
)
def test_no_password_is_told(address, error, told):
    pytest.importorskip("psycopg")
    with pytest.raises(error) as caught:
        open_readings(address)
    assert told in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_user_without_rights_is_told(postgres):
    place = postgres.new_place()
    postgres.execute("CREATE ROLE reader LOGIN")
    postgres.execute(f"GRANT USAGE ON SCHEMA {place.rpartition('%3D')[2]} TO reader")
    try:
        with pytest.raises(StoreError, match="the user may not do this in the database"):
            open_readings(place.replace("scanner@", "reader@"))
    finally:
        postgres.execute("DROP OWNED BY reader")
        postgres.execute("DROP ROLE reader")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_place(request, tmp_path):
    if request.param == "sqlite":
        return str(tmp_path / "deep" / "readings.sqlite")
    return request.getfixturevalue("postgres").new_place()


WRITER = """
    import sys
    from scanner.store.readings_opening import open_readings
    from tests.store.examinations import VERSION, delivery, to_keep
    store = open_readings(sys.argv[1])
    own = sys.argv[2]
    print("open", flush=True)
    for batch in range(int(sys.argv[3])):
        files = [to_keep(one, f"/{own if at % 2 else 'shared'}/{batch}-{at}.jpg") for at, one in enumerate(delivery(200))]
        print("kept", store.keep(files, VERSION), flush=True)
"""


def test_four_writers_at_once(any_place):
    # Opened and made at once too: nobody has made the store yet.
    writers = [child(WRITER, any_place, number, 3) for number in range(4)]
    told = [writer.communicate(timeout=60)[0].split() for writer in writers]
    assert told == [["open", *["kept", "200"] * 3]] * 4
    with closing(open_readings(any_place)) as store:
        assert [len(store.recall(f"/{folder}", VERSION)) for folder in (*range(4), "shared")] == [300] * 5
        one = store.recall("/shared", VERSION)["2-4.jpg", TASK]
        assert one.examination() == list(delivery(5))[4]


def test_what_was_acknowledged_survives_a_kill(any_place):
    with child(WRITER, any_place, "own", 10_000) as writer:
        acknowledged = 0
        for line in writer.stdout:
            acknowledged += line.startswith("kept")
            if acknowledged == 3:
                break
        writer.send_signal(signal.SIGKILL)
        acknowledged += sum(line.startswith("kept") for line in writer.stdout.read().splitlines())
    with closing(open_readings(any_place)) as store:
        found = store.recall("/own", VERSION)
        batches = {int(name.partition("-")[0]) for name, _ in found}
        # Of the batch that it died in, all or nothing is there.
        assert len(found) == 100 * len(batches)
        assert batches >= set(range(acknowledged))
        assert keep(store) == 10


def test_rows_of_an_unusable_outcome_are_as_if_not_kept_and_put_right(place):
    made(place)
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("UPDATE readings_outcome SET packed = x'00'")
        connection.commit()
    with closing(open_readings(place)) as store:
        assert (store.recall("/x", VERSION), store.broken) == ({}, 10)
        assert keep(store) == 10
        assert len(store.recall("/x", VERSION)) == 10
    assert names(place) == 10


def test_an_outcome_whose_number_another_has_is_not_kept(place):
    made(place)
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("UPDATE readings_outcome SET digest = x'00'")
        connection.commit()
    with closing(open_readings(place)) as store:
        assert store.keep([to_keep(bare(), "/y/a.jpg")], VERSION) == 0
        assert store.recall("/y", VERSION) == {}
