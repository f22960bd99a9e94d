"""Approvals in the reports: what was allowed stays, with who allowed it."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from scanner.model.approvals import AppliedApproval, Approval, ApprovalLogStamp, ApprovalState, Category, ContentKind
from scanner.model.judging import Severity, Verdict
from scanner.model.scan import Scan
from scanner.model.text import shown
from scanner.report import sentences
from scanner.report.columns import width_of
from scanner.report.json_report import schema
from scanner.report.permissions import approval_sentence
from scanner.report.terminal import ALLOWED_LINES, summary
from scanner.report.worklist import to_review
from tests.report.parts import HOSTILE, asset, finding
from tests.report.scans import passing
from tests.report.written import to_html, to_json

APPROVAL = Approval(
    *("0123456789abcdef", "ab" * 32, ContentKind.FILE, "Dana Reyes, Netflix", "ines", "NFLX-2231", Category.CREATIVE_OUTPUT),
    *("background plate", "2026-01-05"),
    expires="2027-01-01",
)
LEAK = finding("ai-declared", "the file declares AI generation", allowed_by=APPROVAL.id)


def applied(state: ApprovalState = ApprovalState.VALID, why: str = "", **changes: str) -> AppliedApproval:
    return AppliedApproval(replace(APPROVAL, **changes), state, why)


def with_allowed(count: int = 1, **changes: str) -> Scan:
    assets = tuple(asset(f"final/{number}.png", findings=(LEAK,), approvals=(applied(**changes),)) for number in range(count))
    return replace(passing(), assets=assets)


def test_each_state_is_a_sentence():
    told = "Dana Reyes, Netflix · reference NFLX-2231 · creative output · until 2027-01-01"
    assert approval_sentence(applied()) == f"Allowed by {told}"
    assert approval_sentence(applied(ApprovalState.LAPSED, "expired on 2026-01-01")) == (
        f"Approval lapsed: was allowed by {told}: expired on 2026-01-01"
    )
    assert approval_sentence(applied(ApprovalState.CARRIED_OVER, "same pixels as approved content")) == (
        f"Carried over, to be confirmed: allowed for an earlier version by {told}: same pixels as approved content"
    )
    assert approval_sentence(applied(expires="")).endswith("creative output · without end date")


def test_an_allowed_finding_no_longer_says_that_it_blocks():
    assert sentences.weight(LEAK) == "Allowed"
    assert sentences.weight(replace(LEAK, allowed_by="")) == "Blocks"


def test_allowed_are_only_assets_of_which_something_would_have_asked_for_a_verdict():
    assert [record.path for record, _ in sentences.allowed(with_allowed(2), 5)] == ["final/0.png", "final/1.png"]
    informs = asset("a.png", findings=(replace(LEAK, severity=Severity.INFO),), approvals=(applied(),))
    unused = asset("b.png", findings=(replace(LEAK, allowed_by=""),), approvals=(applied(ApprovalState.LAPSED, "x"),))
    assert sentences.allowed(replace(passing(), assets=(informs, unused)), 5) == []


def test_the_screen_names_the_first_and_counts_the_rest():
    lines = summary(with_allowed(ALLOWED_LINES + 3), "r").splitlines()

    assert sum(line.startswith("ALLOWED") for line in lines) == ALLOWED_LINES
    assert any("and 3 more in the report" in line for line in lines)
    assert "until 2027-01-01" in " ".join(lines)


@pytest.mark.parametrize("width", [30, 80])
def test_hostile_words_stay_on_their_lines(width):
    scan = with_allowed(1, approver=HOSTILE, reference=HOSTILE, use=HOSTILE)

    for line in summary(scan, "r", width).splitlines():
        assert width_of(line) <= width
        assert shown(line) == line
    assert "<script>alert" not in to_html(scan)
    assert "onerror=alert(1)>" not in to_html(scan)


def test_the_page_names_the_approval_of_what_waits_for_a_person():
    carried = applied(ApprovalState.CARRIED_OVER, "same pixels as approved content")
    waiting = finding("approval-carried-over", "the approval is carried over, confirm", Severity.MEDIUM)
    record = asset("final/a.png", verdict=Verdict.REVIEW, findings=(waiting, LEAK), approvals=(carried,))
    page = to_html(replace(passing(), assets=(record,)))

    assert "Carried over, to be confirmed: allowed for an earlier version by Dana Reyes, Netflix · reference NFLX-2231" in page
    assert "Use: background plate" in page
    assert "id 0123456789abcdef" in page


def test_the_json_keeps_to_its_schema():
    scan = replace(with_allowed(1), approval_log=ApprovalLogStamp("approvals.sqlite", "", 0))
    report = json.loads(to_json(scan))

    jsonschema.validate(report, json.loads(schema()))
    assert report["assets"][0]["findings"][0]["allowed_by"] == report["assets"][0]["approvals"][0]["id"] == APPROVAL.id


def test_the_page_names_the_log_and_its_head():
    stamp = ApprovalLogStamp("approvals.sqlite", "4" * 64, 12)
    page = to_html(replace(passing(), approval_log=stamp))

    assert f"approvals.sqlite, 12 entries, last <code>{'4' * 64}</code>" in page
    assert "Approval log</dt> <dd>none read" in to_html(passing())


def test_what_is_allowed_never_leads_an_entry():
    waiting = finding("ai-marks-lost", "marks were lost", Severity.MEDIUM)
    record = asset("final/a.png", verdict=Verdict.REVIEW, findings=(LEAK, waiting), approvals=(applied(),))

    (entry,) = to_review(replace(passing(), assets=(record,)))

    assert [one.rule for one in entry.findings] == ["ai-marks-lost", "ai-declared"]
