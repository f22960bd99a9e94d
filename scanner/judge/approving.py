"""What written approvals do for an asset: which of them are about it, and which findings they allow.

An approval is bound to content. For the approved content itself it allows findings of its category while it stands; what
merely comes from approved content is put before a person, never passed.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from scanner.model.approvals import AppliedApproval, Approval, ApprovalState, Category, Lineage
from scanner.model.judging import Finding, Severity
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
    """The approvals of one log, as they stand at one moment."""

    def __init__(self, approvals: Iterable[Approval], moment: str) -> None:
        """Take in the approvals in the order they were recorded; `moment` is the scan's start, ISO 8601, UTC."""
        self._moment = moment
        self._by_content: defaultdict[str, list[Approval]] = defaultdict(list)
        self._successors: dict[str, Approval] = {}
        self._by_name: dict[str, Approval] = {}
        for approval in approvals:
            self._by_content[approval.content].append(approval)
            if why_lapsed(approval, moment):
                continue
            self._by_name[_file_name(approval.path)] = approval
            if approval.supersedes:
                self._successors[approval.supersedes] = approval

    def about(self, content: str) -> tuple[Approval, ...]:
        """Return all approvals of this content, standing or not."""
        return tuple(self._by_content.get(content, ()))

    def standing(self, content: str) -> tuple[Approval, ...]:
        """Return those that hold at the moment of the scan."""
        return tuple(approval for approval in self.about(content) if self.stands(approval))

    def stands(self, approval: Approval) -> bool:
        """Whether an approval holds at the moment of the scan."""
        return not why_lapsed(approval, self._moment)

    def successor(self, content: str) -> Approval | None:
        """Return the last standing approval that says its own content replaces this one."""
        return self._successors.get(content) if content else None

    def namesake(self, path: str) -> Approval | None:
        """Return the last standing approval of content that had this path's file name when it was approved."""
        return self._by_name.get(_file_name(shown(path)))

    def apply(self, content: str, kin: Iterable[Kin]) -> tuple[AppliedApproval, ...]:
        """Return what the log says of an asset: approvals of its content first, then those carried over to it.

        Args:
            content: the asset's digest, computed by the scan; empty where it was not hashed, so that nothing is bound to it.
            kin: approved contents it is related to.
        """
        own = tuple(self._own(approval) for approval in self.about(content)) if content else ()
        # What was decided about the content itself, a withdrawal too, outranks what is carried over to it.
        decided = {applied.approval.category for applied in own}
        carried: dict[str, AppliedApproval] = {}
        for one in sorted((*self._earlier_versions(content), *kin), key=lambda one: tuple(Lineage).index(one.lineage)):
            for approval in self.standing(one.content):
                if one.content != content and approval.category not in decided:
                    carried.setdefault(
                        approval.id, AppliedApproval(approval, ApprovalState.CARRIED_OVER, _tell(one), one.lineage)
                    )
        return (*own, *carried.values())

    def _own(self, approval: Approval) -> AppliedApproval:
        why = why_lapsed(approval, self._moment)
        return AppliedApproval(approval, ApprovalState.LAPSED if why else ApprovalState.VALID, why)

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


def allow(findings: Iterable[Finding], applied: Sequence[AppliedApproval]) -> tuple[Finding, ...]:
    """Return the findings, each with the approval that allows it; one that is only carried over puts it before a person."""
    return tuple(_allowed(finding, applied) for finding in findings)


def needs_of(findings: Iterable[Finding]) -> tuple[Category, ...]:
    """Return the categories that findings which ask for a verdict could be approved under, and are not."""
    asked = {
        category
        for finding in findings
        if not finding.allowed_by and finding.severity is not Severity.INFO
        for category in finding.categories
    }
    return tuple(category for category in Category if category in asked)


def _allowed(finding: Finding, applied: Sequence[AppliedApproval]) -> Finding:
    fitting = [one for one in applied if one.approval.category in finding.categories]
    valid = next((one for one in fitting if one.state is ApprovalState.VALID), None)
    if valid is not None:
        return replace(finding, allowed_by=valid.approval.id)
    carried = any(one.state is ApprovalState.CARRIED_OVER for one in fitting)
    return replace(finding, severity=Severity.MEDIUM) if carried and finding.severity is Severity.HIGH else finding


def _file_name(path: str) -> str:
    return path.rpartition("/")[2]


def _tell(kin: Kin) -> str:
    match kin.lineage:
        case Lineage.SAME:
            return "same pixels as approved content"
        case Lineage.DERIVED:
            return "derived from approved content"
        case Lineage.VERSION:
            return "recorded as a later version of approved content"
        case Lineage.SIMILAR:
            bits = kin.distance_bits
            return "looks like approved content" + ("" if bits is None else f" ({bits} {'bit' if bits == 1 else 'bits'} apart)")
