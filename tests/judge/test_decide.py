"""Findings, verdicts and exit codes."""

from dataclasses import replace

import pytest

from scanner.judge.decide import (
    EXIT_CODES,
    FAIL_ON,
    Judgement,
    concerns_of,
    exit_code,
    finding_id,
    highest,
    judge_asset,
    judge_delivery,
    verdict_of,
)
from scanner.judge.examples import MOVIE, PHOTO, SUBTITLES, XMP_SIDECAR, declared, mark, matched, moved
from scanner.judge.policy import Principle, load_packaged
from scanner.judge.rule import ALONE
from scanner.judge.rules import ai_declared
from scanner.judge.subject import DeliveryView, Surroundings
from scanner.model.approvals import Category
from scanner.model.errors import UsageError
from scanner.model.judging import Finding, Observation, Route, Severity, Verdict, Zone
from scanner.model.marks import Confidence, Meaning, Provenance
from scanner.model.matching import Relation, Role
from scanner.model.readings import ReadingSummary

POLICY = load_packaged()
AI = declared(PHOTO, mark(Meaning.GENERATED))
NOT_READ = (ReadingSummary("exiftool", "failed", "time-out"),)


def judge(subject, surroundings=ALONE):
    return judge_asset(subject, surroundings, POLICY)


def rules_of(judgement):
    return [finding.rule for finding in judgement.findings]


def finding(severity, coverage=False):
    return Finding("0" * 16, "ai-declared", severity, Confidence.STRONG, "", "", "", coverage)


def test_a_photograph_passes_without_findings():
    assert judge(PHOTO) == Judgement((), Verdict.PASS)


def test_a_finding_carries_its_rules_card():
    (one,) = judge(AI).findings
    assert (one.rule, one.severity, one.confidence) == ("ai-declared", Severity.HIGH, Confidence.DEFINITIVE)
    assert (one.next_step, one.who, one.coverage) == (ai_declared.CARD.next_step, "post producer", False)


def test_a_mark_outranks_a_failed_reading_and_both_are_told():
    judgement = judge(replace(AI, readings=NOT_READ))
    assert rules_of(judgement) == ["ai-declared", "media-not-read"]
    assert judgement.verdict is Verdict.BLOCKED


def test_a_failed_reading_alone_is_incomplete():
    assert judge(replace(PHOTO, readings=NOT_READ)).verdict is Verdict.INCOMPLETE


def test_findings_are_sorted_by_severity_then_rule():
    subject = replace(
        AI,
        lying_extension="png",
        readings=NOT_READ,
        matches=(matched(Role.RESTRICTED, Relation.SAME), matched(Role.AI, Relation.SAME)),
    )
    assert rules_of(judge(subject)) == [
        "ai-declared",
        "ai-reference-match",
        "media-not-read",
        "restricted-reference-match",
        "wrong-extension",
    ]


def test_files_known_not_to_be_media_pass_whatever_stands_in_them():
    subject = replace(AI, format=SUBTITLES, provenance=Provenance.UNREADABLE, readings=NOT_READ, changed=True)
    assert judge(subject) == Judgement((), Verdict.PASS)


def test_a_doubtful_sidecar_is_told_though_it_is_no_media():
    subject = replace(PHOTO, format=XMP_SIDECAR, sidecar_doubt="fits a.jpg and a.tif")
    assert rules_of(judge(subject)) == ["sidecar-doubt"]
    assert judge(declared(subject, mark(Meaning.GENERATED))).verdict is Verdict.REVIEW


def test_two_kinds_of_enhancement_by_one_mark_are_two_findings():
    marks = [
        mark(Meaning.ENHANCED, id="post", value=value)
        for value in ("Postprocess upscaler: 4x", "GFPGAN visibility: 1", "denoised")
    ]
    found = judge(declared(PHOTO, *marks)).findings
    assert len({one.id for one in found}) == len(found) == 3


def test_an_id_is_sixteen_hexadecimal_digits_and_knows_its_place():
    seen = Observation("ai-declared", Confidence.STRONG, "a message", "key")
    first = finding_id(seen, "0", "final/a.jpg")
    assert len(first) == 16
    assert int(first, 16) >= 0
    assert finding_id(replace(seen, message="worded anew", case="other"), "0", "final/a.jpg") == first
    others = [
        finding_id(seen, "1", "final/a.jpg"),
        finding_id(seen, "0", "final/b.jpg"),
        finding_id(replace(seen, key="other"), "0", "final/a.jpg"),
        finding_id(replace(seen, rule="ai-hint"), "0", "final/a.jpg"),
    ]
    assert len({first, *others}) == 5


def test_a_path_that_is_no_utf8_has_an_id():
    assert len(judge(replace(AI, path="final/\udcff.jpg")).findings[0].id) == 16


@pytest.mark.parametrize(
    ("severity", "coverage", "verdict"),
    [
        (Severity.HIGH, False, Verdict.BLOCKED),
        (Severity.MEDIUM, False, Verdict.REVIEW),
        (Severity.INFO, False, Verdict.PASS),
        (Severity.HIGH, True, Verdict.INCOMPLETE),
        (Severity.MEDIUM, True, Verdict.REVIEW),
        (Severity.INFO, True, Verdict.PASS),
    ],
)
def test_what_a_finding_asks_for(severity, coverage, verdict):
    assert verdict_of([finding(severity, coverage)]) is verdict


def test_the_highest_concern_wins():
    order = [Verdict.PASS, Verdict.REVIEW, Verdict.INCOMPLETE, Verdict.BLOCKED]
    for index, verdict in enumerate(order):
        assert highest(order[: index + 1]) is verdict
    assert highest([]) is Verdict.PASS


