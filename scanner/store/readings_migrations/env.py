"""What Alembic runs to reach a database: the connection is the one that the store has open."""

from __future__ import annotations

from alembic import context

from scanner.store.readings_migrations import CONNECTION
from scanner.store.readings_schema import REVISION_TABLE


def run() -> None:
    """Run the steps that Alembic has chosen."""
    context.configure(connection=context.config.attributes[CONNECTION], version_table=REVISION_TABLE)
    with context.begin_transaction():
        context.run_migrations()


run()
