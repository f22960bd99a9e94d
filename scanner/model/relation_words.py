"""What one picture is to another, in words: written once for findings and reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from scanner.model.matching import Alignment, Alteration, Box, ClipPart, Relation, Segment

CROP_SHARE = 0.9
"""Share of the reference's area below which an asset made from it is called a crop. Trimmed edges of a re-framed export cost
less; a crop of 5 % on each side leaves 0.81."""


class Related(Protocol):
    """What is known of an asset and another picture: a `Match` or a `NearCopy`."""

    @property
    def relation(self) -> Relation:
        """What the asset is to the other."""
        ...

    @property
    def distance_bits(self) -> int | None:
        """Differing bits of their hashes."""
        ...

    @property
    def alignment(self) -> Alignment | None:
        """How the other lies in the asset."""
        ...

    @property
    def alteration(self) -> Alteration | None:
        """What differs between the two."""
        ...

    @property
    def segments(self) -> tuple[Segment, ...]:
        """When the other is on screen, in a film or sequence."""
        ...


def verb(found: Related) -> str:
    """Return what joins the asset and the other picture: ``is a crop of``, ``differs in 6 % of the area (upper left) from``."""
    # What differs is known of a frame that is a file, and matters more than that the rest shows it.
    if not found.segments or found.relation is Relation.ALTERED:
        return _said_of_a_still(found)
    return _seen_in_a_film(found) + (" the clip" if _is_clip(found) else "")


def _said_of_a_still(found: Related) -> str:
    match found.relation:
        case Relation.SAME:
            return "is the same as"
        case Relation.SIMILAR:
            return "is similar to"
        case Relation.DERIVED:
            return "is a crop of" if _is_crop(found.alignment) else "is derived from"
        case Relation.ALTERED:
            return f"differs {_extent(found.alteration)} from"
        case Relation.CONTAINS:
            return "contains"
        case Relation.CONTAINED:
            return "is a small part of"


def _seen_in_a_film(found: Related) -> str:
    match found.relation:
        case Relation.SIMILAR:
            return "shows something that is also in"
        case Relation.CONTAINS:
            return "shows, as a part of its picture,"
        case Relation.CONTAINED:
            return "shows a small part of"
        case _:
            return "shows a crop of" if _is_crop(found.alignment) else "shows"


def details(found: Related) -> tuple[str, ...]:
    """Return what was measured beside the hashes: ``mirrored``, ``fills 40 % of the picture``, ``41 matching points``."""
    return (*on_screen(found), *of_the_picture(found))


def of_the_picture(found: Related) -> tuple[str, ...]:
    """Return what was measured of the picture itself, when it is on screen left out."""
    return (*_of_alignment(found), *_of_overlays(found.alteration))


def on_screen(found: Related) -> tuple[str, ...]:
    """Return when the other is on screen: ``on screen 01:00:04:00–01:00:08:12``; empty for stills.

    In a sequence, frames first: ``on screen in frames 1097–1204 at 01:00:04:00–01:00:08:12``. Of a clip with the part of it that
    is: ``on screen 01:00:04:00–01:00:08:12 with its 00:00:01:00–00:00:05:12``.
    """
    if not found.segments:
        return ()
    told = [_with_part(segment) for segment in found.segments[:_SEGMENTS_TOLD]]
    left = len(found.segments) - len(told)
    where = "on screen in" if found.segments[0].numbers else "on screen"
    return f"{where} {_and_more(told, left)}", *_in_the_cut(found)


def _in_the_cut(found: Related) -> Iterator[str]:
    times = dict.fromkeys(
        f"{'' if time.exact else 'about '}{time.tc_in}–{time.tc_out}"
        for segment in found.segments
        for time in segment.in_cut
        if time.enabled
    )
    if times:
        yield f"in the cut at {_and_more(list(times)[:_SEGMENTS_TOLD], len(times) - _SEGMENTS_TOLD)}"


def _and_more(told: Sequence[str], left: int) -> str:
    return ", ".join(told) + (f" and {left:,} more {'time' if left == 1 else 'times'}" if left > 0 else "")


def stretch(segment: Segment) -> str:
    """Return a stretch of a film or sequence, with ``about`` where its ends are not exact.

    ``01:00:04:00–01:00:08:12``; ``frames 1031–1075 at 10:00:01:06–10:00:03:03``.
    """
    about = "" if segment.exact else "about "
    if numbers := segment.numbers:
        one = numbers.first == numbers.last
        frames = f"frame {about}{numbers.first}" if one else f"frames {about}{numbers.first}–{numbers.last}"
        return frames + (f" at {segment.tc_in}–{segment.tc_out}" if segment.tc_in else "")
    return (about if segment.tc_in else "") + _times(segment)


def clip_part(segment: Segment) -> str:
    """Return which part of a clip a stretch shows: ``its 00:00:01:00–00:00:05:12``; empty for stills."""
    return f"its {_times(segment.of_clip)}" if segment.of_clip else ""


def _with_part(segment: Segment) -> str:
    part = clip_part(segment)
    return f"{stretch(segment)} with {part}" if part else stretch(segment)


def _times(part: Segment | ClipPart) -> str:
    return f"{part.tc_in}–{part.tc_out}" if part.tc_in else f"{float(part.first):.1f}–{float(part.after):.1f} s"


def percent(share: float) -> str:
    """Return a share of 0 to 1 in hundredths; what is there and rounds to none is ``under 1 %``."""
    return f"{round(share * 100)} %" if share >= 0.01 or not share else "under 1 %"


def place(box: Box) -> str:
    """Return where a box lies in its picture: ``upper left``, ``top``, ``middle``; empty where it lies all over it."""
    left, top, right, bottom = box
    across = "" if right - left > _ALL_ALONG else _third((left + right) / 2, "left", "right")
    down = "" if bottom - top > _ALL_ALONG else _third((top + bottom) / 2, "upper", "lower")
    if down in _ALONE and across in ("", _MIDDLE):
        return _ALONE[down]
    return " ".join(word for word in (down, across) if word and word != _MIDDLE) or (_MIDDLE if across or down else "")


def _is_crop(alignment: Alignment | None) -> bool:
    return alignment is not None and alignment.reference_share < CROP_SHARE


def _is_clip(found: Related) -> bool:
    return any(segment.of_clip for segment in found.segments)


def _extent(alteration: Alteration | None) -> str:
    if alteration is None:
        return "in a region"
    regions = len(alteration.boxes)
    where = place(alteration.boxes[0]) if regions == 1 else f"{regions} regions" if regions else ""
    return f"in {percent(alteration.share)} of the area" + (f" ({where})" if where else "")


def _of_alignment(found: Related) -> Iterator[str]:
    alignment = found.alignment
    if alignment is None:
        return
    if alignment.mirrored:
        yield "mirrored"
    if found.relation is Relation.CONTAINS:
        yield f"fills {percent(alignment.asset_share)} of the picture"
    if found.relation is Relation.CONTAINED or (found.relation is Relation.DERIVED and _is_crop(alignment)):
        yield (
            f"{percent(alignment.reference_share)} of it"
            if found.segments
            else f"shows {percent(alignment.reference_share)} of it"
        )
    yield f"{alignment.inliers:,} matching {'point' if alignment.inliers == 1 else 'points'}"


def _of_overlays(alteration: Alteration | None) -> Iterator[str]:
    kinds = list(dict.fromkeys(overlay.kind for overlay in alteration.overlays)) if alteration else []
    if kinds:
        yield f"{' and '.join(f'a {kind}' for kind in kinds)} laid over it"


def _third(at: float, first: str, last: str) -> str:
    return first if at < 1 / 3 else last if at > 2 / 3 else _MIDDLE


_SEGMENTS_TOLD = 3
_ALL_ALONG = 2 / 3
"""Share of a side from which a box is said to run along it."""
_MIDDLE = "middle"
_ALONE = {"upper": "top", "lower": "bottom"}
