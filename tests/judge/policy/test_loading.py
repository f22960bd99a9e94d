"""A policy is checked whole when it is loaded, and a mistake names its line and the nearest right name."""

import hashlib
from importlib import resources

import pytest

from scanner.judge.policy import DELIVERY, load_packaged, packaged_policies, parse_policy
from scanner.model.errors import CatalogueError
from scanner.model.judging import Observation, Zone
from scanner.model.marks import Confidence

TEXT = (resources.files("scanner.judge") / "policies" / "default.toml").read_text(encoding="utf-8")


def parse(text):
    return parse_policy(text.encode(), "house.toml")


def refused(old, new):
    assert old in TEXT
    with pytest.raises(CatalogueError) as caught:
        parse(TEXT.replace(old, new, 1))
    return caught.value


def weight(policy, rule, zone, case=""):
    return policy.weigh(Observation(rule, Confidence.STRONG, "", case=case), zone)


def test_the_digest_is_that_of_the_bytes():
    assert parse(TEXT).sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert parse(TEXT).stamp == load_packaged().stamp


def test_packaged_policies_load_under_their_own_name():
    assert "default" in packaged_policies()
    for name in packaged_policies():
        assert load_packaged(name).name == name


def test_an_unknown_packaged_policy_names_the_nearest():
    with pytest.raises(CatalogueError, match="Did you mean 'default'"):
        load_packaged("defualt")


def test_a_date_may_be_a_toml_date():
    assert parse(TEXT.replace('date = "2025"', "date = 2025-08-22")).date == "2025-08-22"


@pytest.mark.parametrize(
    ("old", "new", "what", "nearest"),
    [
        ("[rules.ai-declared]", "[rules.ai-declred]", "'ai-declred' is no rule", "'ai-declared'"),
        ("[rules.ai-reference-match.same]", "[rules.ai-reference-match.smae]", "'smae' is no case", "'same'"),
        ('graphics = "high"', 'grafics = "high"', "'grafics' is no zone", "'graphics'"),
        ('final = "high"', 'final = "hihg"', "'hihg' is no severity", "'high'"),
        ('final = "high"', "final = 3", "3 is no severity", "Known are"),
        ('delivery = "medium"', 'final = "medium"', "'final' is no zone", "Known are: delivery"),
        ('note = "', 'notes = "', "'notes' is no key", "'note'"),
    ],
)
def test_a_wrong_word_names_line_and_nearest(old, new, what, nearest):
    error = refused(old, new)
    assert what in error.what
    assert nearest in error.next_step
    name, _, line = error.where.partition(":")
    assert name == "house.toml"
    assert new.strip("[]").split(" = ")[0].rpartition(".")[2] in TEXT.replace(old, new, 1).splitlines()[int(line) - 1]
    assert error.exit_code == 2


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("[rules.ai-hint]", "[rules.ai-hint", "is no valid TOML"),
        ('name = "default"', "", "needs a text for 'name'"),
        ('name = "default"', 'name = ""', "needs a text for 'name'"),
        ('date = "2025"', "date = 2025", "needs a text for 'date'"),
        ('[rules.ai-hint]\nelsewhere = "info"', "", "says nothing of the rule 'ai-hint'"),
        (
            '[rules.ai-hint]\nelsewhere = "info"',
            '[rules.ai-hint]\nfinal = "info"',
            "leaves the zone 'archival' of 'ai-hint' open",
        ),
        (
            '[rules.library-empty]\ndelivery = "info"',
            "[rules.library-empty]",
            "leaves the zone 'delivery' of 'library-empty' open",
        ),
        ("[rules.ai-possible]", "[rules]\nai-possible = 1\n[unused]", "is no"),
    ],
)
def test_a_broken_policy_is_refused(old, new, what):
    assert what in refused(old, new).what


@pytest.mark.parametrize("text", ["", 'name = "x"', "rules = 3", "[rules]\nai-declared = 3"])
def test_a_stub_is_refused(text):
    with pytest.raises(CatalogueError):
        parse(text)


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(CatalogueError, match="is no valid TOML"):
        parse_policy(b"\xff\xfe", "house.toml")


def test_unassigned_is_final_capped_unless_named():
    row = '[rules.ai-declared]\nfinal = "high"\n'
    assert weight(parse(TEXT), "ai-declared", Zone.UNASSIGNED) == "medium"
    for word in ("high", "info"):
        named = parse(TEXT.replace(row, f'{row}unassigned = "{word}"\n'))
        assert weight(named, "ai-declared", Zone.UNASSIGNED) == word
    lowered = parse(TEXT.replace(row, '[rules.ai-declared]\nfinal = "silent"\n'))
    assert weight(lowered, "ai-declared", Zone.UNASSIGNED) is None


def test_elsewhere_high_is_capped_for_unassigned_too():
    policy = parse(TEXT.replace('[rules.ai-hint]\nelsewhere = "info"', '[rules.ai-hint]\nelsewhere = "high"'))
    assert [weight(policy, "ai-hint", zone) for zone in (Zone.FINAL, Zone.UNASSIGNED)] == ["high", "medium"]


def test_a_case_falls_back_on_its_rule():
    policy = parse(TEXT.replace('[rules.ai-hint]\nelsewhere = "info"', '[rules.ai-hint]\nelsewhere = "info"\n'))
    assert weight(policy, "ai-reference-match", Zone.ARCHIVAL, "same") == "medium"
    assert weight(policy, "ai-reference-match", Zone.FINAL, "same") == "high"


def test_an_elsewhere_of_a_case_outranks_the_rule():
    table = '[rules.ai-declared.edited]\nelsewhere = "silent"\n\n[rules.ai-hint]'
    policy = parse(TEXT.replace("[rules.ai-hint]", table))
    assert {weight(policy, "ai-declared", zone, "edited") for zone in Zone} == {None}
    assert weight(policy, "ai-declared", Zone.FINAL, "generated") == "high"


def test_every_rule_case_and_zone_is_weighed():
    weights = load_packaged().weights
    zones = {zone for rule, _, zone in weights if rule == "ai-declared"}
    assert zones == set(Zone)
    assert {zone for rule, _, zone in weights if rule == "library-empty"} == {DELIVERY}
    with pytest.raises(TypeError):
        weights["ai-declared", "", "final"] = None
