"""What written approvals and other decisions do for an asset: which are about it, and which findings they allow.

A decision is bound to content. For the approved content itself an approval allows findings of its category while it stands; what
merely comes from approved content is put before a person, never passed. Of what was decided about the same content the later
decision stands: a rejection ends the approvals before it, and a later approval ends the rejection.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from scanner.judge.false_alarms import concerns
from scanner.model.approvals import AppliedApproval, Approval, ApprovalState, Category, Lineage
from scanner.model.decisions import AppliedDecision, Decision, DecisionKind, DecisionState
from scanner.model.judging import Finding, Severity
from scanner.model.stretches import Stretch, is_covered, unite
from scanner.model.text import shown

_EASTERNMOST_HOURS = 14
"""Local time there is UTC+14: a day has begun somewhere this long before it begins in UTC."""


@dataclass(frozen=True, slots=True)
class Kin:
    """Approved content that an asset's content is related to, as the pipeline measured it.

    Kin are made of `same`, `derived` and `similar` pictures only. One that is `altered` is no kin, however near: what was
    approved is not what stands there now. One that `contains` approved content, or is a small part of it (`contained`), shows
    something else as well, or leaves most of it out, and needs an approval of its own.
    """

    content: str
    lineage: Lineage
    distance_bits: int | None = None
    """Where a perceptual hash said so: how far the two lie apart."""


class ApprovalBook:
    """The decisions of one log, as they stand at one moment."""

    def __init__(self, decisions: Iterable[Approval | Decision], moment: str) -> None:
        """Take in what was decided in the order it was recorded; `moment` is the scan's start, ISO 8601, UTC."""
        self._moment = moment
        self._by_content: defaultdict[str, list[Approval | Decision]] = defaultdict(list)
        self._places: dict[str, int] = {}
        self._successors: dict[str, Approval] = {}
        self._by_name: dict[str, Approval] = {}
        self._decided_by_name: dict[str, Decision] = {}
        taken = tuple(decisions)
        for place, one in enumerate(taken):
            self._by_content[one.content].append(one)
            self._places[one.id] = place
        for one in taken:
            if isinstance(one, Decision):
                if self._state(one) is DecisionState.STANDING:
                    self._decided_by_name[_file_name(one.path)] = one
            elif self.stands(one):
                self._by_name[_file_name(one.path)] = one
                if one.supersedes:
                    self._successors[one.supersedes] = one

    def about(self, content: str) -> tuple[Approval, ...]:
        """Return all approvals of this content, standing or not."""
        return tuple(one for one in self._by_content.get(content, ()) if isinstance(one, Approval))

    def decided(self, content: str) -> tuple[Decision, ...]:
        """Return all other decisions about this content, standing or not."""
        return tuple(one for one in self._by_content.get(content, ()) if isinstance(one, Decision))

    def standing(self, content: str) -> tuple[Approval, ...]:
        """Return the approvals that hold at the moment of the scan."""
        return tuple(approval for approval in self.about(content) if self.stands(approval))

    def stands(self, approval: Approval) -> bool:
        """Whether an approval holds at the moment of the scan, and no rejection came after it."""
        return not why_lapsed(approval, self._moment) and not self._overruling(approval)

    def rejection(self, content: str) -> Decision | None:
        """Return the last rejection of this content that no later approval took the place of."""
        standing = (one for one in self.decided(content) if self._state(one) is DecisionState.STANDING)
        return next((one for one in reversed(tuple(standing)) if one.kind is DecisionKind.REJECTION), None)

    def is_in_force(self, decision: Decision) -> bool:
        """Whether a decision stands: neither withdrawn nor overtaken by a later one."""
        return self._state(decision) is DecisionState.STANDING

    def successor(self, content: str) -> Approval | None:
        """Return the last standing approval that says its own content replaces this one."""
        return self._successors.get(content) if content else None

    def namesake(self, path: str) -> Approval | None:
        """Return the last standing approval of content that had this path's file name when it was approved."""
        return self._by_name.get(_file_name(shown(path)))

    def decided_namesake(self, path: str) -> Decision | None:
        """Return the last other standing decision about content that had this path's file name then."""
        return self._decided_by_name.get(_file_name(shown(path)))

    def apply(self, content: str, kin: Iterable[Kin]) -> tuple[AppliedApproval, ...]:
        """Return what the log permits of an asset: approvals of its content first, then those carried over to it.

        Args:
            content: the asset's digest, computed by the scan; empty where it was not hashed, so that nothing is bound to it.
            kin: decided contents it is related to.
        """
        own = tuple(self._own(approval) for approval in self.about(content)) if content else ()
        if content and self.rejection(content):
            return own
        # What was decided about the content itself, a withdrawal too, outranks what is carried over to it.
        decided = {applied.approval.category for applied in own if applied.approval.segment is None}
        carried: dict[str, AppliedApproval] = {}
        for one in self._nearest_first(content, kin):
            for approval in self.standing(one.content):
                # A part of one film is no part of another.
                if approval.segment is None and approval.category not in decided:
                    carried.setdefault(
                        approval.id, AppliedApproval(approval, ApprovalState.CARRIED_OVER, _tell(one), one.lineage)
                    )
        return (*own, *carried.values())

    def decisions(self, content: str, kin: Iterable[Kin]) -> tuple[AppliedDecision, ...]:
        """Return what else the log says of an asset: decisions about its content first, then those carried over to it.

        A question is carried nowhere. What was decided about the content itself later outranks what comes from its kin.
        """
        own = tuple(self._own_decision(one) for one in self.decided(content)) if content else ()
        carried: dict[str, AppliedDecision] = {}
        for one in self._nearest_first(content, kin):
            for decision in self.decided(one.content):
                if self.is_in_force(decision) and self._carries(decision, content):
                    why = _tell(one, _PARTICIPLES[decision.kind])
                    carried.setdefault(decision.id, AppliedDecision(decision, DecisionState.CARRIED_OVER, why, one.lineage))
        return (*own, *carried.values())

    def _nearest_first(self, content: str, kin: Iterable[Kin]) -> Iterator[Kin]:
        related = sorted((*self._earlier_versions(content), *kin), key=lambda one: tuple(Lineage).index(one.lineage))
        return (one for one in related if one.content != content)

    def _carries(self, decision: Decision, content: str) -> bool:
        match decision.kind:
            case DecisionKind.QUESTION:
                return False
            case DecisionKind.NOT_AI:
                own = (one for one in self.decided(content) if one.kind is not DecisionKind.QUESTION)
                return decision.segment is None and not any(self.is_in_force(one) for one in own)
            case DecisionKind.REJECTION:
                later = any(one.segment is None and self._is_later(one, decision) for one in self.standing(content))
                return not later and not self.rejection(content)

    def _own(self, approval: Approval) -> AppliedApproval:
        if why := why_lapsed(approval, self._moment):
            return AppliedApproval(approval, ApprovalState.LAPSED, why)
        if rejection := self._overruling(approval):
            return AppliedApproval(approval, ApprovalState.OVERRULED, f"rejected on {rejection.date} by {rejection.decider}")
        return AppliedApproval(approval, ApprovalState.VALID)

    def _own_decision(self, decision: Decision) -> AppliedDecision:
        state = self._state(decision)
        why = f"withdrawn on {decision.withdrawn[:10]}" if state is DecisionState.WITHDRAWN else ""
        if later := self._overtaking(decision):
            word, who = ("approved", later.approver) if isinstance(later, Approval) else (_PARTICIPLES[later.kind], later.decider)
            why = why or f"{word} on {later.date} by {who}"
        return AppliedDecision(decision, state, why)

    def _state(self, decision: Decision) -> DecisionState:
        if decision.withdrawn:
            return DecisionState.WITHDRAWN
        return DecisionState.OVERTAKEN if self._overtaking(decision) else DecisionState.STANDING

    def _overtaking(self, decision: Decision) -> Approval | Decision | None:
        """Return the last decision about the same content that took the place of one."""
        if decision.kind is DecisionKind.NOT_AI:
            return None
        for one in reversed(self._by_content[decision.content]):
            if not self._is_later(one, decision):
                return None
            if isinstance(one, Decision):
                # A question is answered by whatever was decided then; a rejection by nothing but a whole approval.
                if decision.kind is DecisionKind.QUESTION and one.kind is not DecisionKind.QUESTION and not one.withdrawn:
                    return one
            elif not why_lapsed(one, self._moment) and (one.segment is None or decision.kind is DecisionKind.QUESTION):
                return one
        return None

    def _overruling(self, approval: Approval) -> Decision | None:
        """Return the rejection of the same content that came after an approval."""
        later = (one for one in reversed(self.decided(approval.content)) if self._is_later(one, approval))
        return next((one for one in later if one.kind is DecisionKind.REJECTION and not one.withdrawn), None)

    def _is_later(self, one: Approval | Decision, other: Approval | Decision) -> bool:
        return self._places[one.id] > self._places[other.id]

    def _earlier_versions(self, content: str) -> Iterator[Kin]:
        seen, waiting = {content}, [content]
        while waiting:
            for approval in self.about(waiting.pop()):
                if approval.supersedes and not approval.revoked and approval.supersedes not in seen:
                    seen.add(approval.supersedes)
                    waiting.append(approval.supersedes)
                    yield Kin(approval.supersedes, Lineage.VERSION)


