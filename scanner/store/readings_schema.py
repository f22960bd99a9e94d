"""The tables of kept readings, and the revision that says which tables a store holds.

How a store comes to have them is written in `readings_migrations`, step by step; a test holds the two together. Names of files
and folders are bytes: a name need not be UTF-8, and PostgreSQL's text takes no NUL.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

REVISION = "0001"
"""The newest migration: what this scanner reads and writes. `readings_migrations` has a file of it."""
REVISION_TABLE = "readings_revision"
"""Where Alembic keeps the revision; with a name of its own, so that a reference library can be in the same database."""

tables = MetaData()
"""All tables of the store."""


def _as_they_are(_type: LargeBinary, _dialect: Dialect) -> None:
    """Nothing is done to bytes on their way to the driver: wrapping each in a buffer took a seventh of the time of keeping."""


class _Bytes(LargeBinary):
    bind_processor = _as_they_are  # type: ignore[assignment]  # a processor, or None for none


_Number = BigInteger().with_variant(Integer, "sqlite")
"""SQLite makes keys of its own for INTEGER only, which has 64 bits there."""

folder = Table(
    "readings_folder",
    tables,
    Column("id", _Number, primary_key=True),
    Column("path", _Bytes, nullable=False, unique=True),
    sqlite_autoincrement=True,
)
"""Absolute paths. A removed folder's number is never given again."""

version = Table(
    "readings_version",
    tables,
    Column("id", _Number, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("made_of", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""What readings were made with: digest of readers, catalogue, tools and settings, and the same as JSON for people."""

outcome = Table(
    "readings_outcome",
    tables,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", _Bytes, nullable=False),
    Column("packed", _Bytes, nullable=False),
)
"""What files yield, each once. The number is made of the digest, so that nobody has to ask for it."""

reading = Table(
    "readings_reading",
    tables,
    Column("folder", _Number, ForeignKey("readings_folder.id"), primary_key=True),
    Column("version", _Number, ForeignKey("readings_version.id"), primary_key=True),
    Column("name", _Bytes, primary_key=True),
    Column("task", _Bytes, primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("ctime_ns", BigInteger, nullable=False),
    Column("inode", BigInteger, nullable=False),
    Column("read_ns", BigInteger, nullable=False),
    Column("sha256", _Bytes),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("prints", _Bytes),
    Column("facts", Text),
    Column("outcome", BigInteger, nullable=False),
    Index("readings_by_content", "sha256"),
    sqlite_with_rowid=False,
)
"""One row a file, version and task, in the order in which a folder's rows are asked for. Inodes are folded to signed numbers.

Nothing holds an outcome to be there: that would ask for an index of a quarter of the store. A reading without one is as if it
were not kept.
"""

ALL = (reading, outcome, version, folder)
"""In an order in which they can be emptied."""
NAMES = frozenset({REVISION_TABLE, *(table.name for table in ALL)})
