"""One resolution for two pictures: what is softer in one is made as soft in the other."""

from __future__ import annotations

import numpy as np

from scanner.match.planes import Floats, Mask, grey, soft

_SIGMAS_PX = (0.6, 0.9, 1.3, 1.8, 2.5)
_AGREEING_PER_CENT = 70
_GAIN = 0.97
"""A softer copy is taken only where it leaves this share of the residual."""


def equalised(asset: Floats, mapped: Floats, valid: Mask) -> tuple[Floats, Floats]:
    """Return both pictures, the sharper one softened until they agree best where they agree at all."""
    grey_asset, grey_mapped = (grey(picture) for picture in (asset, mapped))
    least, chosen = _GAIN * _residual(grey_asset, grey_mapped, valid), (0.0, 0.0)
    for softens_asset in (False, True):
        for sigma in _SIGMAS_PX:
            one = soft(grey_asset, sigma) if softens_asset else grey_asset
            other = grey_mapped if softens_asset else soft(grey_mapped, sigma)
            residual = _residual(one, other, valid)
            if residual >= least:
                break
            least, chosen = residual, (sigma, 0.0) if softens_asset else (0.0, sigma)
        if chosen != (0.0, 0.0):
            break
    of_asset, of_mapped = chosen
    return soft(asset, of_asset) if of_asset else asset, soft(mapped, of_mapped) if of_mapped else mapped


def _residual(asset: Floats, mapped: Floats, valid: Mask) -> float:
    apart = np.square(asset - mapped)[valid]
    bound = np.percentile(apart, _AGREEING_PER_CENT)
    return float(apart[apart <= bound].mean())
