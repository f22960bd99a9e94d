"""The store of readings: one SQLite file, or the tables of a PostgreSQL database."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from scanner.model.kept import ContentKey, Kept, Own, ReadingToKeep, ReadingVersion, extension_of, split
from scanner.model.work import Examination
from scanner.store import readings_schema as tables
from scanner.store.database import Database
from scanner.store.readings_cache import OutcomeCache
from scanner.store.readings_payload import BrokenPayloadError, Payload, outcome_of, payload_of

_AT_ONCE = 500
"""Values of one question; SQLite once took 999."""
_KEY = ("folder", "version", "name", "task")
_COLUMNS = (
    *(
        tables.reading.c.name,
        tables.reading.c.task,
        tables.reading.c.size_bytes,
        tables.reading.c.mtime_ns,
        tables.reading.c.ctime_ns,
        tables.reading.c.inode,
    ),
    *(
        tables.reading.c.outcome,
        tables.reading.c.sha256,
        tables.reading.c.width,
        tables.reading.c.height,
        tables.reading.c.prints,
        tables.reading.c.facts,
    ),
)
_ASKED = (
    select(*_COLUMNS)
    .join_from(tables.reading, tables.folder, tables.folder.c.id == tables.reading.c.folder)
    .join(tables.version, tables.version.c.id == tables.reading.c.version)
    .where(tables.version.c.digest == bindparam("version"), tables.reading.c.read_ns <= bindparam("now"))
)
_OF_FOLDER = _ASKED.where(tables.folder.c.path == bindparam("path"))
"""Made once, not for each folder that is asked for."""
_OF_CONTENTS = _ASKED.where(tables.reading.c.sha256.in_(bindparam("digests", expanding=True))).order_by(
    tables.reading.c.read_ns, tables.reading.c.name
)
_OUTCOMES = select(tables.outcome.c.number, tables.outcome.c.digest, tables.outcome.c.packed).where(
    tables.outcome.c.number.in_(bindparam("numbers", expanding=True))
)
_UNSIGNED = 1 << 64
_SIGNED = 1 << 63

Row = tuple[Any, ...]


class SqlReadingStore:
    """Kept readings in a database, a `ReadingStore`. Several processes may use one, also keeping at once."""

    def __init__(self, database: Database, clock: Callable[[], int] = time.time_ns) -> None:
        """Use `readings_opening.open_readings`. The `clock` gives nanoseconds since 1970."""
        self._database = database
        self._clock = clock
        self._outcomes = OutcomeCache()
        self._broken: set[int] = set()
        self._met_broken = 0

    @property
    def database(self) -> Database:
        """The database itself, for counting, pruning and checking what is in it."""
        return self._database

    @property
    def broken(self) -> int:
        """How many kept readings could not be used so far; see `ReadingStore`."""
        return self._met_broken

    def recall(self, folder: str, version: ReadingVersion) -> dict[tuple[str, bytes], Kept]:
        """Return all readings of the files in one folder, by name and task; see `ReadingStore`.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._database.reading() as connection:
            rows = self._rows(connection, _OF_FOLDER, version, path=os.fsencode(folder))
            shared = self._shared(connection, {row[6] for row in rows})
        found = {}
        for row in rows:
            if (one := shared.get(row[6])) is None:
                self._met_broken += 1
            else:
                found[os.fsdecode(row[0]), row[1]] = _kept(row, one)
        return found

    def recall_by_content(self, wanted: Iterable[ContentKey], version: ReadingVersion) -> dict[ContentKey, Kept]:
        """Return readings of files with the same bytes; see `ReadingStore`.

        Raises:
            StoreError: the store cannot be read.
        """
        keys = frozenset(wanted)
        found: dict[ContentKey, Kept] = {}
        with self._database.reading() as connection:
            for digests in _parts(sorted({bytes.fromhex(key.sha256) for key in keys})):
                rows = self._rows(connection, _OF_CONTENTS, version, digests=digests)
                shared = self._shared(connection, {row[6] for row in rows})
                for row in rows:
                    key = ContentKey(row[7].hex(), row[1], extension_of(os.fsdecode(row[0])))
                    if key in keys and row[6] in shared:
                        found[key] = _kept(row, shared[row[6]])
        return found

    def keep(self, readings: Iterable[ReadingToKeep], version: ReadingVersion) -> int:
        """Keep the keepable ones of some readings, all in one transaction; see `ReadingStore`.

        Raises:
            StoreError: they cannot be kept; none of them is.
        """
        rows, payloads = [], {}
        # Most files of a delivery share their outcome with many others: it is written once.
        written: dict[Examination, Payload | None] = {}
        for one in readings:
            if one.is_keepable and (parts := _parts_of(one, written)):
                row, payload = parts
                rows.append(row)
                payloads[payload.digest] = payload
        if not rows:
            return 0
        with self._database.transaction() as connection:
            taken = self._add_outcomes(connection, payloads)
            rows = [row for row in rows if row.pop("digest") not in taken]
            self._add_rows(connection, rows, version)
        return len(rows)

    def close(self) -> None:
        """Let go of the database; may be called twice."""
        self._database.engine.dispose()

    def _rows(self, connection: Connection, asked: Select[Any], version: ReadingVersion, **values: object) -> Sequence[Row]:
        # The driver's own rows: SQLAlchemy would make one of its own of each.
        return connection.execute(asked, {**values, "version": version.digest, "now": self._clock()}).cursor.fetchall()

    def _shared(self, connection: Connection, numbers: set[int]) -> dict[int, Examination]:
        """The outcomes with these numbers, without those that are damaged or gone."""
        found = {number: one for number in numbers if (one := self._outcomes.get(number)) is not None}
        missing = sorted(numbers - found.keys() - self._broken)
        for part in _parts(missing):
            for number, digest, packed in connection.execute(_OUTCOMES, {"numbers": part}):
                try:
                    found[number] = outcome_of(number, digest, packed)
                except BrokenPayloadError:
                    continue
                self._outcomes.put(number, found[number])
        self._broken.update(number for number in missing if number not in found)
        return found

    def _add_outcomes(self, connection: Connection, payloads: dict[bytes, Payload]) -> set[bytes]:
        """Add those that are not there; returns the digests of those whose number another outcome has."""
        by_number = {payload.number: payload for payload in payloads.values()}
        there: dict[int, bytes] = {}
        for part in _parts(sorted(by_number.keys() & self._broken)):
            connection.execute(delete(tables.outcome).where(tables.outcome.c.number.in_(part)))
        self._broken -= by_number.keys()
        for part in _parts(sorted(by_number)):
            asked = select(tables.outcome.c.number, tables.outcome.c.digest).where(tables.outcome.c.number.in_(part))
            there.update((row.number, row.digest) for row in connection.execute(asked))
        new = [
            {"number": number, "digest": payload.digest, "packed": payload.packed()}
            for number, payload in by_number.items()
            if number not in there
        ]
        if new:
            connection.execute(self._database.insert(tables.outcome, ["number"]), new)
        held = {number: there.get(number, payload.digest) for number, payload in by_number.items()}
        return {digest for digest, payload in payloads.items() if held[payload.number] != digest}

    def _add_rows(self, connection: Connection, rows: list[dict[str, Any]], version: ReadingVersion) -> None:
        folders = self._numbers(connection, tables.folder, "path", [{"path": path} for path in {row["folder"] for row in rows}])
        made_of = [{"digest": version.digest, "made_of": version.made_of}]
        number = self._numbers(connection, tables.version, "digest", made_of)[version.digest]
        for row in rows:
            row["folder"], row["version"] = folders[row["folder"]], number
        if rows:
            connection.execute(self._upsert(), rows)

    def _numbers(self, connection: Connection, table: Table, name: str, wanted: Sequence[dict[str, Any]]) -> dict[Any, int]:
        """The numbers of folders or versions, which are added where they are not there."""
        column = table.c[name]
        found: dict[Any, int] = {}
        for _ in range(2):
            missing = [row for row in wanted if row[name] not in found]
            for part in _parts([row[name] for row in missing]):
                asked = select(column, table.c.id).where(column.in_(part))
                found.update((row[0], row[1]) for row in connection.execute(asked))
            if missing := [row for row in missing if row[name] not in found]:
                connection.execute(self._database.insert(table, [name]), missing)
        return found

    def _upsert(self) -> Any:  # noqa: ANN401 - of either dialect
        dialect: Any = postgresql if self._database.is_postgresql else sqlite
        statement = dialect.insert(tables.reading)
        changed = {column.name: statement.excluded[column.name] for column in tables.reading.c if column.name not in _KEY}
        return statement.on_conflict_do_update(index_elements=_KEY, set_=changed)


