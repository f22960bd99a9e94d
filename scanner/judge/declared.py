"""The rules of a scan, for reports that declare each rule whether it found anything or not."""

from __future__ import annotations

from scanner.judge.policy import Policy
from scanner.judge.rule import AnyRule
from scanner.judge.rules.registry import ALL_RULES, DELIVERY_RULES
from scanner.model.judging import DeclaredRule, Observation, Severity, Zone
from scanner.model.marks import Confidence

_ORDER = tuple(Severity)


def declared_rules(policy: Policy) -> tuple[DeclaredRule, ...]:
    """Return every rule with the most that `policy` lets it weigh, in the order of the registry."""
    return tuple(DeclaredRule(rule.CARD, _heaviest(rule, policy)) for rule in ALL_RULES)


def _heaviest(rule: AnyRule, policy: Policy) -> Severity | None:
    zones: tuple[Zone | None, ...] = (None,) if rule in DELIVERY_RULES else tuple(Zone)
    weights = (
        policy.weigh(Observation(rule.CARD.id, confidence, "", case=case), zone)
        for case in ("", *rule.CASES)
        for confidence in Confidence
        for zone in zones
    )
    return min((weight for weight in weights if weight is not None), key=_ORDER.index, default=None)
