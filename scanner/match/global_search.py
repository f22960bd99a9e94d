"""Exact search among hashes of 256 bits, the pictures laid in all eight ways.

Mirrored or flipped, a picture has the same bits but for those of odd frequencies, which turn over (`match.ways`). Sorted by
whether their frequencies across and down are odd, 256 bits are four words, of which each keeps its distance or takes 64 minus it:
four ways cost one look, and all eight cost two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.match.hamming import count_ones
from scanner.match.ways import WAYS, laid
from scanner.model.belongings import HashRow
from scanner.model.matching import GlobalHash

MATCH_BITS = 31
"""Differing bits up to which two pictures are `similar`: no wrong pair of 25 million (docs/decisions/0018)."""
VERIFY_BITS = 64
"""Differing bits up to which a pair is worth a geometric check: no wrong pair of 25 million, one at 72."""

_SIDE, _WORD_BITS, _BYTES = 16, 64, 32
_BLOCK_ROWS = 1 << 15
Words = NDArray[np.uint64]
"""Shape (4, n): of each hash the bits of frequencies that are odd neither way, across, down, both ways."""


@dataclass(frozen=True, slots=True)
class Near:
    """A reference whose hash is near."""

    reference: str
    """Its id."""
    bits: int
    """Least differing bits between any two views, laid in any way."""
    way: str
    """How the looked-for picture was laid then, one of `match.ways.WAYS`."""


class GlobalSearch:
    """Hashes of references, all by one algorithm."""

    def __init__(self, rows: Iterable[HashRow], only: Iterable[str] | None = None) -> None:
        """Take in rows; with `only`, those of these references. Rows of another length than 256 bits a hash are left out."""
        wanted = None if only is None else frozenset(only)
        self._names: list[str] = []
        owners, parts = list[int](), list[bytes]()
        for row in rows:
            if len(row.bits) != _BYTES * len(row.variants) or (wanted is not None and row.reference not in wanted):
                continue
            owners += [len(self._names)] * len(row.variants)
            self._names.append(row.reference)
            parts.append(row.bits)
        self._owners = np.array(owners, np.intp)
        self._words = _by_parity(np.frombuffer(b"".join(parts), np.uint8).reshape(-1, _BYTES))

    def __len__(self) -> int:
        return len(self._names)

    def find(self, prints: Sequence[GlobalHash], threshold_bits: int = VERIFY_BITS) -> tuple[Near, ...]:
        """Return the references that a view of the picture is near to, nearest first, each once."""
        digits = bytes.fromhex("".join(one.bits for one in prints))
        if not digits or len(digits) != _BYTES * len(prints) or not len(self):
            return ()
        views = np.frombuffer(digits, np.uint8).reshape(-1, _BYTES)
        best: dict[int, tuple[int, int]] = {}
        for turned, way in ((0, WAYS[0]), (4, WAYS[4])):
            for query in _by_parity(laid(views, way)).T:
                for row, bits, mirrored in self._within(query, threshold_bits):
                    owner = int(self._owners[row])
                    best[owner] = min(best.get(owner, (bits, turned + mirrored)), (bits, turned + mirrored))
        found = (Near(self._names[owner], bits, WAYS[way]) for owner, (bits, way) in best.items())
        return tuple(sorted(found, key=lambda near: (near.bits, near.reference)))

    def _within(self, query: NDArray[np.uint64], threshold_bits: int) -> Iterable[tuple[int, int, int]]:
        """Yield (row, bits, way) of rows that are near in one of the four ways that keep across and down apart."""
        for start in range(0, self._words.shape[1], _BLOCK_ROWS):
            block = self._words[:, start : start + _BLOCK_ROWS]
            differing = (count_ones(part ^ word) for part, word in zip(block, query, strict=True))
            neither, across, down, both = (bits.astype(np.int16) for bits in differing)
            # Sums of odd classes as they differ from half their bits: turned over, each changes its sign.
            half = np.int16(_WORD_BITS // 2)
            base, a, d, o = neither + 3 * half, across - half, down - half, both - half
            totals = np.stack([base + a + d + o, base + a - d - o, base - a + d - o, base - a - d + o])
            least = totals.min(axis=0)
            for row in np.flatnonzero(least <= threshold_bits):
                yield start + int(row), int(least[row]), int(totals[:, row].argmin())


def _by_parity(hashes: NDArray[np.uint8]) -> Words:
    words = np.zeros((len(_PLACES), len(hashes)), np.uint64)
    for start in range(0, len(hashes), _BLOCK_ROWS):
        bits = np.unpackbits(hashes[start : start + _BLOCK_ROWS], axis=1)
        for word, places in zip(words, _PLACES, strict=True):
            packed = np.ascontiguousarray(np.packbits(bits[:, places], axis=1))
            word[start : start + _BLOCK_ROWS] = packed.view(np.uint64)[:, 0]
    return words


def _places() -> tuple[NDArray[np.intp], ...]:
    odd = np.arange(1, _SIDE + 1) % 2 == 1
    down, across = np.repeat(odd, _SIDE), np.tile(odd, _SIDE)
    return tuple(np.flatnonzero(chosen) for chosen in (~down & ~across, across & ~down, down & ~across, down & across))


_PLACES = _places()
