"""Exact search among hashes of 256 bits, the pictures laid in all eight ways.

Mirrored or flipped, a picture has the same bits but for those of odd frequencies, which turn over (`match.ways`). Sorted by
whether their frequencies across and down are odd, 256 bits are four words, of which each keeps its distance or takes 64 minus it:
four ways cost one look, and all eight cost two. Three of the words, each taken the way that suits it, differ in too many bits for
nearly all rows (unlike ones in 90, give or take 5); the few left are reckoned whole. Nothing within the threshold is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.match.ways import WAYS, laid
from scanner.model.belongings import HashRow
from scanner.model.matching import GlobalHash

MATCH_BITS = 31
"""Differing bits up to which two pictures are `similar`: no wrong pair of 25 million (docs/decisions/0018)."""
VERIFY_BITS = 64
"""Differing bits up to which a pair is worth a geometric check: no wrong pair of 25 million, one at 72."""

_SIDE, _WORD_BITS, _BYTES = 16, 64, 32
_BLOCK_ROWS = 1 << 15
"""Rows compared at once: three words of each and what is made of them stay in the processor's cache."""
_TURNED = 4
"""The first of the ways that change across and down."""
_SIGNS = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
"""Of the first four ways, which words turn over: those of frequencies odd across, down, both ways."""
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
        queries = np.concatenate([_by_parity(laid(views, way)) for way in (WAYS[0], WAYS[_TURNED])], axis=1).T
        best: dict[int, tuple[int, int]] = {}
        for at, rows in self._possible(queries, threshold_bits):
            bits, ways = _exactly(self._words[:, rows], queries[at])
            for row, differing, way in zip(rows.tolist(), bits.tolist(), ways.tolist(), strict=True):
                if differing <= threshold_bits:
                    owner, found = int(self._owners[row]), (differing, way if at < len(views) else way + _TURNED)
                    best[owner] = min(best.get(owner, found), found)
        told = (Near(self._names[owner], bits, WAYS[way]) for owner, (bits, way) in best.items())
        return tuple(sorted(told, key=lambda near: (near.bits, near.reference)))

    def _possible(self, queries: NDArray[np.uint64], threshold_bits: int) -> Iterator[tuple[int, NDArray[np.intp]]]:
        """Yield (query, rows) for all rows that may be within the threshold in one of the four ways that keep across and down."""
        room = _Room.of(min(_BLOCK_ROWS, self._words.shape[1]))
        for start in range(0, self._words.shape[1], _BLOCK_ROWS):
            block = self._words[:, start : start + _BLOCK_ROWS]
            for at, query in enumerate(queries):
                least = _at_least(block, query, room)
                if least.min() <= threshold_bits:
                    yield at, start + np.flatnonzero(least <= threshold_bits)


@dataclass(frozen=True, slots=True)
class _Room:
    """Where a block is worked on; asking for fresh memory each time takes longer than the work."""

    words: NDArray[np.uint64]
    total: NDArray[np.uint8]
    bits: NDArray[np.uint8]
    others: NDArray[np.uint8]

    @classmethod
    def of(cls, rows: int) -> _Room:
        total, bits, others = np.empty((3, rows), np.uint8)
        return cls(np.empty(rows, np.uint64), total, bits, others)


def _at_least(block: Words, query: NDArray[np.uint64], room: _Room) -> NDArray[np.uint8]:
    """In how many bits each hash differs at least, by the first three words."""
    rows = block.shape[1]
    words, total, bits, others = room.words[:rows], room.total[:rows], room.bits[:rows], room.others[:rows]
    np.bitwise_count(np.bitwise_xor(block[0], query[0], out=words), out=total)
    for part, word in zip(block[1:3], query[1:3], strict=True):
        np.bitwise_count(np.bitwise_xor(part, word, out=words), out=bits)
        np.subtract(np.uint8(_WORD_BITS), bits, out=others)
        np.add(total, np.minimum(bits, others, out=bits), out=total)
    return total


def _exactly(words: Words, query: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Least differing bits of each hash, and the way (of the first four) in which they are so few."""
    neither, *odd = np.bitwise_count(words ^ query[:, None]).astype(np.int64)
    # As they differ from half their bits: turned over, each changes its sign.
    totals = neither + len(odd) * _WORD_BITS // 2 + _SIGNS @ (np.stack(odd) - _WORD_BITS // 2)
    return totals.min(axis=0), totals.argmin(axis=0)


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
