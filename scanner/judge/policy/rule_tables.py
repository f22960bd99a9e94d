"""The ``[rules.…]`` tables of one policy file: zone → severity, and who can allow what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scanner.judge.policy.mistakes import MistakeList
from scanner.judge.policy.words import (
    APPROVAL,
    CASES,
    CATEGORIES,
    CONFIDENCES,
    DELIVERY,
    DELIVERY_IDS,
    ELSEWHERE,
    SEVERITIES,
    SILENT,
    ZONES,
    nearest,
    told,
)
from scanner.model.approvals import Category
from scanner.model.judging import Severity
from scanner.tools.toml_places import Path

Weight = Severity | None
"""How much an observation weighs; None where the policy is silent about it."""

Row = Mapping[str, Weight]
"""Zone, `ELSEWHERE` or `DELIVERY` → weight, as far as one table states it."""

RuleCase = tuple[str, str]
"""A rule and one of its cases, or a confidence; empty for the rule's own table."""

_APPROVAL_EXAMPLE = 'approval = ["creative-output"]'


@dataclass(frozen=True, slots=True)
class RuleRows:
    """What a file, or a chain of files, states of the rules."""

    weights: Mapping[RuleCase, Row] = field(default_factory=dict)
    approvals: Mapping[RuleCase, tuple[Category, ...]] = field(default_factory=dict)

    def over(self, other: RuleRows) -> RuleRows:
        """Return both together; where both name a rule, case and zone, this one's line stands."""
        keys = {**other.weights, **self.weights}
        weights = {key: {**other.weights.get(key, {}), **self.weights.get(key, {})} for key in keys}
        return RuleRows(weights, {**other.approvals, **self.approvals})


def columns_of(rule: str) -> tuple[str, ...]:
    """Return the keys that a table of this rule may give a severity to."""
    return (DELIVERY,) if rule in DELIVERY_IDS else (*ZONES, ELSEWHERE)


def read_rules(mistakes: MistakeList, value: object) -> RuleRows:
    """Read the table ``rules`` of a file."""
    path: Path = ("rules",)
    table = mistakes.table(path, value, "[rules.ai-declared] and a line a zone")
    weights: dict[RuleCase, Row] = {}
    approvals: dict[RuleCase, tuple[Category, ...]] = {}
    for rule in mistakes.known(path, table, CASES, "rule"):
        own = mistakes.table((*path, rule), table[rule], f"[rules.{rule}] and a line a zone")
        for case, row in _tables_of(mistakes, rule, own).items():
            below = (*path, rule, case) if case else (*path, rule)
            weights[rule, case] = _row(mistakes, below, rule, row)
            if APPROVAL in row and case in CONFIDENCES:
                step = f"Put it into [rules.{rule}], or a case of it."
                mistakes.wrong((*below, APPROVAL), "an approval does not depend on confidence", step)
            elif APPROVAL in row:
                words = mistakes.choices((*below, APPROVAL), row[APPROVAL], CATEGORIES, "approval category", _APPROVAL_EXAMPLE)
                approvals[rule, case] = tuple(Category(word) for word in words or ())
    return RuleRows(weights, approvals)


def _tables_of(mistakes: MistakeList, rule: str, table: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    """Return the rule's own lines under the empty case, and the sub-table of each case and confidence."""
    found: dict[str, Mapping[str, object]] = {"": {key: value for key, value in table.items() if not isinstance(value, dict)}}
    for key, value in table.items():
        if not isinstance(value, dict):
            continue
        if key in CASES[rule] or key in CONFIDENCES:
            found[key] = value
        elif key in columns_of(rule):
            mistakes.wrong(("rules", rule, key), f"{told(key)} is no case of {rule}", f'It is a zone: write {key} = "high".')
        else:
            what = f"{told(key)} is no case of {rule}, nor a confidence"
            mistakes.wrong(("rules", rule, key), what, nearest(key, (*CASES[rule], *CONFIDENCES)))
    return found


def _row(mistakes: MistakeList, path: Path, rule: str, stated: Mapping[str, object]) -> Row:
    columns = columns_of(rule)
    row: dict[str, Weight] = {}
    for key, word in stated.items():
        if key == APPROVAL:
            continue
        if key not in columns:
            mistakes.wrong((*path, key), f"{told(key)} is no {_noun(rule)}", _step(key, rule, columns))
        elif not isinstance(word, str) or word not in SEVERITIES:
            step = nearest(word if isinstance(word, str) else str(word).lower(), SEVERITIES)
            mistakes.wrong((*path, key), f"{told(word)} is no severity ({rule}, {key})", step)
        else:
            row[key] = None if word == SILENT else Severity(word)
    return row


def _noun(rule: str) -> str:
    return "key of a rule about the whole delivery" if rule in DELIVERY_IDS else "zone"


def _step(key: str, rule: str, columns: tuple[str, ...]) -> str:
    if rule in DELIVERY_IDS:
        return f'It knows no zones: write {DELIVERY} = "high".'
    if key in CASES[rule] or key in CONFIDENCES:
        return f"It is a table of its own: write [rules.{rule}.{key}]."
    return nearest(key, (*columns, APPROVAL))
