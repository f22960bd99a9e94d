"""Having films looked at by workers: opened, then in stretches, each frame handed on once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from scanner.model.moving import FilmLook, MovingPicture
from scanner.model.protocols import Engine
from scanner.model.work import FilmFrame, FilmFrames, FilmOpened, FilmTask, OpenFilmTask, Result, WorkFailed
from scanner.pipeline.film_stretches import Stretches
from scanner.pipeline.gather import Gathered
from scanner.pipeline.plan import Progress
from scanner.pipeline.reading import ReadingRoom


@dataclass(slots=True)
class Watched:
    """A film, and how far it was looked at."""

    film: MovingPicture
    stretches: Stretches
    interval: Fraction = Fraction(1)
    """Seconds between looked-at frames, at most."""
    closely: bool = False
    """As in `FilmTask`."""
    looked_at: set[Fraction] = field(default_factory=set)
    """Seconds on the film's clock."""

    @classmethod
    def of(cls, film: MovingPicture, interval: Fraction = Fraction(1), *, closely: bool = False) -> Watched:
        """Return a film that is still to be looked at."""
        return cls(film, Stretches(film, interval), interval, closely)

    def take(self, result: Result, number: int) -> tuple[FilmFrame, ...]:
        """Take what came of the stretch of this number, and return its frames that are new."""
        if isinstance(result, WorkFailed):
            self.stretches.failed(number, result.why)
        if not isinstance(result, FilmFrames):
            return ()
        self.stretches.came(number, [frame.time for frame in result.frames], result.reached, result.why)
        # Two stretches that follow each other may both hand on the frame between them.
        new = {frame.time: frame for frame in result.frames if frame.time not in self.looked_at}
        self.looked_at.update(new)
        return tuple(new.values())

    def look(self, why: str = "") -> FilmLook:
        """Return how it was looked at; `why` it was not looked at whole goes before what is known."""
        return FilmLook(self.film, len(self.looked_at), why or self.stretches.why, self.stretches.unseen)


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
                path, size_bytes = self.file(index)
                begin, end = one.stretches.place(number)
                yield FilmTask(key, path, int(size_bytes * one.stretches.share), begin, end, one.interval, one.closely)
