"""Two pictures laid over each other, as the page draws them: the outlines of what differs, and the words beside them."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.matching import Alteration, Box, LaidOver, Match, NearCopy
from scanner.model.relation_words import details, place, verb

OUTLINES = 20
"""Outlines drawn of one pair; more hide the picture, and scan.json has them all."""
_ROOM_PX = (704, 528)
"""Width and height that a picture is drawn in at most, in CSS pixels: with its controls it fits a window of 1280 × 720."""
_LABEL_ROOM = 0.1
"""Share of the height in which a label has room: above its box, else below it, else inside."""
_LABEL_TURNS = 0.7
"""Share of the width beyond which a label starts from the box's right edge, so that it ends inside the picture."""
_REACHES = 0.99
"""Share of the asset below which the reference leaves a part of it black."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A box over the picture with its label. Places are shares of the picture, written as percentages: ``12.50%``."""

    label: str
    """Number of a region, or the kind of an overlay."""
    where: str
    """``upper left``; ``all over``."""
    left: str
    top: str
    width: str
    height: str
    label_x: str
    label_y: str
    ends: bool
    """Whether the label ends at `label_x` in place of starting there."""
    hangs: bool
    """Whether the label hangs below `label_y` in place of standing on it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the page needs to lay one reference over one asset."""

    pictures: LaidOver
    number: int
    """Among the pictures beside its asset, from 0."""
    asset_from: int | None
    """Number of an earlier comparison of the same asset whose picture of it is this one's too; None for a picture of its own."""
    width: int
    height: int
    """At most how large it is drawn, CSS pixels."""
    sentence: str
    """What the asset is to the reference: ``differs in 6 % of the area (upper left) from the reference: mirrored``."""
    altered: bool
    regions: tuple[Outline, ...]
    overlays: tuple[Outline, ...]
    more: int
    """Regions and overlays that are not outlined."""
    compared: bool
    """Whether it is known what differs."""
    covers: bool
    """Whether the reference reaches all over the asset."""

    @property
    def has_difference(self) -> bool:
        """Whether there is anything to lay over the asset."""
        return bool(self.pictures.difference or self.regions or self.overlays)


def comparison_of(match: Match | NearCopy, pictures: LaidOver, number: int, asset_from: int | None = None) -> Comparison:
    """Return how a match is drawn."""
    found = match.alteration or Alteration(0.0)
    regions = tuple(_outline(str(at), box) for at, box in enumerate(found.boxes[:OUTLINES], 1))
    overlays = tuple(_outline(overlay.kind, overlay.box) for overlay in found.overlays[:OUTLINES])
    width, height = _fitted(pictures.width, pictures.height)
    return Comparison(
        pictures=pictures,
        number=number,
        asset_from=asset_from,
        width=width,
        height=height,
        sentence=": ".join(filter(None, (f"{verb(match)} the reference", ", ".join(details(match))))),
        altered=bool(found.boxes),
        regions=regions,
        overlays=overlays,
        more=len(found.boxes) + len(found.overlays) - len(regions) - len(overlays),
        compared=match.alteration is not None,
        covers=match.alignment is None or match.alignment.asset_share >= _REACHES,
    )


def measured(match: Match) -> str:
    """Return what local features measured: ``differs in 6 % of the area (2 regions), mirrored, 41 matching points``."""
    extent = (verb(match).removesuffix(" from"),) if match.alteration and match.alteration.boxes else ()
    return ", ".join((*extent, *details(match)))


def _outline(label: str, box: Box) -> Outline:
    left, top, right, bottom = (min(max(share, 0.0), 1.0) for share in box)
    ends, hangs = left > _LABEL_TURNS, top < _LABEL_ROOM
    below = hangs and bottom <= 1 - _LABEL_ROOM
    return Outline(
        label=label,
        where=place(box) or "all over",
        left=_percentage(left),
        top=_percentage(top),
        width=_percentage(max(right - left, 0.0)),
        height=_percentage(max(bottom - top, 0.0)),
        label_x=_percentage(right if ends else left),
        label_y=_percentage(bottom if below else top),
        ends=ends,
        hangs=hangs,
    )


def _percentage(share: float) -> str:
    return f"{share * 100:.2f}%"


def _fitted(width: int, height: int) -> tuple[int, int]:
    scale = min(_ROOM_PX[0] / max(width, 1), _ROOM_PX[1] / max(height, 1))
    return max(1, round(width * scale)), max(1, round(height * scale))
