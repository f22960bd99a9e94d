"""High dynamic range and logarithmic film to what an ordinary display shows.

Signal → linear light, reference white 1.0 → Rec. 709 primaries where they were Rec. 2020 → highlights rolled off → sRGB curve.
Reference white is 203 cd/m² (ITU-R BT.2408); HLG is shown as on a display of 1,000 cd/m² (BT.2100, gamma 1.2). Below the knee
nothing is bent, so that a picture graded for both lies the same in both. Camera curves are taken as ARRI's LogC3 at EI 800: the
others differ from it by less than a grade does, and cameras' gamuts are not applied.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scanner.model.moving import Transfer

Light = NDArray[np.float32]
"""Rows, columns, three channels; linear, white 1.0."""
ToneCurve = Callable[[Light], Light]
"""From linear light to display values 0 to 1."""

WHITE_NITS = 203.0
"""Reference white, ITU-R BT.2408."""
_HLG_NITS, _HLG_GAMMA = 1000.0, 1.2
_KNEE = 0.7
_REC2020_TO_709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
    dtype=np.float32,
)
"""ITU-R BT.2087."""
_LUMA_2020 = np.array([0.2627, 0.6780, 0.0593], dtype=np.float32)


def linear_light(signal: Light, transfer: Transfer, wide_gamut: bool) -> Light:
    """Return linear light of signal values 0 to 1, `wide_gamut` where their primaries are Rec. 2020."""
    light: Light = _DECODERS[transfer](np.clip(signal, 0.0, 1.0))
    if wide_gamut:
        light = np.maximum(light @ _REC2020_TO_709.T, 0.0).astype(np.float32)
    return light


def rolled_off(light: Light) -> Light:
    """Return display values of linear light: as it is up to the knee, then towards white without reaching it; sRGB curve."""
    over = np.maximum(light - _KNEE, 0.0) / (1.0 - _KNEE)
    rolled = np.where(light < _KNEE, light, _KNEE + (1.0 - _KNEE) * (1.0 - np.exp(-over)))
    curve = np.where(rolled <= 0.0031308, 12.92 * rolled, 1.055 * np.maximum(rolled, 0.0) ** (1 / 2.4) - 0.055)
    shown: Light = curve.astype(np.float32)
    return shown


def _from_pq(signal: Light) -> Light:
    # SMPTE ST 2084, equation 4.1.
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 4096 * 128, 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    root = signal.astype(np.float32) ** np.float32(1 / m2)
    light = (np.maximum(root - c1, 0.0) / (c2 - c3 * root)) ** (1 / m1)
    return np.asarray(light * (10_000.0 / WHITE_NITS), dtype=np.float32)


def _from_hlg(signal: Light) -> Light:
    # ITU-R BT.2100, table 5.
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    luminance = np.maximum(scene @ _LUMA_2020, 1e-6)[..., None]
    return np.asarray(scene * luminance ** (_HLG_GAMMA - 1) * (_HLG_NITS / WHITE_NITS), dtype=np.float32)


def _from_log(signal: Light) -> Light:
    # ARRI, "ALEXA LogC Curve", 2017: LogC3, scene linear, EI 800.
    cut, a, b, c, d, e, f = 0.010591, 5.555556, 0.052272, 0.247190, 0.385537, 5.367655, 0.092809
    bent = (10.0 ** ((signal - d) / c) - b) / a
    return np.asarray(np.maximum(np.where(signal > e * cut + f, bent, (signal - f) / e), 0.0), dtype=np.float32)


def _as_it_is(signal: Light) -> Light:
    return signal


_DECODERS: dict[Transfer, Callable[[Light], Light]] = {
    Transfer.PQ: _from_pq,
    Transfer.HLG: _from_hlg,
    Transfer.LOG: _from_log,
    Transfer.LINEAR: _as_it_is,
}
