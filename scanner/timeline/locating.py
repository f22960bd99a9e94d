"""Which assets of a delivery an event of a cut shows: by path, name or tape, never by a guess that is not told.

Names are compared without regard to upper and lower case, because editing programs change it, and composed (NFC), because
systems decompose letters. A cut names media as they lay on another machine, so that paths are compared from their end.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scanner.model.cut import Cut, Event, Source, TrackKind
from scanner.model.in_cut import APPEARANCES_LIMIT, MISSING_LIMIT, InCut, MatchedBy, MissingMedia
from scanner.model.timecode import format_timecode

_FEWEST_COMMON = 2
"""Components that two paths must have in common for more than the name to agree."""
_COUNTER = re.compile(r"[\[({]?(?:\d+-\d+#*|%0?\d*d|#+|@+|\$F\d*|\d+)[\])}]?(?=(?:\.[^.]*)?$)")
"""The frame number of a sequence's file, or what stands for it, before the ending."""
_NO_TAPE = frozenset({"", "ax", "aux", "bl", "black", "none", "unknown", "gen"})
"""What lists write in the tape's place where there is none."""


@dataclass(frozen=True, slots=True)
class Media:
    """One asset as a cut may name it."""

    index: int
    """Whoever asks knows it by this number."""
    path: str
    """With forward slashes; of a sequence as `Asset.path`."""
    kinds: frozenset[TrackKind]
    """Tracks on which it can stand."""
    is_sequence: bool = False


@dataclass(frozen=True, slots=True)
class Located:
    """What became of a cut's events."""

    appearances: dict[int, tuple[InCut, ...]]
    """By `Media.index`, at most `APPEARANCES_LIMIT` each."""
    cut_short: int
    """Media that stand in the cut more often than told."""
    events: int
    """Those whose source is among the media."""
    missing: tuple[MissingMedia, ...]
    missing_total: int


def locate(cut: Cut, media: Sequence[Media], number: int = 0) -> Located:
    """Look for each event's source among the media.

    Args:
        cut: any.
        media: of the delivery.
        number: of the cut, for `InCut.cut`.
    """
    names = _Names(media)
    appearances: defaultdict[int, list[InCut]] = defaultdict(list)
    cut_short: set[int] = set()
    missing: dict[str, _Missing] = {}
    events = 0
    for event in cut.events:
        found, by = names.find(event)
        events += bool(found)
        if not found and (name := _called(event.source)):
            missing.setdefault(_plain(name), _Missing(name, event)).events += 1
        for index in found:
            if len(appearances[index]) < APPEARANCES_LIMIT:
                appearances[index].append(_in_cut(cut, number, event, by, len(found)))
            else:
                cut_short.add(index)
    told = tuple(_missing(cut, one) for one in list(missing.values())[:MISSING_LIMIT])
    return Located({index: tuple(some) for index, some in appearances.items()}, len(cut_short), events, told, len(missing))


@dataclass(slots=True)
class _Missing:
    name: str
    first: Event
    events: int = 0


class _Names:
    """Media by everything that a cut may call them."""

    def __init__(self, media: Iterable[Media]) -> None:
        self._by_name: defaultdict[str, list[Media]] = defaultdict(list)
        self._by_stem: defaultdict[str, list[Media]] = defaultdict(list)
        self._sequences: defaultdict[str, list[Media]] = defaultdict(list)
        self._known: dict[tuple[TrackKind, Source], tuple[tuple[int, ...], MatchedBy]] = {}
        for one in media:
            name = _plain(one.path.rpartition("/")[2])
            if one.is_sequence:
                self._sequences[_uncounted(name)].append(one)
            else:
                self._by_name[name].append(one)
                self._by_stem[_stem(name)].append(one)

    def find(self, event: Event) -> tuple[tuple[int, ...], MatchedBy]:
        """Return the media that an event's source may be, and by what; the surest way that finds any is the only one told."""
        # Where in its source an event lies changes nothing; lists repeat sources thousands of times.
        key = event.kind, Source(event.source.name, event.source.file, event.source.tape)
        if key not in self._known:
            self._known[key] = self._found(*key)
        return self._known[key]

    def _found(self, kind: TrackKind, source: Source) -> tuple[tuple[int, ...], MatchedBy]:
        path = [_plain(part) for part in source.file.replace("\\", "/").split("/") if part]
        file, clip, tape = (path[-1] if path else ""), _plain(source.name), _plain(source.tape)
        by_file = self._named(file)
        ways: list[tuple[list[Media], MatchedBy]] = [
            (_nearest(by_file, path), MatchedBy.PATH),
            (by_file, MatchedBy.NAME),
            (self._named(clip), MatchedBy.NAME),
            (self._by_stem.get(_stem(file), []) if file else [], MatchedBy.STEM),
            (self._by_stem.get(_stem(clip), []) if clip else [], MatchedBy.STEM),
            (self._taped(tape), MatchedBy.TAPE),
        ]
        for media, by in ways:
            if fitting := tuple(one.index for one in media if kind in one.kinds):
                return fitting, by
        return (), MatchedBy.NAME

    def _named(self, name: str) -> list[Media]:
        if not name:
            return []
        return self._by_name.get(name) or self._sequences.get(_uncounted(name), [])

    def _taped(self, tape: str) -> list[Media]:
        if tape in _NO_TAPE:
            return []
        return self._by_name.get(tape) or self._by_stem.get(tape, [])


def _nearest(media: Sequence[Media], path: Sequence[str]) -> list[Media]:
    """Those whose path agrees with most of the given one from its end, if more than the name does."""
    common = [_common(one, path) for one in media]
    most = max(common, default=0)
    return [one for one, count in zip(media, common, strict=True) if count == most >= _FEWEST_COMMON]


def _common(media: Media, path: Sequence[str]) -> int:
    own = [_plain(part) for part in media.path.split("/")]
    # The names are known to agree: of a sequence they differ by the frame number.
    count = 1
    for mine, theirs in zip(own[-2::-1], path[-2::-1], strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _in_cut(cut: Cut, number: int, event: Event, by: MatchedBy, among: int) -> InCut:
    tc_in, tc_out = _timecodes(cut, event)
    return InCut(number, event.kind, event.track, event.programme, tc_in, tc_out, by, among, event.place, event.enabled)


def _missing(cut: Cut, one: _Missing) -> MissingMedia:
    return MissingMedia(one.name, one.events, *_timecodes(cut, one.first), one.first.place)


def _timecodes(cut: Cut, event: Event) -> tuple[str, str]:
    if event.programme is None:
        return "", ""
    return format_timecode(event.programme.start, cut.rate), format_timecode(event.programme.end, cut.rate)


def _called(source: Source) -> str:
    """What a person would look for; empty where the event shows no media: black, bars, a title."""
    file = source.file.replace("\\", "/").rstrip("/").rpartition("/")[2]
    tape = "" if _plain(source.tape) in _NO_TAPE else source.tape
    return file or source.name or tape


def _uncounted(name: str) -> str:
    return _COUNTER.sub("#", name, count=1)


def _stem(name: str) -> str:
    stem, dot, _ = name.rpartition(".")
    return stem if dot and stem else name


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip()).casefold()
