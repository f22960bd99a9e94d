"""Events of a cut as bytes: rows of numbers, and the texts that they point to.

A list of a million events would be ten million objects, gigabytes where it crosses from a worker. As a table it is a hundred
bytes an event, and an event becomes an object when it is asked for.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import overload

from scanner.model.cut import Event, FrameRange, Source, TrackKind, Transition
from scanner.model.errors import UsageError
from scanner.model.timecode import Rate

TABLE_LIMIT_BYTES = 224 << 20
"""What a message between processes holds (256 MB), less a reserve for what stands beside the events."""

_ROW = struct.Struct("<B7I4q4I")
"""Flags; track, name, file, tape, place; first of the identities, and how many; both ranges; rate, speed, transitions."""
_ENDS = "I"
_AUDIO, _PLACED, _RANGED, _OFF = 1, 2, 4, 8
_REAL_TIME = Fraction(1)
_LARGEST_PART = 1 << 100
"""Of a fraction; messages between processes refuse larger ones."""
_RECENT = 8192
"""Texts that are looked for again: reels and clips come back soon or not at all, and a million of them are not kept twice."""
_HINT = "Export the cut again"


class TableError(UsageError):
    """A cut's events cannot be kept: one holds a number that no cut has, or there is no more room."""


@dataclass(frozen=True, slots=True)
class EventTable(Sequence[Event]):
    """Many events, in the order of the file. Crosses process boundaries."""

    rows: bytes
    text: bytes
    """UTF-8, one text after the other."""
    ends: bytes
    """Of each text, 32 bits each; the first text is empty."""
    rates: tuple[Rate | None, ...]
    speeds: tuple[Fraction, ...]
    transitions: tuple[Transition | None, ...]

    def __len__(self) -> int:
        """How many events."""
        return len(self.rows) // _ROW.size

    @overload
    def __getitem__(self, index: int) -> Event: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Event]: ...

    def __getitem__(self, index: int | slice) -> Event | Sequence[Event]:
        """One event, made anew each time; of a slice, a tuple of them."""
        if isinstance(index, slice):
            return tuple(self[at] for at in range(*index.indices(len(self))))
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):
            raise IndexError(index)
        return self._event(_ROW.unpack_from(self.rows, at * _ROW.size), memoryview(self.ends).cast(_ENDS))

    def __iter__(self) -> Iterator[Event]:
        """All events, one after the other."""
        ends = memoryview(self.ends).cast(_ENDS)
        for row in _ROW.iter_unpack(self.rows):
            yield self._event(row, ends)

    def _event(self, row: tuple[int, ...], ends: memoryview) -> Event:
        flags, track, name, file, tape, place, uuid, uuids, begin, end, first, last, rate, speed, opening, closing = row
        text = self._text
        return Event(
            TrackKind.AUDIO if flags & _AUDIO else TrackKind.VIDEO,
            text(track, ends),
            FrameRange(begin, end) if flags & _PLACED else None,
            Source(
                text(name, ends),
                text(file, ends),
                text(tape, ends),
                tuple(text(number, ends) for number in range(uuid, uuid + uuids)) if uuids else (),
                FrameRange(first, last) if flags & _RANGED else None,
                self.rates[rate],
            ),
            text(place, ends),
            self.transitions[opening],
            self.transitions[closing],
            self.speeds[speed],
            not flags & _OFF,
        )

    def _text(self, number: int, ends: memoryview) -> str:
        return self.text[ends[number - 1] : ends[number]].decode("utf-8", "surrogatepass") if number else ""


class EventRows:
    """An `EventTable` while it is made."""

    def __init__(self) -> None:
        self._rows = bytearray()
        self._text = bytearray()
        self._ends = array(_ENDS, (0,))
        self._recent: dict[str | tuple[str, ...], int] = {"": 0}
        self._rates: dict[Rate | None, int] = {None: 0}
        self._speeds: dict[Fraction, int] = {_REAL_TIME: 0}
        self._transitions: dict[Transition | None, int] = {None: 0}

    def __len__(self) -> int:
        """How many events there are so far."""
        return len(self._rows) // _ROW.size

    def append(self, event: Event) -> None:
        """Take in an event.

        Raises:
            TableError: it holds a number that no cut has, or there is no more room.
        """
        self._rows += self._row(event)

    def set(self, index: int, event: Event) -> None:
        """Put another event in place of one.

        Raises:
            TableError: as of `append`.
        """
        self._rows[index * _ROW.size : (index + 1) * _ROW.size] = self._row(event)

    def table(self) -> EventTable:
        """All events."""
        return EventTable(
            bytes(self._rows),
            bytes(self._text),
            self._ends.tobytes(),
            tuple(self._rates),
            tuple(self._speeds),
            tuple(self._transitions),
        )

    def _row(self, event: Event) -> bytes:
        source, programme, shown = event.source, event.programme, event.source.range
        flags = _AUDIO * (event.kind is TrackKind.AUDIO) | _OFF * (not event.enabled)
        begin = end = first = last = 0
        if programme is not None:
            flags, begin, end = flags | _PLACED, programme.start, programme.end
        if shown is not None:
            flags, first, last = flags | _RANGED, shown.start, shown.end
        text = self._number
        try:
            return _ROW.pack(
                flags,
                text(event.track),
                text(source.name),
                text(source.file),
                text(source.tape),
                text(event.place),
                self._identities(source.uuids) if source.uuids else 0,
                len(source.uuids),
                begin,
                end,
                first,
                last,
                0 if source.rate is None else self._rates.setdefault(_bounded(source.rate), len(self._rates)),
                0 if event.speed == 1 else self._speeds.setdefault(_sane(event.speed), len(self._speeds)),
                self._transitions.setdefault(event.transition_in, len(self._transitions)),
                self._transitions.setdefault(event.transition_out, len(self._transitions)),
            )
        except struct.error:
            raise TableError("a time of it lies beyond any programme", next_step=_HINT) from None

    def _number(self, text: str) -> int:
        number = self._recent.get(text)
        return self._remember(text, self._kept(text)) if number is None else number

    def _identities(self, uuids: tuple[str, ...]) -> int:
        number = self._recent.get(uuids)
        if number is None:
            # One after the other, so that the first one's number and their count name them.
            numbers = [self._kept(uuid) for uuid in uuids]
            number = self._remember(uuids, numbers[0])
        return number

    def _kept(self, text: str) -> int:
        if len(self._text) + len(text) > TABLE_LIMIT_BYTES - len(self._rows) - self._ends.itemsize * len(self._ends):
            raise TableError("names more media than fit", next_step="Export it a reel at a time")
        self._text += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._text))
        return len(self._ends) - 1

    def _remember(self, key: str | tuple[str, ...], number: int) -> int:
        if len(self._recent) >= _RECENT:
            self._recent = {"": 0}
        self._recent[key] = number
        return number


def _sane(speed: Fraction) -> Fraction:
    if max(abs(speed.numerator), speed.denominator) > _LARGEST_PART:
        raise TableError("a speed of it cannot be", next_step=_HINT)
    return speed


def _bounded(rate: Rate) -> Rate:
    _sane(rate.frames_per_second)
    return rate
