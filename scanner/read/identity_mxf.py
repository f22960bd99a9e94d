"""The packages of an MXF file: their UMIDs, the tape that the media came from, its timecode.

Layout: SMPTE ST 377-1, header metadata as local sets; its own tags below 0x8000 mean the same in every file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from scanner.model.cut import FrameRange
from scanner.model.placement import MediaIdentity
from scanner.model.timecode import Rate, TimecodeError
from scanner.read.umid import is_umid
from scanner.tools.containers.source import READ_LIMIT_BYTES, Source

_PARTITION = bytes.fromhex("060e2b34020501010d010201")
_SET = bytes.fromhex("060e2b34025301010d0101010101")
_RUN_IN_BYTES = 65_536
_SETS_LIMIT = 20_000
"""Keys walked: a file with 16 sound tracks has some two hundred sets."""
_TAGS_LIMIT = 400
_REFERENCES_LIMIT = 256
_PACKAGES_LIMIT = 16
_HEADER_LIMIT_BYTES = 32 << 20
"""Of all wanted sets; a header has some hundred kilobytes."""
_SEQUENCE, _CLIP, _TIMECODE, _ESSENCE, _TAPE, _MATERIAL, _SOURCE, _TRACK = 0x0F, 0x11, 0x14, 0x23, 0x2E, 0x36, 0x37, 0x3B
"""Kinds of sets: byte 15 of their keys."""
_WANTED = frozenset({_SEQUENCE, _CLIP, _TIMECODE, _ESSENCE, _TAPE, _MATERIAL, _SOURCE, _TRACK})
_INSTANCE, _UMID, _NAME, _TRACKS, _DESCRIPTOR = 0x3C0A, 0x4401, 0x4402, 0x4403, 0x4701
_EDIT_RATE, _SEGMENT, _COMPONENTS, _LENGTH = 0x4B01, 0x4803, 0x1001, 0x0202
_SOURCE_PACKAGE, _POSITION = 0x1101, 0x1201
_TIMECODE_START, _TIMECODE_DROP = 0x1501, 0x1503
_LINKED_PACKAGE = 0x2701
_TAGS = frozenset({_INSTANCE, _UMID, _NAME, _TRACKS, _DESCRIPTOR, _EDIT_RATE, _SEGMENT, _COMPONENTS, _LENGTH})
_TAGS |= {_SOURCE_PACKAGE, _POSITION, _TIMECODE_START, _TIMECODE_DROP, _LINKED_PACKAGE}
_NAME_LIMIT_BYTES = 512


@dataclass(frozen=True, slots=True)
class _Set:
    kind: int
    tags: dict[int, bytes]

    def number(self, tag: int) -> int:
        return int.from_bytes(self.tags.get(tag, b""), "big", signed=True)

    def references(self, tag: int) -> tuple[bytes, ...]:
        """Instances named by one reference, or by an array of them: count, size, and each."""
        value = self.tags.get(tag, b"")
        if len(value) == 16:
            return (value,)
        return tuple(value[at : at + 16] for at in range(8, len(value) - 15, 16))[:_REFERENCES_LIMIT]


def identify_mxf(source: Source) -> MediaIdentity:
    """Read the packages of an MXF file; the file's own package comes before the material that it belongs to."""
    return _Packages(list(_sets(source))).identity()


