"""How two pictures lie over each other, as JSON and back; a part of `json_asset` that matches and near copies share.

The report has whole numbers only (see docs/seal.md), so that shares of a picture stand in millionths: ``asset_share_ppm``.
"""

from __future__ import annotations

import re
from fractions import Fraction

from scanner.model.cut import FrameRange
from scanner.model.in_cut import OnScreenInCut
from scanner.model.matching import Alignment, Alteration, Box, ClipPart, NumberedFrames, Overlay, Segment
from scanner.model.relation_words import Related
from scanner.model.stretches import Stretch
from scanner.report.json_nodes import Node

Json = dict[str, object]

_MILLION = 1_000_000
_FRACTION = re.compile(r"-?[0-9]{1,40}(/[1-9][0-9]{0,39})?", re.ASCII)


def laid_over_json(found: Related) -> Json:
    """Return the keys that say how another picture lies in an asset; null where it was not laid over it."""
    alignment, alteration = found.alignment, found.alteration
    return {
        "inliers": alignment.inliers if alignment else None,
        "alignment": _alignment_json(alignment) if alignment else None,
        "alteration": _alteration_json(alteration) if alteration else None,
        "time_ranges": [_segment_json(segment) for segment in found.segments],
    }


def stretch_json(stretch: Stretch) -> Json:
    """Return a part of a film or sequence."""
    return {"first": str(stretch.first), "after": str(stretch.after)}


def read_stretch(node: Node) -> Stretch:
    """Read a part of a film or sequence."""
    return Stretch(_seconds(node, "first"), _seconds(node, "after"))


def read_segments(node: Node) -> tuple[Segment, ...]:
    """Read when something is on screen; never in reports that did not have the key."""
    return node.nodes("time_ranges", _segment) if "time_ranges" in node.fields else ()


def read_alignment(node: Node) -> Alignment | None:
    """Read the alignment of a match or near copy; None where there is none, and in reports that did not have the key."""
    if node.fields.get("alignment") is None:
        return None
    told = node.node("alignment")
    return Alignment(
        matrix=_shares(told, "matrix_ppm", 9),
        mirrored=told.flag("mirrored"),
        inliers=node.count("inliers"),
        candidates=told.count("candidates"),
        asset_share=told.count("asset_share_ppm") / _MILLION,
        reference_share=told.count("reference_share_ppm") / _MILLION,
        coverage=told.count("coverage_ppm") / _MILLION,
    )


def read_alteration(node: Node) -> Alteration | None:
    """Read what differs; None where nothing was laid over, and in reports that did not have the key."""
    if node.fields.get("alteration") is None:
        return None
    told = node.node("alteration")
    return Alteration(told.count("share_ppm") / _MILLION, told.nodes("regions", _box), told.nodes("overlays", _overlay))


def _alignment_json(alignment: Alignment) -> Json:
    return {
        "mirrored": alignment.mirrored,
        "asset_share_ppm": _ppm(alignment.asset_share),
        "reference_share_ppm": _ppm(alignment.reference_share),
        "coverage_ppm": _ppm(alignment.coverage),
        "candidates": alignment.candidates,
        "matrix_ppm": [_ppm(number) for number in alignment.matrix],
    }


def _alteration_json(alteration: Alteration) -> Json:
    return {
        "share_ppm": _ppm(alteration.share),
        "regions": [_box_json(box) for box in alteration.boxes],
        "overlays": [{"kind": overlay.kind, **_box_json(overlay.box)} for overlay in alteration.overlays],
    }


def _box_json(box: Box) -> Json:
    return {"box_ppm": [_ppm(number) for number in box]}


def _box(node: Node) -> Box:
    left, top, right, bottom = _shares(node, "box_ppm", 4)
    return left, top, right, bottom


def _overlay(node: Node) -> Overlay:
    return Overlay(node.text("kind"), _box(node))


def _shares(node: Node, key: str, length: int) -> tuple[float, ...]:
    return tuple(number / _MILLION for number in node.whole_numbers(key, length))


def _ppm(share: float) -> int:
    return round(share * _MILLION)


def _segment_json(segment: Segment) -> Json:
    numbers = segment.numbers
    return {
        "first": str(segment.first),
        "after": str(segment.after),
        "tc_in": segment.tc_in,
        "tc_out": segment.tc_out,
        "best": str(segment.best),
        "frames": segment.frames,
        "exact": segment.exact,
        "frame_range": {"first": numbers.first, "last": numbers.last, "best": numbers.best} if numbers else None,
        "points": segment.points,
        "in_cut": [_time_json(time) for time in segment.in_cut],
        "of_clip": _clip_part_json(segment.of_clip) if segment.of_clip else None,
    }


def _clip_part_json(part: ClipPart) -> Json:
    return {
        "first": str(part.first),
        "after": str(part.after),
        "tc_in": part.tc_in,
        "tc_out": part.tc_out,
        "best": str(part.best),
    }


def _segment(node: Node) -> Segment:
    first, after, best = (_seconds(node, key) for key in ("first", "after", "best"))
    seen = node.count("frames"), node.flag("exact")
    points = node.count("points") if "points" in node.fields else 0
    times = node.text("tc_in"), node.text("tc_out")
    in_cut = node.nodes("in_cut", _time) if "in_cut" in node.fields else ()
    return Segment(first, after, *times, best, *seen, points, in_cut, _numbers(node), _clip_part(node))


def _numbers(node: Node) -> NumberedFrames | None:
    # Not there in reports of before sequences were looked through.
    if node.fields.get("frame_range") is None:
        return None
    told = node.node("frame_range")
    return NumberedFrames(told.whole_number("first"), told.whole_number("last"), told.whole_number("best"))


def _time_json(time: OnScreenInCut) -> Json:
    return {
        "cut": time.cut,
        "track": time.track,
        "frames": [time.programme.start, time.programme.end],
        "tc_in": time.tc_in,
        "tc_out": time.tc_out,
        "exact": time.exact,
        "enabled": time.enabled,
        "among": time.among,
    }


def _time(node: Node) -> OnScreenInCut:
    return OnScreenInCut(
        cut=node.count("cut"),
        track=node.text("track"),
        programme=FrameRange(*node.whole_numbers("frames", 2)),
        tc_in=node.text("tc_in"),
        tc_out=node.text("tc_out"),
        exact=node.flag("exact"),
        enabled=node.flag("enabled"),
        among=node.count("among"),
    )


def _clip_part(node: Node) -> ClipPart | None:
    # Reports of earlier versions do not have the key.
    if node.fields.get("of_clip") is None:
        return None
    told = node.node("of_clip")
    first, after, best = (_seconds(told, key) for key in ("first", "after", "best"))
    return ClipPart(first, after, told.text("tc_in"), told.text("tc_out"), best)


def _seconds(node: Node, key: str) -> Fraction:
    text = node.text(key)
    if not _FRACTION.fullmatch(text):
        raise node.wrong(key, "is no fraction of seconds")
    return Fraction(text)
