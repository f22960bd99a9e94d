"""Geometric verification: do pairs of points agree on one sensible transform, and could chance have made them agree?

Each point carries its size and angle, so that one pair alone proposes a similarity (Philbin 2007). All of them are tried, none at
random: the same points always give the same answer. The best is fitted again by least squares; an affine map and a homography
take its place only where clearly more points agree, because they bend to noise (a similarity found 90 % of push-ins of 1.5 where
a homography found 80 %).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import lgamma, log, log10, pi

import numpy as np
from numpy.typing import NDArray

from scanner.match.points import Floats, Pairs

FEWEST_INLIERS = 8
MOST_BY_CHANCE = -8.0
"""Decimal logarithm of how many wrong references would agree as well by chance, of all transforms that could be tried."""
LEAST_BREADTH = 0.25
"""How far agreeing points scatter in the direction in which they scatter least, against all points in the common region: 1 all
over it, near 0 for a logo, a lower third, a row of anything. At least 0.32 in 1,000 copies, at most 0.22 where only a lower third
was the same (benchmarks/agreement.py)."""
LARGEST_GROWTH = 12.0
"""Largest factor between a reference and the asset, either way, each in units of its own longer side."""

_TOLERANCE = 0.008
"""Distance, in the asset's longer side, at which a point agrees: 4 pixels of 512."""
_TOLERANCE_OF_REFERENCE = 0.04
"""The same in the reference's longer side: within a picture that is shown small, 4 pixels would be anything."""
_FIRST, _SECOND = 5.0, 3.0
"""How many tolerances are allowed at first: one point's angle and size are known to a few degrees and per cent only."""
_TURN, _GROWTH = np.deg2rad(30), 0.8
"""By how much a point's own angle (radians) and size (octaves) may differ from the transform's."""
_PROPOSALS, _FOLLOWED = 128, 5
_RICHER_FACTOR, _RICHER_POINTS = 1.12, 4
_SAME_PLACE = 1 / 320
"""Points nearer than this count once: SIFT gives one place several angles."""
_SAMPLES = 24
_MOST_SKEW = 4.0
"""By how much the scale of a homography may vary over the picture, and lengths differ by direction."""

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
_Fitting = Callable[[Floats, Floats], Matrix | None]


@dataclass(frozen=True, slots=True)
class Fit:
    """A transform that some pairs agree on."""

    matrix: Matrix
    """3 × 3, reference to asset, both in units of their longer sides."""
    agreeing: Mask
    """Which pairs agree."""
    inliers: int
    """Agreeing pairs at different places on both sides."""


def fit_transform(pairs: Pairs) -> Fit | None:
    """Return the transform that most pairs agree on, or None where not even three agree."""
    if len(pairs) < 3:
        return None
    agreement = _proposed_agreement(pairs)
    strongest = np.argsort(-agreement.sum(axis=1), kind="stable")[:_FOLLOWED]
    best: Fit | None = None
    for row in strongest:
        fit = _settled(pairs, agreement[row])
        if fit is not None and (best is None or fit.inliers > best.inliers):
            best = fit
    return _richer(pairs, best) if best is not None else None


def log10_by_chance(inliers: int, pairs: int, asset_area: float) -> float:
    """Return the decimal logarithm of the number of transforms on which as many of unrelated pairs would agree.

    As in a-contrario matching (Moisan & Stival 2004): two pairs make the transform, each further one agrees by place, angle
    and size with a probability that follows from the tolerances; times the ways to choose. Negative is unlikely.
    """
    if inliers <= 2:
        return 0.0
    place = pi * _TOLERANCE**2 / asset_area
    # Angles are alike more often than chance has it (upright things), sizes cluster: three times the uniform share.
    agreeing = min(1.0, place * min(1.0, 3 * 2 * _TURN / (2 * pi)) * min(1.0, 3 * 2 * _GROWTH / 6))
    return _log10_choose(pairs, inliers) + _log10_choose(inliers, 2) + (inliers - 2) * log10(agreeing)


def is_sane(matrix: Matrix, size: tuple[float, float]) -> bool:
    """Tell whether a transform is one that pictures undergo: not flopped, convex, of sensible scale, hardly bent.

    Args:
        matrix: reference to asset.
        size: of the reference, in units of its longer side.
    """
    corners = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float64)
    with np.errstate(all="ignore"):
        depth = corners @ matrix[2, :2] + matrix[2, 2]
        if not (np.isfinite(matrix).all() and np.all(depth > 1e-6)) or depth.max() > _MOST_SKEW * depth.min():
            return False
        placed = apply_matrix(matrix, corners)
        edges = np.roll(placed, -1, axis=0) - placed
        following = np.roll(edges, -1, axis=0)
        turns = edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0]
        stretches = np.linalg.norm(edges, axis=1) / np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    # Clockwise in every corner (rows grow downwards) is convex and not flopped.
    if not (np.isfinite(stretches).all() and np.all(turns > 0)):
        return False
    return bool(stretches.min() >= 1 / LARGEST_GROWTH and stretches.max() <= min(LARGEST_GROWTH, _MOST_SKEW * stretches.min()))


