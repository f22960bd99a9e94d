"""The first tables of the store of readings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "readings_folder",
        sa.Column("id", _NUMBER, primary_key=True),
        sa.Column("path", sa.LargeBinary, nullable=False, unique=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "readings_version",
        sa.Column("id", _NUMBER, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("made_of", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "readings_outcome",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "readings_reading",
        sa.Column("folder", _NUMBER, sa.ForeignKey("readings_folder.id"), primary_key=True),
        sa.Column("version", _NUMBER, sa.ForeignKey("readings_version.id"), primary_key=True),
        sa.Column("name", sa.LargeBinary, primary_key=True),
        sa.Column("task", sa.LargeBinary, primary_key=True),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("ctime_ns", sa.BigInteger, nullable=False),
        sa.Column("inode", sa.BigInteger, nullable=False),
        sa.Column("read_ns", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.LargeBinary),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("prints", sa.LargeBinary),
        sa.Column("facts", sa.Text),
        sa.Column("outcome", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("readings_by_content", "readings_reading", ["sha256"])
