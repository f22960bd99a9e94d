"""``docs/rules.md``: every rule, from its card, its cases and its examples."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.judge.policy import Policy, load_packaged
from scanner.judge.policy.telling import consequence
from scanner.judge.policy.words import DELIVERY
from scanner.judge.rule import AnyRule
from scanner.judge.rules.registry import ALL_RULES, DELIVERY_RULES, RULES
from scanner.model.judging import Zone
from scripts.doc_pages.markdown import NOTICE, table

_INTRODUCTION = """# Rules

{notice}

A rule says what it sees of one asset or of the whole delivery; the policy decides by zone what becomes of that: *blocked*,
*incomplete* (it tells of something not looked at), *review*, *told* (it stands in the report and changes nothing), or – (nothing
is said). The tables are those of the policy `{policy}`; [policies.md](policies.md) has the others. `scanner explain ID` says the
same of one rule.
"""


def rules_page() -> str:
    """Return the page of all rules, in the order in which their findings are told."""
    policy = load_packaged()
    notice = NOTICE.format(source="the cards and examples of `scanner/judge/rules/*.py`")
    parts = [_INTRODUCTION.format(notice=notice, policy=policy.name)]
    parts.append(table(("rule", "what it sees"), ((f"[{one.CARD.id}](#{one.CARD.id})", one.CARD.title) for one in ALL_RULES)))
    parts += ["# Of one asset\n", *(_section(rule, policy) for rule in RULES)]
    parts += ["# Of the delivery as a whole\n", *(_section(rule, policy) for rule in DELIVERY_RULES)]
    return "\n".join(parts)


def _section(rule: AnyRule, policy: Policy) -> str:
    card = rule.CARD
    lines = [f"## {card.id}\n", f"**{card.title}.** {card.why}\n"]
    lines += [f"- *What it cannot show:* {card.cannot_show}", f"- *Next step:* {card.next_step} ({card.who})"]
    if card.coverage:
        lines.append("- Tells of something not looked at: where it weighs *high* the delivery is incomplete, not blocked.")
    if card.source:
        lines.append(f"- *Source:* {card.source}")
    lines += ["", _weights(rule, policy), "Examples:\n"]
    lines += [f"- {example.story} → {example.says or '*nothing is said*'}" for example in rule.EXAMPLES]
    return "\n".join(lines) + "\n"


def _weights(rule: AnyRule, policy: Policy) -> str:
    columns = (DELIVERY,) if rule in DELIVERY_RULES else tuple(zone.value for zone in Zone)
    # Where a rule has cases, each of its observations is one of them or the plain one.
    rows = [(_case(case, text), *_row(rule, case, columns, policy)) for case, text in {"": "", **rule.CASES}.items()]
    return table(("case", *columns), rows)


def _row(rule: AnyRule, case: str, columns: tuple[str, ...], policy: Policy) -> Iterator[str]:
    for column in columns:
        yield consequence(rule.CARD.id, policy.weights[rule.CARD.id, case, column])


def _case(case: str, text: str) -> str:
    return f"`{case}` {text}" if case else "–"
