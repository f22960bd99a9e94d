"""One resolution for two pictures: what is softer in one is made as soft in the other."""

from __future__ import annotations

import cv2
import numpy as np

from scanner.match.common_frame import Floats, Mask

_SIGMAS_PX = (0.6, 0.9, 1.3, 1.8, 2.5)
_AGREEING_PER_CENT = 70
_GAIN = 0.97
"""A softer copy is taken only where it leaves this share of the residual."""


def equalised(asset: Floats, mapped: Floats, valid: Mask) -> tuple[Floats, Floats]:
    """Return both pictures, the sharper one softened until they agree best where they agree at all."""
    grey_asset, grey_mapped = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (asset, mapped))
    least, chosen = _GAIN * _residual(grey_asset, grey_mapped, valid), (0.0, 0.0)
    for of_asset in (False, True):
        for sigma in _SIGMAS_PX:
            one = _soft(grey_asset, sigma) if of_asset else grey_asset
            other = grey_mapped if of_asset else _soft(grey_mapped, sigma)
            residual = _residual(one, other, valid)
            if residual >= least:
                break
            least, chosen = residual, (sigma, 0.0) if of_asset else (0.0, sigma)
        if chosen != (0.0, 0.0):
            break
    return tuple(_soft(picture, sigma) if sigma else picture for picture, sigma in zip((asset, mapped), chosen, strict=True))  # type: ignore[return-value]


def _soft(picture: Floats, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def _residual(asset: Floats, mapped: Floats, valid: Mask) -> float:
    apart = np.square(asset - mapped)[valid]
    bound = np.percentile(apart, _AGREEING_PER_CENT)
    return float(apart[apart <= bound].mean())
