"""Opening an SQLite file, and saying in the project's words what went wrong with it.

Rollback journal, not WAL: a WAL database cannot be opened on a read-only medium or in a folder without write permission, and
leaves two more files that get forgotten when a library is copied. ``synchronous=EXTRA`` also syncs the folder, so that what
was acknowledged outlives a power cut. Libraries are written in batches and read far more often: MEASURED's 70,500
upserts/s of WAL are not needed here.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from scanner.model.errors import StoreError
from scanner.model.text import shown

BUSY_TIMEOUT_SECONDS = 30
"""How long one process waits for another to finish its batch."""

Words = tuple[str, str]
"""What happened, and what to do next."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a database file is to its user, for the words of an error."""

    noun: str
    """``the library``."""
    option: str
    """The option that names it, ``--library``."""
    constraint: Words
    """What a broken constraint means in it."""
    damaged: str = "Restore it from a copy"
    """What to do next where it is damaged."""
    foreign: str = "Name another file with {option}"
    """What to do next where it is no database at all."""
    lock: str = "library"
    """What writers of it lock on a server."""


LIBRARY = Kind(
    "the library",
    "--library",
    ("two different files have the same first 16 digits of SHA-256, so the same id", "Leave one of them out"),
)
APPROVAL_LOG = Kind(
    "the approval log",
    "--approvals",
    ("the log takes new entries only, in their order", "Run this again; if it comes back, run `scanner approvals verify`"),
)
READINGS = Kind(
    "the store",
    "--store",
    ("the store contradicts itself", "`scanner store verify` says where"),
    damaged="`scanner store rebuild` sets it aside and makes a new one",
    foreign="Name another file with --store, or set this one aside with `scanner store rebuild`",
    lock="readings",
)
READS_ONLY = "scanner_reads_only"
"""Execution option of a connection that only reads, of an engine that can write: it takes no lock."""


Insert = Callable[[Table], Any]
"""Makes the statement that inserts rows and leaves alone those whose key is taken, in the database's own dialect."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database of either kind, and how its errors are told."""

    engine: Engine
    where: str
    """Its place, for people."""
    in_our_words: Callable[[], AbstractContextManager[None]]
    """Turns errors of the driver into `StoreError` while it is entered."""

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield a connection whose transaction is committed at the end, or undone by an error.

        Raises:
            StoreError: in our words, for whatever goes wrong with the database.
        """
        with self.in_our_words(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection for reading, which waits for no writer and holds none up.

        Raises:
            StoreError: as `transaction` does.
        """
        with self.in_our_words(), self.engine.connect() as connection:
            yield connection.execution_options(**{READS_ONLY: True})

    @property
    def is_postgresql(self) -> bool:
        """Whether it is on a PostgreSQL server, and not an SQLite file."""
        return self.engine.dialect.name == "postgresql"

    def insert(self, table: Table, key: Sequence[str] | None = None) -> Any:  # noqa: ANN401 - of either dialect
        """Return the statement that inserts rows and leaves alone those whose `key` is taken; without one, any key."""
        dialect: Any = postgresql if self.is_postgresql else sqlite
        return dialect.insert(table).on_conflict_do_nothing(index_elements=key)


_PERMISSIONS = "Check the permissions of the file and its folder"
_TROUBLE: dict[str, Words] = {
    "BUSY": ("another process has held {noun} for {seconds} seconds", "Wait for it, then run this again"),
    "NOTADB": ("this file is no database", "{foreign}"),
    "CORRUPT": ("{noun} is damaged", "{damaged}"),
    "READONLY": ("{noun} cannot be written", _PERMISSIONS),
    "CANTOPEN": ("{noun} cannot be opened", _PERMISSIONS),
    "FULL": ("the disk is full; what was added before is kept", "Make room, then run this again"),
    "IOERR": ("the disk failed while {noun} was used", "Check the disk, then run this again"),
}
_ROLLBACK_NEEDED = (
    "a process was killed while it wrote to {noun}, and what it left half-done cannot be undone here",
    "Copy the file together with its -journal file to a place that can be written, and open it there",
)


