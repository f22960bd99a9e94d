"""What runs inside a dask worker: it hands chunks of tasks to confined worker processes of its own host.

The dask worker opens no file of a delivery itself, so a hostile one costs a child and not the worker. All that is kept is kept
for the process: setups by their digest, idle children, and what is being done.
"""

from __future__ import annotations

import atexit
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from scanner.engine.cluster_setup import ClusterSetup, inspect_host, name_of, packed, unpack_setup
from scanner.engine.frames import decode
from scanner.engine.worker_process import FAREWELL_SECONDS, WORKER_COMMAND, WorkerProcess
from scanner.model.work import Task

IDLE_SECONDS = 120.0
"""How long a child waits for work; where a scan was killed nobody says goodbye."""
REPORT_SECONDS = 60.0
"""How long what a host said of itself holds: another version of a tool may be installed between two scans."""
_ENDED_KEPT = 1000

DONE, UNKNOWN, UNFIT, ENDED = "done", "unknown", "unfit", "ended"
"""First of an answer: results follow; the setup was never told here; this host cannot work; the run was ended."""


@dataclass(slots=True)
class _Process:
    """What one dask worker keeps for all scans that use it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    setups: dict[str, ClusterSetup] = field(default_factory=dict)
    reports: dict[str, tuple[float, bytes]] = field(default_factory=dict)
    """Setup → what this host said of itself, and when."""
    idle: dict[str, list[WorkerProcess]] = field(default_factory=dict)
    used: float = 0.0
    """When a child was put down last, on the monotonic clock."""
    watched: bool = False
    """Whether a timer runs that will look for children without work."""
    busy: dict[str, list[tuple[threading.Event, WorkerProcess]]] = field(default_factory=dict)
    """Run → what is being done for it."""
    ended: deque[str] = field(default_factory=lambda: deque(maxlen=_ENDED_KEPT))


_process = _Process()


def introduce(setup: bytes) -> bytes:
    """Take a packed `ClusterSetup` in and return this host's packed `HostReport`."""
    name = name_of(setup)
    said, report = _process.reports.get(name, (0.0, b""))
    told = _process.setups[name] = unpack_setup(setup)
    if not report or time.monotonic() - said > REPORT_SECONDS:
        inspected = inspect_host(told)
        report = inspected.pack()
        if not inspected.problem:
            _process.reports[name] = (time.monotonic(), report)
    return report


def work(name: str, run: str, chunk: bytes) -> bytes:
    """Do a chunk of tasks by the setup of that name, and return a packed answer."""
    setup = _process.setups.get(name)
    if setup is None:
        return packed((UNKNOWN, _address()))
    tasks = cast(tuple[Task, ...], decode(chunk))
    began = time.monotonic()
    with _child(name, run, setup) as (child, stopping):
        results = []
        for task in tasks:
            if stopping.is_set():
                return packed((ENDED,))
            try:
                results.append(child.perform(task, stopping))
            except Exception as error:
                # Whatever it is, it is this host's: a full disk, no process to be had. Another may do the chunk.
                return packed((UNFIT, _address(), socket.gethostname(), str(error) or type(error).__name__))
    return packed((DONE, time.monotonic() - began, tuple(results)))


def abandon(run: str) -> None:
    """Break off what is being done for a run, and do nothing more for it."""
    with _process.lock:
        _process.ended.append(run)
        working = list(_process.busy.get(run, ()))
    for stopping, child in working:
        stopping.set()
        child.abandon()


def forget(name: str) -> None:
    """Stop the idle children of a setup."""
    with _process.lock:
        idle = _process.idle.pop(name, [])
        _process.setups.pop(name, None)
    _stop(idle)


@contextmanager
def _child(name: str, run: str, setup: ClusterSetup) -> Iterator[tuple[WorkerProcess, threading.Event]]:
    stopping = threading.Event()
    with _process.lock:
        waiting = _process.idle.get(name)
        child = waiting.pop() if waiting else WorkerProcess(setup.settings, setup.task_seconds, setup.command or WORKER_COMMAND)
        _process.busy.setdefault(run, []).append((stopping, child))
        if run in _process.ended:
            stopping.set()
    try:
        yield child, stopping
    finally:
        _put_down(name, run, child, stopping)


def _put_down(name: str, run: str, child: WorkerProcess, stopping: threading.Event) -> None:
    with _process.lock:
        busy = _process.busy[run]
        busy.remove((stopping, child))
        if not busy:
            del _process.busy[run]
        keep = name in _process.setups and not stopping.is_set()
        if keep:
            _process.idle.setdefault(name, []).append(child)
            _process.used = time.monotonic()
    if keep:
        _watch()
    else:
        child.stop()


def _watch() -> None:
    """See to it that children that nobody needs any more are stopped: one timer a process."""
    with _process.lock:
        if _process.watched:
            return
        _process.watched = True
    timer = threading.Timer(IDLE_SECONDS, _sweep)
    timer.daemon = True
    timer.start()


def _sweep() -> None:
    with _process.lock:
        _process.watched = False
        late = time.monotonic() - _process.used >= IDLE_SECONDS
        idle = [child for children in _process.idle.values() for child in children] if late else []
        if late:
            _process.idle.clear()
    _stop(idle)
    if not late:
        _watch()


def _stop(children: list[WorkerProcess]) -> None:
    for child in children:
        child.stop(FAREWELL_SECONDS)


@atexit.register
def _leave() -> None:
    with _process.lock:
        children = [child for idle in _process.idle.values() for child in idle]
        children += [child for busy in _process.busy.values() for _, child in busy]
        _process.idle.clear()
    for child in children:
        child.stop()


def _address() -> str:
    from distributed import get_worker

    return str(get_worker().address)
