"""From points to an alignment: is this reference in this asset, where, and what does that make the two?"""

from __future__ import annotations

import numpy as np

from scanner.match.geometry import (
    FEWEST_INLIERS,
    LEAST_BREADTH,
    MOST_BY_CHANCE,
    Fit,
    Matrix,
    apply_matrix,
    breadth,
    common_shares,
    fit_transform,
    inverse,
    is_sane,
    log10_by_chance,
)
from scanner.match.points import Floats, Pairs, Points, pair_up
from scanner.model.matching import Alignment, Relation

PART_SHARE = 0.6
"""Share of the asset's area below which the reference is a part of it. A reference letterboxed or pillarboxed in 16:9 fills 0.6
(Academy ratio with a 2.39 mask) to 0.75; a picture in a picture of 45 % of the width fills 0.2."""
SMALL_SHARE = 0.1
"""Share of the reference's area up to which the asset is one small part of it. A push-in of 2.0 shows 0.25, a crop of 40 % of
both sides 0.36; a picture of a contact sheet of six 0.17."""
LEAST_EVIDENCE = 0.125
"""Of `evidence`: two faces drawn in one manner share eyes and a fringe, some 10 points of 500 (benchmarks/agreement.py)."""
_BESIDE = 0.1
"""Share of the asset's points beside the reference from which there is something to see there; black bars have none."""
_EDGE_TO_EDGE = 0.95
_GRID = 8
_MARGIN = 0.02
"""In the asset's longer side: points this near the reference's edge are not beside it."""


def align(asset: Points, reference: Points, *, mirrored: bool = False) -> tuple[Alignment, Relation] | None:
    """Return how the reference lies in the asset and what that makes them, or None where it does not.

    Args:
        asset: of the asset, or of its mirror image.
        reference: of the reference.
        mirrored: whether `asset` is the mirror image; the alignment is of the asset as it is.
    """
    pairs = pair_up(asset, reference)
    fit = fit_transform(pairs)
    if fit is None or not _holds(fit, pairs, asset, reference):
        return None
    asset_share, reference_share = common_shares(fit.matrix, reference.size, asset.size)
    alignment = Alignment(
        tuple(float(number) for number in _in_shares(fit.matrix, asset, reference, mirrored).ravel()),
        mirrored,
        fit.inliers,
        len(pairs),
        round(asset_share, 4),
        round(reference_share, 4),
        round(coverage(fit, pairs, asset, reference), 4),
    )
    return alignment, relation_of(alignment, beside=_share_beside(fit.matrix, asset, reference))


def in_pixels(alignment: Alignment, reference_size: tuple[int, int], asset_size: tuple[int, int]) -> Matrix:
    """Return the matrix from pixels of a reference to pixels of an asset, decoded to any sizes (width, height).

    Pixel (0, 0) has its middle at (0.5, 0.5); OpenCV counts from the middle of the first pixel, so that `cv2.warpPerspective`
    needs it shifted by half a pixel on both sides.
    """
    from_pixels = np.diag([1 / reference_size[0], 1 / reference_size[1], 1.0])
    matrix: Matrix = np.diag([asset_size[0], asset_size[1], 1.0]) @ np.array(alignment.matrix).reshape(3, 3) @ from_pixels
    return matrix


def relation_of(alignment: Alignment, *, beside: float) -> Relation:
    """Return what the geometry makes of an asset and a reference.

    Args:
        alignment: of the two.
        beside: share of the asset's points that lie beside the reference.
    """
    if alignment.asset_share < PART_SHARE and not (beside < _BESIDE and _spans(alignment)):
        return Relation.CONTAINS
    return Relation.CONTAINED if alignment.reference_share <= SMALL_SHARE else Relation.DERIVED


def _spans(alignment: Alignment) -> bool:
    """Whether the reference reaches from edge to edge of the asset, across or down, as between bars."""
    placed = apply_matrix(np.array(alignment.matrix).reshape(3, 3), np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]]))
    return bool((placed.max(axis=0).clip(0, 1) - placed.min(axis=0).clip(0, 1)).max() >= _EDGE_TO_EDGE)


def evidence(fit: Fit, pairs: Pairs, asset: Points, reference: Points) -> float:
    """Return how many points agree, weighed by how much that is of what both pictures show: its share by area and by points.

    By points on the side that has fewer of them: a blurred copy has few, a copy that something was laid over has many others.
    """
    common = min(len(_in_common(fit.matrix, asset, reference)), len(_in_common(inverse(fit.matrix), reference, asset)))
    return fit.inliers * coverage(fit, pairs, asset, reference) * fit.inliers / max(1, common)


def least_breadth(fit: Fit, pairs: Pairs, asset: Points, reference: Points) -> float:
    """Return the lesser of the breadths of the agreeing points in reference and asset, as `geometry.breadth`."""
    agreeing = pairs[fit.agreeing]
    in_reference = breadth(agreeing.reference, _in_common(fit.matrix, asset, reference))
    return min(in_reference, breadth(agreeing.asset, _in_common(inverse(fit.matrix), reference, asset)))


def coverage(fit: Fit, pairs: Pairs, asset: Points, reference: Points) -> float:
    """Return the share of cells in which points agree, of a grid over the common region where the reference has points at all."""
    common = _in_common(fit.matrix, asset, reference)
    low, high = common.min(axis=0), common.max(axis=0)

    def cells(places: Floats) -> set[tuple[int, ...]]:
        rows = ((places - low) / np.maximum(high - low, 1e-9) * _GRID).astype(int).clip(0, _GRID - 1)
        return {tuple(row) for row in rows.tolist()}

    return len(cells(pairs[fit.agreeing].reference)) / len(cells(common))


def _holds(fit: Fit, pairs: Pairs, asset: Points, reference: Points) -> bool:
    """Whether the fit is evidence: enough points, more than by chance, on a sensible transform, and all over what both show."""
    if fit.inliers < FEWEST_INLIERS or not is_sane(fit.matrix, reference.size):
        return False
    if log10_by_chance(fit.inliers, len(pairs), asset.size[0] * asset.size[1]) > MOST_BY_CHANCE:
        return False
    if least_breadth(fit, pairs, asset, reference) < LEAST_BREADTH:
        return False
    return evidence(fit, pairs, asset, reference) >= LEAST_EVIDENCE


def _in_common(matrix: Matrix, asset: Points, reference: Points) -> Floats:
    """Places of the reference's points that the asset's frame has in it."""
    placed = apply_matrix(matrix, reference.places)
    return reference.places[np.all((placed >= 0) & (placed <= np.array(asset.size)), axis=1)]


def _share_beside(matrix: Matrix, asset: Points, reference: Points) -> float:
    back = apply_matrix(inverse(matrix), asset.places)
    scale = np.sqrt(abs(np.linalg.det(matrix[:2, :2])))
    margin = _MARGIN / max(float(scale), 1e-6)
    outside = np.any((back < -margin) | (back > np.array(reference.size) + margin), axis=1)
    return float(outside.mean())


def _in_shares(matrix: Matrix, asset: Points, reference: Points, mirrored: bool) -> Matrix:
    """The matrix in units of width and height instead of the longer sides, and of the asset as it is."""
    to_places = np.diag([reference.size[0], reference.size[1], 1.0])
    to_shares = np.diag([1 / asset.size[0], 1 / asset.size[1], 1.0])
    flop = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]]) if mirrored else np.eye(3)
    result: Matrix = flop @ to_shares @ matrix @ to_places
    result /= result[2, 2]
    return result
