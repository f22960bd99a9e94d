"""What has frames in time, open in a worker, behind one protocol.

A film's frames are decoded by the library, one after the other. A numbered sequence's are files, each a picture of its own that
the decoders of stills open, with their limits and their way to a display.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Protocol

from PIL import Image

from scanner.fingerprint.failures import PictureBroken, PictureRefused
from scanner.fingerprint.picture import SMALL_PX, Picture, open_picture
from scanner.frames.interval import frames_between
from scanner.frames.opening import Film, open_moving
from scanner.frames.rendering import Pixels
from scanner.frames.sampling import INTERVAL, Sampling, Stretch
from scanner.frames.sequence import SequenceSampling
from scanner.model.moving import FilmObstacle, FrameMark
from scanner.model.work import EdgeTask, FilmTask, FrameFiles, OpenFilmTask
from scanner.probe.detect import probe

EDGE_FRAMES_LIMIT = 400
"""Frames between two looked-at ones among which an edge is sought: key frames can lie ten seconds apart."""
LOST_LIMIT = 24
"""Files of a sequence in a row that are tried where none decodes; then the stretch is let be."""
_INSTANT = Fraction(1, 10**6)
"""Seconds within which a film shows one frame only."""
_TRIED = 8
"""Frames, a second apart or more, among which one that shows something is sought: most films fade in from black."""
_PLAIN = 12.0
"""Standard deviation of the pixels (0 to 255) below which a frame shows next to nothing: of 26 films of the samples and
fixtures the plainest, a dark one, has 18.8; black under grain of 4 has 2.2."""
_HOLE = 2
"""Intervals without a frame from which damaged packets have cost something: single ones among whole ones do not."""
_ENDINGS = {
    FilmObstacle.TRUNCATED: "it ends before it says it does",
    FilmObstacle.BROKEN: "a part of it cannot be decoded",
}


class FrameSource(Protocol):
    """A thing with frames in time. Its two ways of giving frames are used one after the other, never at once."""

    damaged: int
    """What did not decode, so far."""
    why: str
    """Why frames did not come to the end of the stretch, as a clause; empty where they did. Set once `sampled` is through."""
    reached: Fraction | None
    """Seconds up to which what was read reaches; None for what cannot tell. Set once `sampled` is through."""
    lost: list[Fraction]
    """Seconds of whole frames that were to be looked at and did not decode; empty for what cannot tell."""

    def sampled(self, begin: Fraction | None, end: Fraction | None) -> Iterator[tuple[FrameMark, Picture]]:
        """Yield the frames of a stretch that are worth looking at, with the reason."""
        ...

    def between(self, begin: Fraction, end: Fraction) -> Sequence[Fraction]:
        """Return the times of all frames from `begin` to `end`, both included, in order."""
        ...

    def picture_at(self, seconds: Fraction) -> Picture | None:
        """Return the frame at one of the times that `between` gave last; None where it does not decode."""
        ...


@contextmanager
def open_source(task: FilmTask | EdgeTask) -> Iterator[FrameSource]:
    """Open what a task is about.

    Raises:
        FilmError: it is a film that cannot be decoded.
        OSError: it cannot be opened.
    """
    if task.files is not None:
        yield SequenceSource(task.files)
        return
    with open_moving(task.path, format_of(task)) as film:
        yield FilmSource(film, task.interval if isinstance(task, FilmTask) else INTERVAL)


def format_of(task: OpenFilmTask | FilmTask | EdgeTask) -> str:
    """Return the format of a task's file, as the probe names it."""
    return _probed(task.path)


