"""Where two registered pictures of one tone differ: residual over what noise and texture explain.

Each place is judged by a window: mean square residual against the noise of the whole picture and the texture of the place.
Two pictures of different things have residuals as large as their textures; a soft, sharpened, grainy or compressed copy has a
small share of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scanner.match.planes import Floats, Mask, soft

_SMOOTH_PX = 1.0
_WINDOW_PX = 3.5
_BASE = 30.0
_NOISE = 4.0
_TEXTURE = 0.22
_LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Difference:
    """How far two pictures differ, place by place."""

    score: Floats
    """(h, w): 1 where it is as likely a difference as not; 0 where nothing is compared."""
    noise: float
    """Deviation of the residual where nothing differs, in grey levels."""


def difference(asset: Floats, mapped: Floats, valid: Mask, trusted: Floats) -> Difference:
    """Compare an asset with a reference in the asset's tones: (h, w, 3), RGB; `valid` (h, w) says where both are."""
    asset, wanted = soft(asset, _SMOOTH_PX), soft(mapped, _SMOOTH_PX)
    energy = _window(np.square(asset - wanted).mean(axis=2), valid)
    texture = _variance(asset, valid) + _variance(wanted, valid)
    noise = _noise(energy[valid], texture[valid], trusted[valid])
    score = energy / (_BASE + _NOISE * noise + _TEXTURE * texture)
    score[~valid] = 0
    return Difference(np.asarray(score, np.float32), float(np.sqrt(noise)))


def _window(values: Floats, valid: Mask) -> Floats:
    """Mean over the window of what is valid."""
    weight = soft(valid.astype(np.float32), _WINDOW_PX)
    return np.asarray(soft(values * valid, _WINDOW_PX) / np.maximum(weight, _LEAST), np.float32)


def _variance(picture: Floats, valid: Mask) -> Floats:
    squares = np.zeros(valid.shape, np.float32)
    for channel in range(3):
        plane = picture[..., channel]
        squares += np.maximum(_window(plane * plane, valid) - np.square(_window(plane, valid)), 0)
    return np.asarray(squares / 3, np.float32)


def _noise(energy: Floats, texture: Floats, trusted: Floats) -> float:
    """Mean square of the residual that the flatter half of what structure trusts has where it agrees; all of shape (n,).

    Without trust a picture whose flat parts were replaced would have the difference itself as its noise.
    """
    flatter = texture <= _weighted_percentile(texture, trusted, 50)
    return _weighted_percentile(energy[flatter], trusted[flatter], 40)


def _weighted_percentile(values: Floats, weights: Floats, per_cent: float) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order], dtype=np.float64)
    return float(values[order][np.searchsorted(total, total[-1] * per_cent / 100)])
