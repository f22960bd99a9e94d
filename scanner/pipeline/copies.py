"""Content that stands in more than one place of a delivery."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from scanner.judge.subject import Copy
from scanner.pipeline.gather import Gathered
from scanner.pipeline.records import frame_digests

_FIRST_DIGITS = 16


def copies_among(gathered: Sequence[Gathered]) -> Mapping[str, tuple[Copy, ...]]:
    """Return, for each content that stands in more than one place, all its places."""
    # Nearly all contents stand in one place: of these, eight bytes each are kept, and none where there is no other.
    beginnings = array("Q", (int(digest[:_FIRST_DIGITS], 16) for one in gathered for digest in _digests(one)))
    values, counts = np.unique(np.frombuffer(beginnings, np.uint64), return_counts=True)
    several = frozenset(values[counts > 1].tolist())
    if not several:
        return {}
    places: defaultdict[str, list[Copy]] = defaultdict(list)
    for one in gathered:
        for digest in _digests(one):
            if int(digest[:_FIRST_DIGITS], 16) in several:
                places[digest].append(Copy(one.asset.root, one.asset.path, one.asset.zone.zone, one.provenance))
    return {digest: tuple(copies) for digest, copies in places.items() if len(copies) > 1}


def _digests(one: Gathered) -> Iterator[str]:
    if one.hash.value:
        yield one.hash.value
    else:
        yield from set(frame_digests(one))
