"""What decisions that are no permissions do: rejections, questions, false alarms, and decisions about parts of a film."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.judge.approving import ApprovalBook, Kin
from scanner.judge.decide import judge_asset
from scanner.judge.examples import MOVIE, PHOTO, applied, approval, decided, decision, declared, mark, matched
from scanner.judge.policy import load_packaged
from scanner.judge.rule import ALONE
from scanner.judge.subject import Subject
from scanner.model.approvals import Approval, ApprovalState, Category, Lineage
from scanner.model.credentials import Credentials
from scanner.model.decisions import Decision, DecisionKind, DecisionState
from scanner.model.judging import Verdict
from scanner.model.marks import Confidence, Meaning
from scanner.model.matching import Relation, Role, Segment
from scanner.model.stretches import Stretch

MOMENT = "2026-03-01T12:00:00Z"
A, B = "a" * 64, "b" * 64
REJECTION, QUESTION, NOT_AI = DecisionKind.REJECTION, DecisionKind.QUESTION, DecisionKind.NOT_AI
POLICY = load_packaged()
STRONG = declared(PHOTO, mark(Meaning.GENERATED, Confidence.STRONG))
OUTRIGHT = declared(PHOTO, mark(Meaning.GENERATED))
SAID = decided(NOT_AI, "our own photograph")


def permit(identity: str, content: str = A, **more: object) -> Approval:
    return replace(approval(), id=identity, content=content, **more)


def said(identity: str, kind: DecisionKind = REJECTION, content: str = A, **more: object) -> Decision:
    return replace(decision(kind, "because"), id=identity, content=content, **more)


def states(*log: Approval | Decision, moment: str = MOMENT) -> dict[str, str]:
    book = ApprovalBook(log, moment)
    return {one.approval.id: one.state.value for one in book.apply(A, ())} | {
        one.decision.id: one.state.value for one in book.decisions(A, ())
    }


def judge(subject: Subject) -> tuple[Verdict, list[tuple[str, str]]]:
    judgement = judge_asset(subject, ALONE, POLICY)
    return judgement.verdict, [(each.rule, each.allowed_by and each.allowed_by[0]) for each in judgement.findings]


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ((said("r"),), {"r": "standing"}),
        ((permit("a"), said("r")), {"a": "overruled", "r": "standing"}),
        ((said("r"), permit("a")), {"a": "valid", "r": "overtaken"}),
        ((permit("a"), said("r"), permit("b")), {"a": "overruled", "b": "valid", "r": "overtaken"}),
        ((said("r"), permit("a"), said("s")), {"r": "overtaken", "a": "overruled", "s": "standing"}),
        # The approval that took the rejection's place does not hold any more: the rejection does.
        ((said("r"), permit("a", expires="2026-02-20")), {"a": "lapsed", "r": "standing"}),
        ((said("r"), permit("a", revoked="2026-02-20T00:00:00Z")), {"a": "lapsed", "r": "standing"}),
        ((permit("a"), said("r", withdrawn="2026-02-20T00:00:00Z")), {"a": "valid", "r": "withdrawn"}),
        ((said("r"), said("n", NOT_AI)), {"r": "standing", "n": "standing"}),
        ((said("q", QUESTION),), {"q": "standing"}),
        ((said("q", QUESTION), permit("a")), {"q": "overtaken", "a": "valid"}),
        ((said("q", QUESTION), said("r")), {"q": "overtaken", "r": "standing"}),
        ((said("q", QUESTION), said("r", withdrawn=MOMENT)), {"q": "standing", "r": "withdrawn"}),
        ((permit("a"), said("q", QUESTION)), {"a": "valid", "q": "standing"}),
        ((said("q", QUESTION), said("p", QUESTION)), {"q": "standing", "p": "standing"}),
    ],
)
def test_the_later_decision_about_the_same_content_stands(log, expected):
    assert states(*log) == expected


def test_an_approval_of_a_part_does_not_take_a_rejection_back():
    part = permit("a", segment=Stretch(Fraction(0), Fraction(4)))

    assert states(said("r"), part) == {"a": "valid", "r": "standing"}


@given(st.permutations([permit("a"), permit("b"), said("r"), said("s"), said("n", NOT_AI), said("q", QUESTION)]))
def test_nothing_that_was_approved_before_the_last_rejection_is_valid(log):
    order = [one.id for one in log]
    found = states(*log)

    last = max(order.index("r"), order.index("s"))
    assert all((found[each] == "valid") is (order.index(each) > last) for each in "ab")
    assert ("standing" in (found["r"], found["s"])) is all(order.index(each) < last for each in "ab")


def test_decisions_about_other_content_are_not_asked():
    book = ApprovalBook([said("r", content=B)], MOMENT)

    assert book.decisions(A, ()) == book.decisions("", ()) == ()
    assert book.rejection(B) is not None


@pytest.mark.parametrize("lineage", [Lineage.SAME, Lineage.DERIVED, Lineage.SIMILAR])
@pytest.mark.parametrize("kind", [REJECTION, NOT_AI])
def test_kin_of_decided_content_is_put_before_a_person(kind, lineage):
    (one,) = ApprovalBook([said("r", kind, B)], MOMENT).decisions(A, [Kin(B, lineage)])

    assert (one.state, one.lineage, one.decision.id) == (DecisionState.CARRIED_OVER, lineage, "r")
    assert one.why.endswith("rejected content" if kind is REJECTION else "said not to be AI content")


@pytest.mark.parametrize(
    ("log", "carried"),
    [
        ((said("r", content=B), permit("a")), False),
        # The crop was approved before anybody looked at what it is a crop of.
        ((permit("a"), said("r", content=B)), True),
        ((said("r", content=B), said("own")), False),
        ((said("q", QUESTION, B),), False),
        ((said("r", content=B), permit("b", B)), False),
        ((said("n", NOT_AI, B), said("own", NOT_AI)), False),
        ((said("n", NOT_AI, B, segment=Stretch(Fraction(0), Fraction(1))),), False),
    ],
)
def test_what_was_decided_about_the_content_itself_outranks_its_kin(log, carried):
    applied_to = ApprovalBook(log, MOMENT).decisions(A, [Kin(B, Lineage.DERIVED)])

    assert any(one.state is DecisionState.CARRIED_OVER for one in applied_to) is carried


def test_a_rejected_version_that_an_approved_one_replaces_is_not_told():
    book = ApprovalBook([permit("old", B), said("r", content=B), permit("new", supersedes=B)], MOMENT)

    assert book.decisions(A, ()) == ()


def test_the_name_of_decided_content_is_remembered_while_the_decision_stands():
    log = [said("r", content=B, path="/drive/final/st_014.png"), permit("a", B)]

    assert ApprovalBook(log[:1], MOMENT).decided_namesake("other/st_014.png") == log[0]
    assert ApprovalBook(log, MOMENT).decided_namesake("other/st_014.png") is None


def test_what_an_approval_says_of_a_name_is_told_where_other_content_stands_there():
    verdict, rules = judge(replace(OUTRIGHT, namesake=approval()))

    assert (verdict, rules) == (Verdict.BLOCKED, [("ai-declared", ""), ("approval-contradicted", "")])


REJECTED = decided(REJECTION, "no release form")


@pytest.mark.parametrize(
    ("subject", "verdict", "rules"),
    [
        (replace(PHOTO, decisions=(REJECTED,)), Verdict.BLOCKED, [("content-rejected", "")]),
        (
            replace(OUTRIGHT, decisions=(REJECTED,), approvals=(applied(ApprovalState.OVERRULED, "rejected"),)),
            Verdict.BLOCKED,
            [("content-rejected", ""), ("ai-declared", "")],
        ),
        (
            replace(PHOTO, decisions=(replace(REJECTED, state=DecisionState.CARRIED_OVER, lineage=Lineage.SAME),)),
            Verdict.BLOCKED,
            [("content-rejected", "")],
        ),
        (
            replace(PHOTO, decisions=(replace(REJECTED, state=DecisionState.CARRIED_OVER, lineage=Lineage.SIMILAR),)),
            Verdict.REVIEW,
            [("content-rejected", "")],
        ),
        (replace(PHOTO, decisions=(replace(REJECTED, state=DecisionState.WITHDRAWN),)), Verdict.PASS, []),
        (replace(PHOTO, decisions=(decided(QUESTION, "whose?"),)), Verdict.PASS, [("question-open", "")]),
        (
            replace(OUTRIGHT, decisions=(decided(QUESTION, "whose?"),)),
            Verdict.BLOCKED,
            [("ai-declared", ""), ("question-open", "")],
        ),
        (replace(PHOTO, decided_namesake=decision(REJECTION, "x")), Verdict.PASS, [("changed-since-decision", "")]),
        (replace(STRONG, decisions=(SAID,)), Verdict.PASS, [("ai-declared", "d")]),
        # A definitive mark: put before a person, and said why.
        (replace(OUTRIGHT, decisions=(SAID,)), Verdict.REVIEW, [("ai-declared", ""), ("not-ai-contradicted", "")]),
        (
            replace(STRONG, decisions=(replace(SAID, state=DecisionState.CARRIED_OVER, lineage=Lineage.SAME),)),
            Verdict.REVIEW,
            [("not-ai-carried-over", ""), ("ai-declared", "")],
        ),
        # What another content's decision is about says nothing against a statement that this one makes outright.
        (
            replace(OUTRIGHT, decisions=(replace(SAID, state=DecisionState.CARRIED_OVER, lineage=Lineage.SAME),)),
            Verdict.BLOCKED,
            [("ai-declared", ""), ("not-ai-carried-over", "")],
        ),
        (replace(STRONG, decisions=(replace(SAID, state=DecisionState.WITHDRAWN),)), Verdict.BLOCKED, [("ai-declared", "")]),
    ],
)
def test_what_becomes_of_an_asset(subject, verdict, rules):
    assert judge(subject) == (verdict, rules)


def film(*segments: tuple[int, int], relation: Relation = Relation.DERIVED) -> Subject:
    told = tuple(Segment(Fraction(first), Fraction(after), "", "", Fraction(first), 1, exact=True) for first, after in segments)
    return replace(PHOTO, path="final/ep1.mov", format=MOVIE, matches=(replace(matched(Role.AI, relation), segments=told),))


def of_part(first: int, after: int, identity: str = "p") -> object:
    one = applied(ApprovalState.VALID)
    return replace(one, approval=replace(one.approval, id=identity, segment=Stretch(Fraction(first), Fraction(after))))


@pytest.mark.parametrize(
    ("parts", "verdict", "left"),
    [
        ((of_part(0, 40),), Verdict.PASS, False),
        ((of_part(10, 20),), Verdict.BLOCKED, True),
        ((of_part(10, 20), of_part(30, 34)), Verdict.PASS, False),
        ((of_part(10, 20), of_part(30, 33)), Verdict.BLOCKED, True),
        ((of_part(10, 15), of_part(15, 20), of_part(29, 35)), Verdict.PASS, False),
        ((of_part(11, 20), of_part(30, 34)), Verdict.BLOCKED, True),
    ],
)
def test_a_finding_in_a_film_is_allowed_where_all_of_its_stretches_were_decided_on(parts, verdict, left):
    found, rules = judge(replace(film((10, 20), (30, 34)), approvals=parts))

    assert (found, ("decided-in-part", "") in rules) == (verdict, left)


def test_parts_that_were_approved_and_parts_that_are_no_ai_count_together():
    denied = replace(SAID, decision=replace(SAID.decision, segment=Stretch(Fraction(30), Fraction(34))))

    assert judge(replace(film((10, 20), (30, 34)), approvals=(of_part(10, 20),), decisions=(denied,)))[0] is Verdict.PASS


def test_a_part_does_not_allow_what_is_said_of_the_whole_film():
    subject = replace(declared(film(), mark(Meaning.GENERATED)), matches=(), approvals=(of_part(0, 9999),))

    assert judge(subject)[0] is Verdict.BLOCKED


@pytest.mark.parametrize(
    ("subject", "lifted"),
    [
        (replace(PHOTO, matches=(matched(Role.AI, Relation.SIMILAR, 4),)), True),
        (replace(PHOTO, matches=(matched(Role.AI, Relation.DERIVED),)), True),
        (replace(PHOTO, matches=(matched(Role.AI, Relation.SAME),)), False),
        (replace(PHOTO, matches=(replace(matched(Role.AI, Relation.SAME), basis="pixels"),)), False),
        (declared(PHOTO, mark(Meaning.GENERATED, Confidence.STRONG)), True),
        (declared(PHOTO, mark(Meaning.GENERATED)), False),
        (
            replace(
                declared(PHOTO, mark(Meaning.GENERATED, Confidence.STRONG, reader="c2pa", where="manifest, C2PA:Action")),
                credentials=Credentials.VALID,
            ),
            False,
        ),
        (
            replace(
                declared(PHOTO, mark(Meaning.GENERATED, Confidence.STRONG, reader="c2pa", where="manifest, C2PA:Action")),
                credentials=Credentials.INVALID,
            ),
            True,
        ),
    ],
)
def test_what_the_word_of_a_person_lifts_and_what_it_does_not(subject, lifted):
    before = judge(subject)[0]
    verdict, rules = judge(replace(subject, decisions=(SAID,)))

    assert before is not Verdict.PASS
    assert verdict is (Verdict.PASS if lifted else Verdict.REVIEW)
    assert ("not-ai-contradicted" in {rule for rule, _ in rules}) is not lifted


def test_no_ai_says_nothing_about_rights():
    restricted = replace(PHOTO, matches=(matched(Role.RESTRICTED, Relation.DERIVED),))

    assert judge(replace(restricted, decisions=(SAID,))) == judge(restricted)


def test_an_approval_allows_what_no_ai_does_not_lift():
    assert judge(replace(OUTRIGHT, decisions=(SAID,), approvals=(applied(ApprovalState.VALID),)))[0] is Verdict.PASS
    wrong = applied(ApprovalState.VALID, category=Category.TALENT)
    assert judge(replace(OUTRIGHT, decisions=(SAID,), approvals=(wrong,)))[0] is Verdict.REVIEW
