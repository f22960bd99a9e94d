"""Composition playlists (SMPTE ST 2067-3): segments one after the other, in each its tracks side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from scanner.model.cut import Cut, CutError, Event, FrameRange, Source, TrackKind
from scanner.model.event_table import EventRows
from scanner.model.timecode import Rate, TimecodeError, parse_timecode
from scanner.timeline.notes import Notes
from scanner.tools.hardened_xml import Element

FORMAT = "IMF composition playlist"
EVENTS_LIMIT = 1_000_000
_HINT = "Have the package made again"


def read_composition(
    root: Element, path: str, files: Mapping[str, tuple[str, str]] | None = None, notes: tuple[str, ...] = ()
) -> Cut:
    """Read a composition playlist that has been parsed.

    `files` has the path and original name of track files by UUID, `notes` what was noticed of the package.

    Raises:
        CutError: it is none, or something of it cannot be understood.
        TimecodeError: its edit rate or start address cannot be.
    """
    if root.name != "CompositionPlaylist" or root.first("SegmentList") is None:
        raise CutError("is no IMF composition playlist", where=path, next_step="Give an IMF package, not a DCP")
    return _Reader(root, path, files or {}, notes).read()


def uuid_of(text: str) -> str:
    """A UUID without its URN prefix, in lower case."""
    return text.strip().lower().removeprefix("urn:uuid:")


@dataclass(frozen=True, slots=True)
class _Resource:
    """A stretch of a track file, in seconds."""

    start: Fraction
    seconds: Fraction
    repeats: int


class _Reader:
    def __init__(self, root: Element, path: str, files: Mapping[str, tuple[str, str]], notes: tuple[str, ...]) -> None:
        self._root = root
        self._path = path
        self._files = files
        self._package_notes = notes
        self._notes = Notes()
        self._events = EventRows()
        self._edit_rate = self._rate_in(root, None)
        self._rate, self._start = self._numbering()

    def read(self) -> Cut:
        begin = Fraction(0)
        for segment in (self._root.first("SegmentList") or self._root).all("Segment"):
            begin += self._read_segment(segment, begin)
        title = self._root.text_of("ContentTitle") or self._root.text_of("ContentTitleText")
        notes = self._package_notes + self._notes.sentences()
        return Cut(self._path, FORMAT, title, self._rate, self._events.table(), notes)

    def _read_segment(self, segment: Element, begin: Fraction) -> Fraction:
        """Read one segment; returns how many seconds it lasts."""
        longest = Fraction(0)
        for sequence in (segment.first("SequenceList") or segment).children:
            kind = _kind(sequence.name)
            if kind is None:
                if sequence.name != "MarkerSequence":
                    self._notes.add(f"tracks of this kind are left out: {sequence.name[:60]}", f"line {sequence.line}")
                continue
            at = begin
            for resource in (sequence.first("ResourceList") or sequence).all("Resource"):
                at = self._read_resource(resource, sequence, kind, at)
            longest = max(longest, at - begin)
        return longest

    def _read_resource(self, resource: Element, sequence: Element, kind: TrackKind, at: Fraction) -> Fraction:
        """Read a resource that begins `at` so many seconds; returns when it ends."""
        stretch = self._stretch(resource)
        if len(self._events) + stretch.repeats > EVENTS_LIMIT:
            raise CutError(f"has more than {EVENTS_LIMIT:,} events", where=self._path, next_step=_HINT)
        track = f"{sequence.name} {uuid_of(sequence.text_of('TrackId'))}".strip()
        source = self._source(resource, stretch)
        for _ in range(stretch.repeats):
            until = at + stretch.seconds
            programme = FrameRange(self._start + self._rate.nearest_frame(at), self._start + self._rate.nearest_frame(until))
            self._events.append(Event(kind, track, programme, source, f"line {resource.line}"))
            at = until
        return at

    def _source(self, resource: Element, stretch: _Resource) -> Source:
        uuid = uuid_of(resource.text_of("TrackFileId"))
        file, name = self._files.get(uuid, ("", ""))
        if self._files and not file:
            self._notes.add("a track file is not in this package", f"line {resource.line}")
        begin = self._rate.nearest_frame(stretch.start)
        end = max(begin, self._rate.nearest_frame(stretch.start + stretch.seconds))
        return Source(name or resource.text_of("Annotation"), file, uuids=(uuid,) if uuid else (), range=FrameRange(begin, end))

    def _stretch(self, resource: Element) -> _Resource:
        rate = self._rate_in(resource, self._edit_rate)
        whole = self._count(resource, "IntrinsicDuration", None)
        entry = self._count(resource, "EntryPoint", 0)
        duration = self._count(resource, "SourceDuration", max(0, whole - entry))
        return _Resource(entry / rate, duration / rate, self._count(resource, "RepeatCount", 1))

    def _count(self, element: Element, name: str, default: int | None) -> int:
        text = element.text_of(name)
        if not text and default is not None:
            return default
        if not text.isdecimal() or len(text) > 15:
            raise self._wrong(f"{name} is {text[:20]!r}, not a number", element)
        return int(text)

    def _rate_in(self, element: Element, default: Fraction | None) -> Fraction:
        parts = element.text_of("EditRate").split()
        if not parts and default is not None:
            return default
        numbers = [int(part) for part in parts if part.isdecimal() and len(part) <= 9]
        if len(numbers) != 2 or not all(numbers):
            raise self._wrong(f"the edit rate is {element.text_of('EditRate')[:20]!r}, not two numbers", element)
        return Fraction(*numbers)

    def _numbering(self) -> tuple[Rate, int]:
        """How the programme is numbered, and the number of its first frame."""
        timecode = self._root.first("CompositionTimecode")
        try:
            if timecode is None:
                return Rate(self._edit_rate), 0
            rate = Rate(self._edit_rate, timecode.text_of("TimecodeDropFrame").lower() in ("true", "1"))
            return rate, parse_timecode(timecode.text_of("TimecodeStartAddress"), rate)
        except TimecodeError as error:
            raise TimecodeError(error.what, where=self._path, next_step=_HINT) from None

    def _wrong(self, what: str, element: Element) -> CutError:
        return CutError(what, where=f"{self._path}, line {element.line}", next_step=_HINT)


def _kind(sequence: str) -> TrackKind | None:
    if "Image" in sequence:
        return TrackKind.VIDEO
    return TrackKind.AUDIO if "Audio" in sequence or sequence == "IABSequence" else None
