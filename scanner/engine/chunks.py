"""Tasks in chunks: few messages where tasks are short, and no chunk so long that others wait for it at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from scanner.model.work import DigestTask, ExamineTask, PixelsTask, PointsTask, Result, Task, ThumbnailTask

CHUNK_SECONDS = 0.5
"""What a chunk should take: long beside what sending it costs, short beside a scan."""
CHUNK_TASKS = 64
CHUNK_BYTES = 64 << 20
"""Of the files of a chunk: a large file goes alone."""
_JOINED = (ExamineTask, PixelsTask, ThumbnailTask, DigestTask, PointsTask)
"""What can be short. Others take long, or carry pictures with them, and go alone."""


@dataclass(slots=True)
class Chunk:
    """Tasks that one worker does one after the other."""

    LOSSES_ALLOWED: ClassVar[int] = 4

    tasks: tuple[Task, ...]
    losses: int = 0
    """How often it went out and no answer came."""

    def halves(self) -> tuple[Chunk, Chunk]:
        """Return it in two: what kills a worker is in one of them."""
        middle = len(self.tasks) // 2
        return Chunk(self.tasks[:middle]), Chunk(self.tasks[middle:])

    def answered_by(self, results: Sequence[object]) -> bool:
        """Whether these are its results, one a task in order."""
        return len(results) == len(self.tasks) and all(
            isinstance(result, Result) and result.key == task.key for task, result in zip(self.tasks, results, strict=True)
        )


class ChunkSource:
    """Takes tasks as chunks are wanted; chunks grow while their tasks turn out to be short."""

    def __init__(self, tasks: Iterator[Task]) -> None:
        """Begin with chunks of one task."""
        self._tasks = tasks
        self._ahead: Task | None = None
        self._length = 1

    def next_chunk(self) -> Chunk | None:
        """Return the next tasks, or None where there is none."""
        taken: list[Task] = []
        size = 0
        while len(taken) < self._length and (task := self._peek()) is not None:
            if taken and (not isinstance(task, _JOINED) or size + task.size_bytes > CHUNK_BYTES):
                break
            taken.append(task)
            size += task.size_bytes
            self._ahead = None
            if not isinstance(task, _JOINED):
                break
        return Chunk(tuple(taken)) if taken else None

    def learn(self, tasks: int, seconds: float) -> None:
        """Note what a chunk took."""
        # Not the quotient alone: what takes next to no time would make it infinite.
        fitting = int(CHUNK_SECONDS * tasks / seconds) if seconds * CHUNK_TASKS > CHUNK_SECONDS * tasks else CHUNK_TASKS
        self._length = max(1, min(fitting, CHUNK_TASKS, 2 * tasks, self._length + 4))

    def _peek(self) -> Task | None:
        if self._ahead is None:
            self._ahead = next(self._tasks, None)
        return self._ahead
