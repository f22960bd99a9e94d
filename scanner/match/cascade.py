"""The cascade: bytes, pixels, global hashes, local features, geometric check; what settles the question ends it.

Equal bytes or pixels settle it. A hash says that two pictures look alike, not what one is of the other, so that local features
are asked all the same: they turn `similar` into a relation, and find what the hash cannot (crops, push-ins, pictures in
pictures). Of the two hashes pHash is the one that all libraries hold; that of 256 bits finds mirrored pictures too, and those
in black bars, and what it calls near but no match is checked by local features whatever their index says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scanner.match.alignment import align
from scanner.match.global_search import MATCH_BITS, VERIFY_BITS, GlobalSearch, Near
from scanner.match.local_index import LocalIndex
from scanner.match.points import points_of
from scanner.match.postings import Postings, build_postings
from scanner.match.search import NEAREST_PER_ROLE, ExactSearch, nearest_per_role
from scanner.model.belongings import HashRow
from scanner.model.matching import Fingerprint, GlobalHash, LocalFeatures, LocalQuery, Match, Reference, Relation, Role

CHECKED_PER_ROLE = 8
"""References of each role, by votes, that are checked geometrically: at most 64 checks of about 5 ms, seldom more than 10."""
EXHAUSTIVE = 24
"""Libraries up to this size are checked whole, without an index."""
FRAME_VOTES = 6
"""Votes from which a reference is checked in a frame of a film. Frames are many, and the checks of what chance brought took most
of the time. Among 10,000 references 5,333 of chance's votes were 5 or fewer and 4 were more, over 110 frames; the 57 frames that
showed a reference had 8 or more each (the first film of benchmarks/film.py, enlarged up to 2.0)."""

FeaturesOf = Callable[[str], LocalFeatures | None]
_ROLES = tuple(Role)


@dataclass(frozen=True, slots=True)
class Sought:
    """One picture that references are sought for; what is not known is empty."""

    sha256: str = ""
    pixel_digest: str = ""
    fingerprint: Fingerprint | None = None
    prints: tuple[GlobalHash, ...] = ()
    """Of the algorithm that the references' hashes are of."""
    local: LocalQuery | None = None


class LocalSearch:
    """References by their local features."""

    def __init__(
        self, references: Sequence[Reference], features_of: FeaturesOf, segments: Sequence[Postings] | None = None
    ) -> None:
        """Take in references.

        Args:
            references: in the order in which the segments hold them.
            features_of: local features of a reference by its id; asked for candidates only, and for all where no segments are
                given.
            segments: of exactly these references; made here where None.
        """
        self._references = tuple(references)
        self.features_of: FeaturesOf = features_of
        self._rows = {reference.id: row for row, reference in enumerate(self._references)}
        groups = np.array([_ROLES.index(reference.role) for reference in self._references], np.uint8)
        self._index = LocalIndex(self._built() if segments is None else segments, groups)

    def reference(self, name: str) -> Reference | None:
        """Return the reference with this id, None where there is none."""
        row = self._rows.get(name)
        return None if row is None else self._references[row]

    def find(self, query: LocalQuery, also: Iterable[str] = (), *, fewest_votes: int = 0) -> tuple[Match, ...]:
        """Return the references that lie in the picture or in its mirror image, of each role those with most agreeing points.

        Args:
            query: points of the picture.
            also: ids of references to check whatever the index says.
            fewest_votes: votes of the index below which a reference is not checked; 0 leaves that to the index, and has small
                libraries checked whole.
        """
        found: dict[str, Match] = {}
        ways = ((query.features, query.near_words, False), (query.mirrored, query.mirrored_near_words, True))
        for features, near_words, mirrored in ways:
            for match in self._aligned(features, self._candidates(features, near_words, also, fewest_votes), mirrored):
                known = found.get(match.reference.id)
                if known is None or _surer(match) < _surer(known):
                    found[match.reference.id] = match
        return tuple(_surest_per_role(found.values()))

    def _built(self) -> tuple[Postings, ...]:
        empty = LocalFeatures("", 0, 0, b"", b"", b"")
        return (build_postings(self.features_of(reference.id) or empty for reference in self._references),)

    def _candidates(
        self, features: LocalFeatures, near_words: bytes, also: Iterable[str], fewest_votes: int
    ) -> tuple[Reference, ...]:
        if len(self._references) <= EXHAUSTIVE and not fewest_votes:
            return self._references
        shortlist = self._index.shortlist(features, near_words, CHECKED_PER_ROLE)
        listed = [candidate for candidate in shortlist if candidate.votes >= fewest_votes]
        # Equal votes by id, not by row: the order of the references must not matter.
        by_votes = sorted((-candidate.votes, self._references[candidate.row].id, candidate.row) for candidate in listed)
        chosen: defaultdict[Role, list[Reference]] = defaultdict(list)
        for _, _, row in by_votes:
            reference = self._references[row]
            if len(chosen[reference.role]) < CHECKED_PER_ROLE:
                chosen[reference.role].append(reference)
        rows = {self._rows[one.id]: one for some in chosen.values() for one in some}
        rows |= {self._rows[known]: self._references[self._rows[known]] for known in also if known in self._rows}
        return tuple(rows.values())

    def _aligned(self, features: LocalFeatures, candidates: Sequence[Reference], mirrored: bool) -> Iterator[Match]:
        if not features.count:
            return
        asset = points_of(features)
        for reference in candidates:
            own = self.features_of(reference.id)
            if own is None or own.algorithm != features.algorithm or not own.count:
                continue
            if (aligned := align(asset, points_of(own), mirrored=mirrored)) is not None:
                alignment, relation = aligned
                yield Match(reference, relation, features.algorithm, alignment=alignment)


