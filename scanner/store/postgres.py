"""Opening a PostgreSQL database, and saying in the project's words what went wrong with it.

Passwords never leave this module: errors name server and database only, and what the driver says is searched for them.

A writer takes one advisory lock for its transaction, as a writer of an SQLite file takes the file's: it waits for another
writer, and two that add the same references in different order cannot lock each other out. ``synchronous_commit=on`` whatever
the server's default: what was acknowledged outlives a crash of the server.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from scanner.model.errors import StoreError, UsageError
from scanner.model.text import shown
from scanner.store.database import BUSY_TIMEOUT_SECONDS, LIBRARY, READS_ONLY, Database, Kind, Words
from scanner.store.places import shown_place

OLDEST = 14
"""Oldest major version of the server that is supported."""
_CONNECT_SECONDS = 10
_FORM = "Write postgresql+psycopg://USER@HOST/DATABASE; in a password, write @ : / ? and # as %40 %3A %2F %3F and %23"
_HOST = re.compile(r"[\w.:/-]*")
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('media-provenance-scanner {lock}'), hashtext(current_schema()))"
_FATAL = re.compile(r"(?:FATAL|ERROR):\s*(.+)")
_FAILED = re.compile(r"failed:\s*(?!.*failed:)(.+)")

_TROUBLE: dict[str, Words] = {
    "55P03": (
        f"another process has held {{noun}} for {BUSY_TIMEOUT_SECONDS} seconds",
        "Wait for it, then run this again",
    ),
    "25006": ("{noun} cannot be written: it was opened for reading, or the server is a standby", "Name the primary server"),
    "42501": ("the user may not do this in the database ({said})", "Ask for the rights that docs/library.md lists"),
    "3D000": ("there is no such database ({said})", "Make it with createdb, or correct the address"),
    "3F000": ("the schema that the address names is not there ({said})", "Make it with CREATE SCHEMA, or correct the address"),
    "53300": ("the server has no connection left ({said})", "Wait, or raise its max_connections"),
    "53": ("the server is out of disk or memory ({said}); what was added before is kept", "Make room, then run this again"),
    "28": ("the server refuses this user or password ({said})", "Check the user, PGPASSWORD or ~/.pgpass, and pg_hba.conf"),
    "57": ("the server was stopped ({said}); what was added before is kept", "Run this again once it is back"),
    "08": ("the connection to the server was lost ({said}); what was added before is kept", "Run this again once it is back"),
    "XX": ("the server says that the database is damaged ({said})", "{damaged}"),
}
"""By SQLSTATE, or its class: the first two characters."""
_WITHOUT_STATE: tuple[tuple[str, str], ...] = (
    ("password authentication failed", "28"),
    ("no password supplied", "28"),
    ("no pg_hba.conf entry", "28"),
    ('role "', "28"),
    ('database "', "3D000"),
    ("too many clients", "53300"),
    ("remaining connection slots", "53300"),
    ("the database system is", "57"),
)
"""What libpq gives no SQLSTATE for: refusals while a connection is made. By words of an English server; others are quoted."""


def open_postgres(
    place: str, *, writable: bool, prepare: Callable[[Connection], None], kind: Kind = LIBRARY, reads_only: bool = False
) -> Database:
    """Connect to the database at an address, once `prepare` has made or checked the tables of this kind in it.

    With `reads_only`, `prepare` gets a connection that takes no lock, though others will.

    Raises:
        UsageError: no address of a PostgreSQL database, or its driver is not installed.
        StoreError: no connection, an old server, and whatever `prepare` raises.
    """
    url, where = _address(place), shown_place(place)
    engine = _engine(url, writable, kind)
    database = Database(engine, where, lambda: _in_our_words(url, where, kind))
    try:
        with database.reading() if reads_only else database.transaction() as connection:
            _check_server(connection, where)
            prepare(connection)
    except BaseException:
        engine.dispose()
        raise
    return database


def _address(place: str) -> URL:
    try:
        url = make_url(place)
    except (ArgumentError, ValueError):
        # The driver's own message quotes the address, password and all.
        raise _wrong_address(place) from None
    if url.drivername.partition("+")[2] not in ("", "psycopg"):
        raise UsageError("only the driver psycopg is supported", where=shown_place(place), next_step=_FORM)
    if not _HOST.fullmatch(url.host or ""):
        raise _wrong_address(place)
    return url.set(drivername="postgresql+psycopg")


def _wrong_address(place: str) -> UsageError:
    return UsageError("this is no address of a PostgreSQL database", where=shown_place(place), next_step=_FORM)


def _engine(url: URL, writable: bool, kind: Kind) -> Engine:
    # Prepared statements do not survive a connection pooler between us and the server.
    arguments: dict[str, Any] = {"prepare_threshold": None}
    if "connect_timeout" not in url.query:
        arguments["connect_timeout"] = _CONNECT_SECONDS
    if "application_name" not in url.query:
        arguments["application_name"] = "media-provenance-scanner"
    try:
        engine = create_engine(
            url,
            connect_args=arguments,
            pool_size=1,
            # Errors without the values of the statement: names and payloads are no part of a message.
            hide_parameters=True,
            execution_options={} if writable else {"postgresql_readonly": True},
        )
    except (ImportError, NoSuchModuleError) as error:
        raise UsageError(
            f"{kind.noun} on PostgreSQL needs psycopg, which is not installed",
            where=kind.option,
            next_step="pip install 'media-provenance-scanner[postgres]'",
        ) from error
    if writable:
        event.listen(engine, "begin", lambda connection: _take_lock(connection, kind))
    return engine


def _take_lock(connection: Connection, kind: Kind) -> None:
    if connection.get_execution_options().get(READS_ONLY):
        return
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_TIMEOUT_SECONDS}s'")
    connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
    connection.exec_driver_sql(_LOCK.format(lock=kind.lock))


def _check_server(connection: Connection, where: str) -> None:
    version, encoding = connection.execute(
        text("SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')")
    ).one()
    if version < OLDEST:
        raise StoreError(
            f"the server is PostgreSQL {version}, which is too old", where=where, next_step=f"{OLDEST} or newer is needed"
        )
    if encoding != "UTF8":
        raise StoreError(
            f"the database is kept in {shown(encoding, 40)}, which has not all characters",
            where=where,
            next_step="Make one with createdb --encoding UTF8 --template template0",
        )


@contextmanager
def _in_our_words(url: URL, where: str, kind: Kind) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        what, next_step = _named(error, url, kind)
        raise StoreError(what, where=where, next_step=next_step) from None


def _named(error: SQLAlchemyError, url: URL, kind: Kind) -> Words:
    original: Any = error.orig if isinstance(error, DBAPIError) else error
    said = _said(str(original), url)
    state = str(getattr(original, "sqlstate", None) or _state_by_words(said))
    fallback: Words = ("the server cannot be used ({said})", "Check the address, and that the server runs")
    if state.startswith("23"):
        return kind.constraint
    what, next_step = _TROUBLE.get(state) or _TROUBLE.get(state[:2]) or fallback
    return what.format(said=said, noun=kind.noun), next_step.format(damaged=kind.damaged)


def _state_by_words(said: str) -> str:
    return next((state for words, state in _WITHOUT_STATE if words in said), "")


def _said(message: str, url: URL) -> str:
    """The driver's own words: what counts of them, on one line, without a password."""
    lines = message.strip().splitlines() or [""]
    told = next((hit[1] for line in lines if (hit := _FATAL.search(line) or _FAILED.search(line))), lines[0])
    secrets = (value for key, value in url.query.items() if "password" in key and isinstance(value, str))
    for secret in filter(None, (str(url.password or ""), *secrets)):
        told = told.replace(secret, "…")
    return shown(told.strip(), 160)
