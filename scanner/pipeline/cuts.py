"""Where the assets of a delivery stand in the cuts that a scan is given; asked once all is judged."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import compress, islice

from scanner.model.cut import Cut, Event, FrameRange, Source
from scanner.model.film_time import start_of
from scanner.model.in_cut import APPEARANCES_LIMIT, MISSING_LIMIT, CutStamp, InCut, MissingMedia
from scanner.model.placement import Medium, Placement
from scanner.model.scan import AssetRecord
from scanner.model.timecode import Rate, format_timecode
from scanner.pipeline.cut_reading import LoadedCut
from scanner.pipeline.gather import Gathered
from scanner.timeline.locating import locate, sources_of

_NO_TAPE = frozenset({"", "ax", "aux", "bl", "black", "gen"})
"""What lists write in a tape's place where there is none."""
_SHORT = "{} assets stand in it more than {} times: the report tells the first ones"


Placed = tuple[tuple[AssetRecord, ...], tuple[CutStamp, ...]]


def place_in_cuts(cuts: Sequence[LoadedCut], records: Sequence[AssetRecord], gathered: Sequence[Gathered]) -> Placed:
    """Return the records with where each stands in the cuts, and what the cuts say beside.

    Args:
        cuts: the cuts.
        records: the assets.
        gathered: what was read of each of them.
    """
    media = [_medium(one) for one in gathered] if cuts else []
    found: defaultdict[int, list[InCut]] = defaultdict(list)
    stamps = []
    for number, loaded in enumerate(cuts):
        placements = locate(media, loaded.cut)
        appearances = _appearances(loaded.cut, number, placements.placed)
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
    placed = (replace(one, in_cut=tuple(found[index])) if index in found else one for index, one in enumerate(records))
    return tuple(placed), tuple(stamps)


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
