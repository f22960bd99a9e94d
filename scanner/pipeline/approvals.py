"""The approval log in a scan: loaded before anything is read, compared with what was read, told in the records."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass

from scanner.judge.approving import ApprovalBook, Kin
from scanner.judge.subject import AssetKey
from scanner.match.search import ExactSearch
from scanner.model.approvals import Approval, ApprovalLogStamp, Lineage
from scanner.model.approved import Logged, decision_of
from scanner.model.decisions import Decision, DecisionKind
from scanner.model.errors import UsageError
from scanner.model.matching import Fingerprint, Match, Reference, Relation, Role
from scanner.model.protocols import Engine
from scanner.model.text import shown
from scanner.model.work import PixelDigest
from scanner.pipeline.comparing import may_be_same, pixels_task
from scanner.pipeline.gather import Gathered
from scanner.pipeline.matching import Matched
from scanner.pipeline.plan import Progress
from scanner.pipeline.reading import ReadingRoom
from scanner.pipeline.records import content_digest
from scanner.store.approval_entries import decisions_of
from scanner.store.approval_log import open_approval_log

_NO_KIN = frozenset({Relation.ALTERED, Relation.CONTAINS, Relation.CONTAINED})
"""What shows approved content but is not it: what looks alike besides carries nothing over either."""
_LINEAGES = {Relation.SAME: Lineage.SAME, Relation.DERIVED: Lineage.DERIVED}
"""Relations with a reference of the approved content that carry an approval over."""


@dataclass(frozen=True, slots=True)
class LoadedApprovals:
    """What one log says at the time of a scan."""

    stamp: ApprovalLogStamp
    decided: tuple[Logged, ...]
    """Approvals and other decisions, in the order they were recorded."""
    book: ApprovalBook

    @property
    def standing(self) -> tuple[Approval, ...]:
        """Approvals that hold now, in the order they were recorded."""
        held = map(decision_of, self.decided)
        return tuple(one for one in held if isinstance(one, Approval) and self.book.stands(one))

    @property
    def contents(self) -> frozenset[str]:
        """Digests of content whose decision concerns what comes from it: approved, rejected, or said not to be AI."""
        held = map(decision_of, self.decided)
        kept = (one.content for one in held if isinstance(one, Decision) and self._is_carried(one))
        return frozenset(one.content for one in self.standing) | frozenset(kept)

    @property
    def sizes(self) -> frozenset[int]:
        """Sizes of decided files in bytes: a file of such a size is hashed, however large it is."""
        return frozenset(one.size_bytes for one in self.decided if one.size_bytes)

    def _is_carried(self, decision: Decision) -> bool:
        return decision.kind is not DecisionKind.QUESTION and self.book.is_in_force(decision)


def load_approvals(path: str, roots: Sequence[str], moment: str) -> LoadedApprovals:
    """Read and check the log at `path`; `moment` is the scan's start.

    Raises:
        UsageError: there is none, or it lies in the scanned tree, where a delivery would bring its own permissions.
        ApprovalLogError: it does not hold; says at which entry. StoreError: it cannot be read.
    """
    real, where = os.path.realpath(path), shown(path)
    for root in roots:
        if real == root or real.startswith(root.rstrip("/") + "/"):
            raise UsageError(
                f"the approval log must not be kept in the scanned folder {shown(root)}",
                where=where,
                next_step="Name another place with --approvals",
            )
    with closing(open_approval_log(path, create=False)) as log:
        entries = log.entries()
    decided = decisions_of(entries, where)
    stamp = ApprovalLogStamp(os.path.basename(path), entries[-1].hash if entries else "", len(entries))
    return LoadedApprovals(stamp, decided, ApprovalBook(map(decision_of, decided), moment))


def find_kin(
    gathered: Sequence[Gathered],
    matched: Matched,
    loaded: LoadedApprovals,
    room: ReadingRoom,
    engine: Engine,
    progress: Progress,
) -> Mapping[int, tuple[Kin, ...]]:
    """Return, by index, the decided contents that each asset comes from or looks like; the assets themselves left out.

    Known are the pictures of decided content from the time of its decision, and those that stand in this scan.
    """
    matches, near_copies = matched.matches, matched.near_copies
    search = ExactSearch(_references(gathered, loaded))
    near = {index: found for index, one in enumerate(gathered) if (found := _near(one, search))}
    digests = _pixel_digests(gathered, near, room, engine, progress)
    contents = {_key(one): content_digest(one) for one in gathered} if near_copies else {}
    kin: dict[int, tuple[Kin, ...]] = {}
    for index, one in enumerate(gathered):
        related = _by_library(one, matches.get(index, ()))
        denied = {match.reference.sha256 for match in matches.get(index, ()) if match.relation in _NO_KIN}
        denied |= {
            contents.get((copy.root, copy.path), "") for copy in near_copies.get(_key(one), ()) if copy.relation in _NO_KIN
        }
        related += _by_look(near.get(index, {}), digests.get(index, ""))
        own = content_digest(one)
        kept = tuple(each for each in related if each.content != own and each.content not in denied)
        if kept:
            kin[index] = kept
    return kin


def _key(one: Gathered) -> AssetKey:
    return one.asset.root, one.asset.path


def unused(loaded: LoadedApprovals, used: Collection[str]) -> int:
    """Count the standing approvals whose ids are not among those that were applied to some asset."""
    return sum(approval.id not in used for approval in loaded.standing)


def _references(gathered: Sequence[Gathered], loaded: LoadedApprovals) -> Iterator[Reference]:
    """Yield the known pictures of decided content, as references of the search."""
    contents = loaded.contents
    for one in loaded.decided:
        content = decision_of(one).content
        if content in contents:
            for mark in one.fingerprints:
                yield _reference(content, mark, one.pixel_digest)
    for each in gathered:
        digest = content_digest(each)
        if digest in contents:
            for _, examination in each.frames:
                if examination.fingerprint is not None:
                    yield _reference(digest, examination.fingerprint, "")


def _reference(content: str, mark: Fingerprint, pixel_digest: str) -> Reference:
    # The search keeps one reference a content: each picture of a sequence is given a content of its own.
    part = f"{content}:{mark.algorithm}:{mark.bits}"
    return Reference(part, Role.AI, content, part, mark, pixel_digest)


def _near(one: Gathered, search: ExactSearch) -> dict[str, Match]:
    """Return the nearest match with each approved content that all of the asset's compared pictures are near to."""
    found: list[dict[str, Match]] = []
    for _, examination in one.frames:
        if examination.fingerprint is not None and not examination.fingerprint.flat:
            nearest: dict[str, Match] = {}
            for match in search.find(None, examination.fingerprint):
                nearest.setdefault(match.reference.name, match)
            found.append(nearest)
    if not found:
        return {}
    shared = set(found[0]).intersection(*found[1:])
    return {content: max((each[content] for each in found), key=lambda match: match.distance_bits or 0) for content in shared}


