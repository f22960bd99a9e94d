"""Near copies inside one delivery: pictures that look alike where one bears generative marks and the other bears none.

No library is needed: each deliverable without such marks is compared with all assets that bear them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.judge.subject import DELIVERABLE_ZONES, AssetKey
from scanner.match.hamming import count_ones
from scanner.match.search import THRESHOLD_BITS
from scanner.model.marks import Provenance
from scanner.model.matching import Fingerprint, Match, NearCopy, Relation
from scanner.pipeline.gather import Gathered

NEAREST = 5
"""Near copies told of one asset. A shot exported as single pictures has thousands, and a person looks at the first."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """What is known of one asset's pictures."""

    copy: NearCopy
    """The asset as a near copy of another; its distance is not yet measured."""
    fingerprints: tuple[Fingerprint, ...]
    identities: frozenset[str]
    """Digests of its bytes, and the references whose bytes or pixels it has: two assets that share one are equal."""

    @property
    def key(self) -> AssetKey:
        """Root and path of the asset."""
        return self.copy.root, self.copy.path


def near_copies_among(
    gathered: Sequence[Gathered], matches: Mapping[int, tuple[Match, ...]]
) -> Mapping[AssetKey, tuple[NearCopy, ...]]:
    """Return the near copies of each deliverable asset that bears no generative mark, nearest first.

    Args:
        gathered: all assets of the scan.
        matches: of each asset by its index in `gathered`; they tell which pictures are known to be equal.
    """
    pictures = [_pictures_of(one, matches.get(index, ())) for index, one in enumerate(gathered)]
    compared = [one for one in pictures if one.fingerprints]
    marked = [one for one in compared if one.copy.provenance.is_generative]
    unmarked = [
        picture for one, picture in zip(gathered, pictures, strict=True) if picture.fingerprints and may_have_lost_marks(one)
    ]
    return find_near_copies(unmarked, marked)


def find_near_copies(unmarked: Iterable[Pictures], marked: Sequence[Pictures]) -> dict[AssetKey, tuple[NearCopy, ...]]:
    """Search each of `unmarked` among `marked`, exactly, up to the threshold of matching; only equal algorithms compare."""
    tables = {algorithm: _Table(algorithm, having) for algorithm, having in _by_algorithm(marked).items()}
    found = {one.key: _nearest(near for table in tables.values() for near in table.search(one)) for one in unmarked}
    return {key: copies for key, copies in found.items() if copies}


def may_have_lost_marks(one: Gathered) -> bool:
    """Whether an asset may reach a viewer and bears no generative mark."""
    # One frame that cannot be read makes a sequence unreadable; the others are pictures like any.
    readable = one.provenance is not Provenance.UNREADABLE or one.asset.is_sequence
    lost = not one.provenance.is_generative and readable
    return lost and one.asset.zone.zone in DELIVERABLE_ZONES


def as_near_copy(one: Gathered) -> NearCopy:
    """Return an asset as a near copy of another; how near is not yet known."""
    return NearCopy(one.asset.root, one.asset.path, one.asset.zone.zone, one.provenance, None)


def in_order(copies: Iterable[NearCopy]) -> tuple[NearCopy, ...]:
    """Return the copies, nearest first: equal ones, then by agreeing points, then by differing bits."""
    return tuple(sorted(copies, key=_nearness))


class _Table:
    """Hashes of one algorithm, those of one asset side by side."""

    def __init__(self, algorithm: str, assets: Sequence[Pictures]) -> None:
        self._algorithm = algorithm
        self._assets = assets
        hashes = [_hashes(one, algorithm) for one in assets]
        self._hashes = np.concatenate(hashes)
        self._starts = np.cumsum([0, *(len(each) for each in hashes[:-1])])
        self._answers: dict[int, list[tuple[int, int]]] = {}

    def search(self, wanted: Pictures) -> Iterator[NearCopy]:
        """Yield the nearest assets of the table, each once a picture of `wanted` that it is near to."""
        for bits in _hashes(wanted, self._algorithm):
            for at, distance in self._near(int(bits)):
                copy = self._assets[at]
                # Only whole assets are told equal: two sequences may share a single frame.
                same = bool(copy.identities & wanted.identities)
                yield _measured(copy.copy, distance, Relation.SAME if same else Relation.SIMILAR)

    def _near(self, bits: int) -> list[tuple[int, int]]:
        """Indices of the nearest assets, with their distances in bits; frames of a held shot ask the same again."""
        if bits not in self._answers:
            distances = np.minimum.reduceat(count_ones(self._hashes ^ np.uint64(bits)), self._starts)
            within = np.flatnonzero(distances <= THRESHOLD_BITS)
            nearest = within[np.argsort(distances[within], kind="stable")[:NEAREST]]
            self._answers[bits] = [(int(at), int(distances[at])) for at in nearest]
        return self._answers[bits]


def _pictures_of(one: Gathered, matches: Iterable[Match]) -> Pictures:
    asset = one.asset
    prints = (examination.fingerprint for _, examination in one.frames)
    same = () if asset.is_sequence else (f"reference {m.reference.id}" for m in matches if m.relation is Relation.SAME)
    digests = (one.hash.value,) if one.hash.value else ()
    return Pictures(
        as_near_copy(one),
        tuple(each for each in prints if each is not None and not each.flat),
        frozenset((*digests, *same)),
    )


def _by_algorithm(assets: Iterable[Pictures]) -> dict[str, list[Pictures]]:
    having: defaultdict[str, list[Pictures]] = defaultdict(list)
    for one in assets:
        for algorithm in sorted({each.algorithm for each in one.fingerprints}):
            having[algorithm].append(one)
    return having


def _hashes(one: Pictures, algorithm: str) -> NDArray[np.uint64]:
    distinct = sorted({int(each.bits, 16) for each in one.fingerprints if each.algorithm == algorithm})
    return np.array(distinct, dtype=np.uint64)


def _measured(copy: NearCopy, distance_bits: int, relation: Relation) -> NearCopy:
    return NearCopy(copy.root, copy.path, copy.zone, copy.provenance, distance_bits, relation)


def _nearest(copies: Iterable[NearCopy]) -> tuple[NearCopy, ...]:
    best: dict[AssetKey, NearCopy] = {}
    for copy in in_order(copies):
        best.setdefault((copy.root, copy.path), copy)
    return tuple(best.values())[:NEAREST]


def _nearness(copy: NearCopy) -> tuple[int, int, int, int, str]:
    rank = 0 if copy.relation is Relation.SAME else 2 if copy.relation is Relation.SIMILAR else 1
    return rank, -(copy.inliers or 0), copy.distance_bits or 0, copy.root, copy.path