def connect(path: str, *, writable: bool) -> Engine:
    """Return an engine on the database file; one connection a transaction.

    For reading, SQLite itself is told to change nothing (``mode=ro``). A writer takes the write lock when its transaction
    begins, so that it waits for another writer and never fails half-way.
    """
    engine = create_engine("sqlite://", creator=lambda: _opened(path, writable), poolclass=NullPool)
    begin = "BEGIN IMMEDIATE" if writable else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _opened(path: str, writable: bool) -> sqlite3.Connection:
    uri = f"file:{quote(os.fsencode(os.path.abspath(path)))}?mode={'rwc' if writable else 'ro'}"
    # isolation_level=None: transactions begin and end where SQLAlchemy says, not where the driver guesses.
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys=ON")
    if writable:
        connection.execute("PRAGMA synchronous=EXTRA")
    return connection


def make_folder(path: str, kind: Kind) -> None:
    """Make the folder of a file where it is missing.

    Raises:
        StoreError: it cannot be made.
    """
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"its folder cannot be made ({error.strerror})",
            where=shown(path),
            next_step=f"Name another place with {kind.option}",
        ) from error


def open_writable(path: str, kind: Kind, prepare: Callable[[Connection], None]) -> Engine:
    """Return an engine for writing, once `prepare` has made or checked the tables; missing folders are made.

    Raises:
        StoreError: the file cannot be made, opened or written; and whatever `prepare` raises.
    """
    make_folder(path, kind)
    engine = connect(path, writable=True)
    with in_our_words(path, kind), engine.begin() as connection:
        prepare(connection)
    return engine


def open_read_only(path: str, kind: Kind, check: Callable[[Connection], None]) -> Engine:
    """Return an engine for reading, once `check` has agreed to what the file holds.

    Raises:
        StoreError: the file cannot be opened or read; and whatever `check` raises.
    """
    engine = connect(path, writable=False)
    try:
        with in_our_words(path, kind), engine.begin() as connection:
            check(connection)
    except StoreError as error:
        if not needs_rollback(error.__cause__):
            raise
        # A killed writer leaves its journal; undoing what it left half-done is the one write that opening may need.
        with in_our_words(path, kind), connect(path, writable=True).begin() as connection:
            check(connection)
        return open_read_only(path, kind, check)
    return engine


@contextmanager
def in_our_words(path: str, kind: Kind) -> Iterator[None]:
    """Turn errors of SQLite and SQLAlchemy into `StoreError`, naming the file as what it is to the user.

    Raises:
        StoreError: with the file and what to do.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        what, next_step = _named(error, kind)
        raise StoreError(what, where=shown(path), next_step=next_step) from error


def needs_rollback(error: BaseException | None) -> bool:
    """Whether a killed writer left a journal that only a writer can roll back."""
    return _sqlite_name(error) == "SQLITE_READONLY_ROLLBACK"


def _named(error: Exception, kind: Kind) -> Words:
    name = _sqlite_name(error).removeprefix("SQLITE_").split("_")[0]
    if name == "CONSTRAINT":
        return kind.constraint
    said = shown(str(getattr(error, "orig", error)), 120)
    other = ("{noun} cannot be used ({said})", "Check the file named with {option}")
    what, next_step = _ROLLBACK_NEEDED if needs_rollback(error) else _TROUBLE.get(name, other)
    return (
        what.format(noun=kind.noun, said=said, seconds=BUSY_TIMEOUT_SECONDS),
        next_step.format(option=kind.option, damaged=kind.damaged, foreign=kind.foreign.format(option=kind.option)),
    )


def _sqlite_name(error: BaseException | None) -> str:
    original: Any = getattr(error, "orig", error)
    return str(getattr(original, "sqlite_errorname", ""))
