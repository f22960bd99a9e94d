"""Where the assets of a delivery stand in the cuts that a scan is given; asked once all is judged."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import compress, islice

from scanner.model.cut import Cut, Event, FrameRange, Source, TrackKind
from scanner.model.film_time import start_of
from scanner.model.formats import MediaKind
from scanner.model.in_cut import APPEARANCES_LIMIT, MISSING_LIMIT, CutStamp, InCut, MissingMedia
from scanner.model.matching import Match, NearCopy
from scanner.model.placement import Medium, Placement, Placements, RecognisedBy
from scanner.model.scan import AssetRecord
from scanner.model.text import escape_path
from scanner.model.timecode import Rate, format_timecode
from scanner.pipeline.cut_reading import LoadedCut
from scanner.pipeline.gather import Gathered
from scanner.pipeline.on_screen import FilmClock, Showing, clock_of, is_programme, span_of
from scanner.timeline.locating import locate, sources_of

_NO_TAPE = frozenset({"", "ax", "aux", "bl", "black", "gen"})
"""What lists write in a tape's place where there is none."""
_SHORT = "{} assets stand in it more than {} times: the report tells the first ones"


Placed = tuple[Sequence[AssetRecord], tuple[CutStamp, ...]]


def place_in_cuts(cuts: Sequence[LoadedCut], records: Sequence[AssetRecord], gathered: Sequence[Gathered]) -> Placed:
    """Return the records with where each stands in the cuts, and what the cuts say beside.

    Args:
        cuts: the cuts.
        records: the assets.
        gathered: what was read of each of them.
    """
    if not cuts:
        return records, ()
    told = list(records)
    media = [_medium(one) for one in gathered]
    clocks = _clocks(records, gathered, media)
    found: defaultdict[int, list[InCut]] = defaultdict(list)
    stamps = []
    for number, loaded in enumerate(cuts):
        placements = locate(media, loaded.cut)
        appearances = _appearances(loaded.cut, number, placements.placed)
        for index, programme in _programmes(loaded.cut, number, media, records, placements):
            appearances[index] = [programme]
        shown = _grouped(placements.placed, clocks)
        for index, clock in clocks.items():
            whole = any(one.by is RecognisedBy.PROGRAMME for one in appearances.get(index, ()))
            told[index] = Showing(clock, loaded.cut, number, shown.get(index, ()), whole).with_times(told[index])
        for index, seen in appearances.items():
            found[index] += seen[:APPEARANCES_LIMIT]
        short = sum(len(seen) > APPEARANCES_LIMIT for seen in appearances.values())
        missing, missing_total = _missing(loaded.cut, placements.missing)
        stamps.append(
            CutStamp(
                file=os.path.basename(loaded.cut.file.rstrip("/")),
                sha256=loaded.sha256,
                format=loaded.cut.format,
                title=loaded.cut.title,
                rate=loaded.cut.rate,
                events=len(loaded.cut.events),
                located=len(loaded.cut.events) - len(placements.missing),
                missing=missing,
                missing_total=missing_total,
                notes=(*loaded.cut.notes, *((_SHORT.format(short, APPEARANCES_LIMIT),) if short else ())),
            )
        )
    in_films = _in_films(told, clocks)
    placed = (
        replace(one, in_cut=_with_films(found.get(index, ()), in_films.get((one.root, one.path), ())))
        for index, one in enumerate(told)
    )
    return tuple(placed), tuple(stamps)


def _with_films(named: Sequence[InCut], in_films: Sequence[InCut]) -> tuple[InCut, ...]:
    """Where an asset stands by its names, and where only films tell of it: the export of a cut shows what the cut names, too."""
    others = (one for one in in_films if not any(_overlap(one, other) for other in named))
    return tuple(sorted((*named, *others), key=lambda one: one.cut))


def _overlap(one: InCut, other: InCut) -> bool:
    if one.cut != other.cut or one.programme is None or other.programme is None or not other.enabled:
        return False
    return one.programme.start < other.programme.end and other.programme.start < one.programme.end


def _clocks(records: Sequence[AssetRecord], gathered: Sequence[Gathered], media: Sequence[Medium]) -> dict[int, FilmClock | None]:
    """The films in which something was found, by their index."""
    clocks: dict[int, FilmClock | None] = {}
    for index, (record, one) in enumerate(zip(records, gathered, strict=True)):
        found: tuple[Match | NearCopy, ...] = (*record.matches, *record.near_copies)
        film = one.film.description if one.film and any(each.segments for each in found) else None
        if film is not None:
            clocks[index] = clock_of(film, media[index])
    return clocks