def _by_library(one: Gathered, matches: Iterable[Match]) -> list[Kin]:
    """Kin by a reference of the library, or of a zone, that has the approved bytes; a frame's match is not the sequence's."""
    if one.asset.is_sequence:
        return []
    return [
        Kin(match.reference.sha256, _LINEAGES[match.relation], match.distance_bits)
        for match in matches
        if match.relation in _LINEAGES
    ]


def _by_look(near: Mapping[str, Match], pixel_digest: str) -> list[Kin]:
    return [
        Kin(content, Lineage.SAME)
        if pixel_digest and match.reference.pixel_digest == pixel_digest
        else Kin(content, Lineage.SIMILAR, match.distance_bits)
        for content, match in sorted(near.items())
    ]


def _pixel_digests(
    gathered: Sequence[Gathered],
    near: Mapping[int, Mapping[str, Match]],
    room: ReadingRoom,
    engine: Engine,
    progress: Progress,
) -> dict[int, str]:
    wanted = [
        index
        for index, found in near.items()
        if not gathered[index].asset.is_sequence
        and any(may_be_same(match) and match.reference.pixel_digest for match in found.values())
        and content_digest(gathered[index]) not in found
    ]
    tasks = [pixels_task(key, gathered[index], 0, room) for key, index in enumerate(wanted)]
    digests: dict[int, str] = {}
    # What was not decoded stays similar, which a person confirms just as well.
    with suppress(KeyboardInterrupt):
        for done, result in enumerate(engine.run(tasks) if tasks else (), 1):
            progress("comparing", done, len(tasks))
            if isinstance(result, PixelDigest):
                digests[wanted[result.key]] = result.digest
    return digests