def why_lapsed(approval: Approval, moment: str) -> str:
    """Say why an approval does not hold at `moment` (ISO 8601, UTC); empty where it does.

    Days are UTC days. One begins to count as soon as it has begun anywhere, so that nobody's own date is called the future.
    """
    if approval.revoked:
        return f"withdrawn on {approval.revoked[:10]}"
    if approval.expires and approval.expires < moment[:10]:
        return f"expired on {approval.expires}"
    now = datetime.datetime.fromisoformat(moment)
    if approval.date > (now + datetime.timedelta(hours=_EASTERNMOST_HOURS)).date().isoformat():
        return f"dated {approval.date}, after this scan"
    return ""


def allow(
    findings: Iterable[Finding],
    applied: Sequence[AppliedApproval],
    decisions: Sequence[AppliedDecision] = (),
    resistance: Callable[[Finding], str] = lambda _: "",
) -> tuple[Finding, ...]:
    """Return the findings, each with the decision that allows it; one that is only carried over puts it before a person.

    Args:
        findings: of one asset.
        applied: what the log permits of it.
        decisions: what else the log says of it.
        resistance: says of a finding what keeps "not AI" from lifting it, as `false_alarms.resistance`.
    """
    said = [one for one in decisions if one.decision.kind is DecisionKind.NOT_AI]
    return tuple(_allowed(finding, applied, said, resistance) for finding in findings)


