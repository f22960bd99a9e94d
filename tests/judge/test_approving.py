"""Which approvals are about an asset, and what they allow."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.judge.approving import ApprovalBook, Kin, allow, needs_of, why_lapsed
from scanner.judge.decide import judge_asset
from scanner.judge.examples import PHOTO, SUBTITLES, applied, approval, declared, mark, moved
from scanner.judge.policy import load_packaged
from scanner.judge.rule import ALONE
from scanner.model.approvals import Approval, ApprovalState, Category, Lineage
from scanner.model.judging import Finding, Severity, Verdict, Zone
from scanner.model.marks import Confidence, Meaning
from scanner.model.readings import ReadingSummary

MOMENT = "2026-02-01T12:00:00Z"
A, B, C = "a" * 64, "b" * 64, "c" * 64
POLICY = load_packaged()
AI = declared(PHOTO, mark(Meaning.GENERATED))


def one(identity: str, content: str = A, category: Category = Category.CREATIVE_OUTPUT, **more: str) -> Approval:
    return replace(approval(category), id=identity, content=content, **more)


def states(book: ApprovalBook, content: str, *kin: Kin) -> list[tuple[str, str, str]]:
    return [(each.approval.id, each.state.value, each.why) for each in book.apply(content, kin)]


@pytest.mark.parametrize(
    ("change", "moment", "why"),
    [
        ({}, MOMENT, ""),
        ({"expires": "2026-02-01"}, MOMENT, ""),
        ({"expires": "2026-02-01"}, "2026-02-01T23:59:59Z", ""),
        ({"expires": "2026-01-31"}, "2026-02-01T00:00:00Z", "expired on 2026-01-31"),
        ({"date": "2026-02-01"}, "2026-02-01T00:00:00Z", ""),
        ({"date": "2026-02-02"}, "2026-02-01T09:59:59Z", "dated 2026-02-02, after this scan"),
        # In Kiribati the second has begun.
        ({"date": "2026-02-02"}, "2026-02-01T10:00:00Z", ""),
        ({"date": "2026-02-03"}, "2026-02-01T23:59:59Z", "dated 2026-02-03, after this scan"),
        ({"revoked": "2026-03-01T00:00:00Z"}, MOMENT, "withdrawn on 2026-03-01"),
        ({"revoked": "2026-01-09T00:00:00Z", "expires": "2026-01-08"}, MOMENT, "withdrawn on 2026-01-09"),
    ],
)
def test_when_an_approval_holds(change, moment, why):
    assert why_lapsed(replace(approval(), **change), moment) == why


def test_an_approval_is_about_its_content_and_no_other():
    book = ApprovalBook([one("1"), one("2", B)], MOMENT)

    assert states(book, A) == [("1", "valid", "")]
    assert states(book, C) == []
    assert states(book, "") == []


def test_an_asset_that_was_not_hashed_is_approved_by_nothing():
    assert ApprovalBook([one("1", "")], MOMENT).apply("", ()) == ()


def test_a_lapsed_one_stays_told_beside_its_renewal():
    book = ApprovalBook([one("1", expires="2026-01-31"), one("2")], MOMENT)

    assert states(book, A) == [("1", "lapsed", "expired on 2026-01-31"), ("2", "valid", "")]


@pytest.mark.parametrize(
    ("kin", "why"),
    [
        (Kin(B, Lineage.SAME), "same pixels as approved content"),
        (Kin(B, Lineage.DERIVED), "derived from approved content"),
        (Kin(B, Lineage.SIMILAR, 6), "looks like approved content (6 bits apart)"),
        (Kin(B, Lineage.SIMILAR, 1), "looks like approved content (1 bit apart)"),
    ],
)
def test_related_content_carries_over(kin, why):
    assert states(ApprovalBook([one("1", B)], MOMENT), A, kin) == [("1", "carried-over", why)]


def test_the_closest_relation_is_told_and_an_approval_once():
    kin = (Kin(B, Lineage.SIMILAR, 3), Kin(B, Lineage.SAME))

    assert states(ApprovalBook([one("1", B)], MOMENT), A, *kin) == [("1", "carried-over", "same pixels as approved content")]


def test_a_lapsed_approval_carries_nothing():
    held = [one("1", B, expires="2026-01-31"), one("2", B, revoked=MOMENT), one("3", B, date="2027-01-01")]

    assert states(ApprovalBook(held, MOMENT), A, Kin(B, Lineage.SAME)) == []


def test_content_that_is_its_own_kin_is_not_carried_over():
    assert states(ApprovalBook([one("1")], MOMENT), A, Kin(A, Lineage.SAME)) == [("1", "valid", "")]


def test_what_was_decided_about_the_content_itself_outranks_what_is_carried_over():
    withdrawn = ApprovalBook([one("1", revoked=MOMENT), one("2", B)], MOMENT)
    assert [each[1] for each in states(withdrawn, A, Kin(B, Lineage.SAME))] == ["lapsed"]
    other = ApprovalBook([one("1", revoked=MOMENT), one("2", B, Category.ETHICS)], MOMENT)
    assert [each[1] for each in states(other, A, Kin(B, Lineage.SAME))] == ["lapsed", "carried-over"]


def test_a_later_version_inherits_what_it_was_not_approved_for_itself():
    held = [one("1"), one("2", A, Category.ETHICS), one("3", B, supersedes=A), one("4", C, Category.DATA_USE, supersedes=B)]
    book = ApprovalBook(held, MOMENT)

    assert states(book, B) == [
        ("3", "valid", ""),
        ("2", "carried-over", "recorded as a later version of approved content"),
    ]
    assert {each[0] for each in states(book, C)} == {"4", "3", "1", "2"}
    assert book.successor(A) == held[2]
    assert book.successor(C) is None


def test_versions_that_name_each_other_in_a_circle_come_to_an_end():
    book = ApprovalBook([one("1", A, supersedes=B), one("2", B, Category.ETHICS, supersedes=A)], MOMENT)

    assert [each[0] for each in states(book, A)] == ["1", "2"]


def test_a_revoked_version_inherits_nothing_and_replaces_nothing():
    book = ApprovalBook([one("1", A, Category.ETHICS), one("2", B, supersedes=A, revoked=MOMENT)], MOMENT)

    assert [each[1] for each in states(book, B)] == ["lapsed"]
    assert book.successor(A) is None


def finding(severity: Severity = Severity.HIGH, *categories: Category, coverage: bool = False) -> Finding:
    return Finding("f", "ai-declared", severity, Confidence.DEFINITIVE, "", "", "", coverage, categories=categories)


def test_a_finding_is_allowed_by_a_standing_approval_of_its_category_only():
    talent = applied(ApprovalState.VALID, category=Category.TALENT)
    creative = applied(ApprovalState.VALID)

    (allowed,) = allow([finding(Severity.HIGH, Category.ETHICS, Category.CREATIVE_OUTPUT)], [talent, creative])

    assert (allowed.allowed_by, allowed.severity) == (creative.approval.id, Severity.HIGH)
    assert allow([finding(Severity.HIGH, Category.DATA_USE)], [talent, creative]) == (finding(Severity.HIGH, Category.DATA_USE),)


def test_nothing_allows_what_no_category_can():
    assert allow([finding(coverage=True)], [applied(ApprovalState.VALID)]) == (finding(coverage=True),)


@pytest.mark.parametrize(
    ("severity", "expected"),
    [(Severity.HIGH, Severity.MEDIUM), (Severity.MEDIUM, Severity.MEDIUM), (Severity.INFO, Severity.INFO)],
)
def test_what_is_carried_over_is_put_before_a_person_and_never_passed(severity, expected):
    carried = applied(ApprovalState.CARRIED_OVER, lineage=Lineage.SAME)

    (one,) = allow([finding(severity, Category.CREATIVE_OUTPUT)], [carried])

    assert (one.severity, one.allowed_by) == (expected, "")


def test_a_lapsed_approval_allows_nothing():
    wanted = finding(Severity.HIGH, Category.CREATIVE_OUTPUT)

    assert allow([wanted], [applied(ApprovalState.LAPSED, "expired on 2026-01-01")]) == (wanted,)


@given(
    st.lists(
        st.sampled_from(list(ApprovalState)).flatmap(lambda state: st.tuples(st.just(state), st.sampled_from(list(Category))))
    ),
    st.lists(st.sampled_from(list(Category)), unique=True),
    st.sampled_from(list(Severity)),
)
def test_only_a_valid_approval_of_a_fitting_category_ever_allows(held, categories, severity):
    approvals = [applied(state, category=category) for state, category in held]

    (one,) = allow([finding(severity, *categories)], approvals)

    fits = any(state is ApprovalState.VALID and category in categories for state, category in held)
    assert bool(one.allowed_by) == fits
    if not fits and severity is not Severity.INFO:
        assert one.severity is not Severity.INFO


def test_what_is_still_asked_for():
    findings = [
        finding(Severity.HIGH, Category.ETHICS, Category.TALENT),
        finding(Severity.INFO, Category.DATA_USE),
        replace(finding(Severity.HIGH, Category.CREATIVE_OUTPUT), allowed_by="1"),
    ]
    assert needs_of(findings) == (Category.TALENT, Category.ETHICS)


def judge(subject):
    judgement = judge_asset(subject, ALONE, POLICY)
    return judgement.verdict, [each.rule for each in judgement.findings]


def test_an_approved_leak_passes_and_stays_told():
    verdict, rules = judge(replace(AI, approvals=(applied(ApprovalState.VALID),)))

    assert (verdict, rules) == (Verdict.PASS, ["ai-declared"])


def test_an_approval_does_not_make_up_for_what_could_not_be_read():
    broken = replace(AI, approvals=(applied(ApprovalState.VALID),), readings=(ReadingSummary("exiftool", "failed", "cut"),))

    assert judge(broken)[0] is Verdict.INCOMPLETE


@pytest.mark.parametrize(
    ("subject", "verdict", "rules"),
    [
        (AI, Verdict.BLOCKED, ["ai-declared"]),
        (
            replace(AI, approvals=(applied(ApprovalState.LAPSED, "expired on 2026-01-01"),)),
            Verdict.BLOCKED,
            ["ai-declared", "approval-lapsed"],
        ),
        (
            replace(AI, approvals=(applied(ApprovalState.CARRIED_OVER, "x", lineage=Lineage.SIMILAR),)),
            Verdict.REVIEW,
            ["approval-carried-over", "ai-declared"],
        ),
        (
            replace(AI, approvals=(applied(ApprovalState.VALID, category=Category.TALENT),)),
            Verdict.BLOCKED,
            ["ai-declared", "approval-contradicted"],
        ),
        (
            moved(replace(AI, approvals=(applied(ApprovalState.VALID),)), Zone.ARCHIVAL),
            Verdict.REVIEW,
            ["ai-in-archival", "approval-contradicted", "ai-declared"],
        ),
        (
            moved(replace(AI, approvals=(applied(ApprovalState.VALID, category=Category.ETHICS),)), Zone.ARCHIVAL),
            Verdict.PASS,
            ["ai-declared", "ai-in-archival"],
        ),
        (
            moved(replace(AI, approvals=(applied(ApprovalState.CARRIED_OVER, "x", lineage=Lineage.SAME),)), Zone.TEMPORARY),
            Verdict.PASS,
            ["ai-declared"],
        ),
    ],
)
def test_what_becomes_of_an_asset(subject, verdict, rules):
    assert judge(subject) == (verdict, rules)


def test_files_known_not_to_be_media_are_told_nothing():
    assert judge(replace(AI, format=SUBTITLES, approvals=(applied(ApprovalState.LAPSED, "expired on 2026-01-01"),))) == (
        Verdict.PASS,
        [],
    )