def apply_matrix(matrix: Matrix, places: Floats) -> Floats:
    """Return where the homography takes the places, shape (n, 2)."""
    moved = places @ matrix[:, :2].T + matrix[:, 2]
    placed: Floats = moved[:, :2] / moved[:, 2:]
    return placed


def inverse(matrix: Matrix) -> Matrix:
    """Return the transform the other way round."""
    return np.asarray(np.linalg.inv(matrix), np.float64)


def common_shares(matrix: Matrix, reference_size: tuple[float, float], asset_size: tuple[float, float]) -> tuple[float, float]:
    """Return what share of the asset the reference fills, and what share of the reference the asset shows."""
    shown = _inside(apply_matrix(matrix, _samples(reference_size)), asset_size)
    filled = _inside(apply_matrix(inverse(matrix), _samples(asset_size)), reference_size)
    return float(filled.mean()), float(shown.mean())


def breadth(agreeing: Floats, all_in_common: Floats) -> float:
    """Return how far the agreeing places scatter where they scatter least, against all places in common; 0 to about 1.

    The least of the ratios of their standard deviations, over all directions.
    """
    if len(agreeing) < 3 or len(all_in_common) < 3:
        return 0.0
    # In axes in which all places scatter equally far every way; a little is added, for they may stand in a row.
    axes = np.linalg.inv(np.linalg.cholesky(np.cov(all_in_common.T) + 1e-9 * np.eye(2)))
    least = np.linalg.eigvalsh(axes @ np.cov(agreeing.T) @ axes.T)[0]
    return float(np.sqrt(max(least, 0.0)))


def _proposed_agreement(pairs: Pairs) -> Mask:
    """Which pairs agree, roughly, with the similarity that each pair alone proposes; shape (proposals, n)."""
    factor = 2.0 ** pairs.growth[:_PROPOSALS, None]
    cosine, sine = factor * np.cos(pairs.turn[:_PROPOSALS, None]), factor * np.sin(pairs.turn[:_PROPOSALS, None])
    own, placed = pairs.reference[:_PROPOSALS, None], pairs.asset[:_PROPOSALS, None]
    east = pairs.reference[None, :, 0] - own[..., 0]
    south = pairs.reference[None, :, 1] - own[..., 1]
    miss_x = cosine * east - sine * south + placed[..., 0] - pairs.asset[None, :, 0]
    miss_y = sine * east + cosine * south + placed[..., 1] - pairs.asset[None, :, 1]
    tolerance = _FIRST * np.minimum(_TOLERANCE, _TOLERANCE_OF_REFERENCE * factor)
    near: Mask = miss_x**2 + miss_y**2 <= tolerance**2
    near &= np.abs(pairs.growth[:_PROPOSALS, None] - pairs.growth) <= _GROWTH
    near &= _turned(pairs.turn[:_PROPOSALS, None] - pairs.turn) <= _TURN
    return near


def _settled(pairs: Pairs, agreeing: Mask) -> Fit | None:
    """Fit a similarity to pairs that agree roughly, again and again with less tolerance."""
    matrix: Matrix | None = None
    for tolerances in (_FIRST, _SECOND, 1.0, 1.0):
        if agreeing.sum() < 3:
            return None
        matrix = _similarity(pairs.reference[agreeing], pairs.asset[agreeing])
        if matrix is None:
            return None
        agreeing = _agreeing(matrix, pairs, tolerances)
    return Fit(matrix, agreeing, _different_places(pairs[agreeing])) if matrix is not None else None


def _richer(pairs: Pairs, fit: Fit) -> Fit:
    """The fit, or an affine map or homography where clearly more pairs agree with it."""
    for fitting, least in ((_affine, 6), (_homography, 10)):
        agreeing, matrix = _agreeing(fit.matrix, pairs, _SECOND), None
        for tolerances in (_SECOND, 2.0, 1.0):
            if agreeing.sum() < least:
                break
            matrix = fitting(pairs.reference[agreeing], pairs.asset[agreeing])
            if matrix is None:
                break
            agreeing = _agreeing(matrix, pairs, tolerances)
        else:
            richer = Fit(matrix, agreeing, _different_places(pairs[agreeing])) if matrix is not None else fit
            if richer.inliers >= fit.inliers * _RICHER_FACTOR + _RICHER_POINTS:
                fit = richer
    return fit


