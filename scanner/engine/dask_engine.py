"""The engine of a dask cluster: chunks of tasks in a bounded window, each result taken once.

dask delivers a chunk at least once; here a chunk's first answer counts and any other is nobody's. Workers are let in after they
were asked for their versions; what is sent and what comes back are bytes of `engine.frames`.
"""

from __future__ import annotations

import queue
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from scanner.engine import dask_host
from scanner.engine.chunks import Chunk, ChunkSource
from scanner.engine.cluster_setup import ClusterSetup, HostReport, name_of, packed
from scanner.engine.dask_clusters import Connection
from scanner.engine.dask_workers import WorkerRoll
from scanner.engine.frames import decode
from scanner.engine.local import LocalEngine
from scanner.engine.path_maps import PathMap, mapped
from scanner.model.cut_work import ReadCutTask
from scanner.model.errors import ScannerError
from scanner.model.work import Result, Task, WorkFailed

if TYPE_CHECKING:
    from distributed import Future

_CHUNKS_A_THREAD = 2
"""One is worked on while the next is under way."""
_ROLL_CALL_SECONDS = 1.0
_FETCH_SECONDS = 10.0
"""For an answer that a worker holds; should the worker die first, the chunk is done again."""


class DaskEngine:
    """A dask cluster. Implements `model.protocols.Engine`."""

    def __init__(
        self,
        connection: Connection,
        setup: ClusterSetup,
        here: HostReport,
        *,
        home: LocalEngine,
        maps: tuple[PathMap, ...] = (),
        io_limit: int = 0,
    ) -> None:
        """Take over a connection and the engine of this machine, which reads cut files: they are the user's own.

        Args:
            connection: closed with the engine.
            setup: of the workers, in their paths.
            here: what this host has, for the workers to be compared with.
            home: closed with the engine.
            maps: paths here and there.
            io_limit: tasks done at once by all workers, at most; 0 for as many as there are threads.
        """
        self._connection = connection
        self._setup = setup.pack()
        self._maps = maps
        self._io_limit = io_limit
        self._home = home
        self._roll = WorkerRoll(connection, self._setup, here)
        self._current: _Run | None = None
        self._closed = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What a report should tell of the workers: those that were not let in while work was done."""
        return self._roll.notes

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """Do the tasks; see `model.protocols.Engine`. One run at a time; `close` ends a run that goes on.

        Raises:
            ScannerError: the cluster is gone, no worker of it can take part, or the engine was closed.
        """
        if self._closed:
            raise ScannerError("the engine is closed")
        self._roll.gather()
        run = self._current = _Run(self._connection, self._roll, name_of(self._setup), self._io_limit)
        source = ChunkSource(iter(tasks))
        try:
            yield from self._results(run, source)
        finally:
            run.end()

    def _results(self, run: _Run, source: ChunkSource) -> Iterator[Result]:
        while not run.ended:
            while run.has_room() and (chunk := run.refused_chunk() or source.next_chunk()):
                if isinstance(chunk.tasks[0], ReadCutTask):
                    yield from self._home.run(chunk.tasks)
                else:
                    run.submit(chunk, packed(tuple(mapped(task, self._maps) for task in chunk.tasks)))
            if run.idle:
                return
            for results, seconds in run.collect():
                source.learn(len(results), seconds)
                yield from results
        raise ScannerError("the engine was closed before all work was done")

    def close(self) -> None:
        """Let the workers go and close the connection; may be called twice."""
        if self._closed:
            return
        self._closed = True
        if self._current is not None:
            self._current.end()
        self._home.close()
        self._roll.dismiss(name_of(self._setup))
        # A cluster that is gone cannot be told goodbye, and need not be.
        with suppress(OSError, TimeoutError, RuntimeError):
            self._connection.close()


class _Run:
    """One call of `DaskEngine.run`: what is under way, and what must be sent again."""

    def __init__(self, connection: Connection, roll: WorkerRoll, setup_name: str, io_limit: int) -> None:
        self._client = connection.client
        self._roll = roll
        self._setup_name = setup_name
        self._io_limit = io_limit
        self._name = uuid.uuid4().hex
        self._count = 0
        self._flying: dict[str, tuple[Future[bytes], Chunk, frozenset[str]]] = {}
        self._again: deque[Chunk] = deque()
        self._arrived: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._called = time.monotonic()
        self.ended = False

    @property
    def idle(self) -> bool:
        return not self._flying and not self._again

    def has_room(self) -> bool:
        window = _CHUNKS_A_THREAD * self._roll.threads
        return len(self._flying) < (min(window, self._io_limit) if self._io_limit else window)

    def refused_chunk(self) -> Chunk | None:
        return self._again.popleft() if self._again else None

    def submit(self, chunk: Chunk, body: bytes) -> None:
        self._count += 1
        key = f"scanner-{self._name}-{self._count}"
        allowed = self._roll.addresses
        future = self._client.submit(
            dask_host.work,
            self._setup_name,
            self._name,
            body,
            key=key,
            pure=False,
            workers=sorted(allowed),
            allow_other_workers=False,
        )
        self._flying[key] = (future, chunk, allowed)
        future.add_done_callback(_teller(self._arrived, key))

    def collect(self) -> list[tuple[tuple[Result, ...], float]]:
        """Wait for answers, at most until the next roll call; return those that are results, with the seconds they took."""
        with suppress(queue.Empty):
            answers = [self._arrived.get(timeout=_ROLL_CALL_SECONDS)]
            while not self._arrived.empty():
                answers.append(self._arrived.get_nowait())
            found = [self._take(key) for key in answers]
            self._call_roll()
            return [one for one in found if one is not None]
        self._call_roll()
        return []

    def end(self) -> None:
        """Break off what is under way."""
        if self.ended:
            return
        self.ended = True
        if not self._flying:
            return
        futures = [future for future, _, _ in self._flying.values()]
        self._flying.clear()
        with suppress(OSError, TimeoutError, RuntimeError):
            self._client.cancel(futures, force=True)
            self._roll.tell(dask_host.abandon, self._name)

    def _call_roll(self) -> None:
        moment = time.monotonic()
        if moment - self._called < _ROLL_CALL_SECONDS:
            return
        self._called = moment
        self._roll.call()
        if not self._roll.addresses:
            self._roll.gather()
        for key, (future, chunk, allowed) in list(self._flying.items()):
            if not allowed & self._roll.addresses:
                # None of those that it was meant for is left: dask would keep it for ever.
                del self._flying[key]
                self._again.append(chunk)
                self._client.cancel([future], force=True)

    def _take(self, key: str) -> tuple[tuple[Result, ...], float] | None:
        future, chunk, _ = self._flying.pop(key, (None, None, None))
        if future is None or chunk is None:
            return None
        try:
            answer: Any = decode(future.result(timeout=_FETCH_SECONDS))
        except Exception as error:
            return self._lost(chunk, error)
        match answer:
            case (dask_host.DONE, float(seconds), tuple(results)) if chunk.answered_by(results):
                return results, seconds
            case (dask_host.UNKNOWN, str(address)):
                self._roll.strike(address)
            case (dask_host.UNFIT, str(address), str(host), str(why)):
                self._roll.refuse(address, host, why)
        self._again.append(chunk)
        return None

    def _lost(self, chunk: Chunk, error: Exception) -> tuple[tuple[Result, ...], float] | None:
        """See what to do with a chunk that came back without an answer."""
        from distributed import KilledWorker

        if not isinstance(error, KilledWorker):
            chunk.losses += 1
            if chunk.losses < chunk.LOSSES_ALLOWED:
                self._again.append(chunk)
                return None
        if len(chunk.tasks) > 1:
            self._again.extend(chunk.halves())
            return None
        why = f"the cluster worker was lost {chunk.losses or 'too many'} times over it"
        return (WorkFailed(chunk.tasks[0].key, why),), 0.0


def _teller(arrived: queue.SimpleQueue[str], key: str) -> Callable[[object], None]:
    return lambda _: arrived.put(key)
