from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.model.approvals import AppliedApproval, ApprovalState, Category
from scanner.model.judging import Route, Severity
from scanner.report.permissions import allowance, approval_sentence, asks
from tests.report.approved import APPROVAL, approved
from tests.report.parts import finding

ASKING = replace(finding("r", "m"), principle="P4", route=Route.ESCALATE, categories=(Category.CREATIVE_OUTPUT, Category.ETHICS))


def test_what_a_principle_asks_for_is_one_line():
    assert asks(ASKING) == "P4 · escalate · needs written approval: creative output or ethics and representation"


@pytest.mark.parametrize("changes", [{"allowed_by": "x"}, {"severity": Severity.INFO}])
def test_nobody_is_asked_for_an_approval_that_is_there_or_not_needed(changes):
    assert asks(replace(ASKING, **changes)) == "P4 · escalate"


def test_a_policy_without_principles_asks_nothing():
    assert asks(finding("r", "m")) == ""


def test_an_allowed_finding_names_who_under_which_reference_until_when():
    allowed = approved().assets[0]
    said = allowance(allowed.findings[0], allowed)
    assert said == "Allowed by Dana Reyes, Netflix · reference GENAI-0412 · creative output · until 2027-08-31"
    assert allowance(allowed.findings[0], None) == "Allowed by approval 5f0c2a9be1d04437"
    assert allowance(ASKING, allowed) == ""


@pytest.mark.parametrize(
    ("state", "changes", "said"),
    [
        (ApprovalState.VALID, {"expires": ""}, "· creative output · without end date"),
        (ApprovalState.LAPSED, {}, "Approval lapsed: was allowed by Dana Reyes, Netflix · reference GENAI-0412"),
        (ApprovalState.LAPSED, {"revoked": "2026-10-01T08:00:00Z"}, "withdrawn 2026-10-01"),
        (ApprovalState.CARRIED_OVER, {}, "Carried over, to be confirmed: allowed for an earlier version by Dana Reyes"),
    ],
)
def test_each_state_of_an_approval_is_told_apart(state, changes, said):
    assert said in approval_sentence(AppliedApproval(replace(APPROVAL, **changes), state))
    assert approval_sentence(AppliedApproval(APPROVAL, state, "same pixels")).endswith(": same pixels")
