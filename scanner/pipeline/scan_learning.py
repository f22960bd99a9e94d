"""Learning from a scan: the AI temporaries it found become references, so that a later scan knows their descendants."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing

from scanner.crawl.walk import check_roots
from scanner.model.errors import StoreError, UsageError
from scanner.model.judging import Zone
from scanner.model.matching import Role
from scanner.model.protocols import Engine
from scanner.model.text import shown
from scanner.pipeline.gather import Gathered
from scanner.pipeline.learning import Learnable, Learned, learn, reference_name
from scanner.pipeline.plan import Plan, Progress
from scanner.pipeline.reading import ReadingRoom
from scanner.pipeline.settings import ScanSettings
from scanner.store.places import is_address, shown_place


def prepare_learning(settings: ScanSettings) -> None:
    """Make the library if there is none, so that a place that cannot be written is known before anything is read.

    Raises:
        UsageError: no library is named, or it lies in the scanned tree. StoreError: it cannot be made or written.
    """
    from scanner.store.library import open_library  # SQLAlchemy costs every scan 0.2 s, and few need it

    if settings.library is None:
        raise UsageError("a scan that learns needs a library", where="--learn", next_step="Name one with --library")
    real = "" if is_address(settings.library) else os.path.realpath(settings.library)
    for root in check_roots(settings.paths):
        if real == root or real.startswith(root.rstrip("/") + "/"):
            raise UsageError(
                f"the library must not be kept in the scanned folder {shown(root)}",
                where=shown_place(settings.library),
                next_step="Name another place with --library",
            )
    open_library(settings.library, create=True).close()


def learn_from_scan(
    settings: ScanSettings, plan: Plan, gathered: Sequence[Gathered], room: ReadingRoom, engine: Engine, progress: Progress
) -> tuple[str, ...]:
    """Add the generative assets of temporary zones as ``ai`` references and say how many, as notes of the report."""
    from scanner.store.library import open_library  # SQLAlchemy costs every scan 0.2 s, and few need it

    if not settings.learn or settings.library is None:
        return ()
    if room.interrupted:
        return (_INTERRUPTED,)
    try:
        with closing(open_library(settings.library, create=True)) as store:
            return (_told(learn(_temporaries(plan, gathered, room, settings), store, engine, progress)),)
    except KeyboardInterrupt:
        return (_INTERRUPTED,)
    except StoreError as error:
        # What was read and judged is not thrown away with it.
        return (f"nothing more was added to the library: {error.what}",)


def _temporaries(plan: Plan, gathered: Sequence[Gathered], room: ReadingRoom, settings: ScanSettings) -> tuple[Learnable, ...]:
    return tuple(
        Learnable(
            path=room.absolute(one.asset.root, file.path),
            size_bytes=file.size_bytes,
            name=reference_name(plan.roots[one.asset.root], file.path),
            role=Role.AI,
            examination=examination,
            collections=settings.collections,
        )
        for one in gathered
        if one.asset.zone.zone is Zone.TEMPORARY and one.provenance.is_generative
        for file, (_, examination) in zip(one.asset.files, one.frames, strict=True)
    )


def _told(learned: Learned) -> str:
    refused = f", {len(learned.refused)} could not be added" if learned.refused else ""
    added = f"learned from this scan: {learned.new} AI temporar{'y was' if learned.new == 1 else 'ies were'} added to the library"
    return f"{added}, {learned.known} known already{refused}"


_INTERRUPTED = "nothing was added to the library: the scan was stopped"
