"""The cuts that a scan is given: read before anything else, so that mistakes show at once; asked once all is judged."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scanner.model.assets import Asset
from scanner.model.cut import Cut, TrackKind
from scanner.model.formats import MediaKind
from scanner.model.in_cut import APPEARANCES_LIMIT, CutStamp, InCut
from scanner.model.scan import AssetRecord
from scanner.pipeline.gather import Gathered
from scanner.pipeline.settings import ScanSettings
from scanner.timeline.locating import Media, locate
from scanner.timeline.reading import read_cuts
from scanner.tools.bounded import sha256_of

_KINDS = {
    MediaKind.STILL: frozenset({TrackKind.VIDEO}),
    MediaKind.DOCUMENT: frozenset({TrackKind.VIDEO}),
    MediaKind.AUDIO: frozenset({TrackKind.AUDIO}),
}
_EITHER = frozenset(TrackKind)


@dataclass(frozen=True, slots=True)
class LoadedCut:
    """One cut and the digest of the file that says it."""

    cut: Cut
    sha256: str


Placed = tuple[tuple[AssetRecord, ...], tuple[CutStamp, ...]]


def load_cuts(settings: ScanSettings) -> tuple[LoadedCut, ...]:
    """Read the cuts that the settings name, all timelines of each file.

    Raises:
        UsageError: one cannot be read, or not without its frame rate.
    """
    cuts = (cut for path in settings.cuts for cut in read_cuts(path, settings.frames_per_second))
    return tuple(LoadedCut(cut, sha256_of(cut.file)[0]) for cut in cuts)


def place_in_cuts(cuts: Sequence[LoadedCut], gathered: Sequence[Gathered], records: Sequence[AssetRecord]) -> Placed:
    """Return the records with where each stands in the cuts, and what the cuts say beside."""
    media = [_media(index, one.asset, one.first.format.kind) for index, one in enumerate(gathered)]
    found: defaultdict[int, list[InCut]] = defaultdict(list)
    stamps = []
    for number, loaded in enumerate(cuts):
        located = locate(loaded.cut, media, number)
        for index, appearances in located.appearances.items():
            found[index] += appearances
        short = (_SHORT.format(located.cut_short, APPEARANCES_LIMIT),) if located.cut_short else ()
        stamps.append(
            CutStamp(
                file=os.path.basename(loaded.cut.file.rstrip("/")),
                sha256=loaded.sha256,
                format=loaded.cut.format,
                title=loaded.cut.title,
                rate=loaded.cut.rate,
                events=len(loaded.cut.events),
                located=located.events,
                missing=located.missing,
                missing_total=located.missing_total,
                notes=(*loaded.cut.notes, *short),
            )
        )
    placed = (replace(one, in_cut=tuple(found[index])) if index in found else one for index, one in enumerate(records))
    return tuple(placed), tuple(stamps)


def _media(index: int, asset: Asset, kind: MediaKind) -> Media:
    return Media(index, asset.path, _KINDS.get(kind, _EITHER), asset.is_sequence)


_SHORT = "{} assets stand in it more than {} times: the report tells the first ones"
