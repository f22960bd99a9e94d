from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.model.approvals import AppliedApproval, ApprovalState, Category
from scanner.model.judging import Route, Severity
from scanner.report.permissions import allowance, also, approval_sentence, asks, touched
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


PERSON = replace(finding("ai-with-person", "m", Severity.MEDIUM), principle="P5", route=Route.INFORM)
TOLD = replace(finding("ai-hint", "m", Severity.INFO), principle="P9", route=Route.INFORM)


def test_findings_behind_the_first_are_named_by_rule_where_they_ask_for_something():
    tools = finding("unapproved-tool", "m", Severity.MEDIUM)
    assert also((ASKING, PERSON, TOLD, replace(tools, allowed_by="x"), tools, tools)) == "ai-with-person, unapproved-tool"
    assert also((ASKING, replace(ASKING, message="another case of its rule"))) == ""
    assert also(()) == also((ASKING,)) == also((ASKING, TOLD)) == ""


def test_principles_are_named_once_with_the_strongest_route():
    both = replace(ASKING, principle="P2, P4")
    assert touched((PERSON, both, ASKING)) == "P2, P4, P5: escalate"
    assert touched((PERSON, TOLD)) == "P5: inform"
    assert touched((replace(PERSON, route=None),)) == "P5"
    assert touched((TOLD, replace(ASKING, allowed_by="x"), finding("r", "m"))) == ""
