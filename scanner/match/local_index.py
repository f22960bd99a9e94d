"""The shortlist: which references are worth a geometric check.

An inverted file by word (Sivic & Zisserman 2003) with a signature of 64 bits for each point (Hamming embedding, Jégou 2008): a
point of the query visits the lists of its nearest words, and those whose signature is near are votes. References with most
votes that agree on a turn and a growth are looked at; the geometric check decides, never the index. How many true ones it loses
against checking every reference is in docs/decisions/0017.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.match.hamming import count_ones
from scanner.match.points import Indexes
from scanner.match.postings import WORDS, Postings, poses_of, unpacked
from scanner.model.matching import LocalFeatures, LocalQuery

SIGNATURE_BITS = 12
"""Differing bits of 64 up to which two points of one word vote: 95 % of true pairs, 5 % of others in the same words."""
LIST_LIMIT_SHARE = 1 / 4000
"""Words whose list is longer than this share of all postings are passed over, as stop words are: they say little and cost
most."""
_LIST_LIMIT_LEAST = 2000
_COUNTED = 400
"""References of a group, by bare number of votes, whose votes are then looked at by turn and growth."""
_TURNS, _GROWTHS = 16, 9
_CHUNK = 1 << 18
"""Postings compared at once; their signatures stay in the processor's cache."""
_FEWEST_VOTES = 3
_MOST_POINTS = 4096
"""More than any picture is given."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reference worth checking."""

    row: int
    """Of the reference, in the order in which they were indexed."""
    votes: int
    """Points that agree roughly on a turn and a growth."""


def is_sound(query: LocalQuery) -> bool:
    """Whether a query's arrays fit together; what comes from a process that reads hostile files may be anything."""
    ways = ((query.features, query.near_words), (query.mirrored, query.mirrored_near_words))
    return all(_fit_together(features, near) for features, near in ways)


class LocalIndex:
    """References by the words of their points."""

    def __init__(self, segments: Sequence[Postings], groups: NDArray[np.uint8]) -> None:
        """Take in segments.

        Args:
            segments: of consecutive references, in order.
            groups: of each reference a number (its role): a shortlist holds the best of each group, so that many references of
                one
                never crowd out those of another.
        """
        self._segments = tuple(segments)
        self._groups = np.asarray(groups, np.uint8)
        if sum(segment.references for segment in self._segments) != len(self._groups):
            raise ValueError("each indexed reference needs a group")
        # Over all segments, so that nothing depends on how the references were cut into segments.
        lengths = sum((np.diff(segment.starts.astype(np.int64)) for segment in self._segments), np.zeros(WORDS, np.int64))
        self._passed_over = lengths > max(_LIST_LIMIT_LEAST, int(lengths.sum() * LIST_LIMIT_SHARE))

    def __len__(self) -> int:
        return len(self._groups)

    def shortlist(self, features: LocalFeatures, near_words: bytes, count: int) -> tuple[Candidate, ...]:
        """Return the candidates for these points, up to `count` of each group and all that are equal to the last; best first.

        Args:
            features: of the query, or of its mirror image.
            near_words: as in `LocalQuery`.
            count: how many of each group.
        """
        if not features.count or not len(self):
            return ()
        words = np.frombuffer(near_words, "<u4").reshape(features.count, -1)
        votes = [self._votes(segment, features, words) for segment in self._segments]
        shift = np.cumsum([0, *(segment.references for segment in self._segments)])
        rows = np.concatenate([vote.rows + start for vote, start in zip(votes, shift, strict=False)])
        points = np.concatenate([vote.points for vote in votes])
        poses = np.concatenate([vote.poses for vote in votes])
        counted = self._most_counted(rows)
        if not len(counted):
            return ()
        kept = np.isin(rows, counted)
        strengths = _agreeing_votes(rows[kept], points[kept], poses[kept], counted, features)
        return tuple(self._best(counted, strengths, count))

    def _votes(self, segment: Postings, features: LocalFeatures, words: NDArray[np.uint32]) -> _Votes:
        signatures = np.frombuffer(features.codes, "<u8").reshape(-1, 2)[:, 0].astype(np.uint64)
        starts, ends = segment.starts[words].astype(np.int64), segment.starts[words + 1].astype(np.int64)
        lengths = (ends - starts).ravel()
        lengths[self._passed_over[words].ravel()] = 0
        points = np.repeat(np.arange(len(words)), words.shape[1])
        found = [_Votes.none(), *_compared(segment, signatures, points, starts.ravel(), lengths)]
        return _Votes(*(np.concatenate([getattr(one, name) for one in found]) for name in ("rows", "points", "poses")))

    def _most_counted(self, rows: Indexes) -> Indexes:
        """Rows of the references with most votes, of each group, ties with the last one kept."""
        votes = np.bincount(rows, minlength=len(self))
        chosen = []
        for group in np.unique(self._groups):
            own = np.flatnonzero((self._groups == group) & (votes >= _FEWEST_VOTES))
            if len(own) > _COUNTED:
                least = np.partition(votes[own], -_COUNTED)[-_COUNTED]
                own = own[votes[own] >= least]
            chosen.append(own)
        return np.sort(np.concatenate(chosen))

    def _best(self, counted: Indexes, strengths: NDArray[np.int64], count: int) -> Iterator[Candidate]:
        groups = self._groups[counted]
        order = np.lexsort((counted, -strengths))
        cut = {
            int(group): int(np.sort(strengths[groups == group])[-min(count, int((groups == group).sum()))])
            for group in np.unique(groups)
        }
        for at in order:
            if strengths[at] >= max(_FEWEST_VOTES, cut[int(groups[at])]):
                yield Candidate(int(counted[at]), int(strengths[at]))