@dataclass(slots=True)
class FilmSource:
    """A film."""

    film: Film
    interval: Fraction = INTERVAL
    damaged: int = 0
    why: str = ""
    reached: Fraction | None = None
    lost: list[Fraction] = field(default_factory=list)
    _held: dict[Fraction, Pixels] = field(default_factory=dict)

    def sampled(self, begin: Fraction | None, end: Fraction | None) -> Iterator[tuple[FrameMark, Picture]]:
        """As `FrameSource` has it."""
        sampling = Sampling(self.film, Stretch(begin, end), interval=self.interval, side_px=SMALL_PX)
        times = [] if begin is None else [begin]
        for one in sampling:
            times.append(one.mark.time)
            yield one.mark, picture_of(one.pixels)
        ending = sampling.outcome
        self.damaged, self.reached = ending.damaged, ending.reached
        if ending.reached is not None:
            times.append(ending.reached if end is None else min(ending.reached, end))
        obstacle = ending.obstacle or (FilmObstacle.BROKEN if ending.damaged and self._has_hole(times) else None)
        self.why = _ENDINGS.get(obstacle, "") if obstacle else ""

    def _has_hole(self, times: Sequence[Fraction]) -> bool:
        return any(later - earlier > _HOLE * self.interval for earlier, later in pairwise(sorted(times)))

    def between(self, begin: Fraction, end: Fraction) -> Sequence[Fraction]:
        """As `FrameSource` has it; all of them are decoded at once, from the key frame before."""
        # The frame at `end` too, so that both ends of a search are there.
        frames = frames_between(self.film, begin, end + _INSTANT, side_px=SMALL_PX)
        self._held = {frame.mark.time: frame.pixels for _, frame in zip(range(EDGE_FRAMES_LIMIT), frames, strict=False)}
        return list(self._held)

    def picture_at(self, seconds: Fraction) -> Picture | None:
        """As `FrameSource` has it."""
        return picture_of(self._held[seconds])


@dataclass(slots=True)
class SequenceSource:
    """Files of a numbered sequence."""

    files: FrameFiles
    damaged: int = 0
    why: str = ""
    reached: Fraction | None = None
    lost: list[Fraction] = field(default_factory=list)

    def sampled(self, begin: Fraction | None, end: Fraction | None) -> Iterator[tuple[FrameMark, Picture]]:  # noqa: ARG002
        """As `FrameSource` has it; the files are those of the stretch."""
        sampling, in_a_row = SequenceSampling(self.files, end), 0
        for at, mark in sampling:
            try:
                picture = self._decoded(at)
            except (PictureRefused, PictureBroken) as failure:
                sampling.lost()
                self.lost.append(mark.time)
                self.damaged, in_a_row = self.damaged + 1, in_a_row + 1
                if in_a_row >= LOST_LIMIT:
                    self.why = failure.why
                    return
            else:
                in_a_row = 0
                yield mark, picture

    def between(self, begin: Fraction, end: Fraction) -> Sequence[Fraction]:
        """As `FrameSource` has it; nothing is decoded for it."""
        times = [number / self.files.rate for number in self.files.numbers]
        return [time for time in times if begin <= time <= end]

    def picture_at(self, seconds: Fraction) -> Picture | None:
        """As `FrameSource` has it."""
        try:
            return self._decoded(self.files.numbers.index(int(seconds * self.files.rate)))
        except (PictureRefused, PictureBroken):
            return None

    def _decoded(self, at: int) -> Picture:
        path = os.path.join(self.files.folder, self.files.names[at])
        try:
            return open_picture(path, _probed(path), small=True)
        except OSError as error:
            raise PictureRefused(f"it cannot be opened ({error.strerror or error})") from error


def frame_at(path: str, format_name: str, seconds: Fraction, side_px: int = SMALL_PX) -> Pixels | None:
    """Return the frame of a film that is shown at `seconds` on its clock, None where none is decoded there.

    Its longer side has `side_px` at most.

    Raises:
        FilmError: it cannot be decoded.
        OSError: it cannot be opened.
    """
    with open_moving(path, format_name) as film:
        frames = frames_between(film, seconds, seconds + _INSTANT, side_px=side_px)
        return next((frame.pixels for frame in frames), None)


def telling_frame(path: str, format_name: str, side_px: int = SMALL_PX) -> Pixels | None:
    """Return a frame of a film's beginning that shows something, or else its first; None where none is decoded.

    Raises:
        FilmError: it cannot be decoded.
        OSError: it cannot be opened.
    """
    first: Pixels | None = None
    with open_moving(path, format_name) as film:
        for _, frame in zip(range(_TRIED), Sampling(film, interval=INTERVAL, side_px=side_px, keys_only=True), strict=False):
            if float(frame.pixels.std()) >= _PLAIN:
                return frame.pixels
            first = frame.pixels if first is None else first
    return first


def picture_of(pixels: Pixels) -> Picture:
    """Return a film's frame as a picture."""
    image = Image.fromarray(pixels)
    return Picture(image, image.width, image.height)


def _probed(path: str) -> str:
    return probe(path, os.path.basename(path), os.stat(path).st_size).format.name
