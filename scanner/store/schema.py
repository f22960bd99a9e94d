"""The library's tables, in one place, and the version that says which tables a file holds."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    insert,
    inspect,
    select,
    update,
)

from scanner.model.errors import StoreError
from scanner.store import readings_schema
from scanner.store.migrations import MIGRATIONS

SCHEMA_VERSION = 3
"""Raised with every change to a table; MIGRATIONS say how to get here from any lower one."""

tables = MetaData()
"""All tables of the library."""

_ORDERED = String().with_variant(String(collation="C"), "postgresql")
"""Text that is sorted by its characters, as SQLite and Python sort; PostgreSQL else sorts as a language does."""


def _of_reference() -> Column[str]:
    return Column("reference", _ORDERED, ForeignKey("reference.id", ondelete="CASCADE"), primary_key=True)


schema_version = Table("schema_version", tables, Column("version", Integer, nullable=False))
"""One row."""

reference = Table(
    "reference",
    tables,
    Column("id", _ORDERED, primary_key=True),
    Column("role", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", String, nullable=False),
    Column("algorithm", String),
    Column("bits", String),
    Column("width", Integer),
    Column("height", Integer),
    Column("flat", Boolean),
    Column("pixel_digest", String, nullable=False),
    Column("source", String, nullable=False, server_default=""),
    Column("owner", String, nullable=False, server_default=""),
    Column("licence", String, nullable=False, server_default=""),
    Column("no_ai_alteration", Boolean, nullable=False, server_default="0"),
    Column("inner_box", String, nullable=False, server_default=""),
    Column("quality", Integer, nullable=False, server_default="0"),
    UniqueConstraint("role", "sha256"),
)
"""One row a role and content; the five columns of the fingerprint are NULL together. Its box within bars is four numbers with
commas, or nothing."""

reference_thumbnail = Table(
    "reference_thumbnail",
    tables,
    _of_reference(),
    Column("jpeg", LargeBinary, nullable=False),
)
"""Small pictures, apart from the references: a scan reads those of a million references, and these of a few."""

reference_picture = Table(
    "reference_picture",
    tables,
    _of_reference(),
    Column("sha256", String(64), nullable=False),
    Column("picture", LargeBinary, nullable=False),
    Index("picture_digest", "reference", "sha256"),
)
"""Pictures to compare with. The index holds all that the library's digest asks for: a table of large rows is slow to walk."""

reference_hash = Table(
    "reference_hash",
    tables,
    _of_reference(),
    Column("algorithm", _ORDERED, primary_key=True),
    Column("variants", String, nullable=False),
    Column("bits", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""One row a reference and algorithm, all its variants in it: a row each would be sixteen million for a million references.

Kept in the order of its key, which is the order it is read in.
"""

reference_features = Table(
    "reference_features",
    tables,
    _of_reference(),
    Column("algorithm", _ORDERED, primary_key=True),
    Column("points", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("features_digest", "reference", "algorithm", "points", "sha256"),
)
"""Local features; the digest is that of the payload, and the index is there for it as in `reference_picture`."""

collection_member = Table(
    "collection_member",
    tables,
    Column("collection", _ORDERED, primary_key=True),
    _of_reference(),
    Index("collection_of_reference", "reference"),
    sqlite_with_rowid=False,
)
"""Which references belong to which collections; a collection is there as long as it has a member."""

BELONGINGS = (reference_thumbnail, reference_picture, reference_hash, reference_features, collection_member)
"""All tables that hang on `reference`."""

_EVERY_VERSION = {schema_version.name, reference.name}
"""Tables that a library of any version has."""


def bring_up_to_date(connection: Connection, where: str) -> None:
    """Make the tables in an empty database, or bring older ones to SCHEMA_VERSION.

    Raises:
        StoreError: the database is another program's, or of a newer scanner.
    """
    # On a server the store of readings may have its tables beside.
    beside = readings_schema.NAMES if connection.dialect.name == "postgresql" else frozenset()
    if not set(inspect(connection).get_table_names()) - beside:
        tables.create_all(connection)
        connection.execute(insert(schema_version).values(version=SCHEMA_VERSION))
        return
    for step in MIGRATIONS[read_version(connection, where) - 1 :]:
        step(connection)
    connection.execute(update(schema_version).values(version=SCHEMA_VERSION))


def require_current(connection: Connection, where: str) -> None:
    """Refuse tables that this version cannot read as they are.

    Raises:
        StoreError: no library, or of a newer or an older scanner.
    """
    version = read_version(connection, where)
    if version < SCHEMA_VERSION:
        raise StoreError(
            f"the library is of an older scanner (schema {version}, this one reads {SCHEMA_VERSION})",
            where=where,
            next_step="Any `scanner library add` brings it up to date",
        )


def read_version(connection: Connection, where: str) -> int:
    """Return the schema version of a library, at most SCHEMA_VERSION.

    Raises:
        StoreError: no library, or of a newer scanner.
    """
    if not set(inspect(connection).get_table_names()) >= _EVERY_VERSION:
        raise StoreError("this database is no reference library", where=where, next_step="Name another file with --library")
    version = connection.execute(select(schema_version.c.version)).scalar()
    if not isinstance(version, int) or version < 1:
        raise StoreError("the library does not say its schema version", where=where, next_step="Restore it from a copy")
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"the library was written by a newer scanner (schema {version}, this one reads {SCHEMA_VERSION})",
            where=where,
            next_step="Update the scanner",
        )
    return version
