"""What reports say of the cuts that a scan was given: where an asset stands, what is flagged and in the cut, what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.model.in_cut import InCut, OnScreenInCut
from scanner.model.placement import RecognisedBy
from scanner.model.scan import AssetRecord, Scan
from scanner.model.seen import found_segments, times_in_cut
from scanner.model.text import bounded
from scanner.report.ordered import tally_of
from scanner.report.sentences import counted, number

_LONGEST_NAME = 40
_BY = {
    RecognisedBy.UUID: "by UUID",
    RecognisedBy.PATH: "by path",
    RecognisedBy.TAPE: "by tape and timecode",
    RecognisedBy.NAME: "by name",
    RecognisedBy.PROGRAMME: "as the programme, by its own timecode",
    RecognisedBy.FILM: "by a film that shows it",
}
_HOW = (
    "Events of a cut were matched to assets by UMID or UUID, path, tape and timecode, or name: an asset that stands in the cut "
    "by none of these, or inside another clip, is not located."
)


def standing(scan: Scan, record: AssetRecord, most: int = 2) -> str:
    """Return where an asset stands in the cuts, its first `most` stretches; empty for a scan without cuts."""
    if not scan.cuts or not record.is_media:
        return ""
    if record.in_cut and (of_film := _standing_of_film(record, most)):
        return of_film
    if not record.in_cut:
        return "not located in the cut" if len(scan.cuts) == 1 else "not located in any of the cuts"
    shown = [one for one in record.in_cut if one.enabled] or record.in_cut
    times = list(dict.fromkeys(f"{one.tc_in}–{one.tc_out}" for one in shown if one.tc_in))
    off = "" if any(one.enabled for one in record.in_cut) else "switched off "
    doubt = "perhaps " if all(one.among > 1 for one in shown) else ""
    if not times:
        return f"{doubt}{off}in the cut, at a time that the list does not say"
    return f"{doubt}{off}in the cut at {_first(times, most)}"


def found_times(record: AssetRecord) -> list[str]:
    """Return when the programme shows what was found in a film, a time each; empty for what is no such film."""
    return [_time(one) + ("" if one.enabled else ", switched off") for one in times_in_cut(found_segments(record))]


def _standing_of_film(record: AssetRecord, most: int) -> str:
    """Where a film is in doubt for what it shows, not for what it is: when the programme shows that. Empty for other assets."""
    segments = () if record.provenance.is_generative else found_segments(record)
    if not segments:
        return ""
    shown = [one for one in times_in_cut(segments) if one.enabled]
    if not shown:
        return "in the cut, but not with what was found in it"
    doubt = "perhaps " if all(one.among > 1 for one in shown) else ""
    return f"{doubt}in the cut at {_first(list(dict.fromkeys(map(_time, shown))), most)}"


def _time(one: OnScreenInCut) -> str:
    return f"{'' if one.exact else 'about '}{one.tc_in}–{one.tc_out}"


def _first(times: Sequence[str], most: int) -> str:
    left = len(times) - most
    return ", ".join(times[:most]) + (f" and {counted(left, 'more time')}" if left > 0 else "")


def stretch(one: InCut) -> str:
    """Return one stretch: ``01:00:10:00–01:00:14:00, track V1, by name``."""
    time = f"{one.tc_in}–{one.tc_out}" if one.tc_in else "a time that the list does not say"
    track = f"track {bounded(one.track, _LONGEST_NAME)}" if one.track else ""
    off = "" if one.enabled else "switched off"
    doubt = f"or another of {number(one.among)} of that name" if one.among > 1 else ""
    return ", ".join(part for part in (time, track, off, _BY[one.by], doubt) if part)


def cut_lines(scan: Scan) -> list[str]:
    """Return a line for each cut: how much of it was found here; then what of the flagged stands in it."""
    said = []
    for stamp in scan.cuts:
        told = f"{bounded(stamp.file, _LONGEST_NAME)}: {number(stamp.located)} of {counted(stamp.events, 'event')} located"
        absent = f"; {counted(stamp.missing_total, 'source')} not in this delivery" if stamp.missing_total else ""
        said.append(told + absent)
    totals = tally_of(scan).totals
    if scan.cuts and totals.flagged:
        outside = totals.flagged - totals.flagged_in_cut
        said.append(
            f"flagged {number(totals.flagged)}: {number(totals.flagged_in_cut)} in the cut, {number(outside)} not located in it"
        )
    return said


def how_located(scan: Scan) -> list[str]:
    """Return what a reader must know of how assets were located; empty for a scan without cuts."""
    notes: Sequence[str] = [f"{bounded(stamp.file, _LONGEST_NAME)}: {note}" for stamp in scan.cuts for note in stamp.notes]
    return [*cut_lines(scan), *notes, _HOW] if scan.cuts else []
