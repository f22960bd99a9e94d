"""A film as a strip over its whole length, as the page draws it: what is on screen when, and which parts were not looked at.

Places along the strip are shares of it, written as percentages, so that it is as wide as its place; heights are CSS pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scanner.model.film_time import frame_number_at, timecode_at, whole_timecodes
from scanner.model.matching import NearCopy, Role
from scanner.model.moving import FilmLook, MovingPicture
from scanner.report.film_hits import Hit, foremost
from scanner.report.sentences import counted

BARS = 200
"""Stretches drawn on one strip; more are a wall of colour, and scan.json has them all."""
ROWS = 6
"""Rows that stretches of one kind are stacked in where they overlap; those that find no room lie over others in the last."""
TICKS = 8
"""Timecodes along a strip, at most; a narrow page shows some of them."""
_NARROW_TICKS = 3
_ROW_PX, _BAR_PX = 22, 16
_LABEL_SHARE = Fraction(3, 100)
"""Room that a number takes beside a bar that is too short to hold it."""
_ENDS = Fraction(92, 100)
"""Share of the strip behind which a text ends at its place in place of starting there."""
_STEPS_FRAMES = tuple(each * 10**power for power in range(8) for each in (1, 2, 5))
_STEPS_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)

_KINDS = (
    ("ai", "AI references"),
    ("copy", "Copies in this delivery"),
    ("restricted", "Restricted references"),
    ("owned", "Owned references"),
    ("licensed", "Licensed references"),
)
"""Class in the style, and title, in the order of the lanes."""
_ROLES = {Role.AI: "ai", Role.RESTRICTED: "restricted", Role.OWNED: "owned", Role.LICENSED: "licensed"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch on the strip."""

    hit: Hit
    x: str
    width: str
    top: int
    label_x: str
    """Where its number stands; empty where there is no room for it."""
    inside: bool
    """Whether the number stands in the bar in place of beside it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the strip."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A timecode along the strip."""

    x: str
    label: str
    anchor: str
    """``start``, ``middle`` or ``end``: which of the text stands at `x`."""
    is_major: bool
    """Whether it is shown on a narrow page too."""


@dataclass(frozen=True, slots=True)
class Lane:
    """All stretches of one kind."""

    kind: str
    """Class in the style: ``ai``, ``copy``, ``restricted``, ``owned``, ``licensed``."""
    title: str
    bars: tuple[Bar, ...]
    height: int
    total: int
    """Stretches of this kind; more than are drawn where there are very many."""


