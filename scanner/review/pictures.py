"""Pictures of what a report is about, made when a page asks for them: from files that still are what was scanned, and no others.

What is shown is always of our own making, decoded and encoded again in a confined worker. It is kept until the room ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from scanner.model.errors import ScannerError
from scanner.model.matching import Alignment
from scanner.model.moving import MovingPicture
from scanner.model.statements_work import StatementsRead, StatementsTask
from scanner.model.work import (
    Compared,
    CompareTask,
    DigestTask,
    FileDigest,
    FilmOpened,
    OpenFilmTask,
    Result,
    Task,
    Thumbnail,
    ThumbnailTask,
)
from scanner.review.lookers import Lookers
from scanner.review.reach import Obstacle, ObstacleError, Reach, Reached, Stamp
from scanner.review.shelf import Shelf
from scanner.review.workbench import BusyError, Workbench

SMALL_PX, MIDDLE_PX, LARGE_PX = 320, 640, 1600
"""Longer sides: in the grid, of frames beside each other, for looking closely."""
PATIENCE_SECONDS = 100.0
"""A page waits so long for one picture; then it is told to come again."""
LOOK_SECONDS = 5.0
"""A disk that is there answers in milliseconds, one that wakes up in a few seconds."""
_REMEMBERED = 10_000
_JPEG = b"\xff\xd8\xff"
PARTS = ("asset", "reference", "difference")
"""Of two pictures laid over each other."""
_SAME = b"="
"""Kept in place of a difference where there is none: what is empty could not be made."""
_Made = Mapping[object, bytes]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a picture is wanted of."""

    report: int
    root: int
    path: str
    at: Fraction | None = None
    """Of a film: seconds of a frame, None for one that stands for it."""


