"""Local features of a library's references, to search in: an index of all, and the features of candidates from the store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from scanner.match.cascade import EXHAUSTIVE, LocalSearch
from scanner.match.postings import Postings, build_postings
from scanner.model.algorithms import LOCAL_FEATURES
from scanner.model.belongings import PackedFeatures
from scanner.model.errors import StoreError
from scanner.model.matching import LocalFeatures, Reference
from scanner.model.protocols import ReferenceStore
from scanner.model.text import shown
from scanner.pipeline.index_cache import cached_index
from scanner.store.packed_features import unpack

CACHED_FROM = 2_000
"""References from which an index is kept between scans; fewer are indexed in a second or two."""
_SEGMENT = 20_000
"""References indexed at once: their points take half a gigabyte while they are sorted."""
_AT_HAND = 2048
"""Features of so many references are kept unpacked: some 50 MB."""
_NO_POINTS = LocalFeatures("", 0, 0, b"", b"", b"")


def search_library(store: ReferenceStore, references: Sequence[Reference], digest: str) -> LocalSearch:
    """Return a search among references of a library, in the order of their ids; the store must stay open while it is used.

    `digest` is the library's, and names what may be kept between scans.

    Raises:
        StoreError: features are damaged, or the library cannot be read.
    """

    @lru_cache(_AT_HAND)
    def features_of(one: str) -> LocalFeatures | None:
        packed = store.features([one], LOCAL_FEATURES).get(one)
        return _unpacked(one, packed) if packed else None

    def segments() -> Iterator[Postings]:
        return _segments(store, references)

    if len(references) <= EXHAUSTIVE:
        return LocalSearch(references, features_of)
    if len(references) < CACHED_FROM:
        return LocalSearch(references, features_of, tuple(segments()))
    return LocalSearch(references, features_of, cached_index(_name(references, digest), segments))


def _name(references: Sequence[Reference], digest: str) -> str:
    # A scan may look in some collections only: the references are named too.
    named = hashlib.sha256(f"{digest}|{LOCAL_FEATURES}|{_SEGMENT}\n".encode())
    for reference in references:
        named.update(f"{reference.id}\n".encode())
    return named.hexdigest()[:32]


def _segments(store: ReferenceStore, references: Sequence[Reference]) -> Iterator[Postings]:
    wanted = iter(_in_rows(store, references))
    for start in range(0, len(references), _SEGMENT):
        yield build_postings(islice(wanted, len(references[start : start + _SEGMENT])))


def _in_rows(store: ReferenceStore, references: Sequence[Reference]) -> Iterator[LocalFeatures]:
    """The features of each reference, in their order; without points where there are none."""
    stored = store.all_features(LOCAL_FEATURES)
    held = next(stored, None)
    for reference in references:
        while held is not None and held[0] < reference.id:
            held = next(stored, None)
        yield _unpacked(*held) if held is not None and held[0] == reference.id else _NO_POINTS


def _unpacked(one: str, packed: PackedFeatures) -> LocalFeatures:
    try:
        return unpack(packed)
    except ValueError as error:
        raise StoreError(
            f"the local features of the reference {shown(one, 80)} are damaged",
            next_step="`scanner library verify` says what is wrong with it",
        ) from error
