"""Tone mapping: what a grade made of the reference's colours, fitted so that an altered region does not drag the fit.

A polynomial of the second order mixes the channels (saturation, black and white, look-up tables) with a little of the place
(vignette); a monotone curve a channel follows it (contrast, clipping). Weights come first from structure, which no grade
changes, then from the residual.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.match.common_frame import Frame
from scanner.match.planes import Floats

_STEP_PX = 4
_ROUNDS = 4
_KNOTS = 24
_TABLE = 1024
_COARSE = 8
_LIGHT_PX = 28.0
"""Scale of uneven light in pixels of the frame: coarser than any region that is told."""
_MOST_LIGHT = 40.0
_NO_LIGHT = 0.03
_FLOOR = 4.0
"""Grey levels below which a residual is never an outlier."""
_Rows = NDArray[np.float64]
_Any = NDArray[np.floating]


def tone_mapped(frame: Frame, trusted: Floats) -> Floats:
    """Return the reference with the asset's tones.

    Args:
        frame: the two.
        trusted: (h, w), 0 to 1: how far structure says that a place is the same in both.
    """
    height, width = frame.valid.shape
    rows, columns = np.mgrid[0:height, 0:width]
    x, y = columns / width - 0.5, rows / height - 0.5
    some = np.zeros_like(frame.valid)
    some[::_STEP_PX, ::_STEP_PX] = True
    chosen = some & frame.valid
    terms = _terms(frame.reference[chosen], x[chosen], y[chosen])
    wanted = frame.asset[chosen].astype(np.float64)
    first = trusted[chosen].astype(np.float64)
    found, weights = _robust(terms, wanted, first)
    mixed = _evaluated(frame.reference, found)
    curved = [_curved(mixed[..., channel], (terms @ found)[:, channel], wanted[:, channel], weights) for channel in range(3)]
    toned = np.asarray(np.stack(curved, axis=2), np.float32)
    return np.asarray((toned + _light(frame.asset - toned, trusted * frame.valid)).clip(0, 255), np.float32)


def _light(residual: Floats, trusted: Floats) -> Floats:
    """What is left of uneven light: the residual at a coarse scale, where structure agrees and little is left."""
    height, width = trusted.shape
    apart = np.abs(residual).max(axis=2) / _MOST_LIGHT
    weight = trusted * np.square(np.maximum(1 - apart * apart, 0))
    size = (max(1, width // _COARSE), max(1, height // _COARSE))
    weighed = np.concatenate([residual * weight[..., None], weight[..., None]], axis=2)
    coarse = cv2.GaussianBlur(cv2.resize(weighed, size, interpolation=cv2.INTER_AREA), (0, 0), _LIGHT_PX / _COARSE)
    light = coarse[..., :3] / (coarse[..., 3:] + _NO_LIGHT)
    return np.asarray(cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _terms(colours: Floats, x: _Rows, y: _Rows) -> _Rows:
    """Shape (n, 19)."""
    return np.stack(_columns(colours[:, 0] / 255, colours[:, 1] / 255, colours[:, 2] / 255, x, y), axis=1).astype(np.float64)


def _columns(red: _Any, green: _Any, blue: _Any, x: _Any, y: _Any) -> list[_Any]:
    """The terms of the polynomial, each of the shape of what is given."""
    light = (red + 2 * green + blue) / 4
    far = x * x + y * y
    columns = [np.ones_like(red), red, green, blue, red * red, green * green, blue * blue, red * green, green * blue, red * blue]
    return [*columns, light * light * light, x, y, x * x, y * y, x * light, y * light, far * light, far * far * light]


def _evaluated(reference: Floats, found: _Rows) -> Floats:
    """The polynomial at every pixel, shape (h, w, 3)."""
    height, width = reference.shape[:2]
    x = np.broadcast_to(np.arange(width, dtype=np.float32) / width - 0.5, (height, width))
    y = np.broadcast_to((np.arange(height, dtype=np.float32) / height - 0.5)[:, None], (height, width))
    red, green, blue = (reference[..., channel] / np.float32(255) for channel in range(3))
    columns = _columns(red, green, blue, x, y)
    terms = np.stack([column.ravel() for column in columns])
    return np.asarray((found.T.astype(np.float32) @ terms).T.reshape(height, width, 3), np.float32)


def _robust(terms: _Rows, wanted: _Rows, first: _Rows) -> tuple[_Rows, _Rows]:
    """Least squares, each round without what the last could not explain; the coefficients and the last weights."""
    weights: _Rows = first
    ridge = np.eye(terms.shape[1]) * 1e-4 * len(terms)
    ridge[:4, :4] *= 0.01
    found = np.zeros((terms.shape[1], 3))
    for _ in range(_ROUNDS):
        weighted = terms * weights[:, None]
        found = np.asarray(np.linalg.solve(weighted.T @ terms + ridge, weighted.T @ wanted), np.float64)
        apart = np.abs(wanted - terms @ found).max(axis=1)
        scale = max(_FLOOR, 2.5 * _weighted_median(apart, first))
        fitting = np.square(np.maximum(1 - np.square(apart / (2 * scale)), 0))
        weights = np.asarray(np.sqrt(first) * fitting + 1e-9, np.float64)
    return found, weights


def _weighted_median(values: _Rows, weights: _Rows) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def _curved(mixed: Floats, mapped: _Rows, wanted: _Rows, weights: _Rows) -> Floats:
    """Bend one channel by a monotone curve through the middles of what is wanted at each level."""
    edges = np.linspace(mapped.min(), mapped.max() + 1e-6, _KNOTS + 1)
    bins = np.clip(np.digitize(mapped, edges) - 1, 0, _KNOTS - 1)
    mass = np.bincount(bins, weights, _KNOTS)
    level = np.bincount(bins, weights * mapped, _KNOTS) / np.maximum(mass, 1e-9)
    value = np.bincount(bins, weights * wanted, _KNOTS) / np.maximum(mass, 1e-9)
    held = mass > 0.002 * mass.sum()
    if held.sum() < 3:
        return mixed
    table = np.interp(np.linspace(edges[0], edges[-1], _TABLE), level[held], np.maximum.accumulate(value[held]))
    places = (mixed - np.float32(edges[0])) * np.float32((_TABLE - 1) / (edges[-1] - edges[0]))
    return np.asarray(table[np.clip(places, 0, _TABLE - 1).astype(np.int32)], np.float32)
