"""A resolved policy as TOML: complete, without ``extends``, and read back as the same policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scanner.judge.policy.rule_tables import Weight
from scanner.judge.policy.value import Policy, Principle
from scanner.judge.policy.words import APPROVAL, CASES, CONFIDENCES, DELIVERY, DELIVERY_IDS, SILENT, TEXT_KEYS, ZONES

_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def policy_toml(policy: Policy) -> str:
    """Return the policy as the text of one file that needs no other."""
    return "\n\n".join("\n".join(block) for block in _blocks(policy)) + "\n"


def _blocks(policy: Policy) -> Iterator[list[str]]:
    head = [f"{key} = {_quoted(str(getattr(policy, key)))}" for key in TEXT_KEYS]
    if policy.approved_tools is not None:
        head.append(f"approved_tools = {_list(policy.approved_tools)}")
    yield head
    yield ["[required_readings]", *(f"{kind} = {_list(readers)}" for kind, readers in policy.required_readings.items())]
    if policy.zones:
        yield ["[zones]", *(f"{_quoted(glob.pattern)} = {_quoted(glob.zone)}" for glob in policy.zones)]
    yield from (_principle(one) for one in policy.principles)
    for rule, cases in CASES.items():
        yield from (_row(policy, rule, case) for case in ("", *cases))
        yield from _confidence_rows(policy, rule)


def _principle(one: Principle) -> list[str]:
    lines = ["[[principles]]", f"id = {_quoted(one.id)}", f"text = {_quoted(one.text)}", f"rules = {_list(one.rules)}"]
    lines += [f"zones = {_list(one.zones)}"] if one.zones else []
    lines += [f"route = {_quoted(one.route)}"] if one.route else []
    return lines + ([f"next_step = {_quoted(one.next_step)}"] if one.next_step else [])


def _row(policy: Policy, rule: str, case: str) -> list[str]:
    columns = (DELIVERY,) if rule in DELIVERY_IDS else ZONES
    weights = {column: policy.weights[rule, case, column] for column in columns}
    approval = [f"{APPROVAL} = {_list(policy.approvals[rule, case])}"]
    return [f"[rules.{rule}{'.' + case if case else ''}]", *_weights(weights), *approval]


def _confidence_rows(policy: Policy, rule: str) -> Iterator[list[str]]:
    for confidence in CONFIDENCES:
        stated = {zone: weight for (one, of, zone), weight in policy.by_confidence.items() if (one, of) == (rule, confidence)}
        if stated:
            yield [f"[rules.{rule}.{confidence}]", *_weights(stated)]


def _weights(weights: Mapping[str, Weight]) -> Iterator[str]:
    for column, weight in weights.items():
        yield f"{column} = {_quoted(weight.value if weight else SILENT)}"


def _list(words: Iterable[str]) -> str:
    return f"[{', '.join(_quoted(word) for word in words)}]"


def _quoted(text: str) -> str:
    return '"' + "".join(_SHORT.get(char, char if char.isprintable() else _escape(char)) for char in text) + '"'


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