def _agreeing(matrix: Matrix, pairs: Pairs, tolerances: float) -> Mask:
    """Which pairs agree with the transform by place, and with its scale and turn by their size and angle."""
    with np.errstate(all="ignore"):
        miss = np.linalg.norm(apply_matrix(matrix, pairs.reference) - pairs.asset, axis=1)
        growth = 0.5 * np.log2(max(abs(float(np.linalg.det(matrix[:2, :2]))), 1e-12))
        turn = np.arctan2(matrix[1, 0] - matrix[0, 1], matrix[0, 0] + matrix[1, 1])
        tolerance = tolerances * min(_TOLERANCE, _TOLERANCE_OF_REFERENCE * 2.0**growth)
        agreeing: Mask = (miss <= tolerance) & (np.abs(pairs.growth - growth) <= _GROWTH) & (_turned(pairs.turn - turn) <= _TURN)
    return agreeing


def _turned(angles: Floats) -> Floats:
    return np.abs((angles + pi) % (2 * pi) - pi)


def _different_places(pairs: Pairs) -> int:
    """Number of pairs at different places, counted on the side that has fewer."""
    return min(len(np.unique(np.floor(places / _SAME_PLACE), axis=0)) for places in (pairs.reference, pairs.asset))


def _similarity(reference: Floats, asset: Floats) -> Matrix | None:
    middle, target = reference.mean(axis=0), asset.mean(axis=0)
    own, placed = reference - middle, asset - target
    total = float((own**2).sum())
    if total < 1e-9:
        return None
    cosine = float((own * placed).sum()) / total
    sine = float((own[:, 0] * placed[:, 1] - own[:, 1] * placed[:, 0]).sum()) / total
    turn = np.array([[cosine, -sine], [sine, cosine]])
    if not 1 / LARGEST_GROWTH <= np.hypot(cosine, sine) <= LARGEST_GROWTH:
        return None
    return _with_shift(turn, target - turn @ middle)


def _affine(reference: Floats, asset: Floats) -> Matrix | None:
    rows = np.column_stack([reference, np.ones(len(reference))])
    solved, _, rank, _ = np.linalg.lstsq(rows, asset, rcond=None)
    return _with_shift(np.asarray(solved[:2].T, np.float64), solved[2]) if rank == 3 else None


def _homography(reference: Floats, asset: Floats) -> Matrix | None:
    """Direct linear transform, normalised (Hartley & Zisserman 4.4)."""
    own, placed = _normalising(reference), _normalising(asset)
    source, target = apply_matrix(own, reference), apply_matrix(placed, asset)
    ones, none = np.ones(len(source)), np.zeros(len(source))
    east, south, right, down = source[:, 0], source[:, 1], target[:, 0], target[:, 1]
    upper = np.column_stack([east, south, ones, none, none, none, -right * east, -right * south, -right])
    lower = np.column_stack([none, none, none, east, south, ones, -down * east, -down * south, -down])
    rows = np.concatenate([upper, lower])
    try:
        # Of the 9 × 9 product rather than of all rows: exact enough once normalised, and independent of their number.
        solved = np.linalg.eigh(rows.T @ rows)[1][:, 0].reshape(3, 3)
        matrix: Matrix = np.linalg.inv(placed) @ solved @ own
    except np.linalg.LinAlgError:
        return None
    return matrix / matrix[2, 2] if abs(matrix[2, 2]) > 1e-9 else None


def _normalising(places: Floats) -> Matrix:
    middle = places.mean(axis=0)
    far = float(np.sqrt(((places - middle) ** 2).sum(axis=1).mean()))
    factor = np.sqrt(2) / max(far, 1e-9)
    return _with_shift(np.eye(2) * factor, -factor * middle)


def _with_shift(linear: Matrix, shift: Floats) -> Matrix:
    matrix = np.eye(3)
    matrix[:2, :2], matrix[:2, 2] = linear, shift
    return matrix


def _samples(size: tuple[float, float]) -> Floats:
    steps = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    east, south = np.meshgrid(steps * size[0], steps * size[1])
    samples: Floats = np.column_stack([east.ravel(), south.ravel()])
    return samples


def _inside(places: Floats, size: tuple[float, float]) -> Mask:
    inside: Mask = np.all((places >= 0) & (places <= np.array(size)), axis=1)
    return inside


def _log10_choose(total: int, chosen: int) -> float:
    return (lgamma(total + 1) - lgamma(chosen + 1) - lgamma(total - chosen + 1)) / log(10)
