"""Where assets stand in a cut, as JSON and back; a part of `json_report` and `json_asset`."""

from __future__ import annotations

from scanner.model.cut import FrameRange, TrackKind
from scanner.model.in_cut import CutStamp, InCut, MissingMedia
from scanner.model.placement import RecognisedBy
from scanner.model.timecode import Rate, TimecodeError, parse_frames_per_second
from scanner.report.json_nodes import Node

Json = dict[str, object]


def cut_json(stamp: CutStamp) -> Json:
    """Return what is said of one cut as a whole."""
    return {
        "file": stamp.file,
        "sha256": stamp.sha256,
        "format": stamp.format,
        "title": stamp.title,
        "frames_per_second": str(stamp.rate.frames_per_second),
        "drop_frame": stamp.rate.drop_frame,
        "events": stamp.events,
        "events_located": stamp.located,
        "missing_total": stamp.missing_total,
        "missing": [
            {"name": one.name, "events": one.events, "tc_in": one.tc_in, "tc_out": one.tc_out, "place": one.place}
            for one in stamp.missing
        ],
        "notes": list(stamp.notes),
    }


def in_cut_json(one: InCut) -> Json:
    """Return one stretch of the programme in which an asset stands."""
    return {
        "cut": one.cut,
        "kind": one.kind,
        "track": one.track,
        "frames": None if one.programme is None else [one.programme.start, one.programme.end],
        "tc_in": one.tc_in,
        "tc_out": one.tc_out,
        "recognised_by": one.by,
        "among": one.among,
        "place": one.place,
        "enabled": one.enabled,
    }


def read_cut_stamps(report: Node) -> tuple[CutStamp, ...]:
    """Read the cuts of a report; none in reports that did not have the key."""
    return report.nodes("cuts", _cut) if "cuts" in report.fields else ()


def read_in_cuts(asset: Node) -> tuple[InCut, ...]:
    """Read where an asset stands; nowhere in reports that did not have the key."""
    return asset.nodes("in_cut", _in_cut) if "in_cut" in asset.fields else ()


def _cut(node: Node) -> CutStamp:
    return CutStamp(
        file=node.text("file"),
        sha256=node.text("sha256"),
        format=node.text("format"),
        title=node.text("title"),
        rate=_rate(node),
        events=node.count("events"),
        located=node.count("events_located"),
        missing=node.nodes("missing", _missing),
        missing_total=node.count("missing_total"),
        notes=node.texts("notes"),
    )


def _rate(node: Node) -> Rate:
    try:
        return Rate(parse_frames_per_second(node.text("frames_per_second")), node.flag("drop_frame"))
    except TimecodeError as error:
        raise node.wrong("frames_per_second", f"is no frame rate: {error.what}") from None


def _missing(node: Node) -> MissingMedia:
    return MissingMedia(node.text("name"), node.count("events"), node.text("tc_in"), node.text("tc_out"), node.text("place"))


def _in_cut(node: Node) -> InCut:
    frames = None if node.fields.get("frames") is None else node.whole_numbers("frames", 2)
    return InCut(
        cut=node.count("cut"),
        kind=node.word("kind", TrackKind),
        track=node.text("track"),
        programme=None if frames is None else FrameRange(*frames),
        tc_in=node.text("tc_in"),
        tc_out=node.text("tc_out"),
        by=node.word("recognised_by", RecognisedBy),
        among=node.count("among"),
        place=node.text("place"),
        enabled=node.flag("enabled"),
    )
