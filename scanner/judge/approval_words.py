"""How findings name an approval or another decision: for what, by whom, under which reference, why."""

from __future__ import annotations

from scanner.judge.evidence import NAME_LIMIT
from scanner.model.approvals import Approval
from scanner.model.decisions import Decision, DecisionKind
from scanner.model.text import shown


def named(approval: Approval) -> str:
    """Return ``for creative-output by Dana Reyes, Netflix (NFLX-2231)``."""
    return f"for {approval.category.value} {by(approval)}"


def by(approval: Approval) -> str:
    """Return ``by Dana Reyes, Netflix (NFLX-2231)``."""
    return f"by {shown(approval.approver, NAME_LIMIT)} ({shown(approval.reference, NAME_LIMIT)})"


STATEMENT_LIMIT = 200
"""Characters of a reason inside a message; reports hold all of it beside the asset."""


def stated(decision: Decision) -> str:
    """Return ``by Vera Okafor, legal, on 2026-02-03: the street sign names a brand``."""
    reason = shown(decision.statement, STATEMENT_LIMIT).rstrip(".")
    return f"by {shown(decision.decider, NAME_LIMIT)}, on {decision.date}: {reason}"


PARTICIPLES = {
    DecisionKind.REJECTION: "rejected",
    DecisionKind.QUESTION: "asked about",
    DecisionKind.NOT_AI: "said not to be AI",
}
"""Kind of decision → what became of its content."""
