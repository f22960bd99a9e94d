"""Judging what was read and matched: one walk over the assets, one record each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter

from scanner.judge.approving import ApprovalBook, Kin
from scanner.judge.decide import Judgement, judge_asset, judge_delivery
from scanner.judge.policy import Policy
from scanner.judge.rules.pictures_not_compared import uncompared_reason
from scanner.judge.subject import DeliveryView, Subject, Surroundings
from scanner.model.approvals import AppliedApproval
from scanner.model.assets import Asset
from scanner.model.judging import Verdict
from scanner.model.matching import Match, NearCopy
from scanner.model.scan import AssetRecord, Coverage
from scanner.model.sealed_told import AssetSealed
from scanner.pipeline.coverage import CoverageCount
from scanner.pipeline.gather import Gathered
from scanner.pipeline.plan import Plan
from scanner.pipeline.records import record_of, subject_of, with_approvals
from scanner.report.tally import Tally
from scanner.tools.alike import ByIdentity
from scanner.tools.spool import Spool

_IDENTITY = frozenset({"root", "path", "size_bytes", "sha256", "frame_sha256s", "content_digest"})
"""Fields of a subject by which rules find only what lies beside it: its copies, and what looks like it."""
_ONLY_BESIDE_MARKS = frozenset({"camera", "exposure"})
"""Fields that rules look at only where there are marks: each photograph has its own."""
_SEEN_BY_RULES = attrgetter(*(each.name for each in fields(Subject) if each.name not in _IDENTITY))
_SEEN_WITHOUT_MARKS = attrgetter(*(each.name for each in fields(Subject) if each.name not in _IDENTITY | _ONLY_BESIDE_MARKS))
_QUIET_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the assets beside what was read of each."""

    matches: Mapping[int, tuple[Match, ...]]
    near_copies: Mapping[tuple[int, str], tuple[NearCopy, ...]]
    sealed_of: Callable[[Asset], AssetSealed | None]
    kin: Mapping[int, tuple[Kin, ...]]
    book: ApprovalBook | None
    """None for a scan that knows of no permission."""


@dataclass(slots=True)
class Judging:
    """Judges assets one by one, and remembers what the delivery is judged by."""

    policy: Policy
    surroundings: Surroundings
    evidence: Evidence
    fingerprints: bool
    records: Spool[AssetRecord] = field(default_factory=Spool)
    tally: Tally = field(default_factory=Tally)
    """What reports count and list, so that they need not walk over the records once more."""
    verdicts: set[Verdict] = field(default_factory=set)
    uncompared: Counter[str] = field(default_factory=Counter)
    used_approvals: set[str] = field(default_factory=set)
    """Ids of approvals that were applied to some asset."""
    _coverage: CoverageCount = field(default_factory=CoverageCount)
    _same: ByIdentity[Judgement] = field(default_factory=ByIdentity)
    """The same by the very objects, which is quicker: of those in `_quiet`."""
    _quiet: dict[tuple[object, ...], Judgement] = field(default_factory=dict)
    """What rules see of assets of which they say nothing, by it their judgement."""

    def judge(self, gathered: Sequence[Gathered]) -> None:
        """Judge all assets."""
        for index, one in enumerate(gathered):
            record = self._record(index, one)
            self.records.append(record)
            self.tally.add(record)

    def delivery(self, view: DeliveryView) -> Judgement:
        """Judge the delivery by its own rules and its assets' verdicts."""
        return judge_delivery(view, self.verdicts, self.surroundings, self.policy)

    def coverage(self, plan: Plan, litter: int) -> Coverage:
        """Return what was looked at, in numbers."""
        return self._coverage.result(plan, litter)

    def _record(self, index: int, one: Gathered) -> AssetRecord:
        evidence = self.evidence
        matches = evidence.matches.get(index, ())
        subject = subject_of(one, matches, evidence.sealed_of(one.asset), fingerprints=self.fingerprints)
        self._coverage.add(subject)
        if evidence.book is not None:
            subject = with_approvals(subject, evidence.book, evidence.kin.get(index, ()))
            self.used_approvals.update(_ids(subject.approvals))
        if why := uncompared_reason(subject):
            self.uncompared[why] += 1
        judgement = self._judged(subject)
        self.verdicts.add(judgement.verdict)
        near_copies = evidence.near_copies.get((one.asset.root, one.asset.path), ())
        return record_of(one, subject, near_copies, judgement)

    def _judged(self, subject: Subject) -> Judgement:
        """Judge an asset; of those alike in all that rules look at, and of which there is nothing to say, only the first."""
        around = self.surroundings
        if subject.key in around.near_copies or any(digest in around.copies for digest in subject.digests):
            return judge_asset(subject, around, self.policy)
        seen = _SEEN_BY_RULES(subject) if subject.marks else _SEEN_WITHOUT_MARKS(subject)
        if (judgement := self._same.get(seen)) is None:
            judgement = self._judged_by_value(subject, seen)
            if not judgement.findings:
                self._same.put(seen, judgement)
        return judgement

    def _judged_by_value(self, subject: Subject, seen: tuple[object, ...]) -> Judgement:
        if (judgement := self._quiet.get(seen)) is None:
            judgement = judge_asset(subject, self.surroundings, self.policy)
            # What is found bears an id that is made of the path.
            if not judgement.findings and len(self._quiet) < _QUIET_LIMIT:
                self._quiet[seen] = judgement
        return judgement


def _ids(applied: Sequence[AppliedApproval]) -> Iterator[str]:
    return (one.approval.id for one in applied)
