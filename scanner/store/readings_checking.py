"""Whether a store of readings is whole: its file, and each reading with its outcome."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from scanner.model.errors import StoreError
from scanner.model.kept import Own, joined
from scanner.model.text import shown
from scanner.model.work import Examination
from scanner.store import readings_schema as tables
from scanner.store.database import Database
from scanner.store.readings_cache import OutcomeCache
from scanner.store.readings_payload import BrokenPayloadError, outcome_of

_STRUCTURE_TOLD = 20

Tell = Callable[[int, int], None]
"""Told how many folders are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class ReadingTrouble:
    """Something that is wrong with a store."""

    path: str
    """Of the file whose reading it is; empty where it is the store as a whole."""
    what: str


def check_readings(database: Database, tell: Tell) -> Iterator[ReadingTrouble]:
    """Yield what is wrong with a store: first with its file, then by folder and name."""
    yield from _structure(database)
    try:
        with database.reading() as connection:
            asked = select(tables.folder.c.id, tables.folder.c.path).order_by(tables.folder.c.path)
            folders = [(number, os.fsdecode(bytes(path))) for number, path in connection.execute(asked)]
    except StoreError as error:
        yield ReadingTrouble("", f"the folders cannot be listed: {error.what}")
        return
    checks = _Checks(database)
    for done, (number, path) in enumerate(folders, 1):
        try:
            yield from checks.of_folder(number, path)
        except StoreError as error:
            yield ReadingTrouble(path, f"the readings of this folder cannot be read: {error.what}")
        tell(done, len(folders))


def _structure(database: Database) -> Iterator[ReadingTrouble]:
    if database.is_postgresql:
        # The server checks its pages itself, with checksums, and offers pg_amcheck for the rest.
        return
    try:
        with database.reading() as connection:
            rows = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA integrity_check({_STRUCTURE_TOLD})")]
    except StoreError as error:
        rows = [error.what]
    yield from (ReadingTrouble("", f"the file is damaged: {shown(row, 200)}") for row in rows if row != "ok")


class _Checks:
    """Outcomes are decoded once, as a scan does it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._outcomes = OutcomeCache()

    def of_folder(self, number: int, path: str) -> Iterator[ReadingTrouble]:
        row = tables.reading.c
        columns = (row.name, row.outcome, row.sha256, row.width, row.height, row.prints, row.facts)
        outcome = tables.outcome.c
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).where(row.folder == number).order_by(row.name)).fetchall()
            for name, which, *own in rows:
                shared: Examination | str | None = self._outcomes.get(which)
                if shared is None:
                    asked = select(outcome.digest, outcome.packed).where(outcome.number == which)
                    shared = self._decoded(which, [(one[0], one[1]) for one in connection.execute(asked)])
                wrong = shared if isinstance(shared, str) else _own_part(shared, Own(*own))
                if wrong:
                    yield ReadingTrouble(os.path.join(path, os.fsdecode(bytes(name))), wrong)

    def _decoded(self, number: int, found: Sequence[tuple[bytes, bytes]]) -> Examination | str:
        if not found:
            return "what it yielded is not there"
        try:
            outcome = outcome_of(number, *found[0])
        except BrokenPayloadError as error:
            return f"what it yielded is damaged ({shown(str(error), 80)})"
        self._outcomes.put(number, outcome)
        return outcome


def _own_part(shared: Examination, own: Own) -> str:
    try:
        joined(shared, own, 0)
    except ValueError as error:
        return f"its own part is damaged ({shown(str(error), 80)})"
    return ""
