"""How written approvals are told to people: what a finding asks for, and what an approval did for an asset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scanner.model.approvals import AppliedApproval, Approval, ApprovalState, Category
from scanner.model.judging import Finding, Route, Severity
from scanner.model.scan import AssetRecord
from scanner.model.text import shown

_OPENINGS = {
    ApprovalState.VALID: "Allowed by",
    ApprovalState.CARRIED_OVER: "Carried over, to be confirmed: allowed for an earlier version by",
    ApprovalState.LAPSED: "Approval lapsed: was allowed by",
}


def asks(finding: Finding) -> str:
    """Return what a policy asks for: ``P4 · escalate · needs written approval: creative output``; empty where nothing."""
    parts = [finding.principle, finding.route.value if finding.route else ""]
    if finding.categories and finding.severity is not Severity.INFO and not finding.allowed_by:
        parts.append(f"needs written approval: {' or '.join(map(category_words, finding.categories))}")
    return " · ".join(part for part in parts if part)


def also(findings: Sequence[Finding]) -> str:
    """Return the rules of the findings behind the first that ask for something too: ``ai-with-person, unapproved-tool``."""
    return ", ".join(dict.fromkeys(one.rule for one in _asking(findings[1:]) if one.rule != findings[0].rule))


def touched(findings: Sequence[Finding]) -> str:
    """Return the principles that these findings touch, and the strongest route: ``P4, P5: escalate``; empty where none."""
    asking = [one for one in _asking(findings) if one.principle]
    principles = sorted({each for one in asking for each in one.principle.split(", ")})
    routes = [one.route for one in asking if one.route]
    route = Route.ESCALATE if Route.ESCALATE in routes else next(iter(routes), None)
    return ", ".join(principles) + (f": {route.value}" if route else "")


def allowance(finding: Finding, record: AssetRecord | None) -> str:
    """Return who allowed a finding, under which reference, until when; empty where nobody did."""
    if not finding.allowed_by:
        return ""
    applied = record.approvals if record else ()
    found = next((each.approval for each in applied if each.approval.id == finding.allowed_by), None)
    return f"Allowed by {_terms(found)}" if found else f"Allowed by approval {finding.allowed_by}"


def approval_sentence(applied: AppliedApproval) -> str:
    """Return what an approval is and did for one asset."""
    why = f": {applied.why}" if applied.why else ""
    return f"{_OPENINGS[applied.state]} {_terms(applied.approval)}{why}"


def approval_phrase(applied: AppliedApproval) -> str:
    """Return an approval as one phrase: what it is, of whom, and what it does here."""
    approval = applied.approval
    until = f", until {approval.expires}" if approval.expires else ""
    why = f" ({applied.why})" if applied.why else ""
    return f"{approval.id} {applied.state.value}{why}: {approval.reference}, {approval.approver}, {approval.date}{until}"


def category_words(category: Category) -> str:
    """Return a category as people read it: ``creative output``."""
    return category.value.replace("-", " ")


def _asking(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (one for one in findings if one.severity is not Severity.INFO and not one.allowed_by)


def _terms(approval: Approval) -> str:
    named = shown(approval.approver), f"reference {shown(approval.reference)}"
    parts = [*named, category_words(approval.category), _until(approval)]
    return " · ".join(part for part in parts if part)


def _until(approval: Approval) -> str:
    if approval.revoked:
        return f"withdrawn {approval.revoked[:10]}"
    return f"until {approval.expires}" if approval.expires else "without end date"
