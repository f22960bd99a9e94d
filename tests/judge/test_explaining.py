"""Every word of a verdict can be explained."""

import pytest

from scanner.judge.decide import EXIT_CODES
from scanner.judge.explaining import explanations, find_explanations
from scanner.judge.rules.registry import ALL_RULES
from scanner.model.credentials import Credentials
from scanner.model.errors import NothingToScan, ScannerError, UsageError
from scanner.model.judging import Severity, Verdict, Zone
from scanner.model.marks import Confidence, Provenance
from scanner.model.matching import Relation, Role
from scanner.model.sealed_told import SealedState


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("rule", [rule.CARD.id for rule in ALL_RULES]),
        ("verdict", Verdict),
        ("zone", Zone),
        ("severity", Severity),
        ("confidence", Confidence),
        ("provenance", Provenance),
        ("credentials", Credentials),
        ("role", Role),
        ("relation", Relation),
        ("sealed", SealedState),
    ],
)
def test_every_word_of_a_kind_is_explained_once(kind, words):
    assert sorted(one.id for one in explanations() if one.kind == kind) == sorted(str(word) for word in words)


def test_exit_codes_are_those_that_can_happen():
    ids = {int(one.id) for one in explanations() if one.kind == "exit code"}
    errors = {ScannerError.exit_code, UsageError.exit_code, NothingToScan.exit_code}
    assert ids == {*EXIT_CODES.values(), *errors, 130}


def test_texts_are_filled_in():
    for one in explanations():
        assert one.title
        assert one.text.endswith("."), one.text


def test_a_rule_tells_its_examples():
    (one,) = find_explanations("ai-declared")
    assert one.kind == "rule"
    assert one.cannot_show
    assert ("a photograph without marks", "") in one.examples
    assert dict(one.cases)["edited"]


def test_a_word_of_two_kinds_is_explained_twice():
    assert [one.kind for one in find_explanations(" Unreadable ")] == ["provenance", "credentials"]
    assert find_explanations("no-such-word") == ()


def test_a_principle_is_explained_by_its_id_with_its_policy_and_what_touches_it():
    (one,) = find_explanations("p5")
    assert (one.id, one.kind, one.title) == ("P5", "principle", "policy netflix-genai-2025")
    assert "talent performances" in one.text
    assert one.text.endswith("Touched by ai-with-person; escalate.")
    assert {found.id for found in explanations() if found.kind == "principle"} >= {
        "P1",
        "P2",
        "P3",
        "P4",
        "P5",
        "ingested",
        "50(4)",
    }
