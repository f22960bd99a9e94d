"""Which stretches of a film are asked for: what it claims, no further than frames come of it, and beyond where they still do.

What a film claims is only a claim: a header of a few bytes can say a week, or a second of two hours. Frames decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Protocol

from scanner.model.moving import MovingPicture

STRETCH_SECONDS = 30
"""Length of what one task looks at: little is lost with a worker that dies, and its answer fits into a message."""
STRETCHES_LIMIT = 20_000
"""Stretches of one film: 166 hours of them. What is longer is looked at so far."""
FAILURES_LIMIT = 3
"""Stretches of one film on which workers may die before the rest of it is let be."""
EMPTY_LIMIT = 40
"""Stretches in a row without a frame, 20 minutes of them, before the rest is let be: behind a damaged part a film may go on."""
_BEYOND = 4
"""Stretches asked for at first where a film goes on behind its claimed end; then as many again as it has there so far."""

Part = tuple[Fraction, Fraction]
"""Begin and end in seconds on a clock."""
Span = tuple[Fraction | None, Fraction | None]
"""The same; None for where it begins and wherever it ends."""


class Stretching(Protocol):
    """The stretches of something with frames in time, by number from 0."""

    @property
    def why(self) -> str:
        """Why it is not looked at whole, as a clause; empty where it is."""
        ...

    @property
    def unseen(self) -> tuple[Part, ...]:
        """The parts that were to be looked at and were not, in order, those that follow each other as one."""
        ...

    def following(self) -> range:
        """Return what is to be asked for next; call it again when all of that has come. Empty where it is done with."""
        ...

    def place(self, number: int) -> Span:
        """Return where a stretch lies."""
        ...

    def wants(self, number: int) -> bool:
        """Whether a stretch is still worth asking for, by what has come of others."""
        ...

    def came(self, number: int, times: Sequence[Fraction], reached: Fraction | None = None, why: str = "") -> None:
        """Take what came of a stretch.

        Args:
            number: of the stretch.
            times: of its frames, in order; the last may be the first one behind its end.
            reached: seconds up to which the last packet read reaches: a frame may be held for hours.
            why: it was not looked at whole, as a clause.
        """
        ...

    def failed(self, number: int, why: str) -> None:
        """Say that a stretch came to nothing: a worker died on it, or nothing in it decodes."""
        ...


class FixedStretches:
    """Stretches that are known beforehand, as those of a numbered sequence are."""

    def __init__(self, spans: Sequence[Span], close: Fraction) -> None:
        """`close`: where the last one ends."""
        self._spans = spans
        self._close = close
        self._asked = False
        self._failures = 0
        self._unseen: dict[int, Part] = {}
        self._whys: dict[int, str] = {}

    @property
    def why(self) -> str:
        """As `Stretching` has it."""
        if self._whys:
            return self._whys[min(self._whys)]
        return "nothing decodes of several parts of it, and the rest was let be" if self._failures >= FAILURES_LIMIT else ""

    @property
    def unseen(self) -> tuple[Part, ...]:
        """As `Stretching` has it."""
        return joined(self._unseen.values(), self._close)

    def following(self) -> range:
        """As `Stretching` has it: all of them, once."""
        if self._asked:
            return range(0)
        self._asked = True
        places = enumerate(self._spans)
        self._unseen = {number: (begin or Fraction(0), self._close if end is None else end) for number, (begin, end) in places}
        return range(len(self._spans))

    def place(self, number: int) -> Span:
        """As `Stretching` has it."""
        return self._spans[number]

    def wants(self, number: int) -> bool:  # noqa: ARG002
        """As `Stretching` has it."""
        return self._failures < FAILURES_LIMIT

    def came(self, number: int, times: Sequence[Fraction], reached: Fraction | None = None, why: str = "") -> None:  # noqa: ARG002
        """As `Stretching` has it."""
        if why:
            self._whys[number] = why
        if times and not why:
            del self._unseen[number]
        elif times:
            self._unseen[number] = times[-1], self._unseen[number][1]

    def failed(self, number: int, why: str) -> None:
        """As `Stretching` has it."""
        self._failures += 1
        if why:
            self._whys[number] = why


def joined(parts: Iterable[Part], close: Fraction | None) -> tuple[Part, ...]:
    """Return parts in order, those that follow each other as one, and none beyond `close`."""
    found: list[Part] = []
    for begin, last in sorted(parts):
        end = last if close is None or not begin < close < last else close
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        elif begin < end:
            found.append((begin, end))
    return tuple(found)


class Stretches:
    """The stretches of one film, by number from 0."""

    def __init__(self, film: MovingPicture, interval: Fraction = Fraction(1)) -> None:
        """`interval`: seconds between looked-at frames; where that is long, so are the stretches."""
        self._start, duration = film.start or Fraction(0), film.duration or Fraction(0)
        self._seconds = max(Fraction(1), interval) * STRETCH_SECONDS
        self._close = self._start + duration if duration else None
        """Where it says it ends."""
        # Sound may last a little longer than the pictures.
        self._claimed = min(STRETCHES_LIMIT, max(1, int(-(-int(duration) // self._seconds))))
        self._asked = 0
        """One more than the highest number asked for."""
        self._reached: Fraction | None = None
        self._unseen: dict[int, Part] = {}
        self._empty: set[int] = set()
        self._skipped: set[int] = set()
        self._ends_in = STRETCHES_LIMIT
        """Number of a stretch behind the claimed end in which the film ends; none after it is worth asking for."""
        self._failures = 0
        self._given_up = False
        self._whys: dict[int, str] = {}
        """Number of a stretch → why it was not looked at whole."""
        self._ending = ""
        """Why the rest was let be."""

    def following(self) -> range:
        """Return what is to be asked for next; call it again when all of that has come. Empty where the film is done with."""
        first = self._goes_on_at() if self._asked else 0
        if first is None:
            return range(0)
        if first >= STRETCHES_LIMIT:
            self._ending = f"only its first {int(STRETCHES_LIMIT * self._seconds / 3600):,} hours were looked at"
            return range(0)
        # Of what lies behind the claimed end nobody knows how long it is.
        count = max(_BEYOND, self._asked - self._claimed) if self._asked else self._claimed
        self._asked = min(first + count, STRETCHES_LIMIT)
        asked = range(first, self._asked)
        self._unseen.update((number, self._span(number)) for number in asked)
        behind = self._span(STRETCHES_LIMIT)[0]
        if self._close is not None and behind < self._close:
            self._unseen[STRETCHES_LIMIT] = behind, self._close
        return asked

    def place(self, number: int) -> Span:
        """Return where a stretch lies."""
        begin, end = self._span(number)
        return begin if number else None, end

    def wants(self, number: int) -> bool:
        """Whether a stretch is still worth asking for, by what has come of others."""
        is_open = not self._given_up and self._failures < FAILURES_LIMIT
        return is_open and number <= self._ends_in and number not in self._skipped

    def came(self, number: int, times: Sequence[Fraction], reached: Fraction | None = None, why: str = "") -> None:
        """Take what came of a stretch.

        Args:
            number: of the stretch.
            times: of its frames, in order; the last may be the first one behind its end.
            reached: seconds up to which the last packet read reaches: a frame may be held for hours.
            why: it was not looked at whole, as a clause.
        """
        if why:
            self._whys[number] = why
        begin, end = self._span(number)
        goes_on, is_held = bool(times) and times[-1] >= end, reached is not None and reached >= end and not why
        if goes_on:
            self._reached = max(self._reached or end, times[-1])
        if goes_on or is_held:
            self._skip_up_to(times[-1] if goes_on else reached or end, number)
        elif number >= self._claimed:
            self._end_in(number)
        if not any((not number or begin <= time) and time < end for time in times):
            self._empty.add(number)
            self._give_up_within(number)
        self._mark_seen(number, times, is_whole=not why)

    def failed(self, number: int, why: str) -> None:
        """Say that a worker died on a stretch."""
        self._failures += 1
        self._whys[number] = why

    @property
    def why(self) -> str:
        """Why the film is not looked at whole, as a clause; empty where it is."""
        # That of the earliest stretch: answers come in any order, and two scans say the same.
        return self._whys[min(self._whys)] if self._whys else self._ending

    @property
    def unseen(self) -> tuple[Part, ...]:
        """The parts that were to be looked at and were not, in order, those that follow each other as one."""
        # How many of the empty ones were asked for before the rest was let be depends on the order of the answers.
        empty = (self._span(number) for number in self._empty) if self._given_up else ()
        return joined((*self._unseen.values(), *empty), self._close)

    def _span(self, number: int) -> Part:
        begin = self._start + self._seconds * number
        return begin, begin + self._seconds

    def _goes_on_at(self) -> int | None:
        if self._reached is None or self._given_up or self._failures >= FAILURES_LIMIT:
            return None
        number = self._number(self._reached)
        return number if number >= self._asked else None

    def _number(self, time: Fraction) -> int:
        return int((time - self._start) // self._seconds)

    def _skip_up_to(self, time: Fraction, number: int) -> None:
        # A frame far behind the claimed end is more likely a wrong time than the only frame of hours.
        following = self._number(time)
        if following <= self._claimed:
            for held in range(number + 1, following):
                self._skipped.add(held)
                self._unseen.pop(held, None)

    def _end_in(self, number: int) -> None:
        """The film ends in this stretch, which lies behind its claimed end: so it does not go on."""
        self._ends_in = min(self._ends_in, number)
        for behind in [one for one in self._unseen if one > self._ends_in]:
            del self._unseen[behind]
        self._unseen.pop(number, None)

    def _mark_seen(self, number: int, times: Sequence[Fraction], *, is_whole: bool) -> None:
        if is_whole:
            self._unseen.pop(number, None)
        elif times and number in self._unseen:
            begin, end = self._unseen[number]
            self._unseen[number] = min(max(begin, times[-1]), end), end

    def _give_up_within(self, number: int) -> None:
        """Give the film up where so many stretches around this one, without a gap, are empty; they come in any order."""
        first = last = number
        while first - 1 in self._empty and number - first < EMPTY_LIMIT:
            first -= 1
        while last + 1 in self._empty and last - number < EMPTY_LIMIT:
            last += 1
        if last - first + 1 >= EMPTY_LIMIT:
            self._given_up = True
            self._ending = f"no frame comes of {EMPTY_LIMIT * int(self._seconds) // 60} minutes of it, and the rest was let be"
