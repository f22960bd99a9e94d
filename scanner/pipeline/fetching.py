"""An engine for deliveries in buckets: fetches what tasks name, has them done on files, and cleans up after each.

Workers have no network and get none. So the fetching is the driver's, a few tasks ahead of the workers, and a task goes out when
all that it names stands in files. What cannot be fetched whole never reaches a worker: its task fails with the reason.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, replace

from scanner.crawl.walk import root_folder
from scanner.model.assets import ContentHash, Crawl
from scanner.model.formats import UNKNOWN_FORMAT
from scanner.model.objects import is_address
from scanner.model.protocols import Engine
from scanner.model.readings import ReadingSummary
from scanner.model.sealed import SealKind
from scanner.model.work import (
    CompareTask,
    EdgeTask,
    Examination,
    ExamineTask,
    FilmTask,
    FrameFiles,
    Result,
    SealedListTask,
    Task,
    WorkFailed,
)
from scanner.pipeline.shadows import Shadows
from scanner.tools.objects import Buckets, ObjectChangedError, ObjectError

FETCHES = 8
"""Objects fetched at a time: most of a small object's time is waiting."""
AHEAD = 24
"""Tasks fetched for, or being fetched for, before a worker asks for them."""
_GLANCE_SECONDS = 0.2

Needs = tuple[tuple[str, int], ...]
"""Addresses of the objects that a task names, with their sizes in bytes."""