def _fit_together(features: LocalFeatures, near_words: bytes) -> bool:
    points = features.count
    lengths = (len(features.places), len(features.codes), len(features.words))
    if points > _MOST_POINTS or lengths != (8 * points, 16 * points, 4 * points):
        return False
    if min(features.width, features.height) <= 0 or len(near_words) % (4 * points or 4) or len(near_words) > 64 * points:
        return False
    return bool(np.frombuffer(near_words, "<u4").max(initial=0) < WORDS)


@dataclass(frozen=True, slots=True)
class _Votes:
    """Votes, one a row."""

    rows: Indexes
    """Of the references."""
    points: Indexes
    """Of the query."""
    poses: NDArray[np.uint16]
    """Packed, of the references' points."""

    @classmethod
    def none(cls) -> _Votes:
        return cls(np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0, np.uint16))


def _compared(
    segment: Postings, signatures: NDArray[np.uint64], points: Indexes, starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> Iterator[_Votes]:
    """Go through the lists, many at a time, and yield what is near."""
    before = np.concatenate([[0], np.cumsum(lengths)])
    first = 0
    while first < len(lengths):
        last = max(first + 1, int(np.searchsorted(before, before[first] + _CHUNK, side="right")) - 1)
        own = lengths[first:last]
        # Positions of all postings of these lists: each list's start, counted up.
        at = np.repeat(starts[first:last] - (before[first:last] - before[first]), own) + np.arange(own.sum())
        which = np.repeat(points[first:last], own)
        near = np.flatnonzero(count_ones(segment.signatures[at] ^ signatures[which]) <= SIGNATURE_BITS)
        at = at[near]
        yield _Votes(segment.rows[at].astype(np.intp), which[near], segment.poses[at])
        first = last


def _agreeing_votes(
    rows: Indexes, points: Indexes, poses: NDArray[np.uint16], counted: Indexes, features: LocalFeatures
) -> NDArray[np.int64]:
    """Of each counted reference the most points that agree on a turn (within 45°) and a growth (within 2 octaves)."""
    here, there = poses_of(features), unpacked(poses)
    turn, growth = here.angles[points] - there.angles, here.sizes[points] - there.sizes
    turns = np.floor(turn * _TURNS).astype(np.int64) % _TURNS
    growths = np.floor(growth + _GROWTHS / 2).clip(0, _GROWTHS - 1).astype(np.int64)
    cells = (np.searchsorted(counted, rows) * _TURNS + turns) * _GROWTHS + growths
    # A point votes once a cell: repeated patterns have many partners in one picture.
    once = np.unique(cells * features.count + points) // features.count
    histogram = np.bincount(once, minlength=len(counted) * _TURNS * _GROWTHS).reshape(len(counted), _TURNS, _GROWTHS)
    by_turn = histogram + np.roll(histogram, 1, axis=1)
    both = by_turn[:, :, 1:] + by_turn[:, :, :-1]
    strengths: NDArray[np.int64] = both.max(axis=(1, 2), initial=0).astype(np.int64)
    return strengths
