"""The quality gate: pictures too plain for a perceptual hash to tell from others.

pHash compares low frequencies with their median; where there are none worth the name, noise decides the bits, and all blacks,
bars and title cards look alike. Measured on 250 photographs (none excluded) and made blacks, tints, bars, slates,
titles, gradients, clouds and patterns: 1,000 of them ungated 7,970 false pairs at 9 bits; of 2,000 gated none, the nearest at 16.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image

_SHORTEST_PX = 32
"""The hash looks at 32 × 32 pixels; a smaller picture (an icon) has not got them."""

_COARSE_PX, _PATTERNS = 16, 4
_STRUCTURE_LEVELS = 0.8
"""Photographs: 1.43 at least, 2.4 at the second percentile; bars, gradients, checkerboards: 0.3 at most."""

_FINE_PX = 128
_TONE_BINS = 32
_STILL_LEVELS = 6
_GROUND_SHARE, _STILL_SHARE = 0.70, 0.45
"""Lettering: slates have 0.79 and 0.54 at least. Of the photographs, some reach one of the two (night, sky), none both."""


def is_flat(grey: Image.Image) -> bool:
    """Tell whether an eight-bit grey picture is too plain to be matched."""
    return min(grey.size) < _SHORTEST_PX or _lacks_structure(grey) or _is_lettering(grey)


def _lacks_structure(grey: Image.Image) -> bool:
    """Whether, at the hash's coarseness, four products of a row with a column already make the whole picture.

    That is so of every tint, ramp, set of bars and checkerboard, whatever its contrast, and of grain that averages out.
    """
    strengths = np.linalg.svd(_shrunk(grey, _COARSE_PX), compute_uv=False)
    return float(np.sqrt((strengths[_PATTERNS:] ** 2).sum())) / _COARSE_PX < _STRUCTURE_LEVELS


def _is_lettering(grey: Image.Image) -> bool:
    """Whether most of the picture is one tone, and still: a title, a slate, a page of text, a logo."""
    levels = _shrunk(grey, _FINE_PX)
    shares = np.bincount((levels * (_TONE_BINS / 256)).astype(np.int64).ravel(), minlength=_TONE_BINS) / levels.size
    ground = float((shares[:-1] + shares[1:]).max())
    if ground <= _GROUND_SHARE:
        return False
    around = sliding_window_view(levels, (3, 3))
    still = np.ptp(around, axis=(2, 3)) <= _STILL_LEVELS
    return float(still.mean()) > _STILL_SHARE


def _shrunk(grey: Image.Image, side_px: int) -> NDArray[np.float32]:
    # The mean over an area, not a sharper filter: grain has to average out.
    return np.asarray(grey.resize((side_px, side_px), Image.Resampling.BOX), dtype=np.float32)
