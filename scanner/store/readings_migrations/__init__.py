"""How a store of readings gets its tables: Alembic's steps, one file each in `versions`.

Each is written out, not taken from `readings_schema`: that goes on changing, and what a revision was does not. Alembic itself is
imported only where there is something to do: a store that is up to date is known by its revision alone.
"""

from __future__ import annotations

import os

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

CONNECTION = "connection"
"""Under which `env` finds the connection among the configuration's attributes."""


def migrate(connection: Connection) -> None:
    """Bring the tables to the newest revision, in the transaction that the connection is in."""
    configuration = _configuration()
    configuration.attributes[CONNECTION] = connection
    command.upgrade(configuration, "head")


def known_revisions() -> frozenset[str]:
    """Return all revisions that this scanner has a step to."""
    return frozenset(step.revision for step in ScriptDirectory.from_config(_configuration()).walk_revisions())


def _configuration() -> Config:
    configuration = Config()
    # Alembic's configuration takes a % for the beginning of a variable.
    configuration.set_main_option("script_location", os.path.dirname(__file__).replace("%", "%%"))
    return configuration
