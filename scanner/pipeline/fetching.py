"""An engine for deliveries in buckets: fetches what tasks name, has them done on files, and cleans up after each.

Workers have no network and get none. So the fetching is the driver's, a few tasks ahead of the workers, and a task goes out when
all that it names stands in files. What cannot be fetched whole never reaches a worker: its task fails with the reason.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from scanner.crawl.walk import root_folder
from scanner.model.assets import ContentHash, Crawl, Spans
from scanner.model.formats import UNKNOWN_FORMAT
from scanner.model.objects import is_address
from scanner.model.protocols import Engine
from scanner.model.readings import ReadingSummary
from scanner.model.work import Examination, ExamineTask, Result, Task, WorkFailed
from scanner.pipeline.fetch_choice import Choosing, Needs, as_named, on_shadows
from scanner.pipeline.part_shadows import NotInPartsError
from scanner.pipeline.shadows import Shadows
from scanner.tools.objects import Buckets, ObjectChangedError, ObjectError

FETCHES = 8
"""Objects fetched at a time: most of a small object's time is waiting."""
AHEAD = 24
"""Tasks fetched for, or being fetched for, before a worker asks for them."""
LOOKS = 3
"""How often an object that was fetched in part is read at most: each time with what readers lacked before."""


class FetchingEngine:
    """Does tasks whose paths are addresses in buckets; all others pass through. Implements `model.protocols.Engine`."""

    def __init__(self, engine: Engine, *, verify_large: bool = False, shadows: Shadows | None = None) -> None:
        """Let `engine` do the work; this one closes it. With `verify_large` every object is fetched whole."""
        self._engine = engine
        self._verify_large = verify_large
        self._buckets = Buckets()
        self._shadows = shadows or Shadows(self._buckets)
        self._not_in_parts: set[str] = set()
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
        choosing = Choosing(self._shadows, self._not_in_parts, self._verify_large)
        run = _Run(self._shadows, choosing, self._started_pool, self._closed)
        waiting: Iterable[Task] = tasks
        results: Iterator[Result] = iter(())
        try:
            for look in range(1, LOOKS + 1):
                results = self._engine.run(run.supplied(waiting))
                for result in results:
                    if not run.wants_more(result, last=look == LOOKS):
                        yield as_named(result, self._shadows)
                    yield from run.failures()
                yield from run.failures()
                waiting = run.again()
                if not waiting:
                    return
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
    fetched: Future[Spans] | None


class _Run:
    """One call of `FetchingEngine.run`."""

    def __init__(
        self, shadows: Shadows, choosing: Choosing, pool: Callable[[], ThreadPoolExecutor], closed: threading.Event
    ) -> None:
        self._shadows = shadows
        self._choosing = choosing
        self._pool = pool
        self._closed = closed
        self._out: dict[int, _Ahead] = {}
        """By its key, each task that workers have."""
        self._ahead: deque[_Ahead] = deque()
        self._returned: deque[Task] = deque()
        """Tasks whose objects are to be fetched whole after all."""
        self._failed: deque[Result] = deque()
        self._lacking: dict[int, tuple[Task, Spans]] = {}
        """By its key, each task to be done again, and what its readers lacked."""
        self._more: dict[int, Spans] = {}
        self.stopping = threading.Event()

    def supplied(self, tasks: Iterable[Task]) -> Iterator[Task]:
        """Yield the tasks that workers can do."""
        waiting = iter(tasks)
        following = self._next(waiting)
        while not self._stopped:
            while following is not None and len(self._ahead) < AHEAD and self._take(following):
                following = self._next(waiting)
            if self._ahead:
                if task := self._ready(self._ahead.popleft()):
                    yield task
            elif following is None and not self._returned:
                return
            following = following or self._next(waiting)

    def failures(self) -> Iterator[Result]:
        """Yield what stands for tasks whose objects could not be fetched."""
        while self._failed:
            yield self._failed.popleft()

    def wants_more(self, result: Result, *, last: bool) -> bool:
        """Take what a worker brought; tell whether the task is to be done again, with what its readers lacked."""
        one = self._out.pop(result.key, None)
        if one is None:
            return False
        self._shadows.let_go(one.needs)
        if last or not isinstance(result, Examination) or not result.unfetched:
            return False
        self._lacking[result.key] = one.task, result.unfetched
        return True

    def again(self) -> list[Task]:
        """Return the tasks that are to be done again."""
        self._more = {key: more for key, (_, more) in self._lacking.items()}
        tasks = [task for task, _ in self._lacking.values()]
        self._lacking.clear()
        return tasks

    def end(self) -> None:
        """Let go of what is left when a run ends early."""
        for one in self._ahead:
            if one.fetched and not one.fetched.cancel():
                _error_of(one.fetched)
            self._shadows.let_go(one.needs)
        self._ahead.clear()
        for one in self._out.values():
            self._shadows.let_go(one.needs)
        self._out.clear()

    @property
    def _stopped(self) -> bool:
        return self.stopping.is_set() or self._closed.is_set()

    def _next(self, waiting: Iterator[Task]) -> Task | None:
        return self._returned.popleft() if self._returned else next(waiting, None)

    def _take(self, task: Task) -> bool:
        if refused := self._choosing.refusal(task):
            self._failed.append(refused)
            return True
        needs = self._choosing.needs(task)
        while needs and not self._shadows.reserve(needs):
            if self._ahead or self._stopped:
                return False
            # Only workers hold room, and they let go of it.
            self._shadows.await_room()
        self._ahead.append(_Ahead(task, needs, self._pool().submit(self._fetch, task.key, needs) if needs else None))
        return True

    def _fetch(self, key: int, needs: Needs) -> Spans:
        parts: Spans = ()
        for need in needs:
            parts = self._shadows.fetch(need, self._more.get(key, ()), lambda: self._stopped) or parts
        return parts

    def _ready(self, one: _Ahead) -> Task | None:
        if one.fetched is None:
            return one.task
        error = _error_of(one.fetched)
        if error is None:
            self._out[one.task.key] = one
            return on_shadows(one.task, self._shadows, one.fetched.result())
        self._shadows.let_go(one.needs)
        if isinstance(error, NotInPartsError):
            self._choosing.learn_whole(one.needs)
            self._returned.append(one.task)
        else:
            self._failed.append(_failure(one.task, error))
        return None


def _error_of(fetched: Future[Spans]) -> ObjectError | NotInPartsError | None:
    try:
        fetched.result()
    except (ObjectError, NotInPartsError) as error:
        return error
    return None


def _failure(task: Task, error: ObjectError) -> Result:
    why = f"cannot be fetched: {error.why}"
    if isinstance(task, ExamineTask) and isinstance(error, ObjectChangedError):
        readings = (ReadingSummary("probe", "failed", why),)
        return Examination(task.key, UNKNOWN_FORMAT, ContentHash(), readings, changed=True)
    return WorkFailed(task.key, why)
