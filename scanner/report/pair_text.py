"""What comparing one pair of pictures found, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from scanner.model.matching import Alignment, Alteration, Relation, Segment
from scanner.model.pair import Pair, PairSide
from scanner.model.relation_words import details, percent, place, verb
from scanner.model.text import shown

_LABEL = 9
_PATH_LIMIT = 200


@dataclass(frozen=True, slots=True)
class _Concluded:
    """The pair, once it has a relation; as `relation_words.Related` has it."""

    relation: Relation
    distance_bits: int | None
    alignment: Alignment | None
    alteration: Alteration | None
    segments: tuple[Segment, ...] = ()


def pair_text(pair: Pair) -> str:
    """Return the pair stage by stage, the conclusion last; ends with a line break."""
    return "".join(f"{label:<{_LABEL}}{words}\n" for label, words in (*stages(pair), ("So", conclusion(pair))))


def pair_json(pair: Pair) -> str:
    """Return the same for programs."""
    told = asdict(replace(pair, laid_over=None))
    del told["laid_over"]
    told["relation"] = pair.relation.value if pair.relation else None
    for side in ("asset", "reference"):
        told[side]["path"] = shown(told[side]["path"])
    return json.dumps(told, indent=2, ensure_ascii=True) + "\n"


def stages(pair: Pair) -> Iterator[tuple[str, str]]:
    """Yield what each stage found, as a label and words; what has no label belongs to the one before."""
    yield "A", _side(pair.asset)
    yield "B", _side(pair.reference)
    yield "Bytes", "equal" if pair.equal_bytes else "differ"
    yield "Pixels", "not decoded whole" if pair.equal_pixels is None else "equal" if pair.equal_pixels else "differ"
    yield "Hash", _fingerprints(pair)
    yield "", _global(pair)
    yield "Points", f"{pair.asset.points:,} in A, {pair.reference.points:,} in B; {pair.paired_points:,} find a partner"
    alignment = pair.alignment
    if alignment is None:
        yield "", "no transform on which enough of them agree"
        return
    yield "", f"{alignment.inliers:,} of them agree on one transform, over {percent(alignment.coverage)} of what both show"
    mirrored = ", mirrored" if alignment.mirrored else ""
    yield (
        "Lies",
        f"B fills {percent(alignment.asset_share)} of A, which shows {percent(alignment.reference_share)} of B{mirrored}",
    )
    yield from _difference(pair.alteration)


def _side(side: PairSide) -> str:
    mark = side.fingerprint
    size = f", {mark.width} × {mark.height} pixels, quality {mark.quality} of 100" if mark else f", {side.note or 'no picture'}"
    plain = ", too plain to compare by hash" if mark and mark.flat else ""
    return f"{shown(side.path, _PATH_LIMIT)} ({side.format}{size}{plain})"


def _fingerprints(pair: Pair) -> str:
    if pair.fingerprint_bits is None:
        return "not compared"
    return f"{pair.fingerprint_bits} of 64 bits differ (alike up to {pair.fingerprint_limit})"


def _global(pair: Pair) -> str:
    if pair.global_bits is None:
        return "no hash of 256 bits to compare"
    laid = "" if pair.global_way == "upright" else f", A {pair.global_way}"
    return f"{pair.global_bits} of 256 bits differ{laid}"


def _difference(alteration: Alteration | None) -> Iterator[tuple[str, str]]:
    if alteration is None:
        yield "Regions", "not compared"
        return
    if not alteration.boxes:
        yield "Regions", "nothing differs beyond grade, noise, grain and compression"
    for number, box in enumerate(alteration.boxes):
        left, top, right, bottom = (percent(one) for one in box)
        where = place(box) or "all over"
        first = f"{percent(alteration.share)} of the common area differs: " if number == 0 else ""
        yield ("Regions" if number == 0 else ""), f"{first}{where} (left {left}, top {top}, right {right}, bottom {bottom} of A)"
    for overlay in alteration.overlays:
        yield "", f"a {overlay.kind} lies over it ({place(overlay.box) or 'all over'}), not counted"


def conclusion(pair: Pair) -> str:
    """Return what all stages together say, as a sentence without its full stop."""
    if pair.relation is None:
        return "nothing here says that A and B show the same picture"
    found = _Concluded(pair.relation, pair.fingerprint_bits, pair.alignment, pair.alteration)
    told = details(found)
    return f"A {verb(found)} B" + (f" ({', '.join(told)})" if told else "")
