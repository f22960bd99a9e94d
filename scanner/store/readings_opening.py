"""Opening the store of readings, making it, and setting aside one that cannot be used.

SQLite in WAL mode: a scan that asks is not held up by one that keeps, and a commit costs no wait for the disk. With
``synchronous=NORMAL`` what was acknowledged survives the death of the process; a power cut may lose the last seconds, which are
then read again, and never damages the file. Both want a disk of this machine: WAL shares memory between processes.
"""

from __future__ import annotations

import datetime
import os
import sqlite3
import time
from collections.abc import Callable
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, inspect, text

from scanner.model.errors import StoreError, UsageError
from scanner.model.text import shown
from scanner.store.database import BUSY_TIMEOUT_SECONDS, READINGS, READS_ONLY, Database, in_our_words, make_folder
from scanner.store.places import is_address, shown_place
from scanner.store.readings import SqlReadingStore
from scanner.store.readings_schema import NAMES, REVISION, REVISION_TABLE
from scanner.tools.file_systems import network_file_system

_PRAGMAS = (
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-32768",
    "PRAGMA journal_size_limit=67108864",
)
_ENDINGS = ("", "-wal", "-shm")
"""Of the files that one store is."""


def open_readings(
    place: str,
    *,
    create: bool = True,
    on_network: bool = False,
    patience_seconds: float = BUSY_TIMEOUT_SECONDS,
    clock: Callable[[], int] = time.time_ns,
) -> SqlReadingStore:
    """Open the store at `place`, the path of a file or the address of a PostgreSQL database.

    Args:
        place: of the store.
        create: make it, with its folder, where there is none.
        on_network: take it though it is on a network file system.
        patience_seconds: how long to wait for another process.
        clock: gives nanoseconds since 1970.

    Raises:
        UsageError: there is none and none is to be made; it is on a network file system; no address, or no driver for it.
        StoreError: no store, of a newer scanner, damaged, or not accessible.
    """
    if is_address(place):
        return SqlReadingStore(_on_server(place, create), clock)
    if not on_network:
        _refuse_network(place)
    if not create and not os.path.isfile(place):
        raise UsageError("there is no store of readings here", where=shown(place), next_step="`scanner scan` makes one")
    make_folder(place, READINGS)
    database = Database(_engine(place, patience_seconds), shown(place), lambda: in_our_words(place, READINGS))
    with database.in_our_words():
        _make_file(place)
    try:
        _prepare(database)
    except BaseException:
        database.engine.dispose()
        raise
    return SqlReadingStore(database, clock)


def set_aside(place: str) -> str:
    """Give the files of a store, whatever is in them, another name in the same folder, which is returned.

    Raises:
        UsageError: there is no such file, or the place is on a server.
        StoreError: the folder cannot be written.
    """
    if is_address(place):
        raise UsageError(
            "a store on a server is set aside there",
            where=shown_place(place),
            next_step="ALTER SCHEMA … RENAME TO …, make an empty one, or name another database",
        )
    if not os.path.isfile(place):
        raise UsageError("there is no store of readings here", where=shown(place), next_step="`scanner scan` makes one")
    new = _free_name(place)
    try:
        for ending in _ENDINGS:
            if os.path.exists(place + ending):
                os.rename(place + ending, new + ending)
    except OSError as error:
        raise StoreError(
            f"the store cannot be set aside ({error.strerror})",
            where=shown(place),
            next_step="Check the permissions of the file and its folder",
        ) from error
    return new


def _free_name(place: str) -> str:
    now = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    wanted = f"{place}.set-aside-{now}"
    names = (wanted, *(f"{wanted}-{number}" for number in range(2, 1000)))
    return next(name for name in names if not os.path.lexists(name))


def _refuse_network(place: str) -> None:
    if kind := network_file_system(place):
        raise UsageError(
            f"the store would be on a network file system ({kind}), where SQLite cannot be shared safely",
            where=shown(place),
            next_step="Name a file on a disk of this machine or a PostgreSQL database with --store, "
            "or add --store-on-network where no other machine uses it",
        )


def _on_server(place: str, create: bool) -> Database:
    from scanner.store.postgres import open_postgres  # few stores are there, and its driver is an extra

    database = open_postgres(place, writable=True, prepare=lambda _: None, kind=READINGS, reads_only=True)
    try:
        _prepare(database, create=create)
    except BaseException:
        database.engine.dispose()
        raise
    return database


def _prepare(database: Database, *, create: bool = True) -> None:
    """Make the tables or bring them up to date; a store that is, is only looked at, which waits for nobody."""
    with database.reading() as connection:
        revision = _revision(connection, database)
    if revision == REVISION:
        return
    if revision is None and not create:
        raise UsageError("there is no store of readings here", where=database.where, next_step="`scanner scan` makes one")
    from scanner.store.readings_migrations import known_revisions, migrate  # Alembic: only where there is something to do

    if revision is not None and revision not in known_revisions():
        raise StoreError(
            f"the store was written by a newer scanner (revision {shown(revision, 40)}, this one knows {REVISION})",
            where=database.where,
            next_step="Update the scanner, or set the store aside with `scanner store rebuild`, which makes a new one",
        )
    with database.transaction() as connection:
        migrate(connection)


def _revision(connection: Connection, database: Database) -> str | None:
    """Return the revision of the tables; None where there are none yet."""
    names = set(inspect(connection).get_table_names())
    if REVISION_TABLE not in names:
        if names if not database.is_postgresql else names & NAMES:
            raise StoreError(
                "this database is no store of readings", where=database.where, next_step="Name another place with --store"
            )
        return None
    found = connection.execute(text(f"SELECT version_num FROM {REVISION_TABLE}")).scalar()  # noqa: S608 - a name of ours
    if not isinstance(found, str):
        raise StoreError("the store does not say its revision", where=database.where, next_step=READINGS.damaged.capitalize())
    return found


def _make_file(place: str) -> None:
    """Make the file for its owner alone: names of files are in it, and people. SQLite gives its other files the same rights."""
    try:
        os.close(os.open(place, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError:
        # SQLite will say what is wrong with the place, in words that are known.
        return


def _engine(path: str, patience_seconds: float) -> Engine:
    engine = create_engine("sqlite://", creator=lambda: _connected(path, patience_seconds), poolclass=QueuePool, pool_size=1)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes the lock at once, so that it waits for another one and never fails half-way.
        connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(READS_ONLY) else "BEGIN IMMEDIATE")

    return engine


def _connected(path: str, patience_seconds: float) -> sqlite3.Connection:
    uri = f"file:{quote(os.fsencode(os.path.abspath(path)))}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=patience_seconds, isolation_level=None, check_same_thread=False)
    try:
        _set_up(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection, path: str) -> None:
    names = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if names and REVISION_TABLE not in names:
        # Before anything is set: another program's database, or our own library, must not become one in WAL mode.
        raise StoreError("this database is no store of readings", where=shown(path), next_step="Name another file with --store")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        # Taking a lock first makes processes wait for each other that make one store at the same time.
        connection.execute("PRAGMA journal_mode=WAL")
    for pragma in _PRAGMAS:
        connection.execute(pragma)
