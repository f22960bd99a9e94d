"""What is looked through for references, as the driver knows it: films and numbered sequences, behind one protocol."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from scanner.crawl.sequences import ranges
from scanner.judge.subject import DELIVERABLE_ZONES
from scanner.match.tracking import Track
from scanner.model.film_time import timecode_after, timecode_at
from scanner.model.formats import MediaKind
from scanner.model.marks import Provenance
from scanner.model.matching import LocalFeatures, NumberedFrames, Segment
from scanner.model.moving import ASSUMED_RATE, Coding, MovingPicture, Orientation, StartTimecode, Transfer
from scanner.model.text import bounded
from scanner.model.work import EdgeFound, EdgeTask, FilmTask, FrameFiles
from scanner.pipeline.film_stretches import STRETCH_SECONDS, STRETCHES_LIMIT, FixedStretches, Span, Stretches, Stretching
from scanner.pipeline.gather import Gathered

_TOLD_LIMIT = 120
"""Characters of a list of frame numbers."""


References = tuple[LocalFeatures, ...]


class MovingAsset(Protocol):
    """A thing with frames in time."""

    @property
    def description(self) -> MovingPicture:
        """What is known of it."""
        ...

    def stretches(self) -> Stretching:
        """Return its parts, each work for one task; they follow each other without a gap."""
        ...

    def film_task(self, key: int, stretch: Span) -> FilmTask:
        """Return the task to look at a stretch."""
        ...

    def edge_task(self, key: int, shows: Fraction, lacks: Fraction, references: References, mirrored: bool) -> EdgeTask:
        """Return the task to find where a reference comes or goes between two frames."""
        ...

    def segment(self, seen: Track, rise: EdgeFound | None, fall: EdgeFound | None) -> Segment:
        """Return when something is on screen, with its ends where they were found."""
        ...

    def holds(self, seconds: Fraction) -> bool:
        """Tell whether there can be a frame at this time: what a worker says is no more than what it says."""
        ...

    def frame_label(self, seconds: Fraction) -> str:
        """Return what a match with the frame at `seconds` says of its frame: its number where it is a file, else nothing."""
        ...

    def told_lost(self, lost: Iterable[Fraction]) -> str:
        """Say which whole frames could not be looked at, as a clause; empty where none was lost."""
        ...


@dataclass(frozen=True, slots=True)
class FilmAsset:
    """A film in one file."""

    path: str
    size_bytes: int
    description: MovingPicture
    interval: Fraction = Fraction(1)
    """Seconds between looked-at frames, at most."""
    closely: bool = False
    """As in `FilmTask`."""

    def stretches(self) -> Stretching:
        """As `MovingAsset` has it; as many as frames come of."""
        return Stretches(self.description, self.interval)

    def film_task(self, key: int, stretch: Span) -> FilmTask:
        """As `MovingAsset` has it."""
        length = STRETCH_SECONDS * max(Fraction(1), self.interval)
        share = length / max(self.description.duration or length, length)
        return FilmTask(key, self.path, int(self.size_bytes * share), *stretch, self.interval, self.closely)

    def edge_task(self, key: int, shows: Fraction, lacks: Fraction, references: References, mirrored: bool) -> EdgeTask:
        """As `MovingAsset` has it."""
        return EdgeTask(key, self.path, 0, shows, lacks, references, mirrored)

    def segment(self, seen: Track, rise: EdgeFound | None, fall: EdgeFound | None) -> Segment:
        """As `MovingAsset` has it."""
        film = self.description
        first, after = _ends(seen, rise, fall)
        if after is None:
            # It stands to the film's end.
            after = max((film.start or Fraction(0)) + (film.duration or Fraction(0)), seen.last)
        times = timecode_at(film, first), timecode_at(film, after)
        return Segment(first, after, *times, seen.best.time, seen.frames, _is_exact(seen, rise, fall), _points(seen))

    def holds(self, seconds: Fraction) -> bool:  # noqa: ARG002
        """As `MovingAsset` has it: only decoding tells where a film's frames are."""
        return True

    def frame_label(self, seconds: Fraction) -> str:  # noqa: ARG002
        """As `MovingAsset` has it."""
        return ""

    def told_lost(self, lost: Iterable[Fraction]) -> str:  # noqa: ARG002
        """As `MovingAsset` has it: of a film, what does not decode is told as how its stretches ended."""
        return ""


