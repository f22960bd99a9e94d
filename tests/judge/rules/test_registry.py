"""Every rule file is registered, and every rule is its own test: its examples run here."""

import re
from pathlib import Path

import pytest

from scanner.judge import rules
from scanner.judge.explaining import explanations
from scanner.judge.policy import packaged_policies
from scanner.judge.rules.registry import ALL_RULES, DELIVERY_RULES, RULES, RULES_FOR_ALL_FILES
from scanner.model.marks import Meaning

FORBIDDEN = re.compile(
    r"(?i)\b(?:clear(?:ed|ly|s)?|clean(?:ed|ly|s)?|authentic(?:ity|ated)?|tamper(?:ed|ing)?|certif(?:ied|y|icate)|complian(?:t|ce)|likeness)\b"
)
STRIPPING = re.compile(r"(?i)\b(?:strip|remove|delete|erase|scrub)\b")

ASSET_EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.CARD.id}: {example.story}") for rule in RULES for example in rule.EXAMPLES
]
DELIVERY_EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.CARD.id}: {example.story}") for rule in DELIVERY_RULES for example in rule.EXAMPLES
]


def said(observations):
    return [(one.message, str(one.case)) for one in observations]


@pytest.mark.parametrize(("rule", "example"), ASSET_EXAMPLES)
def test_asset_example(rule, example):
    wanted = [(example.says, example.case)] if example.says else []
    assert said(rule.observe(example.subject, example.surroundings)) == wanted


@pytest.mark.parametrize(("rule", "example"), DELIVERY_EXAMPLES)
def test_delivery_example(rule, example):
    wanted = [(example.says, example.case)] if example.says else []
    assert said(rule.observe(example.view, example.surroundings)) == wanted


def test_no_rule_file_is_forgotten():
    stems = {path.stem for path in Path(rules.__file__).parent.glob("*.py")} - {"__init__", "registry"}
    assert {rule.__name__.rpartition(".")[2] for rule in ALL_RULES} == stems


def test_ids_are_unique_kebab_case_and_the_file_name():
    ids = [rule.CARD.id for rule in ALL_RULES]
    assert len(ids) == len(set(ids))
    for rule in ALL_RULES:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.CARD.id)
        assert rule.__name__.endswith("." + rule.CARD.id.replace("-", "_"))


def test_rules_for_all_files_are_rules():
    assert set(RULES_FOR_ALL_FILES) <= set(RULES)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.CARD.id)
def test_each_rule_shows_itself_speaking_silent_and_in_every_case(rule):
    shown = {str(example.case) for example in rule.EXAMPLES if example.says}
    assert shown, "no example shows the rule speaking"
    assert any(not example.says for example in rule.EXAMPLES), "no example shows the rule silent"
    assert set(rule.CASES) <= shown
    assert shown - {""} <= set(rule.CASES)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.CARD.id)
def test_cards_are_filled_in(rule):
    card = rule.CARD
    assert all((card.title, card.why, card.cannot_show, card.next_step, card.who))
    assert not STRIPPING.search(card.next_step)


def report_texts():
    for rule in ALL_RULES:
        card = rule.CARD
        yield from (card.id, card.title, card.why, card.cannot_show, card.next_step, card.who, card.source, *rule.CASES.values())
        yield from (text for example in rule.EXAMPLES for text in (example.story, example.says))
    for one in explanations():
        yield from (one.title, one.text)


def test_no_report_text_uses_a_forbidden_word():
    assert [text for text in report_texts() if FORBIDDEN.search(text)] == []


def test_no_policy_text_uses_a_forbidden_word():
    folder = Path(rules.__file__).parent.parent / "policies"
    for name in packaged_policies():
        assert not FORBIDDEN.search((folder / f"{name}.toml").read_text())


def test_messages_are_one_sentence_with_a_subject():
    for rule in ALL_RULES:
        for example in rule.EXAMPLES:
            if example.says:
                assert "\n" not in example.says
                assert not example.says.endswith(".")
                assert re.match(r"(?:the|a|all|frames?|\d[\d,]*) ", example.says), example.says


def test_permission_and_trap_marks_concern_no_rule():
    from dataclasses import replace

    from scanner.judge.examples import PHOTO, mark
    from scanner.judge.rule import ALONE

    subject = replace(PHOTO, marks=(mark(Meaning.PERMISSION), mark(Meaning.TRAP), mark(Meaning.DECLARED_OTHER)))
    assert [one for rule in RULES for one in rule.observe(subject, ALONE)] == []