class _Packages:
    def __init__(self, sets: list[_Set]) -> None:
        self._by_instance = {one.tags.get(_INSTANCE, b""): one for one in sets}
        linked = {one.tags.get(_LINKED_PACKAGE) for one in sets if one.kind == _ESSENCE}
        sources = [one for one in sets if one.kind == _SOURCE][:_PACKAGES_LIMIT]
        self._tapes = [one for one in sources if self._is_tape(one)]
        self._files = [one for one in sources if one.tags.get(_UMID) in linked]
        self._files = self._files or [one for one in sources if not self._is_tape(one)]
        self._material = [one for one in sets if one.kind == _MATERIAL][:_PACKAGES_LIMIT]

    def identity(self) -> MediaIdentity:
        umids = [umid for one in (*self._files, *self._material) if is_umid(umid := one.tags.get(_UMID, b""))]
        # IMF names its files by the second half of their UMIDs, the material number, as a UUID.
        names = [umid.hex() for umid in umids] + [umid[16:].hex() for umid in umids]
        tape = next((_text(one.tags.get(_NAME, b"")) for one in self._tapes), "")
        timecode = self._timecode()
        frames = self._frames(*timecode) if timecode else None
        return MediaIdentity(tuple(dict.fromkeys(names)), tape, frames, timecode[1] if timecode and frames else None)

    def _is_tape(self, package: _Set) -> bool:
        return any(described.kind == _TAPE for described in self._named(package, _DESCRIPTOR))

    def _timecode(self) -> tuple[int, Rate] | None:
        """The number of the first frame, and how it is counted: the tape's where there is one, else the material's."""
        for package in (*self._tapes, *self._material, *self._files):
            for track, components in self._tracks(package):
                for one in components:
                    if one.kind == _TIMECODE and (rate := _rate(track, drop_frame=bool(one.number(_TIMECODE_DROP)))):
                        return one.number(_TIMECODE_START) + self._position(package), rate
        return None

    def _position(self, tape: _Set) -> int:
        """Frames of a tape before the file's first; 0 for other packages, which nothing refers to so."""
        clips = (one for package in self._files for _, components in self._tracks(package) for one in components)
        into = (
            one.number(_POSITION) for one in clips if one.kind == _CLIP and one.tags.get(_SOURCE_PACKAGE) == tape.tags.get(_UMID)
        )
        return max(0, next(into, 0))

    def _frames(self, start: int, rate: Rate) -> FrameRange | None:
        for package in (*self._files, *self._material):
            for track, components in self._tracks(package):
                seconds = _seconds(track, components)
                length = rate.nearest_frame(seconds) if seconds else 0
                if 0 < length <= rate.frames_a_day and 0 <= start < rate.frames_a_day:
                    return FrameRange(start, start + length)
        return None

    def _tracks(self, package: _Set) -> Iterator[tuple[_Set, tuple[_Set, ...]]]:
        for track in self._named(package, _TRACKS):
            segments = self._named(track, _SEGMENT)
            yield (
                track,
                tuple(part for one in segments for part in (self._named(one, _COMPONENTS) if one.kind == _SEQUENCE else (one,))),
            )

    def _named(self, one: _Set, tag: int) -> tuple[_Set, ...]:
        return tuple(found for instance in one.references(tag) if (found := self._by_instance.get(instance)))


def _rate(track: _Set, *, drop_frame: bool) -> Rate | None:
    try:
        rate = _edit_rate(track)
        return Rate(rate, drop_frame) if rate else None
    except TimecodeError:
        # Sound files count their timecode in samples.
        return None


def _edit_rate(track: _Set) -> Fraction | None:
    value = track.tags.get(_EDIT_RATE, b"")
    parts = int.from_bytes(value[:4], "big"), int.from_bytes(value[4:8], "big")
    return Fraction(*parts) if all(parts) else None


def _seconds(track: _Set, components: tuple[_Set, ...]) -> Fraction | None:
    """How long a track's media lasts; None for timecode, which has no end of its own, and where the header does not say."""
    lengths = [one.number(_LENGTH) for one in components if one.kind == _CLIP]
    rate = _edit_rate(track)
    return sum(lengths) / rate if rate and lengths and min(lengths) > 0 else None


def _sets(source: Source) -> Iterator[_Set]:
    """Walk the header metadata: from the header partition to the first key that is neither one of its sets nor filler."""
    at = source.find(_PARTITION, 0, _RUN_IN_BYTES + len(_PARTITION))
    first, left_bytes = True, _HEADER_LIMIT_BYTES
    for _ in range(_SETS_LIMIT):
        key = source.at(at, 16) if at is not None else b""
        # Sets and packs of the header have 02 or 01 in the fifth byte with 05, 53 in the sixth; essence is 0102.
        if at is None or len(key) < 16 or key[4:6] == b"\1\2" or (key.startswith(_PARTITION) and key[13] in (3, 4) and not first):
            return
        first = False
        start, size = _length(source, at + 16)
        if start is None:
            return
        if key.startswith(_SET) and key[14] in _WANTED:
            left_bytes -= size
            if left_bytes < 0:
                return
            yield _Set(key[14], dict(_tags(source.at(start, min(size, READ_LIMIT_BYTES)))))
        at = start + size


def _tags(value: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for _ in range(_TAGS_LIMIT):
        if at + 4 > len(value):
            return
        size = int.from_bytes(value[at + 2 : at + 4], "big")
        tag = int.from_bytes(value[at : at + 2], "big")
        if tag in _TAGS:
            yield tag, value[at + 4 : at + 4 + size]
        at += 4 + size


def _length(source: Source, at: int) -> tuple[int | None, int]:
    """Where a value starts and its size, as BER has it."""
    first = source.number(at, 1)
    if first is None:
        return None, 0
    more = first & 0x7F if first & 0x80 else 0
    size = source.number(at + 1, more) if more else first
    return (at + 1 + more, size) if size is not None and more <= 8 else (None, 0)


def _text(value: bytes) -> str:
    return value[:_NAME_LIMIT_BYTES].decode("utf-16-be", "replace").split("\0")[0].strip()
