"""Opening an SQLite file, and saying in the project's words what went wrong with it.

Rollback journal, not WAL: a WAL database cannot be opened on a read-only medium or in a folder without write permission, and
leaves two more files that get forgotten when a library is copied. ``synchronous=EXTRA`` also syncs the folder, so that what
was acknowledged outlives a power cut. Libraries are written in batches and read far more often: MEASURED's 70,500
upserts/s of WAL are not needed here.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from scanner.model.errors import StoreError
from scanner.model.text import shown

BUSY_TIMEOUT_SECONDS = 30
"""How long one process waits for another to finish its batch."""

_TROUBLE: dict[str, tuple[str, str]] = {
    "BUSY": (f"another process has held the library for {BUSY_TIMEOUT_SECONDS} seconds", "Wait for it, then run this again"),
    "NOTADB": ("this file is no database", "Name another file with --library"),
    "CORRUPT": ("the library is damaged", "Restore it from a copy"),
    "READONLY": ("the library cannot be written", "Check the permissions of the file and its folder"),
    "CANTOPEN": ("the library cannot be opened", "Check the permissions of the file and its folder"),
    "CONSTRAINT": ("two different files have the same first 16 digits of SHA-256, so the same id", "Leave one of them out"),
    "FULL": ("the disk is full; what was added before is kept", "Make room, then run this again"),
    "IOERR": ("the disk failed while the library was used", "Check the disk, then run this again"),
}
_ROLLBACK_NEEDED = (
    "a process was killed while it wrote to the library, and what it left half-done cannot be undone here",
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


@contextmanager
def in_our_words(path: str) -> Iterator[None]:
    """Turn errors of SQLite and SQLAlchemy into `StoreError`.

    Raises:
        StoreError: with the file and what to do.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        what, next_step = _named(error)
        raise StoreError(what, where=shown(path), next_step=next_step) from error


def needs_rollback(error: BaseException | None) -> bool:
    """Whether a killed writer left a journal that only a writer can roll back."""
    return _sqlite_name(error) == "SQLITE_READONLY_ROLLBACK"


def _named(error: Exception) -> tuple[str, str]:
    if needs_rollback(error):
        return _ROLLBACK_NEEDED
    name = _sqlite_name(error).removeprefix("SQLITE_").split("_")[0]
    said = shown(str(getattr(error, "orig", error)), 120)
    return _TROUBLE.get(name, (f"the library cannot be used ({said})", "Check the file named with --library"))


def _sqlite_name(error: BaseException | None) -> str:
    original: Any = getattr(error, "orig", error)
    return str(getattr(original, "sqlite_errorname", ""))
