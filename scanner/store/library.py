"""The reference library on disk: one SQLite file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row, func, select
from sqlalchemy.dialects.sqlite import insert

from scanner.model.errors import StoreError, UsageError
from scanner.model.matching import Fingerprint, Reference, Role
from scanner.model.text import escape_path, shown
from scanner.store.database import connect, in_our_words, needs_rollback
from scanner.store.schema import bring_up_to_date, reference, require_current

BATCH = 500
"""References written in one transaction, and read in one."""


def reference_id(role: Role, sha256: str) -> str:
    """Return the id of a reference: ``ai-`` and 16 digits. The same content has the same id in every library."""
    return f"{role.value}-{sha256[:16]}"


def digest_of(references: Iterable[Reference]) -> str:
    """Digest of what references say, whatever their order: SHA-256 over role, content, fingerprint and pixels of each."""
    digest = hashlib.sha256()
    for line in sorted(_line(one) for one in references):
        digest.update(line.encode())
    return digest.hexdigest()


def open_library(path: str, *, create: bool) -> SqliteLibrary:
    """Open the library at `path`: for reading only, or with `create` for adding, made with its folders if there is none.

    Reading changes nothing on disk, and works on read-only media and in folders without write permission.

    Raises:
        UsageError: there is no such file and it is not to be made.
        StoreError: not a library, of a newer scanner, damaged, or not accessible.
    """
    if create:
        return _open_for_adding(path)
    if not Path(path).is_file():
        raise UsageError(
            "there is no reference library here",
            where=shown(path),
            next_step="`scanner library add --role owned PATH…` makes one",
        )
    return _open_for_reading(path)


def _open_for_adding(path: str) -> SqliteLibrary:
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"its folder cannot be made ({error.strerror})", where=shown(path), next_step="Name another place with --library"
        ) from error
    engine = connect(path, writable=True)
    with in_our_words(path), engine.begin() as connection:
        bring_up_to_date(connection, shown(path))
    return SqliteLibrary(engine, path)


def _open_for_reading(path: str) -> SqliteLibrary:
    engine = connect(path, writable=False)
    try:
        with in_our_words(path), engine.begin() as connection:
            require_current(connection, shown(path))
    except StoreError as error:
        if not needs_rollback(error.__cause__):
            raise
        _roll_back(path)
        return _open_for_reading(path)
    return SqliteLibrary(engine, path)


def _roll_back(path: str) -> None:
    # A killed `add` leaves its journal; undoing what it left half-done is the one write that opening may need.
    with in_our_words(path), connect(path, writable=True).begin() as connection:
        require_current(connection, shown(path))


class SqliteLibrary:
    """References in an SQLite file, a `ReferenceStore`. Several processes may use one file, also adding at once."""

    def __init__(self, engine: Engine, path: str) -> None:
        """Use `open_library`."""
        self._engine = engine
        self._path = path

    def add(self, references: Iterable[Reference]) -> int:
        """Add references and return how many were new; one whose role and content are known is left alone.

        Written in batches: what was added before an error or a kill is kept, and everything is on disk when this returns.
        The id is derived from role and content, whatever the reference says; names that are no UTF-8 are escaped.

        Raises:
            StoreError: opened for reading only, disk full, held by another process for too long.
        """
        remaining, new = iter(references), 0
        # Fingerprinting happens while a batch is gathered: the write lock is not held meanwhile.
        while rows := [_row_of(one) for one in islice(remaining, BATCH)]:
            unless_known = insert(reference).on_conflict_do_nothing(index_elements=["role", "sha256"])
            with in_our_words(self._path), self._engine.begin() as connection:
                new += connection.execute(unless_known, rows).rowcount
        return new

    def references(self) -> Iterator[Reference]:
        """All references in the order of their ids, read a batch at a time so that no writer waits for the caller."""
        last_id = ""
        while rows := self._rows_after(last_id):
            yield from (_reference_of(row) for row in rows)
            last_id = rows[-1].id

    def _rows_after(self, last_id: str) -> list[Row[Any]]:
        page = select(reference).where(reference.c.id > last_id).order_by(reference.c.id).limit(BATCH)
        with in_our_words(self._path), self._engine.begin() as connection:
            return list(connection.execute(page))

    def count(self, role: Role | None = None) -> int:
        """How many references there are, of one role or of all."""
        number = select(func.count()).select_from(reference)
        if role is not None:
            number = number.where(reference.c.role == role.value)
        with in_our_words(self._path), self._engine.begin() as connection:
            return int(connection.execute(number).scalar_one())

    def digest(self) -> str:
        """Digest of what the library holds now (`digest_of` all its references)."""
        return digest_of(self.references())

    def close(self) -> None:
        """Let go of the database; may be called twice."""
        self._engine.dispose()


def _line(one: Reference) -> str:
    mark = one.fingerprint
    hashed = f"{mark.algorithm}:{mark.bits}:{int(mark.flat)}" if mark else ""
    return f"{one.role.value}|{one.sha256}|{hashed}|{one.pixel_digest}\n"


def _row_of(one: Reference) -> dict[str, object]:
    mark = one.fingerprint
    return {
        "id": reference_id(one.role, one.sha256),
        "role": one.role.value,
        "sha256": one.sha256,
        "name": escape_path(one.name)[0],
        "algorithm": mark.algorithm if mark else None,
        "bits": mark.bits if mark else None,
        "width": mark.width if mark else None,
        "height": mark.height if mark else None,
        "flat": mark.flat if mark else None,
        "pixel_digest": one.pixel_digest,
    }


def _reference_of(row: Row[Any]) -> Reference:
    bare = Reference(row.id, Role(row.role), row.name, row.sha256, pixel_digest=row.pixel_digest)
    if row.algorithm is None:
        return bare
    return replace(bare, fingerprint=Fingerprint(row.algorithm, row.bits, row.width, row.height, row.flat))
