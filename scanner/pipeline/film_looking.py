"""Having films looked at by workers: opened, then in stretches, each frame handed on once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from scanner.model.moving import FilmLook
from scanner.model.protocols import Engine
from scanner.model.work import FilmFrame, FilmFrames, FilmOpened, FilmTask, OpenFilmTask, Result, WorkFailed
from scanner.pipeline.film_stretches import Stretching
from scanner.pipeline.gather import Gathered
from scanner.pipeline.moving_assets import MovingAsset
from scanner.pipeline.plan import Progress
from scanner.pipeline.reading import ReadingRoom


@dataclass(slots=True)
class Watched:
    """A film or sequence, and how far it was looked at."""

    moving: MovingAsset
    stretches: Stretching
    looked_at: set[Fraction] = field(default_factory=set)
    """Seconds on its clock."""
    lost: set[Fraction] = field(default_factory=set)

    @classmethod
    def of(cls, moving: MovingAsset) -> Watched:
        """Return what is still to be looked at."""
        return cls(moving, moving.stretches())

    def take(self, result: Result, number: int) -> tuple[FilmFrame, ...]:
        """Take what came of the stretch of this number, and return its frames that are new."""
        if isinstance(result, WorkFailed):
            self.stretches.failed(number, f"a part of it was not looked at: {result.why}")
        if not isinstance(result, FilmFrames):
            return ()
        self.lost.update(result.lost)
        frames = [frame for frame in result.frames if self.moving.holds(frame.time)]
        self.stretches.came(number, [frame.time for frame in frames], result.reached, result.why)
        if result.lost and not result.frames:
            # Files of which none decodes: the rest of a sequence would be tried in vain.
            self.stretches.failed(number, "")
        # Two stretches that follow each other may both hand on the frame between them.
        new = {frame.time: frame for frame in frames if frame.time not in self.looked_at}
        self.looked_at.update(new)
        return tuple(new.values())

    def look(self, why: str = "") -> FilmLook:
        """Return how it was looked at; `why` it was not looked at whole goes before what is known."""
        told = why or self.stretches.why or self.moving.told_lost(self.lost)
        return FilmLook(self.moving.description, len(self.looked_at), told, self.stretches.unseen)


@dataclass(frozen=True, slots=True)
class FilmLooking:
    """The means of looking at films."""

    gathered: Sequence[Gathered]
    room: ReadingRoom
    engine: Engine
    progress: Progress

    def opened(self, wanted: Iterable[int]) -> Iterator[tuple[int, FilmOpened]]:
        """Yield what these films' containers say, by index, in any order."""
        tasks = [OpenFilmTask(index, *self.file(index)) for index in wanted]
        for result in self.engine.run(tasks) if tasks else ():
            if isinstance(result, FilmOpened):
                yield result.key, result
            elif isinstance(result, WorkFailed):
                yield result.key, FilmOpened(result.key, None, f"it could not be opened: {result.why}")

    def frames(self, films: Mapping[int, Watched], phase: str) -> Iterator[tuple[int, FilmFrame]]:
        """Yield the looked-at frames of all films, by index, each once, in any order."""
        done = total = 0
        while asked := [(index, number) for index, one in films.items() for number in one.stretches.following()]:
            total += len(asked)
            for result in self.engine.run(self._tasks(asked, films)):
                done += 1
                self.progress(phase, done, total)
                index, number = asked[result.key]
                yield from ((index, frame) for frame in films[index].take(result, number))

    def file(self, index: int) -> tuple[str, int]:
        """Return the absolute path and the size of a film."""
        asset = self.gathered[index].asset
        return self.room.absolute(asset.root, asset.files[0].path), asset.files[0].size_bytes

    def _tasks(self, asked: Sequence[tuple[int, int]], films: Mapping[int, Watched]) -> Iterator[FilmTask]:
        for key, (index, number) in enumerate(asked):
            one = films[index]
            if one.stretches.wants(number):
                yield one.moving.film_task(key, one.stretches.place(number))
