"""Where the assets of a delivery stand in the cuts that a scan is given; asked once all is judged."""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from scanner.model.cut import Cut, Event, Source
from scanner.model.in_cut import APPEARANCES_LIMIT, MISSING_LIMIT, CutStamp, InCut, MissingMedia
from scanner.model.placement import Medium, Placement
from scanner.model.scan import AssetRecord
from scanner.model.timecode import Rate, format_timecode
from scanner.pipeline.cut_reading import LoadedCut
from scanner.timeline.locating import locate

_NO_TAPE = frozenset({"", "ax", "aux", "bl", "black", "gen"})
"""What lists write in a tape's place where there is none."""
_SHORT = "{} assets stand in it more than {} times: the report tells the first ones"


Placed = tuple[tuple[AssetRecord, ...], tuple[CutStamp, ...]]


def place_in_cuts(cuts: Sequence[LoadedCut], records: Sequence[AssetRecord]) -> Placed:
    """Return the records with where each stands in the cuts, and what the cuts say beside."""
    media = [Medium(record.path) for record in records]
    found: defaultdict[int, list[InCut]] = defaultdict(list)
    stamps = []
    for number, loaded in enumerate(cuts):
        placements = locate(media, loaded.cut)
        appearances = _appearances(loaded.cut, number, placements.placed)
        for index, seen in appearances.items():
            found[index] += seen[:APPEARANCES_LIMIT]
        short = sum(len(seen) > APPEARANCES_LIMIT for seen in appearances.values())
        missing = _missing(loaded.cut, (loaded.cut.events[at] for at in placements.missing))
        stamps.append(
            CutStamp(
                file=os.path.basename(loaded.cut.file.rstrip("/")),
                sha256=loaded.sha256,
                format=loaded.cut.format,
                title=loaded.cut.title,
                rate=loaded.cut.rate,
                events=len(loaded.cut.events),
                located=len(loaded.cut.events) - len(placements.missing),
                missing=missing[:MISSING_LIMIT],
                missing_total=len(missing),
                notes=(*loaded.cut.notes, *((_SHORT.format(short, APPEARANCES_LIMIT),) if short else ())),
            )
        )
    placed = (replace(one, in_cut=tuple(found[index])) if index in found else one for index, one in enumerate(records))
    return tuple(placed), tuple(stamps)


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


def _missing(cut: Cut, events: Iterable[Event]) -> tuple[MissingMedia, ...]:
    """What these events show, each source once, with its first time; black, bars and the like have no name and are left out."""
    found: dict[str, MissingMedia] = {}
    for event in events:
        if name := _called(event.source):
            key = unicodedata.normalize("NFC", name).casefold()
            known = found.get(key) or MissingMedia(name, 0, *_timecodes(event, cut.rate), event.place)
            found[key] = replace(known, events=known.events + 1)
    return tuple(found.values())


def _called(source: Source) -> str:
    """What a person would look for; empty where the event shows no media."""
    file = source.file.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return file or source.name or ("" if source.tape.strip().casefold() in _NO_TAPE else source.tape)


def _timecodes(event: Event, rate: Rate) -> tuple[str, str]:
    if event.programme is None:
        return "", ""
    return format_timecode(event.programme.start, rate), format_timecode(event.programme.end, rate)
