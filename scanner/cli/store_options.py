"""What the commands of ``scanner store`` share: the store that is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scanner.cli.option_types import LibraryPlace
from scanner.store.places import default_store_path

if TYPE_CHECKING:
    from scanner.store.readings import SqlReadingStore

store_option = click.option(
    "--store",
    type=LibraryPlace(),
    envvar="SCANNER_STORE",
    help="Store of readings: a file, or postgresql+psycopg://USER@HOST/DATABASE. [in your cache folder]",
)
store_on_network_option = click.option(
    "--store-on-network",
    is_flag=True,
    envvar="SCANNER_STORE_ON_NETWORK",
    help="Take a store on a network file system; no other machine may use it meanwhile.",
)


def store_place(store: str | None) -> str:
    """Return the place of the store that is meant."""
    return store or default_store_path()


def opened_store(store: str | None, on_network: bool) -> SqlReadingStore:
    """Open a store that there is.

    Raises:
        UsageError: there is none.
        StoreError: it cannot be used.
    """
    from scanner.store.readings_opening import open_readings  # SQLAlchemy costs 0.2 s, and a scan may need none

    return open_readings(store_place(store), create=False, on_network=on_network)
