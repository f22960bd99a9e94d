"""Findings as markers in an editing program's timeline: EDL, OTIO, Avid's marker text, CSV.

One marker a finding and stretch of the programme. Foreign text is one line of it, without what a format takes for its own
signs. That the formats are as the programs write them was tested with OpenTimelineIO and by their published samples, not in
the programs themselves.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scanner.model.cut import FrameRange, TrackKind
from scanner.model.in_cut import CutStamp, InCut, OnScreenInCut
from scanner.model.judging import Finding, Severity, Verdict
from scanner.model.matching import Role
from scanner.model.recorded import RecordedAsset, RecordedScan
from scanner.model.seen import found_segments, times_in_cut
from scanner.model.text import bounded, shown
from scanner.model.timecode import Rate, format_timecode
from scanner.report.cells import cell

TEXT_LIMIT = 250
"""Characters of a marker's text; editing programs show a line or two."""
_SHOWN_BY_FILMS: dict[str, frozenset[Role]] = {
    "ai-reference-match": frozenset({Role.AI}),
    "restricted-reference-match": frozenset({Role.RESTRICTED}),
    "ai-marks-lost": frozenset(),
}
"""Rules that speak of what a film shows, and the roles of the references that they mean; none means assets of the delivery."""
_COLOURS = {Severity.HIGH: "Red", Severity.MEDIUM: "Yellow", Severity.INFO: "Blue"}


@dataclass(frozen=True, slots=True)
class Marker:
    """One marker."""

    frames: FrameRange
    """Of the programme; never empty."""
    track: str
    kind: TrackKind
    severity: Severity
    name: str
    """Short: verdict and rule."""
    text: str
    """What was found, and in which asset."""


@dataclass(frozen=True, slots=True)
class Marked:
    """The markers of one cut, by time."""

    title: str
    rate: Rate
    markers: tuple[Marker, ...]


def marked(scan: RecordedScan, number: int) -> Marked:
    """Return the markers of a cut of a report, for what blocks, waits for a decision or was not read.

    Args:
        scan: a report.
        number: of the cut in it.
    """
    stamp = scan.cuts[number]
    found = [
        _marker(asset, finding, one, one.programme)
        for asset in scan.assets
        for finding in asset.findings
        if finding.severity is not Severity.INFO and not finding.allowed_by
        for one in _times(asset, finding)
        if one.cut == number and one.enabled and one.programme
    ]
    found.sort(key=lambda marker: (marker.frames.start, marker.frames.end, marker.severity, marker.text, marker.track))
    return Marked(_title(stamp), stamp.rate, tuple(found))


def _times(asset: RecordedAsset, finding: Finding) -> Sequence[InCut | OnScreenInCut]:
    """Where the programme shows what a finding is about: a stretch of a film, or all of the asset."""
    roles = _SHOWN_BY_FILMS.get(finding.rule)
    segments = () if roles is None else found_segments(asset, roles, copies=not roles)
    return times_in_cut(segments) if segments else asset.in_cut


def to_edl(told: Marked) -> str:
    """Return an EDL as DaVinci Resolve takes markers from, with Avid's locators beside: an event of a frame each."""
    lines = [f"TITLE: {told.title}", f"FCM: {'' if told.rate.drop_frame else 'NON-'}DROP FRAME", ""]
    for number, marker in enumerate(told.markers, 1):
        start, after = (format_timecode(frame, told.rate) for frame in (marker.frames.start, marker.frames.start + 1))
        colour, text = _COLOURS[marker.severity], _note(marker.text)
        lines += [
            f"{number:03}  001      V     C        {start} {after} {start} {after}",
            f"{text} |C:ResolveColor{colour} |M:{_note(marker.name)} |D:{marker.frames.duration}",
            f"* LOC: {start} {colour.upper():<7} {text}",
            "",
        ]
    return "\n".join(lines) + "\n"


