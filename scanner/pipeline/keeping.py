"""Opening the store of readings for one scan."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from scanner.model.errors import UsageError
from scanner.model.text import shown
from scanner.pipeline.reading_key import reading_version
from scanner.pipeline.recollection import Recollection
from scanner.pipeline.settings import ScanSettings
from scanner.report.writing import root_holding
from scanner.store.places import is_address


@contextmanager
def kept_readings(
    settings: ScanSettings, roots: Sequence[str], exiftool: str, catalogue_sha256: str, begun_ns: int
) -> Iterator[Recollection | None]:
    """Open the scan's store, and close it at the end; None where it has none.

    Args:
        settings: of the scan.
        roots: real paths; the store must not lie in them.
        exiftool: version of ExifTool.
        catalogue_sha256: digest of the mark catalogue.
        begun_ns: when the scan began, nanoseconds since 1970.

    Raises:
        UsageError: the store would lie in a scanned folder, or on a network file system. StoreError: it cannot be used.
    """
    if settings.store is None:
        yield None
        return
    if not is_address(settings.store) and (inside := root_holding(os.path.dirname(settings.store) or ".", roots)):
        raise UsageError(
            f"the store of readings must not be kept in the scanned folder {shown(inside)}",
            where=shown(settings.store),
            next_step="Name another place with --store, or scan with --no-store",
        )
    from scanner.store.readings_opening import open_readings  # SQLAlchemy: scans without a store need none of it

    store = open_readings(settings.store, on_network=settings.store_on_network)
    version = reading_version(settings.worker, exiftool, catalogue_sha256)
    with closing(Recollection(store, version, settings.worker.hash_below_bytes, begun_ns)) as recollection:
        yield recollection
