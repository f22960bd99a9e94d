"""Hamming distances of 64-bit hashes, exactly, over all rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_ONE, _TWO, _FOUR, _FIFTY_SIX = (np.uint64(shift) for shift in (1, 2, 4, 56))
_ODD_BITS, _ODD_PAIRS, _ODD_NIBBLES, _EVERY_BYTE = (np.uint64(int(digits * 8, 16)) for digits in ("55", "33", "0f", "01"))
_BLOCK_ROWS = 1 << 16
"""Rows compared at once: half a megabyte, which stays in the processor's cache (benchmarks/near_search.py)."""


class HashTable:
    """Hashes of 64 bits, eight bytes a row."""

    def __init__(self, hashes: NDArray[np.uint64]) -> None:
        """`hashes` has shape (n,)."""
        self._hashes = np.ascontiguousarray(hashes)

    def within(self, query: int, threshold_bits: int) -> Iterator[tuple[int, int]]:
        """Yield (row, distance in bits) of every row at most `threshold_bits` from `query`, in row order."""
        wanted = np.uint64(query)
        for start in range(0, len(self._hashes), _BLOCK_ROWS):
            distances = count_ones(self._hashes[start : start + _BLOCK_ROWS] ^ wanted)
            for row in np.flatnonzero(distances <= threshold_bits):
                yield start + int(row), int(distances[row])


def count_ones(values: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Return the number of set bits of each value."""
    if hasattr(np, "bitwise_count"):
        return np.bitwise_count(values)
    return count_ones_by_sums(values)


def count_ones_by_sums(values: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """As `count_ones`, for numpy before 2.0: sums of neighbouring bits, then of pairs, then of nibbles."""
    pairs = values - ((values >> _ONE) & _ODD_BITS)
    nibbles = (pairs & _ODD_PAIRS) + ((pairs >> _TWO) & _ODD_PAIRS)
    octets = (nibbles + (nibbles >> _FOUR)) & _ODD_NIBBLES
    # The product's highest byte is the sum of all eight.
    ones: NDArray[np.uint8] = ((octets * _EVERY_BYTE) >> _FIFTY_SIX).astype(np.uint8)
    return ones