def _kept(row: Row, shared: Examination) -> Kept:
    _, _, size, mtime, ctime, inode, number, sha256, width, height, prints, facts = row
    unsigned = inode if inode >= 0 else inode + _UNSIGNED
    return Kept(size, mtime, ctime, unsigned, number, shared, Own(sha256, width, height, prints, facts))


def _parts_of(one: ReadingToKeep, written: dict[Examination, Payload | None]) -> tuple[dict[str, Any], Payload] | None:
    """The row of a reading and its outcome; None for one that is too long to be kept."""
    shared, own = split(one.examination)
    if shared not in written:
        written[shared] = payload_of(shared)
    if (payload := written[shared]) is None:
        return None
    identity = one.identity
    path, name = os.path.split(identity.path)
    row = {
        "folder": os.fsencode(path),
        "name": os.fsencode(name),
        "task": one.task,
        "size_bytes": identity.size_bytes,
        "mtime_ns": identity.mtime_ns,
        "ctime_ns": identity.ctime_ns,
        "inode": identity.inode if identity.inode < _SIGNED else identity.inode - _UNSIGNED,
        "read_ns": one.read_ns,
        **own._asdict(),
        "outcome": payload.number,
        "digest": payload.digest,
    }
    return row, payload


def _parts(values: Sequence[Any]) -> Iterator[list[Any]]:
    remaining = iter(values)
    while part := list(islice(remaining, _AT_ONCE)):
        yield part
