"""Decisions that are no permissions in the reports: who decided what, and why."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import jsonschema
import pytest

from scanner.model.approvals import AppliedApproval, Approval, ApprovalState, Category, ContentKind
from scanner.model.decisions import AppliedDecision, Decision, DecisionKind, DecisionState
from scanner.model.judging import Severity, Verdict
from scanner.model.marks import Provenance
from scanner.model.scan import Scan
from scanner.model.stretches import Stretch
from scanner.report.cuesheet.columns import Column
from scanner.report.cuesheet.rows import rows_of as cue_rows
from scanner.report.disclosure.entries import Standing, standing_of
from scanner.report.facets import facets_of
from scanner.report.json_reading import read_report
from scanner.report.json_report import schema
from scanner.report.permissions import allowance, decision_phrase, decision_sentence
from scanner.report.terminal import summary
from tests.report.parts import HOSTILE, asset, finding, mark
from tests.report.reading_back import texts_in
from tests.report.scans import passing
from tests.report.written import render, to_html, to_json

PART = Stretch(Fraction(1001, 24), Fraction(44))
NOT_AI = Decision(
    *("0f1e2d3c4b5a6978", DecisionKind.NOT_AI, "ab" * 32, ContentKind.FILE, "Vera Okafor, legal", "ines"),
    *("our own photograph of 12 May", "2026-02-03"),
    reference="mail of 3 February",
)
LIFTED = replace(
    finding("ai-declared", "the file declares AI generation"), allowed_by=NOT_AI.id, categories=(Category.CREATIVE_OUTPUT,)
)


def applied(state: DecisionState = DecisionState.STANDING, why: str = "", **changes: object) -> AppliedDecision:
    return AppliedDecision(replace(NOT_AI, **changes), state, why)


def with_decision(*decisions: AppliedDecision, **changes: object) -> Scan:
    one = asset(
        "final/a.png", findings=(LIFTED,), decisions=decisions or (applied(),), provenance=Provenance.GENERATED, **changes
    )
    return replace(passing(), assets=(one,))


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (
            applied(),
            "Said not to be AI by Vera Okafor, legal, 2026-02-03 · reference mail of 3 February: our own photograph of 12 May",
        ),
        (
            applied(kind=DecisionKind.REJECTION, reference="", statement="no release form"),
            "Rejected by Vera Okafor, legal, 2026-02-03: no release form",
        ),
        (
            applied(kind=DecisionKind.QUESTION, reference="", statement="whose is it?", addressee="Joel Brandt"),
            "Asked by Vera Okafor, legal, of Joel Brandt, 2026-02-03: whose is it?",
        ),
        (
            applied(DecisionState.WITHDRAWN, "withdrawn on 2026-02-09", reference="", segment=PART),
            "Withdrawn: said not to be AI by Vera Okafor, legal, 2026-02-03 · only 1001/24 s to 44 s: our own photograph "
            "of 12 May (withdrawn on 2026-02-09)",
        ),
    ],
)
def test_each_kind_and_state_is_a_sentence(one, said):
    assert decision_sentence(one) == said


def test_a_lifted_finding_names_who_lifted_it_in_every_report():
    scan = with_decision()

    assert allowance(LIFTED, scan.assets[0]) == decision_sentence(applied())
    for name in ("html", "markdown", "sarif", "junit", "csv", "json", "ndjson"):
        told = texts_in(render(scan, name), name)
        assert "Vera Okafor, legal" in told, name
        assert "our own photograph of 12 May" in told, name
    assert "ALLOWED" in summary(scan, "r")
    assert "Said not to be AI by Vera Okafor" in " ".join(summary(scan, "r").split())


def test_what_is_written_is_read_back_and_keeps_to_the_schema():
    permission = Approval(
        *(
            "5e1f00dd15ea5e00",
            "ab" * 32,
            ContentKind.FILE,
            "Dana Reyes",
            "ines",
            "NFLX-1",
            Category.CREATIVE_OUTPUT,
            "plate",
            "2026-01-05",
        ),
        segment=PART,
    )
    scan = with_decision(
        applied(segment=PART),
        applied(DecisionState.OVERTAKEN, "approved", kind=DecisionKind.REJECTION),
        approvals=(AppliedApproval(permission, ApprovalState.OVERRULED, "rejected on 2026-02-03 by Vera Okafor, legal"),),
    )
    scan = replace(scan, assets=(replace(scan.assets[0], findings=(replace(LIFTED, stretches=(PART,)),)),))
    text = to_json(scan)

    jsonschema.validate(json.loads(text), json.loads(schema()))
    (read,) = read_report(text.encode(), "scan.json").assets
    (written,) = scan.assets
    assert (read.decisions, read.findings, read.approvals) == (written.decisions, written.findings, written.approvals)


def test_a_report_of_before_decisions_is_read():
    report = json.loads(to_json(with_decision()))
    for one in report["assets"]:
        del one["decisions"]
        for each in one["findings"]:
            del each["stretches"]

    (read,) = read_report(json.dumps(report).encode(), "scan.json").assets
    assert (read.decisions, read.findings[0].stretches) == ((), ())


def test_no_ai_is_no_approval_of_the_clients_in_a_disclosure():
    (told,) = read_report(to_json(with_decision()).encode(), "scan.json").assets

    assert standing_of(told) is Standing.INFORM
    assert standing_of(replace(told, decisions=())) is Standing.ON_RECORD


def test_a_cue_sheet_says_what_was_decided_beside_the_approvals():
    recorded = read_report(to_json(with_decision(marks=(mark(),))).encode(), "scan.json")
    (row,) = cue_rows(recorded, lambda _: "still")

    assert row[Column.APPROVAL] == decision_sentence(applied())


def test_the_page_can_be_filtered_by_decision():
    scan = with_decision(applied(), applied(DecisionState.WITHDRAWN, kind=DecisionKind.REJECTION))
    questions = {each.name: [choice.words for choice in each.choices] for each in facets_of([(0, scan.assets[0])]).questions}

    assert questions["decision"] == ["said not to be AI"]


def test_hostile_words_stay_words():
    scan = with_decision(applied(decider=HOSTILE, statement=HOSTILE, reference=HOSTILE))

    assert "<script>alert" not in to_html(scan)
    assert "onerror=alert(1)>" not in to_html(scan)


def test_a_rejection_heads_the_list_of_what_to_fix():
    rejected = finding(
        "content-rejected", "the file is content that was rejected by Vera Okafor, on 2026-02-03: no", Severity.HIGH
    )
    one = asset("final/a.png", verdict=Verdict.BLOCKED, findings=(rejected,), decisions=(applied(kind=DecisionKind.REJECTION),))
    page = to_html(replace(passing(), assets=(one,)))

    assert "Rejected by Vera Okafor, legal" in page
    assert decision_phrase(one.decisions[0]).startswith("0f1e2d3c4b5a6978 rejection standing: mail of 3 February, Vera Okafor")
