"""What may have local features: neither lettering, wherever it stands, nor pictures too plain to be told apart.

The gate of the hash (fingerprint.flatness) looks at the whole picture, so that black bars, a matte or a log curve make a good
photograph look plain. Here a picture it calls plain gets a second look, without its even borders and with more contrast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scanner.fingerprint.flatness import is_flat

_WINDOW_PX, _STEP_PX = 8, 2
_TWO_TONES = 0.12
"""Mean distance of the levels around a point from the darker or the brighter end, as a share of their range: 0 for two tones,
0.25 for an even spread. Around the points of 50 photographs 0.095 at the first percentile and 0.27 in the middle; around
lettering on black, on a card or on a gradient 0.06 to 0.08."""

_BORDER_LEVELS = 14
_SHORTEST_PX = 16
_GAIN = 2.5
"""Undoes a log curve (0.42 of the contrast); more would make grain look like a picture."""
_NEAR_LEVELS = 10
_TWO_TONE_SHARE = 0.86
"""Share of the pixels that two tones may have: lettering 0.80 at least; of 250 photographs, also in log and in bars, 1 % more
than 0.76 to 0.80. It is asked only of pictures that look plain as a whole."""


def stands_in_plain(levels: NDArray[np.uint8]) -> bool:
    """Tell whether more than plain tones and lettering stands in a grey picture that looks plain as a whole."""
    inner = _without_borders(levels)
    if min(inner.shape) < _SHORTEST_PX:
        return False
    stretched = _stretched(inner)
    return not is_flat(Image.fromarray(stretched)) and _two_tone_share(stretched) < _TWO_TONE_SHARE


def in_two_tones(grey: NDArray[np.uint8], places: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which of the places (pixels, shape (n, 2)) are surrounded by two tones only, as lettering and graphics are."""
    if not len(places):
        return np.zeros(0, bool)
    steps = np.arange(-_WINDOW_PX, _WINDOW_PX + 1, _STEP_PX)
    whole = np.rint(places).astype(np.intp)
    rows = (whole[:, 1, None] + steps).clip(0, grey.shape[0] - 1)
    columns = (whole[:, 0, None] + steps).clip(0, grey.shape[1] - 1)
    around = grey[rows[:, :, None], columns[:, None, :]].reshape(len(places), -1).astype(np.float32)
    darkest, brightest = around.min(axis=1, keepdims=True), around.max(axis=1, keepdims=True)
    shares = (around - darkest) / np.maximum(brightest - darkest, 1.0)
    two_tones: NDArray[np.bool_] = np.minimum(shares, 1 - shares).mean(axis=1) < _TWO_TONES
    return two_tones


def _without_borders(levels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    top, bottom = _busy(levels)
    left, right = _busy(levels[top:bottom].T) if bottom > top else (0, 0)
    return levels[top:bottom, left:right]


def _busy(rows: NDArray[np.uint8]) -> tuple[int, int]:
    """First row, and the row after the last, that is not of one even tone but for some noise."""
    low, high = np.percentile(rows, (2, 98), axis=1)
    busy = np.flatnonzero(high - low > _BORDER_LEVELS)
    return (int(busy[0]), int(busy[-1]) + 1) if len(busy) else (0, 0)


def _stretched(levels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    low, high = np.percentile(levels, (1, 99))
    gain = min(_GAIN, max(1.0, 230 / max(high - low, 1.0)))
    stretched: NDArray[np.uint8] = np.clip((levels - (low + high) / 2) * gain + 127.5, 0, 255).astype(np.uint8)
    return stretched


def _two_tone_share(levels: NDArray[np.uint8]) -> float:
    shares = np.bincount(levels.ravel(), minlength=256) / levels.size
    near = np.convolve(shares, np.ones(2 * _NEAR_LEVELS + 1), "same")
    first = int(near.argmax())
    total = float(near[first])
    shares[max(0, first - 2 * _NEAR_LEVELS) : first + 2 * _NEAR_LEVELS + 1] = 0
    return total + float(np.convolve(shares, np.ones(2 * _NEAR_LEVELS + 1), "same").max())
