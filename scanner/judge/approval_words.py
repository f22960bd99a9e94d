"""How findings name an approval: for what, by whom, under which reference."""

from __future__ import annotations

from scanner.judge.evidence import NAME_LIMIT
from scanner.model.approvals import Approval
from scanner.model.text import shown


def named(approval: Approval) -> str:
    """Return ``for creative-output by Dana Reyes, Netflix (NFLX-2231)``."""
    return f"for {approval.category.value} {by(approval)}"


def by(approval: Approval) -> str:
    """Return ``by Dana Reyes, Netflix (NFLX-2231)``."""
    return f"by {shown(approval.approver, NAME_LIMIT)} ({shown(approval.reference, NAME_LIMIT)})"
