"""Putting right what is wrong with a library, by what was made anew of the same files; nothing goes that is not replaced."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, exists, update

from scanner.model.belongings import Belongings
from scanner.model.matching import Reference
from scanner.store.belonging_rows import add_belongings
from scanner.store.database import Database
from scanner.store.rows import row_of
from scanner.store.schema import (
    BELONGINGS,
    reference,
    reference_features,
    reference_hash,
    reference_picture,
    reference_thumbnail,
)

_FROM_THE_FILE = ("role", "sha256", "algorithm", "bits", "width", "height", "flat", "inner_box", "quality", "pixel_digest")
"""Columns of a reference that its file and its id say; name and rights stay as they were given."""


def mend(database: Database, one: Reference, its: Belongings, parts: Collection[str]) -> None:
    """Replace the named parts of a reference that is there by those of `one` and `its`, in one transaction.

    Raises:
        StoreError: the library cannot be written.
    """
    columns = row_of(one)
    with database.transaction() as connection:
        if "reference" in parts:
            anew = {name: columns[name] for name in _FROM_THE_FILE}
            connection.execute(update(reference).where(reference.c.id == columns["id"]).values(anew))
        replaced = {
            reference_thumbnail: "thumbnail" in parts and bool(its.thumbnail),
            reference_picture: "picture" in parts and bool(its.picture),
        }
        for table in (table for table, wanted in replaced.items() if wanted):
            connection.execute(delete(table).where(table.c.reference == columns["id"]))
        for table, part, marks in (
            (reference_hash, "hashes", its.hashes),
            (reference_features, "features", its.features),
        ):
            if part in parts:
                made = {mark.algorithm for mark in marks}
                connection.execute(delete(table).where(table.c.reference == columns["id"], table.c.algorithm.in_(made)))
        add_belongings(connection, [one.id], {one.id: its}, database.insert)


def remove_orphans(database: Database) -> int:
    """Take out what belongs to references that are not there; returns how many rows that were.

    Raises:
        StoreError: the library cannot be written.
    """
    removed = 0
    with database.transaction() as connection:
        for table in BELONGINGS:
            removed += connection.execute(delete(table).where(~exists().where(reference.c.id == table.c.reference))).rowcount
    return removed