class Pictures:
    """Makes and keeps pictures; used from the server's event loop only."""

    def __init__(
        self, reaches: Mapping[int, Reach], bench: Workbench | None, library: str | None = None, shelf: Shelf | None = None
    ) -> None:
        """Make pictures with `bench` of what `reaches` has by a report's number; without a bench there are none.

        `library` is the place of the reference library, where one was given.
        """
        self.reaches = reaches
        self.library = library
        self._bench = bench
        self._shelf = shelf or Shelf()
        self._lookers: Lookers[Reached] = Lookers()
        self._readers: Lookers[bytes] = Lookers()
        """Of the library, which can lie on a server."""
        self._coming: dict[object, asyncio.Task[_Made]] = {}
        self._digests: dict[Stamp, str] = {}
        self._films: dict[Stamp, MovingPicture | None] = {}

    def close(self) -> None:
        """End workers and remove what was kept; may be called twice."""
        if self._bench is not None:
            self._bench.close()
        self._shelf.close()

    async def picture(self, wanted: Wanted, longest_px: int, *, urgent: bool = False) -> bytes:
        """Return a JPEG.

        Raises:
            ObstacleError: there is none.
        """
        reached = await self._reached(wanted)
        key = ("picture", reached.path, reached.stamp, wanted.at, longest_px)

        async def make() -> _Made:
            task = ThumbnailTask(0, reached.path, reached.size_bytes, wanted.at, longest_px)
            result = await self._do(task, urgent=urgent)
            jpeg = result.jpeg if isinstance(result, Thumbnail) else b""
            return await self._keep({wanted: reached}, {key: jpeg})

        return await self._had(key, make, key)

    async def laid_over(
        self, wanted: Wanted, other: Wanted | str, alignment: Alignment, part: str, *, urgent: bool = True
    ) -> bytes:
        """Return one of the `PARTS` of a file and another one, or a reference of the library by its id, laid over each other.

        The difference is a PNG, empty where there is none; the others are JPEG.

        Raises:
            ObstacleError: there is none.
        """
        reached = await self._reached(wanted)
        beside = await self._reached(other) if isinstance(other, Wanted) else None
        key = ("laid", reached.path, reached.stamp, (beside.path, beside.stamp) if beside else other, alignment)

        async def make() -> _Made:
            task = CompareTask(0, reached.path, reached.size_bytes, alignment, shown=True)
            if beside is not None:
                task = CompareTask(
                    0,
                    reached.path,
                    reached.size_bytes,
                    alignment,
                    reference_path=beside.path,
                    reference_size_bytes=beside.size_bytes,
                    shown=True,
                )
            elif isinstance(other, str):
                held = await self._held(other, small=False)
                task = CompareTask(0, reached.path, reached.size_bytes, alignment, reference_picture=held, shown=True)
            result = await self._do(task, urgent=urgent)
            laid = result.laid_over if isinstance(result, Compared) else None
            pictures = (laid.asset, laid.reference, laid.difference or _SAME) if laid else (b"", b"", b"")
            used = {wanted: reached} | ({other: beside} if isinstance(other, Wanted) and beside else {})
            return await self._keep(used, {(key, each): one for each, one in zip(PARTS, pictures, strict=True)})

        content = await self._had((key, part), make, key)
        return b"" if content == _SAME else content

    async def reference(self, reference: str) -> bytes:
        """Return the library's small picture of a reference, a JPEG.

        Raises:
            ObstacleError: there is none.
        """
        return await self._held(reference, small=True)

    async def film(self, wanted: Wanted, patience_seconds: float) -> MovingPicture | None:
        """Return what a film says of itself; None where that is not known soon enough."""
        try:
            reached = await self._reached(wanted)
            if reached.stamp not in self._films:
                task = OpenFilmTask(0, reached.path, reached.size_bytes)
                result = await self._do(task, urgent=True, patience_seconds=patience_seconds)
                _forget_oldest(self._films)
                self._films[reached.stamp] = result.description if isinstance(result, FilmOpened) else None
        except ObstacleError:
            return None
        return self._films[reached.stamp]

    async def statements(self, wanted: Wanted) -> StatementsRead:
        """Return all that a file says about itself now.

        Raises:
            ObstacleError: it cannot be read, or not now.
        """
        reached = await self._reached(wanted)
        result = await self._do(StatementsTask(0, reached.path, reached.size_bytes), urgent=True)
        if not isinstance(result, StatementsRead):
            raise ObstacleError(Obstacle.NO_PICTURE, "The process that read it failed")
        await self._check({wanted: reached})
        return result

    async def obstacle(self, wanted: Wanted) -> str:
        """Return why nothing of a file is shown, as a sentence without full stop; empty where something may be."""
        try:
            await self._reached(wanted)
        except ObstacleError as error:
            return str(error)
        return ""

    async def _reached(self, wanted: Wanted) -> Reached:
        reach = self.reaches.get(wanted.report)
        if reach is None or self._bench is None:
            raise ObstacleError(Obstacle.NO_PICTURE, "No picture: this room was opened without the means to make them")
        reached = await self._looked(reach, wanted)
        if reached.sha256 and await self._digest(reached) != reached.sha256:
            raise ObstacleError(Obstacle.CHANGED, "Changed since the scan: its bytes differ")
        return reached

    async def _looked(self, reach: Reach, wanted: Wanted) -> Reached:
        looking = asyncio.wrap_future(self._lookers.look(partial(reach.file, wanted.root, wanted.path)))
        try:
            return await asyncio.wait_for(looking, LOOK_SECONDS)
        except TimeoutError:
            raise ObstacleError(Obstacle.OUT_OF_REACH, "Out of reach: the disk does not answer") from None

    async def _digest(self, reached: Reached) -> str:
        if reached.stamp not in self._digests:
            result = await self._do(DigestTask(0, reached.path, reached.size_bytes), urgent=True)
            _forget_oldest(self._digests)
            self._digests[reached.stamp] = result.sha256 if isinstance(result, FileDigest) else ""
        return self._digests[reached.stamp]

    async def _do(self, task: Task, *, urgent: bool, patience_seconds: float = PATIENCE_SECONDS) -> Result:
        assert self._bench is not None
        try:
            answer = asyncio.wrap_future(self._bench.ask(task, urgent=urgent))
            return await asyncio.wait_for(answer, patience_seconds)
        except (BusyError, TimeoutError):
            raise ObstacleError(Obstacle.BUSY, "Not yet: much is asked for at once") from None

    async def _had(self, key: object, make: Callable[[], Coroutine[object, object, _Made]], making: object) -> bytes:
        """Return what is kept under a key; `making` is the same for all that one making gives, and made once whoever asks."""
        content = await asyncio.to_thread(self._shelf.get, key)
        if content is None:
            if making not in self._coming:
                self._coming[making] = asyncio.ensure_future(make())
                self._coming[making].add_done_callback(lambda _: self._coming.pop(making, None))
            content = (await asyncio.shield(self._coming[making]))[key]
        if not content:
            raise ObstacleError(Obstacle.NO_PICTURE, "No picture: it is not decoded here, or is damaged")
        return content

    async def _keep(self, used: Mapping[Wanted, Reached], made: _Made) -> _Made:
        await self._check(used)
        for key, content in made.items():
            await asyncio.to_thread(self._shelf.put, key, content)
        return made

    async def _check(self, used: Mapping[Wanted, Reached]) -> None:
        # The worker opened them by their paths: what lay there meanwhile must have been the same files all along.
        for wanted, reached in used.items():
            if await self._looked(self.reaches[wanted.report], wanted) != reached:
                raise ObstacleError(Obstacle.CHANGED, "Changed since the scan: it is being written to")

    async def _held(self, reference: str, *, small: bool) -> bytes:
        reading = asyncio.wrap_future(self._readers.look(partial(self._in_library, reference, small=small)))
        try:
            return await asyncio.wait_for(reading, 2 * LOOK_SECONDS)
        except TimeoutError:
            raise ObstacleError(Obstacle.NO_PICTURE, "No picture: the library does not answer") from None

    def _in_library(self, reference: str, *, small: bool) -> bytes:
        from scanner.store.library import open_library  # SQLAlchemy costs 0.2 s

        if self.library is None:
            raise ObstacleError(Obstacle.NO_PICTURE, "No picture: the room was opened without --library")
        try:
            with closing(open_library(self.library, create=False)) as store:
                found = (store.thumbnails if small else store.pictures)([reference]).get(reference, b"")
        except ScannerError as error:
            raise ObstacleError(Obstacle.NO_PICTURE, f"No picture: the library {error}") from None
        if not found or (small and not found.startswith(_JPEG)):
            raise ObstacleError(Obstacle.NO_PICTURE, "No picture: the library has none of it")
        return found


def _forget_oldest(remembered: dict[Stamp, str] | dict[Stamp, MovingPicture | None]) -> None:
    while len(remembered) >= _REMEMBERED:
        del remembered[next(iter(remembered))]
