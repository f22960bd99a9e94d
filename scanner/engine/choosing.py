"""Which engine does the work: ``local``, or ``dask`` with the way to its cluster."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scanner.crawl.walk import check_roots
from scanner.engine.cluster_setup import ClusterSetup, inspect_host
from scanner.engine.dask_clusters import ClusterKind, ClusterPlace, connect
from scanner.engine.dask_engine import DaskEngine
from scanner.engine.local import LocalEngine
from scanner.engine.path_maps import PathMap, parse_path_map, refuse_doubled, there_of
from scanner.engine.worker_process import TASK_SECONDS
from scanner.model.errors import ToolError, UsageError
from scanner.model.text import shown
from scanner.pipeline.settings import ScanSettings, WorkerSettings

_OPTION = "--engine"
_SCHEDULER_FILE = "scheduler-file:"
_BATCH = ("slurm", "lsf", "pbs")
_ADDRESS = re.compile(r"^(?:(?:tcp|tls|ws|wss)://)?[^\s/:]+:\d{1,5}$|^(?:tcp|tls)://\[[0-9A-Fa-f:]+\]:\d{1,5}$")
_FORMS = "Write local, dask, dask:HOST:PORT, dask:scheduler-file:PATH, dask:slurm, dask:lsf or dask:pbs."


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """Where the work runs."""

    cluster: ClusterPlace | None = None
    """None for worker processes of this machine."""
    maps: tuple[PathMap, ...] = ()
    io_limit: int = 0
    """Files worked on at once, whatever the number of workers, at most; 0 for no limit."""


def choose_engine(engine: str = "local", map_paths: tuple[str, ...] = (), io_limit: int = 0) -> EngineChoice:
    """Read the options ``--engine``, ``--map-path`` and ``--io-limit``.

    Raises:
        UsageError: one of them is none, or a path is mapped though the work stays here.
    """
    place = _place(engine.strip())
    maps = tuple(parse_path_map(text) for text in map_paths)
    refuse_doubled(maps)
    if io_limit < 0:
        raise UsageError(f"{io_limit} is no number of files", where="--io-limit", next_step="Give 1 or more.")
    if maps and (place is None or place.kind is ClusterKind.OWN):
        raise UsageError(
            "paths are mapped for workers on other hosts only",
            where="--map-path",
            next_step="Name a cluster with --engine, or leave it out.",
        )
    return EngineChoice(place, maps, io_limit)


def open_engine(choice: EngineChoice, settings: ScanSettings) -> LocalEngine | DaskEngine:
    """Make the engine for a scan; whoever asks closes it.

    Raises:
        ScannerError: its cluster cannot be reached, or what it needs is not installed.
    """
    workers = min(settings.worker_count, choice.io_limit or settings.worker_count)
    if choice.cluster is None:
        return LocalEngine(settings.worker, workers)
    here = inspect_host(ClusterSetup(settings.worker, (), TASK_SECONDS))
    if here.problem:
        raise ToolError(here.problem)
    setup = ClusterSetup(_settings_there(settings.worker, choice.maps), _roots_there(settings, choice.maps), TASK_SECONDS)
    connection = connect(choice.cluster, workers)
    return DaskEngine(connection, setup, here, home=LocalEngine(settings.worker, 1), maps=choice.maps, io_limit=choice.io_limit)


def _settings_there(settings: WorkerSettings, maps: tuple[PathMap, ...]) -> WorkerSettings:
    return replace(
        settings,
        exiftool=there_of(settings.exiftool, maps),
        extra_marks=tuple(there_of(path, maps) for path in settings.extra_marks),
    )


def _roots_there(settings: ScanSettings, maps: tuple[PathMap, ...]) -> tuple[str, ...]:
    return tuple(there_of(root, maps) for root in check_roots(settings.paths))


def _place(text: str) -> ClusterPlace | None:
    name, colon, rest = text.partition(":")
    if text == "local":
        return None
    if name != "dask" or (colon and not rest):
        raise UsageError(f"there is no engine {shown(text, 120)!r}", where=_OPTION, next_step=_FORMS)
    if not colon:
        return ClusterPlace(ClusterKind.OWN)
    if rest in _BATCH:
        return ClusterPlace(ClusterKind.BATCH, rest)
    if rest.startswith(_SCHEDULER_FILE):
        path = rest.removeprefix(_SCHEDULER_FILE)
        if not path:
            raise UsageError("no scheduler file was named", where=_OPTION, next_step=_FORMS)
        return ClusterPlace(ClusterKind.SCHEDULER_FILE, path)
    if not _ADDRESS.match(rest):
        raise UsageError(f"{shown(rest, 120)!r} is no address of a dask scheduler", where=_OPTION, next_step=_FORMS)
    return ClusterPlace(ClusterKind.ADDRESS, rest)
