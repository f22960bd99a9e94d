"""A policy as a person reads it on a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from scanner.judge.policy import Policy
from scanner.judge.policy.telling import (
    LEGEND,
    TABLE_ZONES,
    RuleRow,
    approval_groups,
    category_meanings,
    principle_scope,
    rule_rows,
)
from scanner.model.text import shown

WIDTH = 96
_COLUMN = 10
_INDENT = 2


def policy_page(policy: Policy) -> str:
    """Return the whole page, ending in a line break."""
    return "\n\n".join("\n".join(section) for section in _sections(policy)) + "\n"


def _sections(policy: Policy) -> Iterator[list[str]]:
    yield list(_head(policy))
    yield list(_table(policy))
    yield [f"{word:<10}  {severity:<6}  {meaning}" for word, severity, meaning in LEGEND]
    if policy.principles:
        yield ["Principles", *_principles(policy)]
    yield ["Written approval can allow", *_approvals(policy)]
    yield ["Categories of approval", *(line for one in category_meanings() for line in _named(*one, 26))]
    yield ["Lists", *_lists(policy)]


def _head(policy: Policy) -> Iterator[str]:
    origin = policy.where + (f", extends {', '.join(policy.extends)}" if policy.extends else "")
    yield shown(f"{policy.name} ({origin})")
    for name, text in (("reads", f"{policy.document}, {policy.date}"), ("note", policy.note), ("sha256", policy.sha256)):
        yield from _named(name, text)


def _table(policy: Policy) -> Iterator[str]:
    rows = rule_rows(policy)
    label = max(len(_label(row)) for row in rows)
    yield _line("rule", label, [zone.value for zone in TABLE_ZONES])
    for row in rows:
        yield _line(_label(row), label, row.words)


def _line(name: str, label: int, words: Iterable[str]) -> str:
    return f"{name:<{label}}  {' '.join(f'{word:<{_COLUMN}}' for word in words)}".rstrip()


def _label(row: RuleRow) -> str:
    return f"  {row.case}" if row.case else row.rule


def _principles(policy: Policy) -> Iterator[str]:
    column = min(16, max(len(one.id) for one in policy.principles) + 2)
    for one in policy.principles:
        yield from _named(one.id, one.text, column)
        yield from _named("", f"({principle_scope(one)})", column)


def _approvals(policy: Policy) -> Iterator[str]:
    for categories, rules in approval_groups(policy):
        yield from _named(categories or "nothing, only mending helps", ", ".join(rules), 30)


def _lists(policy: Policy) -> Iterator[str]:
    tools = "no list" if policy.approved_tools is None else ", ".join(policy.approved_tools) or "none"
    yield from _named("approved tools", tools, 26)
    for kind, readers in policy.required_readings.items():
        yield from _named(f"{kind} is read by", ", ".join(readers) or "none", 26)
    for glob in policy.zones:
        yield from _named(f"zone {glob.zone.value}", f"{glob.pattern} ({glob.origin})", 26)


def _named(name: str, text: str, column: int = 10) -> list[str]:
    """Return a wrapped text with its name on the left; a name too long for its column gets a line of its own."""
    margin = " " * (_INDENT + column)
    lines = textwrap.wrap(shown(text), WIDTH - len(margin), break_on_hyphens=False) or [""]
    left = f"{' ' * _INDENT}{shown(name)}"
    if len(left) >= len(margin):
        return [left, *(margin + line for line in lines)]
    return [f"{left:<{len(margin)}}{lines[0]}", *(margin + line for line in lines[1:])]