class FetchingEngine:
    """Does tasks whose paths are addresses in buckets; all others pass through. Implements `model.protocols.Engine`."""

    def __init__(self, engine: Engine, *, shadows: Shadows | None = None) -> None:
        """Let `engine` do the work; this one closes it."""
        self._engine = engine
        self._buckets = Buckets()
        self._shadows = shadows or Shadows(self._buckets)
        self._pool: ThreadPoolExecutor | None = None
        self._closed = threading.Event()

    @property
    def received_bytes(self) -> int:
        """Bytes of objects that were received so far, asked for twice counted twice."""
        return self._buckets.traffic.received_bytes

    def expect(self, roots: Sequence[str], crawls: Sequence[Crawl]) -> None:
        """Take the objects of a delivery for what their listings say; those that change after it are refused."""
        for root, crawl in zip(roots, crawls, strict=True):
            if is_address(root):
                folder = root_folder(root)
                for entry in crawl.files:
                    self._shadows.expect(folder + entry.path, entry)

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """Do the tasks; see `model.protocols.Engine`."""
        run = _Run(self._shadows, self._started_pool, self._closed)
        results = self._engine.run(run.supplied(tasks))
        try:
            for result in results:
                run.let_go(result.key)
                yield result
                yield from run.failures()
            yield from run.failures()
        finally:
            # First, so that the thread that waits for an object lets go of the engine's run.
            run.stopping.set()
            close = getattr(results, "close", None)
            if close:
                close()
            run.end()

    def close(self) -> None:
        """Stop fetching, close the engine beneath and remove all that was fetched."""
        self._closed.set()
        self._engine.close()
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._shadows.close()

    def _started_pool(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(FETCHES, thread_name_prefix="fetch")
        return self._pool


def expect_objects(engine: Engine, roots: Sequence[str], crawls: Sequence[Crawl]) -> None:
    """Tell an engine that fetches what was listed; any other needs to know nothing."""
    if isinstance(engine, FetchingEngine):
        engine.expect(roots, crawls)


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A task whose objects are being fetched; no future where it names none."""

    task: Task
    needs: Needs
    fetched: Future[None] | None


class _Run:
    """One call of `FetchingEngine.run`."""

    def __init__(self, shadows: Shadows, pool: Callable[[], ThreadPoolExecutor], closed: threading.Event) -> None:
        self._shadows = shadows
        self._pool = pool
        self._closed = closed
        self._out: dict[int, Needs] = {}
        """Key of each task that workers have → what it holds."""
        self._ahead: deque[_Ahead] = deque()
        self._failed: deque[Result] = deque()
        self.stopping = threading.Event()

    def supplied(self, tasks: Iterable[Task]) -> Iterator[Task]:
        """Yield the tasks that workers can do, in their order."""
        waiting = iter(tasks)
        following: Task | None = next(waiting, None)
        while not self._stopped:
            while following is not None and len(self._ahead) < AHEAD and self._take(following):
                following = next(waiting, None)
            if not self._ahead:
                return
            one = self._ahead.popleft()
            if task := self._ready(one):
                yield task

    def failures(self) -> Iterator[Result]:
        """Yield what stands for tasks whose objects could not be fetched."""
        while self._failed:
            yield self._failed.popleft()

    def let_go(self, key: int) -> None:
        """A worker is done with a task."""
        if needs := self._out.pop(key, ()):
            self._shadows.let_go([address for address, _ in needs])

    def end(self) -> None:
        """Let go of what is left when a run ends early."""
        for one in self._ahead:
            if one.fetched and not one.fetched.cancel():
                self._settled(one.fetched)
            self._shadows.let_go([address for address, _ in one.needs])
        self._ahead.clear()
        for key in tuple(self._out):
            self.let_go(key)

    @property
    def _stopped(self) -> bool:
        return self.stopping.is_set() or self._closed.is_set()

    def _take(self, task: Task) -> bool:
        needs = needs_of(task, self._shadows)
        if not needs:
            self._ahead.append(_Ahead(task, (), None))
            return True
        # With nothing ahead only workers hold room, and they let go of it.
        if not self._shadows.reserve(needs, wait=not self._ahead):
            return False
        self._ahead.append(_Ahead(task, needs, self._pool().submit(self._fetch, needs)))
        return True

    def _fetch(self, needs: Needs) -> None:
        for address, _ in needs:
            if self._stopped:
                raise ObjectError("the scan was stopped")
            self._shadows.fetch(address)

    def _ready(self, one: _Ahead) -> Task | None:
        if one.fetched is None:
            return one.task
        error = self._settled(one.fetched)
        if error is None:
            self._out[one.task.key] = one.needs
            return on_shadows(one.task, self._shadows)
        self._shadows.let_go([address for address, _ in one.needs])
        self._failed.append(_failure(one.task, error))
        return None

    def _settled(self, fetched: Future[None]) -> ObjectError | None:
        while True:
            try:
                fetched.result(_GLANCE_SECONDS)
            except NotYet:
                continue
            except ObjectError as error:
                return error
            return None


def _failure(task: Task, error: ObjectError) -> Result:
    why = f"cannot be fetched: {error.why}"
    if isinstance(task, ExamineTask) and isinstance(error, ObjectChangedError):
        readings = (ReadingSummary("probe", "failed", why),)
        return Examination(task.key, UNKNOWN_FORMAT, ContentHash(), readings, changed=True)
    return WorkFailed(task.key, why)


def needs_of(task: Task, shadows: Shadows) -> Needs:
    """Return the objects that a task names; a list of sealed hashes is the files that make it up."""
    named = [(task.path, task.size_bytes)]
    match task:
        case ExamineTask(manifest_sidecar=str(sidecar)):
            named.append((sidecar, shadows.size_bytes(sidecar)))
        case CompareTask():
            named.append((task.reference_path, task.reference_size_bytes))
        case FilmTask(files=FrameFiles() as files) | EdgeTask(files=FrameFiles() as files):
            names = (_joined(files.folder, name) for name in files.names)
            named = list(zip(names, files.sizes_bytes, strict=True))
        case FilmTask() | EdgeTask():
            # They say the size of a stretch.
            named = [(task.path, shadows.size_bytes(task.path))]
        case SealedListTask(kind=SealKind.MHL):
            named = shadows.listed_in(_joined(task.path, "ascmhl/"))
        case SealedListTask():
            beside = shadows.listed_in(task.path[: task.path.rfind("/") + 1])
            named = [one for one in beside if one[0] == task.path or one[0].lower().endswith(".xml")]
        case _:
            pass
    return tuple((path, size) for path, size in dict(named).items() if is_address(path))


def on_shadows(task: Task, shadows: Shadows) -> Task:
    """Return a task with the files that stand for its objects."""
    task = replace(task, path=_local(task.path, shadows))
    match task:
        case ExamineTask(manifest_sidecar=str(sidecar)):
            return replace(task, manifest_sidecar=_local(sidecar, shadows))
        case CompareTask():
            return replace(task, reference_path=_local(task.reference_path, shadows))
        case FilmTask(files=FrameFiles() as files) | EdgeTask(files=FrameFiles() as files):
            return replace(task, files=replace(files, folder=_local(files.folder, shadows)))
        case _:
            return task


def _local(path: str, shadows: Shadows) -> str:
    return shadows.path(path) if is_address(path) else path


def _joined(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}"
