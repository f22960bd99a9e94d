"""Content that stands in more than one place of a delivery."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from scanner.judge.subject import Copy
from scanner.pipeline.gather import Gathered
from scanner.pipeline.records import frame_digests

_FIRST_DIGITS = 16
_PIECE = 1 << 16

Copies = Mapping[str, tuple[Copy, ...]]
"""SHA-256 of content → its places, where there are several."""


def copies_among(gathered: Sequence[Gathered], among: Iterable[int]) -> Copies:
    """Return, for each content that stands in more than one place, all its places; `among` as `CopyIndex` tells them."""
    places: defaultdict[str, list[Copy]] = defaultdict(list)
    for index in among:
        one = gathered[index]
        for digest in _digests(one):
            places[digest].append(Copy(one.asset.root, one.asset.path, one.asset.zone.zone, one.provenance))
    return {digest: tuple(copies) for digest, copies in places.items() if len(copies) > 1}


class CopyIndex:
    """Is shown one asset after the other, and tells which have content that another one has too."""

    def __init__(self) -> None:
        # Nearly all contents stand in one place: twelve bytes of each are kept, and no digest.
        self._beginnings, self._owners = array("Q"), array("I")
        self._count = 0

    def add(self, one: Gathered) -> None:
        """Take in the next asset."""
        for digest in _digests(one):
            self._beginnings.append(int(digest[:_FIRST_DIGITS], 16))
            self._owners.append(self._count)
        self._count += 1

    def several(self) -> list[int]:
        """Return the indexes of assets with content that another one has too; rarely that of another one besides."""
        beginnings = np.frombuffer(self._beginnings, np.uint64)
        ordered = np.sort(beginnings)
        shared = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        del ordered
        owners: set[int] = set()
        # Piece by piece: of a million files anything as long as all of them counts.
        for first in range(0, len(beginnings) if len(shared) else 0, _PIECE):
            piece = beginnings[first : first + _PIECE]
            at = np.minimum(np.searchsorted(shared, piece), len(shared) - 1)
            owners.update(self._owners[first + place] for place in np.flatnonzero(shared[at] == piece).tolist())
        return sorted(owners)


def _digests(one: Gathered) -> Iterator[str]:
    if one.hash.value:
        yield one.hash.value
    else:
        yield from set(frame_digests(one))