def needs_of(findings: Iterable[Finding]) -> tuple[Category, ...]:
    """Return the categories that findings which ask for a verdict could be approved under, and are not."""
    asked = {
        category
        for finding in findings
        if not finding.allowed_by and finding.severity is not Severity.INFO
        for category in finding.categories
    }
    return tuple(category for category in Category if category in asked)


def undecided(
    findings: Iterable[Finding], applied: Sequence[AppliedApproval], decisions: Sequence[AppliedDecision]
) -> tuple[Stretch, ...]:
    """Return the stretches of findings that still ask for a verdict, where standing decisions are about parts of the film.

    Empty where no decision is about a part, or each finding that is left is about all of the film.
    """
    parts = [one.approval.segment for one in applied if one.state is ApprovalState.VALID]
    parts += [one.decision.segment for one in decisions if one.state is DecisionState.STANDING]
    held = [part for part in parts if part is not None]
    if not held:
        return ()
    return tuple(unite(each for one in findings for each in one.stretches if not is_covered((each,), held)))


def _allowed(
    finding: Finding,
    applied: Sequence[AppliedApproval],
    said: Sequence[AppliedDecision],
    resistance: Callable[[Finding], str],
) -> Finding:
    fitting = [one for one in applied if one.approval.category in finding.categories]
    valid = [one.approval for one in fitting if one.state is ApprovalState.VALID]
    lifting = [one for one in said if concerns(finding)]
    resists = bool(lifting and resistance(finding))
    denied = [] if resists else [one.decision for one in lifting if one.state is DecisionState.STANDING]
    if by := _holding(finding, (*valid, *denied)):
        return replace(finding, allowed_by=by)
    softened = resists and any(one.state is DecisionState.STANDING and _covers(one.decision, finding) for one in lifting)
    carried = any(one.state is ApprovalState.CARRIED_OVER for one in fitting)
    carried |= not resists and any(one.state is DecisionState.CARRIED_OVER for one in lifting)
    return replace(finding, severity=Severity.MEDIUM) if (softened or carried) and finding.severity is Severity.HIGH else finding


def _holding(finding: Finding, decisions: Sequence[Approval | Decision]) -> str:
    """Return the id of the decision that a finding is allowed by: a whole one, else the first of those that cover all of it."""
    whole = next((one for one in decisions if one.segment is None), None)
    if whole is not None:
        return whole.id
    parts = [(one.id, one.segment) for one in decisions if one.segment is not None]
    if not finding.stretches or not is_covered(finding.stretches, (segment for _, segment in parts)):
        return ""
    lead = min(finding.stretches)
    return next(identity for identity, segment in parts if segment.first <= lead.first < segment.after)


def _covers(decision: Decision, finding: Finding) -> bool:
    return decision.segment is None or (bool(finding.stretches) and is_covered(finding.stretches, (decision.segment,)))


def _file_name(path: str) -> str:
    return path.rpartition("/")[2]


def _tell(kin: Kin, decided: str = "approved") -> str:
    match kin.lineage:
        case Lineage.SAME:
            return f"same pixels as {decided} content"
        case Lineage.DERIVED:
            return f"derived from {decided} content"
        case Lineage.VERSION:
            return f"recorded as a later version of {decided} content"
        case Lineage.SIMILAR:
            bits = kin.distance_bits
            return f"looks like {decided} content" + ("" if bits is None else f" ({bits} {'bit' if bits == 1 else 'bits'} apart)")


_PARTICIPLES = {
    DecisionKind.REJECTION: "rejected",
    DecisionKind.QUESTION: "questioned",
    DecisionKind.NOT_AI: "said not to be AI",
}
