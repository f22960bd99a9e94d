"""What a policy's table says is what judging does."""

import pytest

from scanner.judge.policy import load_packaged, packaged_policies
from scanner.judge.policy.telling import (
    LEGEND,
    TABLE_ZONES,
    approval_groups,
    category_meanings,
    consequence,
    principle_scope,
    rule_rows,
)
from scanner.judge.policy.value import Principle
from scanner.judge.policy.words import CASES, SEVERITIES
from scanner.model.approvals import Category
from scanner.model.judging import Route, Severity, Zone


@pytest.mark.parametrize("name", packaged_policies())
def test_every_rule_has_a_line_and_every_case_is_told_by_one(name):
    policy = load_packaged(name)
    lines = {(row.rule, row.case): row for row in rule_rows(policy)}
    assert [rule for rule, case in lines if not case] == list(CASES)
    for rule, case, zone in policy.weights:
        row = lines.get((rule, case), lines[rule, ""])
        column = 0 if row.is_about_delivery else TABLE_ZONES.index(Zone(zone))
        assert row.words[column] == consequence(rule, policy.weights[rule, case, zone])


def test_what_is_not_read_is_incomplete_and_not_blocked():
    assert consequence("media-not-read", Severity.HIGH) == "incomplete"
    assert consequence("ai-declared", Severity.HIGH) == "blocked"
    assert consequence("ai-declared", None) == "–"


def test_the_legend_names_every_severity():
    assert {severity for _, severity, _ in LEGEND} == set(SEVERITIES)
    assert set(TABLE_ZONES) == set(Zone)


def test_each_rule_is_in_one_group_of_approvals_and_each_category_is_explained():
    groups = approval_groups(load_packaged())
    named = [rule for _, rules in groups for rule in rules]
    assert len(named) == len(set(named))
    assert set(CASES) <= set(named)
    assert groups[-1][0] == ""
    assert {name for name, _ in category_meanings()} == set(Category)


def test_the_scope_of_a_principle_is_a_clause():
    assert principle_scope(Principle("P", "", ())) == "no rule of this version sees it"
    one = Principle("P", "", ("ai-declared", "ai-hint"), (Zone.FINAL,), Route.INFORM)
    assert principle_scope(one) == "touched by ai-declared and ai-hint in final; inform"
