"""Files of a delivery in a cut: recognised by UUID, path, tape and timecode, or name; the strongest way decides.

Cuts come from other machines, so of paths only their ends are compared, letter case aside. Several files that fit equally
well are all named, each with how many rivals it has: a wrong choice would put a finding at a wrong timecode.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from scanner.model.cut import Cut, Event, FrameRange, Source
from scanner.model.event_table import EventTable
from scanner.model.placement import Medium, Placement, Placements, RecognisedBy
from scanner.model.timecode import Rate

_SEQUENCE = re.compile(r"(?:[0-9,x-]*[#@]+|%0?\d*d|\[[0-9-]+\])(?=\.[a-z0-9]{2,4}$)", re.ASCII)
"""Where a whole sequence's frame numbers stand, as programs write it."""
_SIGNS = frozenset("#@%[")
"""One of which every such name has."""
_FRAME = re.compile(r"[0-9]{3,}(?=\.[a-z0-9]{2,4}$)", re.ASCII)
_MOST_RIVALS = 16
"""Files named for one event: a thousand of one name, in a cut that shows it a thousand times, would be a million lines."""
_TAPE_LENGTH = 8
"""Characters to which lists in the manner of CMX cut a reel's name."""
_PREFIX = re.compile(r"urn:[a-z]+:(?:umid:)?")
_PUNCTUATION = re.compile(r"[^0-9a-z]")
_FEWEST_SHARED = 2
"""Components of a path that make more than a name."""


def locate(media: Sequence[Medium], cut: Cut) -> Placements:
    """Find the media that each event of a cut shows."""
    index = _Index(media)
    placed: list[Placement] = []
    missing: list[int] = []
    seen: set[int] = set()
    for number, source in enumerate(sources_of(cut)):
        way, found = index.find(source, cut.rate)
        if way is None:
            missing.append(number)
        placed += [Placement(medium, number, way, len(found) - 1) for medium in found[:_MOST_RIVALS] if way]
        seen.update(found)
    return Placements(tuple(placed), tuple(one for one in range(len(media)) if one not in seen), tuple(missing))


def sources_of(cut: Cut) -> Iterator[Source]:
    """What each event of a cut shows."""
    events = cut.events
    return events.sources() if isinstance(events, EventTable) else (event.source for event in events)


def programme_range(event: Event, stretch: FrameRange, rate: Rate) -> FrameRange | None:
    """Where an event shows a stretch of its source, both in the source's own timecode; None where it does not.

    `rate` is the programme's. Part of a frame counts as the whole frame; a freeze shows its frame throughout.
    """
    shown, programme = event.source.range, event.programme
    if shown is None or programme is None:
        return None
    begin, end = max(shown.start, stretch.start), min(shown.end, stretch.end)
    if begin >= end:
        return None
    if event.speed == 0:
        return programme
    source_rate = event.source.rate or rate
    frames = rate.frames_per_second / source_rate.frames_per_second / abs(event.speed)
    first, last = (begin - shown.start, end - shown.start) if event.speed > 0 else (shown.end - end, shown.end - begin)
    return _within(programme, first * frames, last * frames)


def _within(programme: FrameRange, first: Fraction, last: Fraction) -> FrameRange:
    begin = min(programme.start + first.__floor__(), programme.end - 1)
    end = min(programme.start + last.__ceil__(), programme.end)
    return FrameRange(begin, max(begin + 1, end))


