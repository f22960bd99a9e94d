"""Exact search: every reference within the threshold is seen, because a gate may not lose one (HNSW lost 73 %)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from scanner.match.hamming import HashTable
from scanner.model.matching import Fingerprint, Match, Reference, Relation, Role

THRESHOLD_BITS = 9
"""Differing bits of a pHash 64 up to which two pictures are `similar`. MEASURED: no false match in 5.6 million pairs."""
NEAREST_PER_ROLE = 5
"""Similar references told of each role. Per role, so that many `owned` ones never crowd out the one that is `ai`."""


class ExactSearch:
    """References in memory: by bytes, by fingerprint, by pixels.

    Flat pictures are found by their bytes only: a black frame or a slate looks like every other.
    """

    def __init__(self, references: Iterable[Reference], threshold_bits: int = THRESHOLD_BITS) -> None:
        """Take in the references; two of one role with the same content count once (the first)."""
        self._threshold_bits = threshold_bits
        # One reference a content is the rule: a million lists of one would cost more than all the rest.
        self._by_sha256: dict[str, Reference] = {}
        self._in_more_roles: defaultdict[str, list[Reference]] = defaultdict(list)
        self._by_pixels: defaultdict[str, list[Reference]] = defaultdict(list)
        hashed: defaultdict[str, list[tuple[Reference, Fingerprint]]] = defaultdict(list)
        for reference in references:
            if not self._takes(reference) or (fingerprint := reference.fingerprint) is None or fingerprint.flat:
                continue
            hashed[fingerprint.algorithm].append((reference, fingerprint))
            if reference.pixel_digest:
                self._by_pixels[reference.pixel_digest].append(reference)
        self._tables = {algorithm: _Table(rows) for algorithm, rows in hashed.items()}

    def find(self, sha256: str | None, fingerprint: Fingerprint | None) -> tuple[Match, ...]:
        """Matches by bytes (`same`), then by fingerprint (`similar`) up to the threshold, nearest first.

        One match a reference. All that are equal by bytes are told, and of each role the NEAREST_PER_ROLE most similar.
        """
        same = tuple(Match(one, Relation.SAME, "bytes") for one in self._with_bytes(sha256 or ""))
        known = {match.reference.id for match in same}
        similar = (match for match in self._similar(fingerprint) if match.reference.id not in known)
        return _by_nearness((*same, *nearest_per_role(similar)))

    def find_same_pixels(self, digest: str) -> tuple[Match, ...]:
        """All references whose decoded pixels have this digest (`same`), however many were nearer by fingerprint."""
        return tuple(Match(one, Relation.SAME, "pixels") for one in self._by_pixels.get(digest or "-", ()))

    def _takes(self, reference: Reference) -> bool:
        """Take in a reference for its bytes, unless its role and content are known."""
        known = self._with_bytes(reference.sha256)
        if not known:
            self._by_sha256[reference.sha256] = reference
        elif all(one.role is not reference.role for one in known):
            self._in_more_roles[reference.sha256].append(reference)
        else:
            return False
        return True

    def _with_bytes(self, sha256: str) -> tuple[Reference, ...]:
        first = self._by_sha256.get(sha256)
        return (first, *self._in_more_roles.get(sha256, ())) if first else ()

    def _similar(self, fingerprint: Fingerprint | None) -> Iterator[Match]:
        if fingerprint is None or fingerprint.flat or fingerprint.algorithm not in self._tables:
            return
        table = self._tables[fingerprint.algorithm]
        for row, distance in table.hashes.within(int(fingerprint.bits, 16), self._threshold_bits):
            yield Match(table.references[row], Relation.SIMILAR, fingerprint.algorithm, distance)


class _Table:
    """References of one algorithm, and their hashes in the same order."""

    def __init__(self, rows: Sequence[tuple[Reference, Fingerprint]]) -> None:
        self.references = tuple(reference for reference, _ in rows)
        digits = bytes.fromhex("".join(one.bits for _, one in rows))
        self.hashes = HashTable(np.frombuffer(digits, ">u8").astype(np.uint64))


def upgrade_to_same(match: Match, query_digest: str) -> Match:
    """Return the match as `same`, by pixels, where the reference's pixel digest equals the asset's; else as it was.

    A digest names its algorithm and the decoder's version: digests of two versions are never equal.
    """
    if not query_digest or match.relation is Relation.SAME or match.reference.pixel_digest != query_digest:
        return match
    return replace(match, relation=Relation.SAME, basis="pixels", distance_bits=None)


def nearest_per_role(matches: Iterable[Match]) -> Iterator[Match]:
    """Yield of each role the NEAREST_PER_ROLE most similar; distances are of one hash."""
    by_role: defaultdict[Role, list[Match]] = defaultdict(list)
    for match in matches:
        by_role[match.reference.role].append(match)
    for found in by_role.values():
        yield from _by_nearness(found)[:NEAREST_PER_ROLE]


def _by_nearness(matches: Iterable[Match]) -> tuple[Match, ...]:
    return tuple(
        sorted(matches, key=lambda match: (match.distance_bits or 0, match.relation is not Relation.SAME, match.reference.id))
    )