def test_concerns_leave_out_what_only_informs():
    assert concerns_of([finding(Severity.INFO)]) == frozenset()
    assert concerns_of([finding(Severity.HIGH, True), finding(Severity.MEDIUM)]) == {Verdict.INCOMPLETE, Verdict.REVIEW}


def delivery(view, verdicts=(), surroundings=ALONE):
    return judge_delivery(view, verdicts, surroundings, POLICY)


def test_a_delivery_is_as_its_assets():
    for verdict in Verdict:
        assert delivery(DeliveryView(), (Verdict.PASS, verdict)) == Judgement((), verdict)


@pytest.mark.parametrize(
    "view", [DeliveryView(interrupted=True), DeliveryView(unreadable_folders=((0, "final/vfx", "permission denied"),))]
)
def test_what_was_not_looked_at_makes_a_delivery_incomplete(view):
    assert delivery(view, (Verdict.REVIEW,)).verdict is Verdict.INCOMPLETE
    assert delivery(view, (Verdict.BLOCKED,)).verdict is Verdict.BLOCKED


def test_pictures_not_compared_are_one_review_of_the_delivery():
    movie = replace(PHOTO, format=MOVIE, fingerprinted=False)
    judgement = delivery(DeliveryView({movie.format.title: 2}), (Verdict.PASS,), Surroundings(library_given=True, library_size=1))
    assert rules_of(judgement) == ["pictures-not-compared"]
    assert judgement.verdict is Verdict.REVIEW


def test_an_empty_library_is_told():
    judgement = delivery(DeliveryView(), (), Surroundings(library_given=True))
    assert rules_of(judgement) == ["library-empty"]
    assert judgement.verdict is Verdict.PASS


def test_two_folders_are_two_findings():
    view = DeliveryView(unreadable_folders=((0, "a", "denied"), (1, "a", "denied"), (0, "b", "denied")))
    found = delivery(view).findings
    assert len({one.id for one in found}) == 3


PASS, REVIEW, INCOMPLETE, BLOCKED = Verdict.PASS, Verdict.REVIEW, Verdict.INCOMPLETE, Verdict.BLOCKED

CODES = [
    # verdict, --fail-on, without and with --allow-incomplete
    (PASS, "review", 0, 0),
    (PASS, "blocked", 0, 0),
    (PASS, "never", 0, 0),
    (REVIEW, "review", 10, 10),
    (REVIEW, "blocked", 0, 0),
    (REVIEW, "never", 0, 0),
    (INCOMPLETE, "review", 4, 0),
    (INCOMPLETE, "blocked", 4, 0),
    (INCOMPLETE, "never", 4, 0),
    (BLOCKED, "review", 11, 11),
    (BLOCKED, "blocked", 11, 11),
    (BLOCKED, "never", 0, 0),
]


@pytest.mark.parametrize(("verdict", "fail_on", "strict", "lenient"), CODES)
def test_exit_code(verdict, fail_on, strict, lenient):
    assert exit_code(verdict, fail_on) == strict
    assert exit_code(verdict, fail_on, allow_incomplete=True) == lenient


def test_the_table_of_exit_codes_is_exhaustive():
    assert {row[:2] for row in CODES} == {(verdict, fail_on) for verdict in Verdict for fail_on in FAIL_ON}
    assert {EXIT_CODES[verdict] for verdict in Verdict} == {0, 4, 10, 11}


@pytest.mark.parametrize(
    ("verdict", "beneath", "fail_on", "allow", "code"),
    [
        (INCOMPLETE, {INCOMPLETE, REVIEW}, "review", True, 10),
        (INCOMPLETE, {INCOMPLETE, REVIEW}, "review", False, 4),
        (INCOMPLETE, {INCOMPLETE, REVIEW}, "blocked", True, 0),
        (BLOCKED, {BLOCKED, INCOMPLETE}, "never", False, 4),
        (BLOCKED, {BLOCKED, INCOMPLETE}, "never", True, 0),
        (BLOCKED, {BLOCKED, INCOMPLETE, REVIEW}, "review", False, 11),
    ],
)
def test_what_stands_beneath_the_verdict_counts_once_the_verdict_does_not(verdict, beneath, fail_on, allow, code):
    assert exit_code(verdict, fail_on, allow, beneath) == code


def test_an_unknown_fail_on_is_wrong_usage():
    with pytest.raises(UsageError, match="--fail-on"):
        exit_code(PASS, "incomplete")


def test_a_finding_carries_what_the_policy_says_of_principles():
    principle = Principle("P4", "Temporary only.", ("ai-declared",), (Zone.FINAL,), Route.ESCALATE, "Ask the contact.")
    policy = replace(POLICY, principles=(principle,))
    (one,) = judge_asset(AI, ALONE, policy).findings
    assert (one.principle, one.route, one.next_step) == ("P4", Route.ESCALATE, "Ask the contact.")
    assert one.categories == (Category.CREATIVE_OUTPUT, Category.ETHICS)
    (elsewhere,) = judge_asset(moved(AI, Zone.TEMPORARY), ALONE, policy).findings
    assert (elsewhere.principle, elsewhere.route, elsewhere.next_step) == ("", None, ai_declared.CARD.next_step)


def test_an_approval_category_belongs_to_the_case():
    approvals = {**POLICY.approvals, ("ai-declared", "generated"): (Category.DATA_USE,)}
    (one,) = judge_asset(AI, ALONE, replace(POLICY, approvals=approvals)).findings
    assert one.categories == (Category.DATA_USE,)
