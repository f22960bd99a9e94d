"""How approvals and other decisions are told to people: what a finding asks for, and what a decision did for an asset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scanner.model.approvals import AppliedApproval, Approval, ApprovalState, Category
from scanner.model.decisions import AppliedDecision, Decision, DecisionKind, DecisionState
from scanner.model.judging import Finding, Route, Severity
from scanner.model.scan import AssetRecord
from scanner.model.text import shown

_OPENINGS = {
    ApprovalState.VALID: "Allowed by",
    ApprovalState.CARRIED_OVER: "Carried over, to be confirmed: allowed for an earlier version by",
    ApprovalState.LAPSED: "Approval lapsed: was allowed by",
    ApprovalState.OVERRULED: "Approval overruled: was allowed by",
}
_VERBS = {
    DecisionKind.REJECTION: "Rejected by",
    DecisionKind.QUESTION: "Asked by",
    DecisionKind.NOT_AI: "Said not to be AI by",
}
_STATES = {
    DecisionState.STANDING: "",
    DecisionState.OVERTAKEN: "No longer in force: ",
    DecisionState.WITHDRAWN: "Withdrawn: ",
    DecisionState.CARRIED_OVER: "Of related content: ",
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
    found = allowing(finding, record)
    if found is None:
        return f"Allowed by approval {finding.allowed_by}"
    return decision_sentence(found) if isinstance(found, AppliedDecision) else f"Allowed by {_terms(found.approval)}"


def allowing(finding: Finding, record: AssetRecord | None) -> AppliedApproval | AppliedDecision | None:
    """Return the decision that allows a finding; None where it is not at hand."""
    for applied in record.approvals if record else ():
        if applied.approval.id == finding.allowed_by:
            return applied
    decided = record.decisions if record else ()
    return next((each for each in decided if each.decision.id == finding.allowed_by), None)


def allowing_phrase(finding: Finding, record: AssetRecord | None) -> str:
    """Return what allows a finding as one phrase: ``approval 5e1f… valid: …``; its id where no more is at hand."""
    found = allowing(finding, record)
    if isinstance(found, AppliedDecision):
        return f"decision {decision_phrase(found)}"
    return f"approval {approval_phrase(found) if found else finding.allowed_by}"


def applied_sentence(applied: AppliedApproval | AppliedDecision) -> str:
    """Return a decision of any kind, and what it did for one asset, as a sentence."""
    return decision_sentence(applied) if isinstance(applied, AppliedDecision) else approval_sentence(applied)


def decision_sentence(applied: AppliedDecision) -> str:
    """Return what another decision is and did for one asset."""
    decision, state = applied.decision, _STATES[applied.state]
    verb = _VERBS[decision.kind] if not state else _VERBS[decision.kind][0].lower() + _VERBS[decision.kind][1:]
    to = f", of {shown(decision.addressee)}" if decision.addressee else ""
    parts = [f"{shown(decision.decider)}{to}, {decision.date}", _part(decision), f"reference {shown(decision.reference)}"]
    parts = [part for part in parts if part and (decision.reference or not part.startswith("reference "))]
    why = f" ({applied.why})" if applied.why else ""
    return f"{state}{verb} {' · '.join(parts)}: {shown(decision.statement)}{why}"


def decision_phrase(applied: AppliedDecision) -> str:
    """Return another decision as one phrase: its id, kind and state, of whom, and why."""
    decision = applied.decision
    why = f" ({applied.why})" if applied.why else ""
    of = f", of {shown(decision.addressee)}" if decision.addressee else ""
    what = ", ".join(part for part in (decision.reference, decision.decider + of, decision.date, _part(decision)) if part)
    return f"{decision.id} {decision.kind.value} {applied.state.value}{why}: {what}: {decision.statement}"


def approval_sentence(applied: AppliedApproval) -> str:
    """Return what an approval is and did for one asset."""
    why = f": {applied.why}" if applied.why else ""
    return f"{_OPENINGS[applied.state]} {_terms(applied.approval)}{why}"


def approval_phrase(applied: AppliedApproval) -> str:
    """Return an approval as one phrase: what it is, of whom, and what it does here."""
    approval = applied.approval
    until = f", until {approval.expires}" if approval.expires else ""
    why = f" ({applied.why})" if applied.why else ""
    part = f", {_part(approval)}" if approval.segment else ""
    return f"{approval.id} {applied.state.value}{why}: {approval.reference}, {approval.approver}, {approval.date}{until}{part}"


def category_words(category: Category) -> str:
    """Return a category as people read it: ``creative output``."""
    return category.value.replace("-", " ")


def _asking(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (one for one in findings if one.severity is not Severity.INFO and not one.allowed_by)


def _terms(approval: Approval) -> str:
    named = shown(approval.approver), f"reference {shown(approval.reference)}"
    parts = [*named, category_words(approval.category), _part(approval), _until(approval)]
    return " · ".join(part for part in parts if part)


def _part(decision: Approval | Decision) -> str:
    return f"only {decision.segment}" if decision.segment else ""


def _until(approval: Approval) -> str:
    if approval.revoked:
        return f"withdrawn {approval.revoked[:10]}"
    return f"until {approval.expires}" if approval.expires else "without end date"
