"""Where in the programme an asset is on screen, as far as a report knows: by the cut, and by what was seen in films."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from scanner.model.in_cut import InCut, OnScreenInCut
from scanner.model.matching import Match, NearCopy, Role
from scanner.model.recorded import RecordedAsset, RecordedScan
from scanner.model.relation_words import stretch, verb
from scanner.model.seen import found_segments, times_in_cut
from scanner.report.cuesheet.rows import is_ai_itself
from scanner.report.sentences import counted

TIMES = 12
"""Stretches told of one asset in one place; scan.json has all."""
PLACES = 20
"""Cuts, films or references told of one asset."""
_ROLES = {Role.AI: "AI reference", Role.RESTRICTED: "restricted reference"}


@dataclass(frozen=True, slots=True)
class OnScreen:
    """What is known of one asset; every line is whole."""

    programme: tuple[str, ...]
    """Stretches of cuts: ``reel1.edl: 01:00:10:00–01:00:14:00``."""
    films: tuple[str, ...]
    """Films of the delivery that show it, in each film's own timecode; of a film, what it shows."""
    unknown: str
    """Why no programme timecode is told; empty where one is."""

    @property
    def is_known(self) -> bool:
        """Whether it is known to be on screen anywhere."""
        return bool(self.programme or self.films)


def locating(scan: RecordedScan, place: Callable[[int, str], str]) -> Callable[[RecordedAsset], OnScreen]:
    """Return what tells of any asset of `scan` where it is on screen.

    Args:
        scan: the report.
        place: root and path of an asset as people find it.
    """
    showing = _films_showing(scan, place)

    def locate(asset: RecordedAsset) -> OnScreen:
        programme = tuple(_in_cuts(scan, asset))
        films = (*_shown_in(showing, asset), *_shows(asset, place))
        return OnScreen(programme, films[:PLACES] + _left(len(films) - PLACES), _unknown(scan, asset, programme))

    return locate


def _films_showing(scan: RecordedScan, place: Callable[[int, str], str]) -> dict[tuple[int, str], list[tuple[str, NearCopy]]]:
    """For each asset that is on screen in films, the films and when."""
    showing: defaultdict[tuple[int, str], list[tuple[str, NearCopy]]] = defaultdict(list)
    for film in scan.assets:
        for copy in film.near_copies:
            if copy.segments:
                showing[copy.root, copy.path].append((place(film.root, film.path), copy))
    return dict(showing)


def _in_cuts(scan: RecordedScan, asset: RecordedAsset) -> Iterator[str]:
    for number, stamp in enumerate(scan.cuts):
        seen = [one for one in _times(asset) if one.cut == number]
        played = [one for one in seen if one.enabled]
        if played:
            yield f"{stamp.file}: {_programme_times(played)}"
        elif seen:
            yield f"{stamp.file}: in the timeline, but switched off ({_programme_times(seen)})"


def _times(asset: RecordedAsset) -> Sequence[InCut | OnScreenInCut]:
    """When the programme shows it; a film that is told of for what it shows, when it shows that."""
    segments = () if is_ai_itself(asset) else found_segments(asset)
    return times_in_cut(segments) if segments else asset.in_cut


def _programme_times(seen: Sequence[InCut | OnScreenInCut]) -> str:
    # Of several files that one event fits as well, nobody knows which is meant.
    if all(one.among > 1 for one in seen):
        return f"perhaps {_stretches(seen, frozenset())}"
    sure = frozenset((one.tc_in, one.tc_out) for one in seen if one.among <= 1)
    return _stretches(seen, frozenset((one.tc_in, one.tc_out) for one in seen) - sure)


def _stretches(seen: Sequence[InCut | OnScreenInCut], doubtful: frozenset[tuple[str, str]]) -> str:
    times = dict.fromkeys(
        f"{'perhaps ' if (one.tc_in, one.tc_out) in doubtful else ''}{_about(one)}{one.tc_in}–{one.tc_out}"
        for one in seen
        if one.tc_in
    )
    return _bounded(list(times)) or "at a time that the list does not say"


def _about(one: InCut | OnScreenInCut) -> str:
    return "" if isinstance(one, InCut) or one.exact else "about "


def _shown_in(showing: dict[tuple[int, str], list[tuple[str, NearCopy]]], asset: RecordedAsset) -> Iterator[str]:
    for film, copy in showing.get((asset.root, asset.path), ()):
        yield f"shown in {film}: {_film_times(copy)}"


def _shows(asset: RecordedAsset, place: Callable[[int, str], str]) -> Iterator[str]:
    every: tuple[Match | NearCopy, ...] = (*asset.matches, *asset.near_copies)
    found = [one for one in every if one.segments]
    for one in sorted(found, key=lambda each: each.segments[0].first):
        if isinstance(one, NearCopy):
            yield f"{verb(one)} {place(one.root, one.path)}: {_film_times(one)}"
        elif one.reference.role in (Role.AI, Role.RESTRICTED):
            yield f"{verb(one)} the {_ROLES[one.reference.role]} {one.reference.name}: {_film_times(one)}"


def _film_times(found: Match | NearCopy) -> str:
    return _bounded([stretch(segment) for segment in found.segments])


def _bounded(times: list[str]) -> str:
    left = len(times) - TIMES
    return ", ".join(times[:TIMES]) + (f" and {counted(left, 'more time')}" if left > 0 else "")


def _left(count: int) -> tuple[str, ...]:
    return (f"and {counted(count, 'more', 'more')} in scan.json",) if count > 0 else ()


def _unknown(scan: RecordedScan, asset: RecordedAsset, programme: tuple[str, ...]) -> str:
    if not scan.cuts:
        return "no cut was given to the scan"
    if asset.in_cut and not programme:
        return "in the cut, but not with what was found in it"
    return "" if programme else f"not located in {'the cut' if len(scan.cuts) == 1 else 'any of the cuts'}"
