"""The library's tables, in one place, and the version that says which tables a file holds."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    insert,
    inspect,
    select,
    text,
    update,
)

from scanner.model.errors import StoreError

SCHEMA_VERSION = 2
"""Raised with every change to a table; MIGRATIONS say how to get here from any lower one."""

tables = MetaData()
"""All tables of the library."""

schema_version = Table("schema_version", tables, Column("version", Integer, nullable=False))
"""One row."""

reference = Table(
    "reference",
    tables,
    Column("id", String, primary_key=True),
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
    UniqueConstraint("role", "sha256"),
)
"""One row a role and content; the five columns of the fingerprint are NULL together."""

reference_thumbnail = Table(
    "reference_thumbnail",
    tables,
    Column("reference", String, ForeignKey("reference.id", ondelete="CASCADE"), primary_key=True),
    Column("jpeg", LargeBinary, nullable=False),
)
"""Small pictures, apart from the references: a scan reads those of a million references, and these of a few."""

_EVERY_VERSION = {schema_version.name, reference.name}
"""Tables that a library of any version has."""

Migration = Callable[[Connection], None]


def _add_rights_and_thumbnails(connection: Connection) -> None:
    # Written out, not taken from the tables above: those go on changing, and what version 2 was does not.
    for statement in (
        "ALTER TABLE reference ADD COLUMN source VARCHAR DEFAULT '' NOT NULL",
        "ALTER TABLE reference ADD COLUMN owner VARCHAR DEFAULT '' NOT NULL",
        "ALTER TABLE reference ADD COLUMN licence VARCHAR DEFAULT '' NOT NULL",
        "ALTER TABLE reference ADD COLUMN no_ai_alteration BOOLEAN DEFAULT '0' NOT NULL",
        "CREATE TABLE reference_thumbnail (reference VARCHAR NOT NULL PRIMARY KEY "
        "REFERENCES reference (id) ON DELETE CASCADE, jpeg BLOB NOT NULL)",
    ):
        connection.execute(text(statement))


MIGRATIONS: tuple[Migration, ...] = (_add_rights_and_thumbnails,)
"""The step at index n brings version n + 1 to n + 2."""


def bring_up_to_date(connection: Connection, where: str) -> None:
    """Make the tables in an empty database, or bring older ones to SCHEMA_VERSION.

    Raises:
        StoreError: the database is another program's, or of a newer scanner.
    """
    if not inspect(connection).get_table_names():
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