@dataclass(frozen=True, slots=True)
class SequenceAsset:
    """A numbered sequence."""

    folder: str
    """Absolute path."""
    names: tuple[str, ...]
    """Of its files, in frame order."""
    frames: tuple[int, ...]
    """Numbers in the names, ascending."""
    sizes_bytes: tuple[int, ...]
    timecodes: tuple[str, ...]
    """Of each frame by its own header; empty where they are not to be believed."""
    description: MovingPicture

    @property
    def rate(self) -> Fraction:
        """Frames a second of its clock."""
        return 1 / self.description.time_base

    def stretches(self) -> Stretching:
        """As `MovingAsset` has it."""
        close = (self.description.start or Fraction(0)) + (self.description.duration or Fraction(0))
        return FixedStretches(tuple(self._spans()), close)

    def _spans(self) -> Iterator[Span]:
        """Parts in which every frame is missing are left out."""
        length = max(1, int(self.rate * STRETCH_SECONDS))
        parts = sorted({(number - self.frames[0]) // length for number in self.frames})[:STRETCHES_LIMIT]
        for part in parts:
            begin = part * length / self.rate if part else None
            end = (part + 1) * length / self.rate
            yield begin, end if part != parts[-1] else None

    def film_task(self, key: int, stretch: Span) -> FilmTask:
        """As `MovingAsset` has it."""
        begin, end = stretch
        first = 0 if begin is None else bisect_left(self.frames, self._number(begin))
        # The first file after it too, so that the last frame that is needed can be told.
        after = len(self.frames) if end is None else bisect_left(self.frames, self._number(end)) + 1
        files = self._files(first, after)
        # About one file a second is opened, and where pictures change some more.
        looked_at = int(2 * sum(files.sizes_bytes) / max(self.rate, Fraction(2)))
        return FilmTask(key, f"{self.folder}/{files.names[0]}", looked_at, begin, end, files=files)

    def edge_task(self, key: int, shows: Fraction, lacks: Fraction, references: References, mirrored: bool) -> EdgeTask:
        """As `MovingAsset` has it."""
        first, last = (self._number(time) for time in sorted((shows, lacks)))
        files = self._files(bisect_left(self.frames, first), bisect_right(self.frames, last))
        # Halving opens few files, however many there are.
        size_bytes = max(files.sizes_bytes) * len(files.names).bit_length()
        return EdgeTask(key, f"{self.folder}/{files.names[0]}", size_bytes, shows, lacks, references, mirrored, files)

    def segment(self, seen: Track, rise: EdgeFound | None, fall: EdgeFound | None) -> Segment:
        """As `MovingAsset` has it: `after` is one frame after the last one, also where that frame is missing."""
        first, lacks = _ends(seen, rise, fall)
        end = len(self.frames) if lacks is None else bisect_left(self.frames, self._number(lacks))
        begin, last = bisect_left(self.frames, self._number(first)), end - 1
        # Its own ends are looked at, unless those frames do not decode.
        reached = (seen.before is not None or not begin) and (seen.after is not None or seen.last == self._time(last))
        exact = reached and _is_exact(seen, rise, fall)
        numbers = NumberedFrames(self.frames[begin], self.frames[last], self._number(seen.best.time))
        after, times = self._time(last) + 1 / self.rate, self._timecodes(begin, last)
        return Segment(first, after, *times, seen.best.time, seen.frames, exact, _points(seen), numbers=numbers)

    def holds(self, seconds: Fraction) -> bool:
        """As `MovingAsset` has it."""
        at = bisect_left(self.frames, self._number(seconds))
        return at < len(self.frames) and self._time(at) == seconds

    def frame_label(self, seconds: Fraction) -> str:
        """As `MovingAsset` has it."""
        return str(self._number(seconds))

    def told_lost(self, lost: Iterable[Fraction]) -> str:
        """As `MovingAsset` has it."""
        numbers = sorted({self._number(time) for time in lost})
        if not numbers:
            return ""
        which = "frame" if len(numbers) == 1 else "frames"
        verb = "does" if len(numbers) == 1 else "do"
        return f"{which} {bounded(ranges(numbers), _TOLD_LIMIT)} {verb} not decode; the others were looked through"

    def _timecodes(self, begin: int, last: int) -> tuple[str, str]:
        """Timecode of a frame, and of the frame after another; both or none."""
        if not self.timecodes:
            return timecode_at(self.description, self._time(begin)), timecode_at(
                self.description, self._time(last) + 1 / self.rate
            )
        # Frames can bear timecode of different recordings: each has its own word.
        told = self.timecodes[begin], timecode_after(self.timecodes[last], self.description.rate)
        return told if all(told) else ("", "")

    def _files(self, first: int, after: int) -> FrameFiles:
        numbers = tuple(number - self.frames[0] for number in self.frames[first:after])
        return FrameFiles(self.rate, self.folder, self.names[first:after], numbers, self.sizes_bytes[first:after])

    def _number(self, seconds: Fraction) -> int:
        return self.frames[0] + int(seconds * self.rate)

    def _time(self, at: int) -> Fraction:
        return (self.frames[at] - self.frames[0]) / self.rate


def moving_among(gathered: Sequence[Gathered]) -> tuple[int, ...]:
    """Return the indexes of the films and sequences that may be delivered, and were read; of a sequence some frames do."""
    return tuple(
        index
        for index, one in enumerate(gathered)
        if one.asset.zone.zone in DELIVERABLE_ZONES and (_is_readable_film(one) or _is_sequence_of_pictures(one))
    )


def sequence_of(one: Gathered, folder: str, frames_per_second: Fraction | None) -> SequenceAsset:
    """Return a sequence as something to look through.

    Args:
        one: the sequence, read.
        folder: absolute path of the folder of its files.
        frames_per_second: what it is counted at where its headers do not say.
    """
    told = Counter(examination.frame_rate for _, examination in one.frames if examination.frame_rate)
    rate = told.most_common(1)[0][0] if told else frames_per_second
    timecodes = _running([examination.timecode for _, examination in one.frames])
    counted = rate or ASSUMED_RATE
    frames = one.asset.frames
    start = next((StartTimecode(text, rate, ";" in text) for text in timecodes[:1] if text), None)
    description = MovingPicture(
        container=one.first.format.name,
        codec=one.first.format.name,
        profile="",
        coding=Coding.INTRA,
        width=one.first.width,
        height=one.first.height,
        sample_aspect=Fraction(1),
        rate=rate,
        variable_rate=False,
        time_base=1 / counted,
        start=Fraction(0),
        duration=(frames[-1] - frames[0] + 1) / counted,
        timecode=start,
        orientation=Orientation(),
        interlaced=False,
        # Each file is a picture that its own decoder brings to a display.
        transfer=Transfer.SDR,
        video_streams=1,
        audio_streams=0,
        data_streams=0,
        first_frame=frames[0],
    )
    names, sizes = tuple(file.name for file in one.asset.files), tuple(file.size_bytes for file in one.asset.files)
    return SequenceAsset(folder, names, frames, sizes, timecodes, description)


def _is_readable_film(one: Gathered) -> bool:
    return one.first.format.kind is MediaKind.VIDEO and one.provenance is not Provenance.UNREADABLE


def _is_sequence_of_pictures(one: Gathered) -> bool:
    """Whether its frames can be decoded at all: where not one of those that were tried can, its picture note says why."""
    return one.asset.is_sequence and any(examination.fingerprint is not None for _, examination in one.frames)


def _running(timecodes: Sequence[str]) -> tuple[str, ...]:
    """Timecodes that move on; programs that know none write the same one into every frame, often 00:00:00:00."""
    return tuple(timecodes) if 2 * len({text for text in timecodes if text}) > len(timecodes) else ()


def _ends(seen: Track, rise: EdgeFound | None, fall: EdgeFound | None) -> tuple[Fraction, Fraction | None]:
    first = rise.shows if rise and rise.shows is not None else seen.first
    return first, fall.lacks if fall and fall.lacks is not None else seen.after


def _is_exact(seen: Track, rise: EdgeFound | None, fall: EdgeFound | None) -> bool:
    return (seen.before is None or rise is not None) and (seen.after is None or fall is not None)


def _points(seen: Track) -> int:
    return seen.best.match.inliers or 0