class _Index:
    """Media by all that they are known by."""

    def __init__(self, media: Sequence[Medium]) -> None:
        self._media = media
        self._uuids: dict[str, list[int]] = defaultdict(list)
        self._tapes: dict[str, list[int]] = defaultdict(list)
        self._names: dict[str, list[int]] = defaultdict(list)
        self._stems: dict[str, list[int]] = defaultdict(list)
        self._paths = [_components(medium.path) for medium in media]
        for number, medium in enumerate(media):
            for uuid in filter(None, map(_bare, medium.uuids)):
                self._uuids[uuid].append(number)
            if medium.tape and medium.timecode:
                for tape in {medium.tape.casefold(), medium.tape.casefold()[:_TAPE_LENGTH]}:
                    self._tapes[tape].append(number)
            name = self._paths[number][-1] if self._paths[number] else ""
            self._names[name].append(number)
            self._stems[_stem(name)].append(number)

    def find(self, source: Source, rate: Rate) -> tuple[RecognisedBy | None, Sequence[int]]:
        """The strongest way that recognises anything, and what it recognises."""
        found: Sequence[int]
        if source.uuids and (found := self._by_uuid(source, rate)):
            return RecognisedBy.UUID, found
        if found := self._by_path(source.file):
            return RecognisedBy.PATH, found
        if found := self._by_tape(source, rate):
            return RecognisedBy.TAPE, found
        if found := self._by_name(source):
            return RecognisedBy.NAME, found
        return None, ()

    def _by_uuid(self, source: Source, rate: Rate) -> Sequence[int]:
        """What the nearest identity names; of several, such as copies, those that another way recognises as well."""
        found = next(filter(None, (_unique(self._uuids.get(_bare(uuid), ())) for uuid in source.uuids)), [])
        if len(found) > 1:
            ways = (self._by_path(source.file), self._by_tape(source, rate), self._by_name(source))
            return next(filter(None, ([number for number in found if number in way] for way in ways)), found)
        return found

    def _by_path(self, file: str) -> Sequence[int]:
        written = _components(file)
        if len(written) < _FEWEST_SHARED:
            return ()
        above = written[:-1]
        shared = {number: 1 + _shared_end(above, self._paths[number][:-1]) for number in self._named(written[-1])}
        most = max(shared.values(), default=0)
        return [number for number, count in shared.items() if count == most] if most >= _FEWEST_SHARED else ()

    def _by_tape(self, source: Source, rate: Rate) -> Sequence[int]:
        if not source.tape or source.range is None:
            return ()
        counted = source.rate or rate
        return [number for number in self._tapes.get(source.tape.casefold(), ()) if self._holds(number, source.range, counted)]

    def _holds(self, number: int, shown: FrameRange, rate: Rate) -> bool:
        """Whether a medium's timecode holds what is shown; transitions may ask for a handle that it lacks."""
        medium = self._media[number]
        held = medium.timecode
        # Frame numbers of both ways to write them are counts; only the rate makes them other frames.
        same_rate = medium.rate is None or medium.rate.frames_per_second == rate.frames_per_second
        return held is not None and same_rate and held.start <= shown.start < held.end

    def _by_name(self, source: Source) -> Sequence[int]:
        # Lists that have no clip names call a still's reel as its file.
        for written in (source.file, source.name, source.tape):
            components = _components(written)
            if not components:
                continue
            name = components[-1]
            if found := self._named(name) or self._stems.get(name, ()):
                return found
        return ()

    def _named(self, name: str) -> Sequence[int]:
        """Files of this name, or else the sequence that a file of this name is a frame of."""
        return self._names.get(name, ()) or self._names.get(_FRAME.sub("#", name), ())


def _components(path: str) -> tuple[str, ...]:
    """A path's parts without letter case; the frame numbers of a whole sequence stand as one sign."""
    if not path:
        return ()
    plain = path if path.isascii() else unicodedata.normalize("NFC", path)
    parts = [part for part in plain.replace("\\", "/").casefold().split("/") if part and part != "."]
    if parts and not _SIGNS.isdisjoint(parts[-1]):
        parts[-1] = _SEQUENCE.sub("#", parts[-1])
    return tuple(parts)


def _stem(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return stem.rstrip("#._") if dot and stem and len(extension) <= 4 else name


def _shared_end(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        count += 1
    return count


def _bare(uuid: str) -> str:
    return _PUNCTUATION.sub("", _PREFIX.sub("", uuid.lower()))


def _unique(numbers: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(numbers))
