"""Judging what was read and matched: one walk over the assets, one record each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scanner.judge.approving import ApprovalBook, Kin
from scanner.judge.decide import Judgement, judge_asset, judge_delivery
from scanner.judge.policy import Policy
from scanner.judge.rules.pictures_not_compared import uncompared_reason
from scanner.judge.subject import DeliveryView, Surroundings
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
from scanner.tools.spool import Spool


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
    verdicts: set[Verdict] = field(default_factory=set)
    uncompared: Counter[str] = field(default_factory=Counter)
    used_approvals: set[str] = field(default_factory=set)
    """Ids of approvals that were applied to some asset."""
    _coverage: CoverageCount = field(init=False)

    def __post_init__(self) -> None:
        self._coverage = CoverageCount(fingerprints=self.fingerprints)

    def judge(self, gathered: Sequence[Gathered]) -> None:
        """Judge all assets."""
        for index, one in enumerate(gathered):
            self._coverage.add(one)
            self.records.append(self._record(index, one))

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
        if evidence.book is not None:
            subject = with_approvals(subject, evidence.book, evidence.kin.get(index, ()))
            self.used_approvals.update(_ids(subject.approvals))
        if why := uncompared_reason(subject):
            self.uncompared[why] += 1
        judgement = judge_asset(subject, self.surroundings, self.policy)
        self.verdicts.add(judgement.verdict)
        near_copies = evidence.near_copies.get((one.asset.root, one.asset.path), ())
        return record_of(one, subject, near_copies, judgement, fingerprints=self.fingerprints)


def _ids(applied: Sequence[AppliedApproval]) -> Iterator[str]:
    return (one.approval.id for one in applied)