class Cascade:
    """All stages over one set of references."""

    def __init__(self, exact: ExactSearch, local: LocalSearch, global_search: GlobalSearch | None = None) -> None:
        """Take in the searches, of the same references; without `global_search` pHash is the only hash."""
        self._exact = exact
        self._local = local
        self._global = GlobalSearch(()) if global_search is None else global_search

    @classmethod
    def of(
        cls,
        references: Iterable[Reference],
        features: Mapping[str, LocalFeatures],
        prints: Mapping[str, Sequence[GlobalHash]] | None = None,
    ) -> Cascade:
        """Return a cascade over references in memory; `features` and `prints` (all of one algorithm) by reference id."""
        held = tuple(references)
        rows = (hash_row(name, own) for name, own in (prints or {}).items())
        return cls(ExactSearch(held), LocalSearch(held, features.get), GlobalSearch(rows, (one.id for one in held)))

    def features_near(self, match: Match) -> tuple[LocalFeatures, ...]:
        """Return the local features by which the reference of this match is found again; none where it has none."""
        features = self._local.features_of(match.reference.id)
        return () if features is None else (features,)

    def find(self, sought: Sought) -> tuple[Match, ...]:
        """Return what the references are to the picture, one match each: `same` first, then by points, then by hash."""
        by_phash = self._exact.find(sought.sha256 or None, sought.fingerprint)
        same = {match.reference.id: match for match in by_phash if match.relation is Relation.SAME}
        for match in self._exact.find_same_pixels(sought.pixel_digest):
            same.setdefault(match.reference.id, match)
        if same:
            return (*same.values(), *(match for match in by_phash if match.reference.id not in same))
        return self.find_further(by_phash, sought.prints, sought.local)

    def find_further(
        self, by_phash: Sequence[Match], prints: Sequence[GlobalHash], local: LocalQuery | None
    ) -> tuple[Match, ...]:
        """Return what the references are to a picture of which bytes, pixels and pHash left it open; by points first.

        Args:
            by_phash: what pHash says.
            prints: as in `Sought`.
            local: as in `Sought`.
        """
        near = self._near(prints)
        by_hash = {match.reference.id: match for match in by_phash}
        for match in _similar(near, prints):
            by_hash.setdefault(match.reference.id, match)
        aligned = self._aligned(local, by_phash, near)
        known = {match.reference.id for match in aligned}
        return (*aligned, *(match for name, match in by_hash.items() if name not in known))

    def find_in_frame(self, prints: Sequence[GlobalHash], local: LocalQuery) -> tuple[Match, ...]:
        """Return the references that lie in a frame of a film, by points alone: a hash says too little so many times asked.

        Args:
            prints: as in `Sought`; they name references to check.
            local: of the frame.
        """
        also = [reference.id for reference, _ in self._near(prints)]
        return self._local.find(local, also=also, fewest_votes=FRAME_VOTES)

    def _near(self, prints: Sequence[GlobalHash]) -> tuple[tuple[Reference, Near], ...]:
        """Of each role the references nearest by the hash of 256 bits, match or to be verified."""
        told: defaultdict[Role, int] = defaultdict(int)
        near = []
        for one in self._global.find(prints, VERIFY_BITS) if prints else ():
            reference = self._local.reference(one.reference)
            if reference is not None and told[reference.role] < CHECKED_PER_ROLE:
                told[reference.role] += 1
                near.append((reference, one))
        return tuple(near)

    def _aligned(
        self, local: LocalQuery | None, by_phash: Sequence[Match], near: Sequence[tuple[Reference, Near]]
    ) -> tuple[Match, ...]:
        if local is None:
            return ()
        similar = {match.reference.id: match for match in by_phash}
        also = {*similar, *(reference.id for reference, _ in near)}
        return tuple(_with_distance(match, similar) for match in self._local.find(local, also=also))


def hash_row(name: str, prints: Sequence[GlobalHash]) -> HashRow:
    """Return the hashes of one reference, all of one algorithm, as `GlobalSearch` takes them."""
    return HashRow(name, tuple(one.variant for one in prints), bytes.fromhex("".join(one.bits for one in prints)))


def _similar(near: Iterable[tuple[Reference, Near]], prints: Sequence[GlobalHash]) -> Iterator[Match]:
    """The matches by the hash of 256 bits alone, nearest first."""
    matches = (Match(own, Relation.SIMILAR, prints[0].algorithm, one.bits) for own, one in near if one.bits <= MATCH_BITS)
    return nearest_per_role(matches)


def _with_distance(match: Match, similar: Mapping[str, Match]) -> Match:
    by_hash = similar.get(match.reference.id)
    return match if by_hash is None else replace(match, distance_bits=by_hash.distance_bits)


def _surest_per_role(matches: Iterable[Match]) -> Iterator[Match]:
    told: defaultdict[Role, int] = defaultdict(int)
    for match in sorted(matches, key=_surer):
        told[match.reference.role] += 1
        if told[match.reference.role] <= NEAREST_PER_ROLE:
            yield match


def _surer(match: Match) -> tuple[int, bool, str]:
    alignment = match.alignment
    return (-alignment.inliers, alignment.mirrored, match.reference.id) if alignment else (0, False, match.reference.id)
