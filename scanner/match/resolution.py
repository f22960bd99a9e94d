"""One resolution for two pictures: what is softer in one is made as soft in the other.

Softening takes grain away too, wherever it is; resolution shows only where there is something to resolve. So what softening takes
from the residual of flat places is not counted as gained: a grainy copy is not the sharper one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scanner.match.planes import Floats, Mask, grey, soft

_SIGMAS_PX = (0.6, 0.9, 1.3, 1.8, 2.5)
_AGREEING_PER_CENT = 70
_GAIN = 0.97
"""A softer copy is taken only where it leaves this share of the residual."""
_DETAIL_PX = 3.0
_FLAT_PER_CENT, _DETAILED_PER_CENT = 25, 70
"""Shares of the picture that count as flat and, from the other end, as detailed."""


@dataclass(frozen=True, slots=True)
class _Places:
    flat: Mask
    detailed: Mask


def softening(asset: Floats, mapped: Floats, valid: Mask) -> tuple[float, float]:
    """How far asset and reference are to be softened to agree best where they agree: deviations in pixels, one of them 0."""
    grey_asset, grey_mapped = (grey(picture) for picture in (asset, mapped))
    places = _places(grey_mapped, valid)
    noise = _residual(grey_asset, grey_mapped, places.flat)
    least, chosen = _GAIN * _residual(grey_asset, grey_mapped, places.detailed), (0.0, 0.0)
    for softens_asset in (False, True):
        for sigma in _SIGMAS_PX:
            one = soft(grey_asset, sigma) if softens_asset else grey_asset
            other = grey_mapped if softens_asset else soft(grey_mapped, sigma)
            smoothed = max(0.0, noise - _residual(one, other, places.flat))
            residual = _residual(one, other, places.detailed) + smoothed
            if residual >= least:
                break
            least, chosen = residual, (sigma, 0.0) if softens_asset else (0.0, sigma)
        if chosen != (0.0, 0.0):
            break
    return chosen


def softened(picture: Floats, sigma_px: float) -> Floats:
    """Return a picture softened by this much; as it is where that is nothing."""
    return soft(picture, sigma_px) if sigma_px else picture


def _places(mapped: Floats, valid: Mask) -> _Places:
    detail = soft(np.square(mapped - soft(mapped, _DETAIL_PX)), _DETAIL_PX)
    flat, detailed = np.percentile(detail[valid], (_FLAT_PER_CENT, _DETAILED_PER_CENT))
    return _Places(valid & (detail <= flat), valid & (detail >= detailed))


def _residual(asset: Floats, mapped: Floats, places: Mask) -> float:
    apart = np.square(asset - mapped)[places]
    bound = np.percentile(apart, _AGREEING_PER_CENT)
    return float(apart[apart <= bound].mean())
