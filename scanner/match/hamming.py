"""Hamming distances of 64-bit hashes, exactly, over all rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_ONES_IN_BYTE = np.array([value.bit_count() for value in range(256)], dtype=np.uint8)


class HashTable:
    """Hashes of 64 bits, eight bytes a row."""

    def __init__(self, hashes: NDArray[np.uint64]) -> None:
        """`hashes` has shape (n,)."""
        self._hashes = np.ascontiguousarray(hashes)

    def within(self, query: int, threshold_bits: int) -> Iterator[tuple[int, int]]:
        """Yield (row, distance in bits) of every row at most `threshold_bits` from `query`, in row order."""
        distances = count_ones(self._hashes ^ np.uint64(query))
        for row in np.flatnonzero(distances <= threshold_bits):
            yield int(row), int(distances[row])


def count_ones(values: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Return the number of set bits of each value."""
    if hasattr(np, "bitwise_count"):
        return np.bitwise_count(values)
    return count_ones_by_table(values)


def count_ones_by_table(values: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """As `count_ones`, for numpy before 2.0: a look-up a byte."""
    ones: NDArray[np.uint8] = _ONES_IN_BYTE[values.view(np.uint8).reshape(-1, 8)].sum(axis=1, dtype=np.uint8)
    return ones