@dataclass(frozen=True, slots=True)
class Strip:
    """What is drawn of one film."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    unseen: tuple[Part, ...]
    span: str
    """``10:00:00:00–10:00:06:15, 6.6 s``; of a sequence ``frames 1001–1165, 10:00:00:00–10:00:06:15, 6.6 s``."""
    looked_at: str
    """``11 frames looked at``; empty where that is not known."""
    not_looked_at: str
    """Times of the parts that were not looked at; empty where there are none."""
    why: str
    """Why it was not looked at whole, as a clause; empty where it was."""
    undrawn: int
    """Stretches that are not on the strip."""


@dataclass(frozen=True, slots=True)
class _Scale:
    start: Fraction
    length: Fraction

    def share(self, seconds: Fraction) -> Fraction:
        return min(max((seconds - self.start) / self.length, Fraction(0)), Fraction(1))


def strip_of(look: FilmLook | None, hits: Sequence[Hit]) -> Strip | None:
    """Return how a film is drawn; None where nothing is on screen in it and nothing was left out, and where it has no length.

    Args:
        look: how it was looked at; None where that is not known: then the strip ends with the last stretch.
        hits: all of the film.
    """
    if not hits and not (look and look.unseen):
        return None
    scale = _scale(look, hits)
    if scale.length <= 0:
        return None
    drawn = foremost(hits, BARS)
    lanes = tuple(_lane(kind, title, hits, drawn, scale) for kind, title in _KINDS if any(_kind(hit) == kind for hit in hits))
    return Strip(
        lanes=lanes,
        ticks=_ticks(look, scale),
        unseen=tuple(_part(scale.share(begin), scale.share(end)) for begin, end in look.unseen) if look else (),
        span=_span(look, scale.start, scale.start + scale.length),
        looked_at=f"{counted(look.frames, 'frame')} looked at" if look else "",
        not_looked_at=", ".join(_span(look, *part) for part in look.unseen[:ROWS]) + _more(look) if look else "",
        why=look.why if look else "",
        undrawn=len(hits) - len(drawn),
    )


def _scale(look: FilmLook | None, hits: Iterable[Hit]) -> _Scale:
    film = look.description if look else None
    start = (film.start if film else None) or Fraction(0)
    ends = [hit.segment.after for hit in hits]
    end = max([start + ((film.duration if film else None) or 0), *ends])
    return _Scale(start, end - start)


def _lane(kind: str, title: str, hits: Sequence[Hit], drawn: Sequence[Hit], scale: _Scale) -> Lane:
    bars = tuple(_bars([hit for hit in drawn if _kind(hit) == kind], scale))
    rows = max((bar.top for bar in bars), default=0) // _ROW_PX + 1
    return Lane(kind, title, bars, rows * _ROW_PX, sum(_kind(hit) == kind for hit in hits))


def _bars(hits: Sequence[Hit], scale: _Scale) -> Iterator[Bar]:
    """Stack what overlaps: each in the first row in which the ones before, numbers included, have ended."""
    free = [Fraction(0)] * ROWS
    for hit in hits:
        begin, end = scale.share(hit.segment.first), scale.share(hit.segment.after)
        inside = end - begin >= _LABEL_SHARE
        row = next((at for at, until in enumerate(free) if until <= begin), ROWS)
        crowded = row == ROWS
        row = min(row, ROWS - 1)
        # At the end of the strip a number has no room behind its bar.
        labelled = not crowded and (inside or end <= 1 - _LABEL_SHARE)
        free[row] = max(free[row], end if inside or not labelled else end + _LABEL_SHARE)
        label_x = (begin + end) / 2 if inside else end
        top = row * _ROW_PX + (_ROW_PX - _BAR_PX) // 2
        yield Bar(hit, _percentage(begin), _percentage(end - begin), top, _percentage(label_x) if labelled else "", inside)


def _ticks(look: FilmLook | None, scale: _Scale) -> tuple[Tick, ...]:
    step = next((each for each in _STEPS_SECONDS if scale.length / each <= TICKS), int(scale.length / TICKS) + 1)
    film = look.description if look else None
    if film and timecode_at(film, scale.start):
        places = list(whole_timecodes(film, step, scale.length))
    elif film and film.first_frame is not None:
        # Nobody knows how long a frame stands: only they themselves can be told.
        places = list(_whole_frames(film, scale))
    else:
        places = [(scale.start + at, _clock(Fraction(at))) for at in range(0, int(scale.length) + 1, step)]
    every = -(-len(places) // _NARROW_TICKS)
    return tuple(_tick(scale.share(seconds), label, at % every == 0) for at, (seconds, label) in enumerate(places))


def _whole_frames(film: MovingPicture, scale: _Scale) -> Iterator[tuple[Fraction, str]]:
    """Places of round frame numbers: seconds, and the number."""
    first, count = film.first_frame or 0, round(scale.length / film.time_base)
    step = next((each for each in _STEPS_FRAMES if count <= each * TICKS), count // TICKS + 1)
    for number in range(-(-first // step) * step, first + count, step):
        yield scale.start + (number - first) * film.time_base, str(number)


def _tick(share: Fraction, label: str, is_major: bool) -> Tick:
    anchor = "start" if share < 1 - _ENDS else "end" if share > _ENDS else "middle"
    return Tick(_percentage(share), label, anchor, is_major)


def _part(begin: Fraction, end: Fraction) -> Part:
    return Part(_percentage(begin), _percentage(end - begin))


def _kind(hit: Hit) -> str:
    return "copy" if isinstance(hit.found, NearCopy) else _ROLES[hit.found.reference.role]


def _span(look: FilmLook | None, begin: Fraction, end: Fraction) -> str:
    film = look.description if look else None
    times = (timecode_at(film, begin), timecode_at(film, end)) if film else ("", "")
    if film and film.first_frame is not None:
        frames = f"frames {frame_number_at(film, begin)}–{frame_number_at(film, end - film.time_base)}"
        return f"{frames}, {'–'.join(times)}, {_length(end - begin)}" if all(times) else frames
    return f"{'–'.join(times) if all(times) else f'{_clock(begin)}–{_clock(end)}'}, {_length(end - begin)}"


def _more(look: FilmLook) -> str:
    left = len(look.unseen) - ROWS
    return f" and {counted(left, 'more part')}" if left > 0 else ""


def _length(seconds: Fraction) -> str:
    minutes, second = divmod(round(seconds), 60)
    if seconds < 60:
        return f"{float(seconds):.1f} s"
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {second} s"


def _clock(seconds: Fraction) -> str:
    """Whole seconds as a clock shows them: ``1:02:03``, ``2:03``."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def _percentage(share: Fraction) -> str:
    return f"{float(share) * 100:.4f}%"
