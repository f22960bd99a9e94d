"""How a library of an older scanner gets the tables of this one.

Each step is written out, not taken from the tables in `schema`: those go on changing, and what a version was does not.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, text

Migration = Callable[[Connection], None]

_VERSION_2 = (
    "ALTER TABLE reference ADD COLUMN source VARCHAR DEFAULT '' NOT NULL",
    "ALTER TABLE reference ADD COLUMN owner VARCHAR DEFAULT '' NOT NULL",
    "ALTER TABLE reference ADD COLUMN licence VARCHAR DEFAULT '' NOT NULL",
    "ALTER TABLE reference ADD COLUMN no_ai_alteration BOOLEAN DEFAULT '0' NOT NULL",
    "CREATE TABLE reference_thumbnail (reference VARCHAR NOT NULL PRIMARY KEY "
    "REFERENCES reference (id) ON DELETE CASCADE, jpeg BLOB NOT NULL)",
)
"""Rights and thumbnails."""
_VERSION_3 = (
    "ALTER TABLE reference ADD COLUMN inner_box VARCHAR DEFAULT '' NOT NULL",
    "ALTER TABLE reference ADD COLUMN quality INTEGER DEFAULT '0' NOT NULL",
    "CREATE TABLE reference_picture (reference VARCHAR NOT NULL PRIMARY KEY "
    "REFERENCES reference (id) ON DELETE CASCADE, sha256 VARCHAR(64) NOT NULL, picture BLOB NOT NULL)",
    "CREATE INDEX picture_digest ON reference_picture (reference, sha256)",
    "CREATE TABLE reference_hash (reference VARCHAR NOT NULL REFERENCES reference (id) ON DELETE CASCADE, "
    "algorithm VARCHAR NOT NULL, variants VARCHAR NOT NULL, bits BLOB NOT NULL, "
    "PRIMARY KEY (reference, algorithm)) WITHOUT ROWID",
    "CREATE TABLE reference_features (reference VARCHAR NOT NULL REFERENCES reference (id) ON DELETE CASCADE, "
    "algorithm VARCHAR NOT NULL, points INTEGER NOT NULL, sha256 VARCHAR(64) NOT NULL, payload BLOB NOT NULL, "
    "PRIMARY KEY (reference, algorithm))",
    "CREATE INDEX features_digest ON reference_features (reference, algorithm, points, sha256)",
    "CREATE TABLE collection_member (collection VARCHAR NOT NULL, "
    "reference VARCHAR NOT NULL REFERENCES reference (id) ON DELETE CASCADE, "
    "PRIMARY KEY (collection, reference)) WITHOUT ROWID",
    "CREATE INDEX collection_of_reference ON collection_member (reference)",
)
"""Further hashes, local features, pictures to compare with, collections. PostgreSQL libraries begin with this version."""


def _step(statements: tuple[str, ...]) -> Migration:
    def migrate(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    return migrate


MIGRATIONS: tuple[Migration, ...] = (_step(_VERSION_2), _step(_VERSION_3))
"""The step at index n brings version n + 1 to n + 2."""
