"""The reference library on disk: one SQLite file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from scanner.model.errors import UsageError
from scanner.model.matching import Reference, Role
from scanner.model.text import shown
from scanner.store.database import LIBRARY, in_our_words, open_read_only, open_writable
from scanner.store.rows import digest_of, reference_id, reference_of, rights_columns, row_of
from scanner.store.schema import bring_up_to_date, reference, reference_thumbnail, require_current

BATCH = 500
"""References written in one transaction, and read in one."""


def open_library(path: str, *, create: bool) -> SqliteLibrary:
    """Open the library at `path`: for reading only, or with `create` for adding, made with its folders if there is none.

    Reading changes nothing on disk, and works on read-only media and in folders without write permission.

    Raises:
        UsageError: there is no such file and it is not to be made.
        StoreError: not a library, of a newer scanner, damaged, or not accessible.
    """
    where = shown(path)
    if create:
        return SqliteLibrary(open_writable(path, LIBRARY, lambda connection: bring_up_to_date(connection, where)), path)
    if not Path(path).is_file():
        raise UsageError(
            "there is no reference library here", where=where, next_step="`scanner library add --role owned PATH…` makes one"
        )
    return SqliteLibrary(open_read_only(path, LIBRARY, lambda connection: require_current(connection, where)), path)


class SqliteLibrary:
    """References in an SQLite file, a `ReferenceStore`. Several processes may use one file, also adding at once."""

    def __init__(self, engine: Engine, path: str) -> None:
        """Use `open_library`."""
        self._engine = engine
        self._path = path

    def add(self, references: Iterable[Reference], thumbnails: Mapping[str, bytes] | None = None) -> int:
        """Add references and return how many were new; one whose role and content are known is left alone.

        `thumbnails` maps the id of a reference to a small JPEG; those of references known already are left alone too.
        Written in batches: what was added before an error or a kill is kept, and everything is on disk when this returns.
        The id is derived from role and content, whatever the reference says; names that are no UTF-8 are escaped.

        Raises:
            StoreError: opened for reading only, disk full, held by another process for too long.
        """
        remaining, new = iter(references), 0
        # Fingerprinting happens while a batch is gathered: the write lock is not held meanwhile.
        while rows := [row_of(one) for one in islice(remaining, BATCH)]:
            unless_known = insert(reference).on_conflict_do_nothing(index_elements=["role", "sha256"])
            with self._transaction() as connection:
                new += connection.execute(unless_known, rows).rowcount
                _add_thumbnails(connection, [str(row["id"]) for row in rows], thumbnails or {})
        return new

    def find_differing_rights(self, references: Iterable[Reference]) -> tuple[Reference, ...]:
        """Return those of `references` that the library knows with other rights than they say."""
        remaining, differing = iter(references), list[Reference]()
        while given := {reference_id(one.role, one.sha256): one for one in islice(remaining, BATCH)}:
            with self._transaction() as connection:
                held = connection.execute(select(reference).where(reference.c.id.in_(given)))
                differing += [given[row.id] for row in held if reference_of(row).rights != given[row.id].rights]
        return tuple(differing)

    def set_rights(self, references: Sequence[Reference]) -> int:
        """Set the rights of known references to what `references` say, all at once; returns how many there are."""
        if not references:
            return 0
        columns = [{"known": reference_id(one.role, one.sha256), **rights_columns(one.rights)} for one in references]
        names: dict[str, Any] = {name: bindparam(name) for name in rights_columns(references[0].rights)}
        with self._transaction() as connection:
            return connection.execute(
                update(reference).where(reference.c.id == bindparam("known")).values(names), columns
            ).rowcount

    def remove(self, ids: Sequence[str]) -> int:
        """Remove references with their thumbnails, all or none; returns how many there were."""
        with self._transaction() as connection:
            gone = (connection.execute(delete(reference).where(reference.c.id == one)).rowcount for one in ids)
            return sum(gone)

    def find(self, prefix: str, limit: int = 10) -> tuple[Reference, ...]:
        """References whose id begins with `prefix`, at most `limit`, in the order of their ids."""
        beyond = prefix + "\U0010ffff"
        near = select(reference).where(reference.c.id >= prefix, reference.c.id < beyond).order_by(reference.c.id).limit(limit)
        with self._transaction() as connection:
            return tuple(reference_of(row) for row in connection.execute(near))

    def references(self, role: Role | None = None) -> Iterator[Reference]:
        """All references, or those of one role, in the order of their ids.

        Read a batch at a time, so that no writer waits for the caller.
        """
        last_id = ""
        while rows := self._rows_after(last_id, role):
            yield from (reference_of(row) for row in rows)
            last_id = rows[-1].id

    def thumbnails(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Return the thumbnails of these references, as far as there are any."""
        remaining, found = iter(ids), dict[str, bytes]()
        while wanted := list(islice(remaining, BATCH)):
            with self._transaction() as connection:
                held = connection.execute(select(reference_thumbnail).where(reference_thumbnail.c.reference.in_(wanted)))
                found.update((row.reference, row.jpeg) for row in held)
        return found

    def count(self, role: Role | None = None) -> int:
        """How many references there are, of one role or of all."""
        number = select(func.count()).select_from(reference)
        if role is not None:
            number = number.where(reference.c.role == role.value)
        with self._transaction() as connection:
            return int(connection.execute(number).scalar_one())

    def digest(self) -> str:
        """Digest of what the library holds now (`digest_of` all its references)."""
        return digest_of(self.references())

    def close(self) -> None:
        """Let go of the database; may be called twice."""
        self._engine.dispose()

    def _rows_after(self, last_id: str, role: Role | None) -> list[Row[Any]]:
        page = select(reference).where(reference.c.id > last_id).order_by(reference.c.id).limit(BATCH)
        if role is not None:
            page = page.where(reference.c.role == role.value)
        with self._transaction() as connection:
            return list(connection.execute(page))

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with in_our_words(self._path, LIBRARY), self._engine.begin() as connection:
            yield connection


def _add_thumbnails(connection: Connection, ids: Iterable[str], thumbnails: Mapping[str, bytes]) -> None:
    rows = [{"reference": one, "jpeg": jpeg} for one in dict.fromkeys(ids) if (jpeg := thumbnails.get(one))]
    if rows:
        connection.execute(insert(reference_thumbnail).on_conflict_do_nothing(), rows)
