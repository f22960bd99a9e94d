"""How each reading of one file went, for the report."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.model.formats import Probe
from scanner.model.readings import Failed, Found, NotFound, NotTried, Outcome, ReadingSummary
from scanner.pipeline.decoding import DecodedPicture
from scanner.pipeline.outcomes import Outcomes

_TOLD_WARNINGS = ("c2pa", "residue")
"""Readers whose first warning is told with what they did not find; ExifTool's warnings are mostly of maker notes."""


def summaries_of(probed: Probe, read: Outcomes, picture: DecodedPicture) -> Iterator[ReadingSummary]:
    """Sum up the readings of one file, in the order in which reports list them."""
    # What the decoder finds broken is damage of the file too, though its container is whole.
    if damage := probed.damage or picture.broken:
        yield ReadingSummary("probe", "failed", damage)
    yield summary_of("exiftool", read.metadata)
    yield summary_of("c2pa", read.credentials)
    yield summary_of("residue", read.residue)
    if read.watermark is not None:
        yield summary_of("watermark", read.watermark)
    if picture.broken:
        yield ReadingSummary("picture", "failed", picture.broken)
    elif picture.fingerprint:
        yield ReadingSummary("picture", "found")
    elif picture.note:
        yield ReadingSummary("picture", "not-tried", picture.note)


def summary_of(reader: str, outcome: Outcome) -> ReadingSummary:
    """Sum up what one reader brought."""
    match outcome:
        case Found(note=note):
            return ReadingSummary(reader, "found", note or None)
        case NotFound(warnings=warnings, note=note):
            told = warnings[0] if reader in _TOLD_WARNINGS and warnings else None
            return ReadingSummary(reader, "not-found", note or told)
        case Failed(why=why):
            return ReadingSummary(reader, "failed", why)
        case NotTried(why=why):
            return ReadingSummary(reader, "not-tried", why)
