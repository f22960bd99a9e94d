"""Which principles a finding touches, and what they ask for."""

from dataclasses import replace

import pytest

from scanner.judge.policy import Principle, load_packaged
from scanner.judge.policy.value import Touched
from scanner.model.judging import Observation, Route, Severity, Zone
from scanner.model.marks import Confidence

EDIT = Observation("ai-declared", Confidence.DEFINITIVE, "", case="edited")
GENERATED = Observation("ai-declared", Confidence.DEFINITIVE, "", case="generated")
RULE = Principle("P1", "one", ("ai-declared",), route=Route.INFORM)
CASE = Principle("P2", "two", ("ai-declared.edited",), route=Route.ESCALATE, next_step="Ask first.")
ARCHIVAL = Principle("P3", "three", ("ai-declared",), (Zone.ARCHIVAL,), next_step="Ask the archive.")


def touched(observation, zone, severity, *principles):
    return replace(load_packaged(), principles=principles).touched(observation, zone, severity)


@pytest.mark.parametrize(
    ("observation", "zone", "wanted"),
    [
        (GENERATED, Zone.FINAL, Touched("P1", Route.INFORM)),
        (EDIT, Zone.FINAL, Touched("P1, P2", Route.ESCALATE, "Ask first.")),
        (GENERATED, Zone.ARCHIVAL, Touched("P1, P3", Route.INFORM, "Ask the archive.")),
        (EDIT, None, Touched("P1, P2", Route.ESCALATE, "Ask first.")),
    ],
)
def test_rule_case_and_zone_decide(observation, zone, wanted):
    assert touched(observation, zone, Severity.MEDIUM, RULE, CASE, ARCHIVAL) == wanted


def test_what_only_informs_is_told_and_asks_for_nothing():
    assert touched(EDIT, Zone.FINAL, Severity.INFO, RULE, CASE) == Touched("P1, P2", Route.INFORM)
    assert touched(GENERATED, Zone.ARCHIVAL, Severity.INFO, ARCHIVAL) == Touched("P3")


def test_without_principles_nothing_is_touched():
    assert touched(EDIT, Zone.FINAL, Severity.HIGH) == Touched()
    hint = Observation("ai-hint", Confidence.WEAK, "")
    assert touched(hint, Zone.FINAL, Severity.HIGH, RULE, CASE, ARCHIVAL) == Touched()


def test_a_principle_of_one_case_is_not_touched_by_a_rule_without_cases():
    odd = Principle("P1", "", ("ai-hint.",))
    assert not odd.is_touched(Observation("ai-declared", Confidence.WEAK, ""), Zone.FINAL)
