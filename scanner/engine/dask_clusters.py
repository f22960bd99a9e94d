"""Ways to a dask cluster: one of this machine, one that runs already, one that a batch system starts."""

from __future__ import annotations

import logging
import math
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from scanner.model.errors import ScannerError, ToolError, UsageError
from scanner.model.text import shown

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 10.0
WORKERS_SECONDS = 60.0
"""How long to wait for the first worker of a cluster that runs already, and for another where all are gone."""
SUBMIT_SECONDS = 15.0
"""How long a batch system may take to accept the first job."""
_GLANCE_SECONDS = 0.1
_INSTALL = "Install the extra: pip install 'media-provenance-scanner[cluster]'."
_BATCH_CLUSTERS = {"slurm": "SLURMCluster", "lsf": "LSFCluster", "pbs": "PBSCluster"}


class ClusterKind(StrEnum):
    """How a cluster comes to be."""

    OWN = "own"
    """Processes of this machine, for this scan alone."""
    ADDRESS = "address"
    SCHEDULER_FILE = "scheduler-file"
    BATCH = "batch"
    """Jobs of a batch system, as dask-jobqueue's own configuration has them."""


@dataclass(frozen=True, slots=True)
class ClusterPlace:
    """Which cluster."""

    kind: ClusterKind
    name: str = ""
    """Address, path of the scheduler file, or batch system."""


@dataclass(frozen=True, slots=True)
class Connection:
    """An open way to a cluster; `close` also ends what was started for it."""

    client: Client
    told: str
    """The cluster's name for messages."""
    patience_seconds: float
    """How long to wait for a worker."""
    close: Callable[[], None]


def connect(place: ClusterPlace, workers: int) -> Connection:
    """Connect to a cluster, or start one of `workers` processes or jobs.

    Raises:
        UsageError: the extra is not installed, or the place is wrong.
        ToolError: no scheduler answers there.
    """
    distributed = _distributed()
    with ExitStack() as opened:
        target, told, patience = _target(place, workers, distributed, opened)
        try:
            client = opened.enter_context(distributed.Client(**target, timeout=CONNECT_SECONDS, set_as_default=False))
        except (OSError, TimeoutError, ValueError) as error:
            raise ToolError(
                f"no dask scheduler answers ({_first_line(error)})",
                where=told,
                next_step="Check that it runs and can be reached.",
            ) from error
        return Connection(client, told, patience, opened.pop_all().close)


def _target(
    place: ClusterPlace,
    workers: int,
    distributed: Any,  # noqa: ANN401 - dask's types are not looked at
    opened: ExitStack,
) -> tuple[dict[str, Any], str, float]:
    match place.kind:
        case ClusterKind.OWN:
            return (
                {"address": opened.enter_context(_own_cluster(distributed, workers))},
                "the cluster of this machine",
                WORKERS_SECONDS,
            )
        case ClusterKind.BATCH:
            cluster = opened.enter_context(_batch_cluster(place.name, workers))
            return {"address": cluster}, f"the {place.name} cluster", math.inf
        case ClusterKind.SCHEDULER_FILE:
            if not os.path.isfile(place.name):
                raise UsageError(
                    "no such scheduler file", where=shown(place.name), next_step="Start `dask scheduler --scheduler-file` first."
                )
            return {"scheduler_file": place.name}, f"the cluster of {shown(place.name)}", WORKERS_SECONDS
        case ClusterKind.ADDRESS:
            return {"address": place.name}, f"the cluster at {shown(place.name)}", WORKERS_SECONDS


def _own_cluster(distributed: Any, workers: int) -> Any:  # noqa: ANN401
    # Whoever reaches a dask worker can run code in it, and loopback is open to all users of a machine: keys made for this run.
    with _deaf_to_interrupts():
        return distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            protocol="tls",
            security=distributed.Security.temporary(),
            # Its state is served over HTTP in any case: at a free port of loopback, and without the dashboard.
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            silence_logs=logging.CRITICAL,
        )


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Start what must not hear Ctrl-C: it is for the scan, which then ends its workers in order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _batch_cluster(name: str, workers: int) -> Any:  # noqa: ANN401
    try:
        import dask_jobqueue
    except ImportError as error:
        raise UsageError(f"dask:{name} needs dask-jobqueue", where="--engine", next_step=_INSTALL) from error
    kind = getattr(dask_jobqueue, _BATCH_CLUSTERS[name])
    submit = kind.job_cls.submit_command
    if not shutil.which(submit):
        raise ToolError(
            f"no {name} here: the program {submit} is not found", where="--engine", next_step="Run it on a submit host."
        )
    try:
        cluster = kind(silence_logs="critical")
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"dask-jobqueue cannot make {name} jobs ({_first_line(error)})",
            where="--engine",
            next_step="Set cores and memory of a job in ~/.config/dask/jobqueue.yaml.",
        ) from error
    cluster.scale(workers)
    # dask-jobqueue hands jobs in behind our back, and keeps to itself what the batch system answers.
    deadline = time.monotonic() + SUBMIT_SECONDS
    while not any(getattr(job, "job_id", None) for job in dict(cluster.workers).values()):
        if time.monotonic() > deadline:
            # Jobs that never were cannot be closed, which it asserts.
            with suppress(Exception):
                cluster.close(timeout=CONNECT_SECONDS)
            raise ToolError(
                f"{submit} took no job", where="--engine", next_step=f"Hand in a job by hand to see what {name} says."
            )
        time.sleep(_GLANCE_SECONDS)
    return cluster


def _distributed() -> Any:  # noqa: ANN401
    try:
        import distributed
    except ImportError as error:
        raise UsageError("the engine dask needs dask.distributed", where="--engine", next_step=_INSTALL) from error
    # Its loggers tell every lost worker with a traceback; what matters of it is told by the engine.
    for name in (
        "distributed",
        "asyncio",
        *(name for name in logging.root.manager.loggerDict if name.startswith("distributed.")),
    ):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return distributed


def _first_line(error: BaseException) -> str:
    return shown((str(error).strip() or type(error).__name__).splitlines()[0].rstrip(" .,:"), 200)


def gone(told: str) -> ScannerError:
    """Return the error of a scheduler that does not answer any more."""
    return ToolError("its scheduler does not answer any more", where=told, next_step="Start it again, and scan again.")
