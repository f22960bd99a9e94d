"""The bits that the blocks of a plane hold, and what they vote for: imwatermark 0.2.0, `EmbedMaxDct.decode_frame`."""

from __future__ import annotations

import numpy as np
import pywt
from numpy.typing import NDArray

from scanner.read.watermark_chroma import Plane

_BLOCK = 4
"""Side of a block in coefficients; twice that in pixels."""
_SCALE = 36
"""Remainders around a quarter of it spell 0, around three quarters 1."""


def block_bits(plane: Plane) -> NDArray[np.bool_]:
    """Return the bit of each block of `plane`, row by row."""
    height, width = (side // 4 * 4 for side in plane.shape)
    # PyWavelets' own rounding decides blocks that lie on the edge between two bits, so it is not done by hand.
    coefficients, _ = pywt.dwt2(plane[:height, :width], "haar")
    rows, columns = (side // _BLOCK for side in coefficients.shape)
    whole = coefficients[: rows * _BLOCK, : columns * _BLOCK]
    blocks = whole.reshape(rows, _BLOCK, columns, _BLOCK).swapaxes(1, 2).reshape(-1, _BLOCK * _BLOCK)
    # The first coefficient of a block is never written to.
    largest = np.abs(blocks[:, 1:]).max(axis=1)
    bits: NDArray[np.bool_] = largest % _SCALE > _SCALE / 2
    return bits


def count_votes(bits: NDArray[np.bool_], length: int) -> NDArray[np.float64]:
    """Return, for each bit of a message of `length` bits, the share of its blocks that spell 1."""
    place = np.arange(len(bits)) % length
    return np.bincount(place, weights=bits, minlength=length) / np.bincount(place, minlength=length)


def reference_bits(bits: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Return a message of `length` bits as the reference decoder reads it."""
    return count_votes(bits, length) * 255 > 127
