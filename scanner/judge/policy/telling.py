"""What a policy says, as rows and sentences, for the command line and the generated page alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scanner.judge.policy.rule_tables import Weight
from scanner.judge.policy.value import Policy, Principle
from scanner.judge.policy.words import CASES, CONFIDENCES, DELIVERY, DELIVERY_IDS, SILENT
from scanner.judge.rules.registry import ALL_RULES
from scanner.model.approvals import Category
from scanner.model.judging import Severity, Zone

TABLE_ZONES = (Zone.FINAL, Zone.GRAPHICS, Zone.ARCHIVAL, Zone.UNASSIGNED, Zone.TEMPORARY, Zone.REFERENCE)
"""Columns of a policy's table, the strictest first."""

_COVERAGE = frozenset(rule.CARD.id for rule in ALL_RULES if rule.CARD.coverage)
_WORDS = {Severity.MEDIUM: "review", Severity.INFO: "told"}
_CATEGORIES = {
    Category.DATA_USE: "unreleased or personal material put into tools, training on what belongs to others",
    Category.CREATIVE_OUTPUT: "main characters, key visuals, fictional settings, references to protected works",
    Category.TALENT: "digital replicas, significant digital alteration of a performance",
    Category.ETHICS: "what could be taken for real events, people or statements, impact on union roles",
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One line of a policy's table."""

    rule: str
    case: str
    """Empty for the rule's own line; ``if strong`` for a line about findings of one confidence."""
    words: tuple[str, ...]
    """What becomes of it in each of `TABLE_ZONES`; of a rule about the whole delivery, one word."""
    principles: tuple[str, ...]
    """Ids of the principles that it touches, in whatever zone."""
    categories: tuple[Category, ...]

    @property
    def is_about_delivery(self) -> bool:
        """Whether its rule knows no zones."""
        return self.rule in DELIVERY_IDS


def rule_rows(policy: Policy) -> tuple[RuleRow, ...]:
    """Return a line a rule, in the registry's order, and below it a line for each case that differs from it."""
    return tuple(row for rule in CASES for row in _rows_of(policy, rule))


def _rows_of(policy: Policy, rule: str) -> Iterator[RuleRow]:
    own = _row(policy, rule, "")
    yield own
    for case in CASES[rule]:
        row = _row(policy, rule, case)
        if (row.words, row.principles, row.categories) != (own.words, own.principles, own.categories):
            yield row
    for confidence in CONFIDENCES:
        stated = {zone: weight for (one, of, zone), weight in policy.by_confidence.items() if (one, of) == (rule, confidence)}
        if stated:
            words = tuple(consequence(rule, stated[zone]) if zone in stated else "as above" for zone in _columns(rule))
            yield RuleRow(rule, f"if {confidence}", words, own.principles, own.categories)


def _row(policy: Policy, rule: str, case: str) -> RuleRow:
    words = tuple(consequence(rule, policy.weights[rule, case, column]) for column in _columns(rule))
    touched = tuple(one.id for one in policy.principles if rule in one.rules or (case and f"{rule}.{case}" in one.rules))
    return RuleRow(rule, case, words, touched, policy.approvals[rule, case])


def _columns(rule: str) -> tuple[str, ...]:
    return (DELIVERY,) if rule in DELIVERY_IDS else tuple(zone.value for zone in TABLE_ZONES)


def consequence(rule: str, weight: Weight) -> str:
    """Return what becomes of what a rule saw: ``blocked``, ``incomplete``, ``review``, ``told`` or ``–``."""
    if weight is Severity.HIGH:
        return "incomplete" if rule in _COVERAGE else "blocked"
    return _WORDS[weight] if weight else "–"


LEGEND = (
    ("blocked", str(Severity.HIGH), "must be fixed or approved in writing before it leaves"),
    ("incomplete", str(Severity.HIGH), "the same of a rule about what was not read; nothing can allow it"),
    ("review", str(Severity.MEDIUM), "a person must look"),
    ("told", str(Severity.INFO), "stands in the report and changes nothing"),
    ("–", SILENT, "makes no finding"),
)
"""Words of the table → the severity that a policy file writes, and what it means."""


def principle_scope(principle: Principle) -> str:
    """Return when a principle is touched and what it asks for, as a clause."""
    where = f" in {_joined([zone.value for zone in principle.zones])}" if principle.zones else ""
    touched = f"touched by {_joined(principle.rules)}{where}" if principle.rules else "no rule of this version sees it"
    return f"{touched}; {principle.route}" if principle.route else touched


def category_meanings() -> tuple[tuple[str, str], ...]:
    """Return each approval category and what it is about."""
    return tuple((category.value, meaning) for category, meaning in _CATEGORIES.items())


def approval_groups(policy: Policy) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the categories of approval, joined, and the rules (and cases that differ) that they can allow; the rest last."""
    groups: dict[tuple[Category, ...], list[str]] = {}
    for row in rule_rows(policy):
        if not row.case or row.categories != policy.approvals[row.rule, ""]:
            groups.setdefault(row.categories, []).append(f"{row.rule}.{row.case}" if row.case else row.rule)
    ordered = sorted(groups.items(), key=lambda pair: not pair[0])
    return tuple((_joined([one.value for one in categories], "or"), tuple(rules)) for categories, rules in ordered)


def _joined(words: Sequence[str], last: str = "and") -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)
