from __future__ import annotations

from scanner.judge.declared import declared_rules
from scanner.judge.policy import load_packaged
from scanner.judge.rules.registry import ALL_RULES
from scanner.model.judging import Severity


def test_every_rule_is_declared_with_the_most_it_can_weigh():
    declared = {one.card.id: one.heaviest for one in declared_rules(load_packaged())}
    assert list(declared) == [rule.CARD.id for rule in ALL_RULES]
    assert declared["ai-declared"] is Severity.HIGH
    assert declared["temporary-copy-in-final"] is Severity.HIGH  # only in one of its cases
    assert declared["ai-hint"] is Severity.INFO
    assert declared["scan-interrupted"] is Severity.HIGH