def to_avid(told: Marked) -> str:
    """Return the text that Media Composer's marker window imports: name, timecode, track, colour, comment, frames."""
    rows = (
        (
            marker.name,
            format_timecode(marker.frames.start, told.rate),
            "A1" if marker.kind is TrackKind.AUDIO else "V1",
            _COLOURS[marker.severity].lower(),
            marker.text,
            str(marker.frames.duration),
        )
        for marker in told.markers
    )
    return "".join("\t".join(map(_plain, row)) + "\n" for row in rows)


def to_csv(told: Marked) -> str:
    """Return a table with a header, for whatever reads tables."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(("name", "tc_in", "tc_out", "frames", "track", "kind", "colour", "text"))
    for marker in told.markers:
        times = (format_timecode(frame, told.rate) for frame in (marker.frames.start, marker.frames.end))
        rest = (str(marker.frames.duration), marker.track, marker.kind.value, _COLOURS[marker.severity].lower(), marker.text)
        writer.writerow([cell(bounded(text, TEXT_LIMIT)) for text in (marker.name, *times, *rest)])
    return stream.getvalue()


def to_otio(told: Marked) -> str:
    """Return an OpenTimelineIO timeline without clips whose markers stand in the programme's time."""
    stack = _otio("Stack.1", name="tracks", markers=[_otio_marker(marker, told.rate) for marker in told.markers], children=[])
    timeline = _otio("Timeline.1", name=told.title, global_start_time=_time(0, told.rate), tracks=stack)
    return json.dumps(timeline, indent=1, ensure_ascii=True) + "\n"


FORMATS: dict[str, tuple[str, Callable[[Marked], str]]] = {
    "edl": (".edl", to_edl),
    "otio": (".otio", to_otio),
    "avid": (".txt", to_avid),
    "csv": (".csv", to_csv),
}
"""Format → ending of its file, and what writes it."""


def _marker(asset: RecordedAsset, finding: Finding, one: InCut | OnScreenInCut, frames: FrameRange) -> Marker:
    whole = FrameRange(frames.start, max(frames.end, frames.start + 1))
    word = Verdict.BLOCKED if finding.severity is Severity.HIGH and not finding.coverage else Verdict.REVIEW
    name = f"{(Verdict.INCOMPLETE if finding.coverage else word).value.upper()} {finding.rule}"
    doubt = f" (or another of {one.among} of that name)" if one.among > 1 else ""
    about = "" if isinstance(one, InCut) or one.exact else " (the time is about right)"
    kind = one.kind if isinstance(one, InCut) else TrackKind.VIDEO
    return Marker(whole, shown(one.track), kind, finding.severity, name, f"{asset.path}{doubt}{about}: {finding.message}")


def _title(stamp: CutStamp) -> str:
    return _note(f"{stamp.title or stamp.file} - provenance")


def _plain(text: str) -> str:
    """One line without tabs."""
    return bounded(" ".join(shown(text).split()), TEXT_LIMIT)


def _note(text: str) -> str:
    """One line of an EDL: no sign of Resolve's own in it, no comment, and no event, which begins with a digit."""
    line = _plain(text).replace("|", "/").lstrip("*")
    return f"- {line}" if line[:1].isdigit() else line


def _otio(schema: str, **fields: object) -> dict[str, object]:
    return {"OTIO_SCHEMA": schema, "metadata": {}, **fields}


def _otio_marker(marker: Marker, rate: Rate) -> dict[str, object]:
    span = {
        "OTIO_SCHEMA": "TimeRange.1",
        "start_time": _time(marker.frames.start, rate),
        "duration": _time(marker.frames.duration, rate),
    }
    colour = _COLOURS[marker.severity].upper()
    return _otio("Marker.2", name=_plain(marker.name), color=colour, marked_range=span, comment=_plain(marker.text))


def _time(frames: int, rate: Rate) -> dict[str, object]:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(rate.frames_per_second), "value": float(frames)}


def named(scan: RecordedScan, names: Iterable[str]) -> Sequence[int]:
    """Return the numbers of the cuts whose file or title is among `names`; all cuts where none is given."""
    wanted = {name.casefold() for name in names}
    return [
        number for number, stamp in enumerate(scan.cuts) if not wanted or {stamp.file.casefold(), stamp.title.casefold()} & wanted
    ]
