"""What is in a store of readings, what can go, and whether it is whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, func, select

from scanner.store import readings_schema as tables
from scanner.store.database import Database

_FOLDERS_AT_ONCE = 200
"""Of one transaction: another scan waits for no more."""
_NAMES_AT_ONCE = 500

Tell = Callable[[int, int], None]
"""Told how many folders are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class VersionKept:
    """Readings of one version."""

    digest: str
    made_of: str
    """As `ReadingVersion` has it."""
    readings: int
    oldest_ns: int
    """When the first and the last that is still there were read: nanoseconds since 1970; 0 without any."""
    newest_ns: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a store."""

    revision: str
    size_bytes: int
    """On disk, with what SQLite keeps beside the file."""
    folders: int
    readings: int
    outcomes: int
    versions: tuple[VersionKept, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which readings can go; those that any of these choose."""

    before_ns: int | None = None
    """Read before this time: nanoseconds since 1970."""
    missing: bool = False
    """Of files that are not there any more, as this machine sees it."""
    versions: Collection[str] = ()
    """Of the versions with these digests."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went, or would go."""

    readings: int
    outcomes: int = 0
    """That no reading has any more; not counted where nothing is removed."""
    unlisted: int = 0
    """Folders of which it cannot be told what is in them (no permission): their readings stay."""


def contents_of(database: Database) -> Contents:
    """Count what is in a store.

    Raises:
        StoreError: it cannot be read.
    """
    row = tables.reading.c
    counted = select(row.version, func.count(), func.min(row.read_ns), func.max(row.read_ns)).group_by(row.version)
    with database.reading() as connection:
        by_version = {one[0]: tuple(one[1:]) for one in connection.execute(counted)}
        versions = tuple(
            VersionKept(one.digest, one.made_of, *by_version.get(one.id, (0, 0, 0)))
            for one in connection.execute(select(tables.version).order_by(tables.version.c.id))
        )
        return Contents(
            tables.REVISION,
            _size_bytes(connection, database),
            _count(connection, tables.folder.c.id),
            sum(one.readings for one in versions),
            _count(connection, tables.outcome.c.number),
            versions,
        )


def prune(database: Database, chosen: Chosen, tell: Tell, *, dry_run: bool = False) -> Pruned:
    """Remove readings, what only they had, and give the space back; other scans may go on meanwhile.

    Raises:
        StoreError: the store cannot be written, or is held too long; what is removed by then is gone.
    """
    folders = _folders(database)
    numbers = _version_numbers(database, chosen.versions)
    removed = unlisted = 0
    for start in range(0, len(folders), _FOLDERS_AT_ONCE):
        part = folders[start : start + _FOLDERS_AT_ONCE]
        conditions = list(_conditions(chosen, numbers, [number for number, _ in part]))
        with database.reading() if dry_run else database.transaction() as connection:
            gone = []
            for number, path in part if chosen.missing else ():
                names = _missing_names(connection, number, path)
                unlisted += names is None
                gone += [(number, name) for name in names or ()]
            removed += _remove(connection, conditions, gone, dry_run=dry_run)
        tell(start + len(part), len(folders))
    return Pruned(removed, 0 if dry_run else _remove_unused(database), unlisted)


def _conditions(chosen: Chosen, versions: list[int], folders: list[int]) -> Iterator[ColumnElement[bool]]:
    row = tables.reading.c
    if chosen.before_ns is not None:
        yield row.folder.in_(folders) & (row.read_ns < chosen.before_ns)
    if versions:
        yield row.folder.in_(folders) & row.version.in_(versions)


def _remove(
    connection: Connection, conditions: list[ColumnElement[bool]], gone: list[tuple[int, bytes]], *, dry_run: bool
) -> int:
    """Remove rows by any of the conditions, and those of files that are gone; returns how many rows that were."""
    row = tables.reading.c
    by_folder: dict[int, list[bytes]] = {}
    for number, name in gone:
        by_folder.setdefault(number, []).append(name)
    for number, names in by_folder.items():
        for start in range(0, len(names), _NAMES_AT_ONCE):
            conditions.append((row.folder == number) & row.name.in_(names[start : start + _NAMES_AT_ONCE]))
    if not dry_run:
        return sum(connection.execute(delete(tables.reading).where(condition)).rowcount for condition in conditions)
    keys = (row.folder, row.version, row.name, row.task)
    return len({tuple(key) for condition in conditions for key in connection.execute(select(*keys).where(condition))})


def _missing_names(connection: Connection, number: int, path: bytes) -> list[bytes] | None:
    """Names of files that have readings and are not there; None where the folder cannot be listed."""
    try:
        there = set(os.listdir(path))
    except (FileNotFoundError, NotADirectoryError):
        there = set()
    except OSError:
        return None
    name = tables.reading.c.name
    kept = connection.execute(select(name).distinct().where(tables.reading.c.folder == number)).scalars()
    return [one for one in kept if bytes(one) not in there]


def _remove_unused(database: Database) -> int:
    """Remove what no reading has any more, and give the space back to the disk."""
    row = tables.reading.c
    with database.transaction() as connection:
        outcomes = connection.execute(delete(tables.outcome).where(tables.outcome.c.number.not_in(select(row.outcome)))).rowcount
        connection.execute(delete(tables.folder).where(~exists().where(row.folder == tables.folder.c.id)))
        connection.execute(delete(tables.version).where(tables.version.c.id.not_in(select(row.version))))
    if not database.is_postgresql:
        # Names of files would else stay in the file's free pages. PostgreSQL's autovacuum frees them in its own time.
        with database.in_our_words():
            raw = database.engine.raw_connection()
            try:
                raw.cursor().execute("VACUUM")
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()
    return outcomes


def _folders(database: Database) -> list[tuple[int, bytes]]:
    with database.reading() as connection:
        asked = select(tables.folder.c.id, tables.folder.c.path).order_by(tables.folder.c.id)
        return [(number, bytes(path)) for number, path in connection.execute(asked)]


def _version_numbers(database: Database, digests: Collection[str]) -> list[int]:
    with database.reading() as connection:
        asked = select(tables.version.c.id).where(tables.version.c.digest.in_(digests))
        return list(connection.execute(asked).scalars())


def _count(connection: Connection, column: Any) -> int:  # noqa: ANN401 - a column of any type
    return int(connection.execute(select(func.count(column))).scalar_one())


def _size_bytes(connection: Connection, database: Database) -> int:
    if database.is_postgresql:
        sizes = [func.pg_total_relation_size(func.to_regclass(table.name)) for table in tables.ALL]
        return sum(int(size) for size in connection.execute(select(*sizes)).one())
    files = {str(row[1]): str(row[2]) for row in connection.exec_driver_sql("PRAGMA database_list")}
    path = files["main"]
    return sum(os.path.getsize(path + ending) for ending in ("", "-wal") if os.path.exists(path + ending))
