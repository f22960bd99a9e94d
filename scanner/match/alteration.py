"""Which regions of an asset differ from the reference it is aligned with, beyond what post-production does to all of it.

One frame, registration, tone mapping, one resolution, difference, overlays, regions: docs/decisions/0019.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from scanner.match.common_frame import Frame, common_frame, lay_over
from scanner.match.differencing import Difference, difference
from scanner.match.overlays import Found, find_overlays, padded
from scanner.match.planes import Floats, Mask, Pixels, Rectangle
from scanner.match.registration import agreement, registered
from scanner.match.resolution import softened, softening
from scanner.match.tone_mapping import tone_mapped
from scanner.model.matching import Alignment, Alteration, Box, Overlay

LEAST_SHARE = 0.02
"""Share of the common area below which a region is not told."""
_HIGH, _LOW = 1.0, 0.6
"""A region is where the score is above the lower and, in part, above the higher threshold."""
_HIGH_PART = 0.3
_TRUST_FLOOR = 0.02


@dataclass(frozen=True, slots=True)
class Comparison:
    """An asset and a reference laid over each other."""

    alteration: Alteration
    reference_aligned: Pixels
    """(h, w, 3) of the asset's size: the reference as it lies in the asset, black where it does not reach."""
    difference: Pixels
    """(h, w) of the asset's size: 0 alike, 255 surely different; the told regions only, overlays left out."""


def compare_pictures(asset: Pixels, reference: Pixels, alignment: Alignment) -> Comparison:
    """Lay the reference over the asset and tell what differs.

    Args:
        asset: (h, w, 3), RGB; the asset's small picture.
        reference: (h, w, 3), RGB; of any size, whole.
        alignment: how the reference lies in the asset.
    """
    size = asset.shape[1], asset.shape[0]
    laid = lay_over(reference, alignment, size)
    nothing = Comparison(Alteration(0.0), laid, np.zeros(asset.shape[:2], np.uint8))
    frame = common_frame(asset, reference, alignment)
    if frame is None or not frame.valid.any():
        return nothing
    frame = registered(frame)
    if not frame.valid.any():
        return nothing
    trusted = _trusted(frame)
    mapped = tone_mapped(frame, trusted)
    of_asset, of_reference = softening(frame.asset, mapped, frame.valid)
    if of_reference:
        # A sharper reference has more contrast than the asset at every edge: fitted to it, tones come out too flat.
        frame = replace(frame, reference=softened(frame.reference, of_reference))
        trusted = _trusted(frame)
        mapped = tone_mapped(frame, trusted)
    resolved = softened(frame.asset, of_asset)
    found = difference(resolved, mapped, frame.valid, trusted)
    overlays = find_overlays(frame, mapped, found.score, found.noise)
    compared = _beside(overlays, frame)
    if overlays and compared.any():
        # The windows of the first look reach from an overlay's edge into the picture beside it.
        found = difference(resolved, mapped, compared, trusted)
    return _told(frame, found, overlays, compared, laid)


def _trusted(frame: Frame) -> Floats:
    """How far structure says that a place is the same in both, (h, w), 0 to 1."""
    return np.asarray(np.square(agreement(frame).clip(0, 1)) + _TRUST_FLOOR, np.float32)


def _beside(overlays: tuple[Found, ...], frame: Frame) -> Mask:
    """What is compared: where both are, without overlays."""
    compared = frame.valid.copy()
    for overlay in overlays:
        left, top, right, bottom = padded(overlay.rectangle, frame.size)
        compared[top:bottom, left:right] = False
    return compared


def _told(frame: Frame, found: Difference, overlays: tuple[Found, ...], compared: Mask, laid: Pixels) -> Comparison:
    height, width = laid.shape[:2]
    score = np.where(compared, found.score, np.float32(0))
    regions, rectangles = _regions(score, float(frame.valid.sum()))
    alteration = Alteration(
        round(float(regions.sum()) / max(float(compared.sum()), 1.0), 4),
        tuple(_box(rectangle, frame, width, height) for rectangle in rectangles),
        tuple(Overlay(overlay.kind, _box(overlay.rectangle, frame, width, height)) for overlay in overlays),
    )
    return Comparison(alteration, laid, _heat(score, regions, frame, (height, width)))


def _regions(score: Floats, area: float) -> tuple[Mask, list[Rectangle]]:
    """Where regions are, and a rectangle around each, largest first."""
    _, labels, measured, _ = cv2.connectedComponentsWithStats((score > _LOW).astype(np.uint8), connectivity=8)
    strong = np.bincount(labels[score > _HIGH], minlength=len(measured))
    least = LEAST_SHARE * area
    chosen = [
        label
        for label in range(1, len(measured))
        if measured[label][cv2.CC_STAT_AREA] >= least and strong[label] >= _HIGH_PART * least
    ]
    chosen.sort(key=lambda label: -int(measured[label][cv2.CC_STAT_AREA]))
    rectangles = []
    for label in chosen:
        left, top, wide, high = (int(number) for number in measured[label][:4])
        rectangles.append((left, top, left + wide, top + high))
    return np.isin(labels, chosen), rectangles


def _box(rectangle: Rectangle, frame: Frame, width: int, height: int) -> Box:
    across, down = frame.width / frame.size[0], frame.height / frame.size[1]
    left, top, right, bottom = rectangle
    return (
        round((frame.left + left * across) / width, 4),
        round((frame.top + top * down) / height, 4),
        round((frame.left + right * across) / width, 4),
        round((frame.top + bottom * down) / height, 4),
    )


def _heat(score: Floats, regions: Mask, frame: Frame, shape: tuple[int, int]) -> Pixels:
    heat = np.zeros(shape, np.uint8)
    small = np.clip(np.where(regions, score, 0) * (255 / (2 * _HIGH)), 0, 255).astype(np.uint8)
    large = cv2.resize(small, (frame.width, frame.height), interpolation=cv2.INTER_LINEAR)
    heat[frame.top : frame.top + frame.height, frame.left : frame.left + frame.width] = large
    return heat
