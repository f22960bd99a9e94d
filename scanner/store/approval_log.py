"""The log of decisions on disk: one SQLite file that only ever grows.

Approvals and their revocations are its first kinds of entry; every later decision about content goes into the same log, so
that there is one truth. Rows are never changed or removed: triggers refuse it, and the chain of hashes (see `chain`) catches
whoever goes around them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    cast,
    insert,
    inspect,
    select,
    text,
)

from scanner.model.errors import ApprovalLogError, StoreError, UsageError
from scanner.model.text import shown
from scanner.store.chain import Entry, Payload, StoredRow, canonical, check, entry_of, follow
from scanner.store.database import APPROVAL_LOG, in_our_words, open_read_only, open_writable

LOG_VERSION = 1
"""Of the tables. What payloads hold may grow without it: unknown keys and kinds are left alone."""

_tables = MetaData()
_version = Table("approval_log_version", _tables, Column("version", Integer, nullable=False))
_entry = Table(
    "entry",
    _tables,
    Column("sequence", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("recorded", String, nullable=False),
    Column("payload", String, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    # SQLite then remembers the highest number it gave: entries cut off at the end leave a trace.
    sqlite_autoincrement=True,
)
_GUARDS = (
    "CREATE TRIGGER IF NOT EXISTS entry_is_not_changed BEFORE UPDATE ON entry "
    "BEGIN SELECT RAISE(ABORT, 'entries of the approval log are never changed'); END",
    "CREATE TRIGGER IF NOT EXISTS entry_is_not_removed BEFORE DELETE ON entry "
    "BEGIN SELECT RAISE(ABORT, 'entries of the approval log are never removed'); END",
    # INSERT OR REPLACE would remove a row without asking the trigger above.
    "CREATE TRIGGER IF NOT EXISTS entry_comes_last BEFORE INSERT ON entry "
    "WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM entry) "
    "BEGIN SELECT RAISE(ABORT, 'entries of the approval log come one after the other'); END",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision that is not recorded yet."""

    kind: str
    recorded: str
    """ISO 8601, UTC."""
    payload: Payload


Compose = Callable[[Sequence[Entry]], Sequence[Draft]]
"""Says, from all entries there are, which ones are to be added."""


def open_approval_log(path: str, *, create: bool) -> ApprovalLog:
    """Open the log at `path`: for reading only, or with `create` for adding, made with its folders if there is none.

    Reading changes nothing on disk, and works on read-only media.

    Raises:
        UsageError: there is no such file and it is not to be made.
        StoreError: no approval log, of a newer scanner, damaged, or not accessible.
    """
    where = shown(path)
    if create:
        return ApprovalLog(open_writable(path, APPROVAL_LOG, lambda connection: _make_tables(connection, where)), path)
    if not Path(path).is_file():
        raise UsageError("there is no approval log here", where=where, next_step="`scanner approve PATH…` makes one")
    return ApprovalLog(open_read_only(path, APPROVAL_LOG, lambda connection: _require_tables(connection, where)), path)


class ApprovalLog:
    """The log. Any number of processes may read one file and add to it, also at once."""

    def __init__(self, engine: Engine, path: str) -> None:
        """Use `open_approval_log`."""
        self._engine = engine
        self._path = path

    def append(self, kind: str, recorded: str, payload: Payload) -> Entry:
        """Add one entry and return it; it is on disk when this returns. Only the last entry is checked before.

        Raises:
            ApprovalLogError: the last entry does not hold, or entries were cut off. StoreError: it cannot be written.
        """
        with self._transaction() as connection:
            return _written(connection, _last(connection, shown(self._path)), Draft(kind, recorded, payload))

    def extend(self, compose: Compose) -> tuple[Entry, ...]:
        """Check the whole log, ask `compose` what to add, and add all of it or, should anything fail, nothing.

        No other process adds anything between the check and the new entries.

        Raises:
            ApprovalLogError: the log does not hold. StoreError: it cannot be written. Whatever `compose` raises.
        """
        added: list[Entry] = []
        with self._transaction() as connection:
            entries = _checked(connection, shown(self._path))
            last = entries[-1] if entries else None
            for draft in compose(entries):
                last = _written(connection, last, draft)
                added.append(last)
        return tuple(added)

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, once every one was checked.

        Raises:
            ApprovalLogError: names the first that does not hold. StoreError: the log cannot be read.
        """
        with self._transaction() as connection:
            return _checked(connection, shown(self._path))

    def close(self) -> None:
        """Let go of the database; may be called twice."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with in_our_words(self._path, APPROVAL_LOG), self._engine.begin() as connection:
            yield connection


def _make_tables(connection: Connection, where: str) -> None:
    if inspect(connection).get_table_names():
        _require_tables(connection, where)
    else:
        _tables.create_all(connection)
        connection.execute(insert(_version).values(version=LOG_VERSION))
    # Also where the tables are there: somebody may have taken the guards away.
    for guard in _GUARDS:
        connection.execute(text(guard))


def _require_tables(connection: Connection, where: str) -> None:
    if not set(inspect(connection).get_table_names()) >= {_version.name, _entry.name}:
        raise StoreError("this database is no approval log", where=where, next_step="Name another file with --approvals")
    version = connection.execute(select(_version.c.version)).scalar()
    if version != LOG_VERSION:
        raise StoreError(
            f"the approval log is of another scanner (version {version}, this one reads {LOG_VERSION})",
            where=where,
            next_step="Update the scanner",
        )


def _written(connection: Connection, last: Entry | None, draft: Draft) -> Entry:
    entry = follow(last, draft.kind, draft.recorded, draft.payload)
    columns = ("sequence", "kind", "recorded", "payload", "previous", "hash")
    connection.execute(insert(_entry).values({name: getattr(entry, name) for name in columns}))
    return entry


def _checked(connection: Connection, where: str) -> tuple[Entry, ...]:
    return check(_rows(connection), where, _highest(connection))


def _last(connection: Connection, where: str) -> Entry | None:
    rows = _rows(connection, newest=True)
    last = entry_of(rows[0]) if rows else None
    if (rows and last is None) or _highest(connection) > (last.sequence if last else 0):
        check(_rows(connection), where, _highest(connection))
        raise ApprovalLogError("the last entry does not hold", where=where, next_step="Restore the log from a copy")
    return last


def _rows(connection: Connection, *, newest: bool = False) -> list[StoredRow]:
    # As bytes: a damaged column need not be UTF-8, and the entry it stands in is to be named.
    texts = (_entry.c.kind, _entry.c.recorded, _entry.c.payload, _entry.c.previous, _entry.c.hash)
    wanted = select(_entry.c.sequence, *(cast(column, LargeBinary) for column in texts))
    ordered = wanted.order_by(_entry.c.sequence.desc()).limit(1) if newest else wanted.order_by(_entry.c.sequence)
    return [StoredRow(*row) for row in connection.execute(ordered)]


def _highest(connection: Connection) -> int:
    highest = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'entry'")).scalar()
    return highest if isinstance(highest, int) else 0


__all__ = ["ApprovalLog", "Compose", "Draft", "LOG_VERSION", "canonical", "open_approval_log"]