def _programmes(
    cut: Cut, number: int, media: Sequence[Medium], records: Sequence[AssetRecord], placements: Placements
) -> Iterator[tuple[int, InCut]]:
    """Films that the cut does not show as its sources, and that are the programme by their own timecode."""
    candidates = [at for at in placements.not_in_cut if media[at].timecode and records[at].format.kind is MediaKind.VIDEO]
    span = span_of(cut) if candidates else None
    for at in candidates:
        film = media[at].timecode
        if film is not None and span is not None and is_programme(media[at], span, cut.rate):
            times = format_timecode(film.start, cut.rate), format_timecode(film.end, cut.rate)
            yield at, InCut(number, TrackKind.VIDEO, "", film, *times, RecognisedBy.PROGRAMME)


def _grouped(placed: Iterable[Placement], wanted: Container[int]) -> dict[int, list[Placement]]:
    found: defaultdict[int, list[Placement]] = defaultdict(list)
    for one in placed:
        if one.medium in wanted and len(found[one.medium]) < APPEARANCES_LIMIT:
            found[one.medium].append(one)
    return found


def _in_films(records: Sequence[AssetRecord], films: Iterable[int]) -> dict[tuple[int, str], list[InCut]]:
    """Where the programme shows assets that were found in its films, by root and path of each."""
    found: defaultdict[tuple[int, str], dict[InCut, None]] = defaultdict(dict)
    for index in films:
        for copy in records[index].near_copies:
            for one in (time for segment in copy.segments for time in segment.in_cut):
                seen = InCut(
                    cut=one.cut,
                    kind=TrackKind.VIDEO,
                    track=one.track,
                    programme=one.programme,
                    tc_in=one.tc_in,
                    tc_out=one.tc_out,
                    by=RecognisedBy.FILM,
                    among=one.among,
                    place=escape_path(records[index].path)[0],
                    enabled=one.enabled,
                )
                found[copy.root, copy.path][seen] = None
    return {key: list(seen)[:APPEARANCES_LIMIT] for key, seen in found.items()}


def _medium(one: Gathered) -> Medium:
    """An asset by all that a cut can know it by; a film's timecode by what decodes it, where nothing else reads it."""
    identity, film = one.first.identity, one.film.description if one.film else None
    timecode, rate = identity.timecode, identity.rate
    if timecode is None and film is not None and film.duration and (began := start_of(film)):
        start, rate = began
        timecode = FrameRange(start, start + rate.nearest_frame(film.duration))
    return Medium(one.asset.path, identity.uuids, identity.tape, timecode, rate)


def _appearances(cut: Cut, number: int, placed: Iterable[Placement]) -> dict[int, list[InCut]]:
    """Where each medium stands, one more than is told at most."""
    found: defaultdict[int, list[InCut]] = defaultdict(list)
    for one in placed:
        event = cut.events[one.event]
        if len(found[one.medium]) <= APPEARANCES_LIMIT:
            tc_in, tc_out = _timecodes(event, cut.rate)
            found[one.medium].append(
                InCut(
                    cut=number,
                    kind=event.kind,
                    track=event.track,
                    programme=event.programme,
                    tc_in=tc_in,
                    tc_out=tc_out,
                    by=one.recognised_by,
                    among=one.rivals + 1,
                    place=event.place,
                    enabled=event.enabled,
                )
            )
    return found


def _missing(cut: Cut, events: Iterable[int]) -> tuple[tuple[MissingMedia, ...], int]:
    """What these events show, each source once, with its first time: the first ones, and how many there are.

    Black, bars and the like have no name and are left out.
    """
    firsts: dict[str, int] = {}
    counts: Counter[str] = Counter()
    wanted = bytearray(len(cut.events))
    for at in events:
        wanted[at] = True
    for at, source in compress(enumerate(sources_of(cut)), wanted):
        if name := _called(source):
            key = unicodedata.normalize("NFC", name).casefold()
            firsts.setdefault(key, at)
            counts[key] += 1
    told = ((counts[key], cut.events[at]) for key, at in islice(firsts.items(), MISSING_LIMIT))
    return tuple(MissingMedia(_called(one.source), count, *_timecodes(one, cut.rate), one.place) for count, one in told), len(
        firsts
    )


def _called(source: Source) -> str:
    """What a person would look for; empty where the event shows no media."""
    file = source.file.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return file or source.name or ("" if source.tape.strip().casefold() in _NO_TAPE else source.tape)


def _timecodes(event: Event, rate: Rate) -> tuple[str, str]:
    if event.programme is None:
        return "", ""
    return format_timecode(event.programme.start, rate), format_timecode(event.programme.end, rate)
