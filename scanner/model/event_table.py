"""Events of a cut as bytes: rows of numbers, and the texts that they point to.

A list of a million events is some ten million objects in each process that it passes. As a table it is a hundred bytes an event,
and an event becomes an object when it is asked for.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar, overload

from scanner.model.cut import Event, FrameRange, Source, TrackKind, Transition
from scanner.model.errors import UsageError
from scanner.model.timecode import Rate

TEXT_LIMIT_BYTES = 128 << 20
"""Of all texts: with the rows of a million events a table then fits into a message between processes (256 MB)."""

_ROW = struct.Struct("<B7I4q4I")
"""Flags; track, name, file, tape, place; first of the identities, and how many; both ranges; rate, speed, transitions."""
_AUDIO, _PLACED, _RANGED, _OFF, _ON_LINE = 1, 2, 4, 8, 16
"""The last one: the place is the number of a line."""
_EDIT = _PLACED | _RANGED | _ON_LINE
REAL_TIME = Fraction(1)
_LARGEST_PART = 1 << 100
"""Of a fraction; messages between processes refuse larger ones."""
_RECENT = 1 << 14
"""Texts that are looked for again: reels and clips come back soon or not at all, and a million of them are not kept twice."""
_BEYOND = "a time of it lies beyond any programme"
_HINT = "Export the cut again"
_Value = TypeVar("_Value")


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
        return _event(_ROW.unpack_from(self.rows, at * _ROW.size), self._columns())

    def __iter__(self) -> Iterator[Event]:
        """All events, one after the other."""
        columns = self._columns()
        return (_event(row, columns) for row in _ROW.iter_unpack(self.rows))

    def sources(self) -> Iterator[Source]:
        """What each event shows, without making the event."""
        columns = self._columns()
        return (_source(row, columns) for row in _ROW.iter_unpack(self.rows))

    def _columns(self) -> _Columns:
        return _Columns(self.text, memoryview(self.ends).cast("I"), self.rates, self.speeds, self.transitions)


class _Columns(NamedTuple):
    """What rows point to."""

    text: bytes | bytearray
    ends: Sequence[int] | memoryview[int]
    rates: Sequence[Rate | None]
    speeds: Sequence[Fraction]
    transitions: Sequence[Transition | None]

    def word(self, number: int) -> str:
        return self.text[self.ends[number - 1] : self.ends[number]].decode("utf-8", "surrogatepass") if number else ""


def _source(row: tuple[int, ...], columns: _Columns) -> Source:
    flags, _, name, file, tape, _, uuid, uuids, _, _, first, last, rate, *_ = row
    word = columns.word
    return Source(
        word(name) if name else "",
        word(file) if file else "",
        word(tape) if tape else "",
        tuple(word(number) for number in range(uuid, uuid + uuids)) if uuids else (),
        FrameRange(first, last) if flags & _RANGED else None,
        columns.rates[rate],
    )


def _event(row: tuple[int, ...], columns: _Columns) -> Event:
    flags, track, _, _, _, place, _, _, begin, end, _, _, _, speed, opening, closing = row
    word = columns.word
    return Event(
        TrackKind.AUDIO if flags & _AUDIO else TrackKind.VIDEO,
        word(track),
        FrameRange(begin, end) if flags & _PLACED else None,
        _source(row, columns),
        f"line {place}" if flags & _ON_LINE else word(place),
        columns.transitions[opening],
        columns.transitions[closing],
        columns.speeds[speed],
        not flags & _OFF,
    )


class EventRows:
    """An `EventTable` while it is made."""

    def __init__(self) -> None:
        self._rows = bytearray()
        self._text = bytearray()
        self._ends = array("I", (0,))
        self._recent: dict[str, int] = {}
        self._tapes: dict[str, int] = {}
        """Kept apart: names that come once would drive out the tapes, which come again and again."""
        self._identified: dict[tuple[str, ...], int] = {}
        self._rates = _Numbered[Rate | None](None)
        self._speeds = _Numbered[Fraction](REAL_TIME)
        self._transitions = _Numbered[Transition | None](None)

    def __len__(self) -> int:
        """How many events there are so far."""
        return len(self._rows) // _ROW.size

    def __getitem__(self, index: int) -> Event:
        """One of the events so far."""
        columns = _Columns(self._text, self._ends, self._rates.values, self._speeds.values, self._transitions.values)
        return _event(_ROW.unpack_from(self._rows, index * _ROW.size), columns)

    def append(self, event: Event) -> None:
        """Take in an event.

        Raises:
            TableError: it holds a number that no cut has, or there is no more room.
        """
        self._rows += self._row(event)

    def append_edit(
        self,
        kind: TrackKind,
        track: str,
        programme: tuple[int, int],
        names: tuple[str, str, str],
        uuid: str,
        shown: tuple[int, int],
        rate: Rate | None,
        line: int,
        speed: Fraction,
        opening: Transition | None,
    ) -> None:
        """Take in an event by its parts: EDLs are the long lists, and an object for each of their events costs as much again.

        `programme` and `shown` are what the programme and the source have of it, in frames; `names` are the source's name, file
        and tape; `line` is where in the file it stands, `opening` its first transition.

        Raises:
            TableError: as of `append`.
        """
        name, file, tape = names
        again, recent = self._tapes.get, self._recent.get
        try:
            self._rows += _ROW.pack(
                _EDIT | _AUDIO if kind is TrackKind.AUDIO else _EDIT,
                again(track) or self._new(track, self._tapes),
                (recent(name) or self._new(name, self._recent)) if name else 0,
                (recent(file) or self._new(file, self._recent)) if file else 0,
                (again(tape) or self._new(tape, self._tapes)) if tape else 0,
                line,
                self._identities((uuid,)) if uuid else 0,
                1 if uuid else 0,
                programme[0],
                programme[1],
                shown[0],
                shown[1],
                self._rates.number(rate) if rate else 0,
                self._speeds.number(_sane(speed)) if speed is not REAL_TIME else 0,
                self._transitions.number(opening) if opening else 0,
                0,
            )
        except struct.error:
            raise TableError(_BEYOND, next_step=_HINT) from None

    def __setitem__(self, index: int, event: Event) -> None:
        """Put another event in place of one.

        Raises:
            TableError: as of `append`.
        """
        self._rows[index * _ROW.size : (index + 1) * _ROW.size] = self._row(event)

    def table(self) -> EventTable:
        """All events."""
        columns = tuple(self._rates.values), tuple(self._speeds.values), tuple(self._transitions.values)
        return EventTable(bytes(self._rows), bytes(self._text), self._ends.tobytes(), *columns)

    def _row(self, event: Event) -> bytes:
        source, programme, shown = event.source, event.programme, event.source.range
        flags = _AUDIO * (event.kind is TrackKind.AUDIO) | _OFF * (not event.enabled)
        flags |= _PLACED * (programme is not None) | _RANGED * (shown is not None)
        try:
            return _ROW.pack(
                flags,
                *map(self._number, (event.track, source.name, source.file, source.tape, event.place)),
                self._identities(source.uuids) if source.uuids else 0,
                len(source.uuids),
                *((programme.start, programme.end) if programme else (0, 0)),
                *((shown.start, shown.end) if shown else (0, 0)),
                self._rates.number(_bounded(source.rate)),
                self._speeds.number(_sane(event.speed)),
                self._transitions.number(event.transition_in),
                self._transitions.number(event.transition_out),
            )
        except struct.error:
            raise TableError(_BEYOND, next_step=_HINT) from None

    def _number(self, text: str) -> int:
        return self._recent.get(text) or (self._new(text, self._recent) if text else 0)

    def _identities(self, uuids: tuple[str, ...]) -> int:
        found = self._identified.get(uuids)
        if found is None:
            # One after the other, so that the first one's number and their count name them.
            found = len(self._ends)
            for uuid in uuids:
                self._new(uuid, {})
            if len(self._identified) >= _RECENT:
                self._identified.clear()
            self._identified[uuids] = found
        return found

    def _new(self, text: str, recent: dict[str, int]) -> int:
        """Keep a text that is not empty; returns its number."""
        kept, ends = self._text, self._ends
        if len(kept) + len(text) > TEXT_LIMIT_BYTES:
            raise TableError("names more media than fit", next_step="Export it a reel at a time")
        kept += text.encode("utf-8", "surrogatepass")
        number = len(ends)
        ends.append(len(kept))
        if len(recent) >= _RECENT:
            recent.clear()
        recent[text] = number
        return number


class _Numbered(Generic[_Value]):
    """Values by the order in which they came first."""

    def __init__(self, first: _Value) -> None:
        self.values = [first]
        self._numbers = {first: 0}

    def number(self, value: _Value) -> int:
        found = self._numbers.get(value)
        if found is None:
            found = self._numbers[value] = len(self.values)
            self.values.append(value)
        return found


def _sane(speed: Fraction) -> Fraction:
    if max(abs(speed.numerator), speed.denominator) > _LARGEST_PART:
        raise TableError("a speed of it cannot be", next_step=_HINT)
    return speed


def _bounded(rate: Rate | None) -> Rate | None:
    if rate is not None:
        _sane(rate.frames_per_second)
    return rate
