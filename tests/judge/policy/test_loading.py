"""A policy is found by name or path, and is checked whole before it is used."""

import hashlib
from importlib import resources
from pathlib import Path

import pytest

from scanner.judge.policy import load_packaged, load_policy, packaged_policies
from scanner.judge.policy.words import DELIVERY
from scanner.model.errors import CatalogueError
from scanner.model.judging import Observation, Zone
from scanner.model.marks import Confidence

TEXT = (resources.files("scanner.judge") / "policies" / "default.toml").read_text(encoding="utf-8")


@pytest.fixture
def parse(tmp_path):
    def parser(text):
        path = tmp_path / "house.toml"
        path.write_bytes(text.encode())
        return load_policy(path)

    return parser


def weight(policy, rule, zone, case=""):
    return policy.weigh(Observation(rule, Confidence.STRONG, "", case=case), zone)


def test_the_digest_of_a_file_alone_is_that_of_its_bytes(parse):
    assert parse(TEXT).sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert parse(TEXT).stamp == load_packaged().stamp


def test_packaged_policies_load_under_their_own_name():
    assert "default" in packaged_policies()
    for name in packaged_policies():
        assert load_packaged(name).name == name
        assert load_packaged(name).where == "shipped"


def test_an_unknown_packaged_policy_names_the_nearest():
    with pytest.raises(CatalogueError, match="Did you mean 'default'"):
        load_packaged("defualt")


def test_a_date_may_be_a_toml_date(parse):
    assert parse(TEXT.replace('date = "2025"', "date = 2025-08-22")).date == "2025-08-22"


def test_a_name_is_a_shipped_policy_and_a_path_a_file(parse, tmp_path, monkeypatch):
    parse(TEXT.replace('name = "default"', 'name = "mine"'))
    monkeypatch.chdir(tmp_path)
    Path("default").write_text(TEXT.replace('name = "default"', 'name = "bare"'))
    assert load_policy("default").name == "default"
    assert load_policy("./default").name == "bare"
    assert load_policy(Path("default")).name == "bare"
    assert load_policy("house.toml").name == "mine"
    assert load_policy("house.toml").where == "house.toml"
    Path("odd").write_text(TEXT)
    with pytest.raises(CatalogueError, match=r"there is no policy named 'odd'.* For the file of that name write \./odd\."):
        load_policy("odd")


def test_unassigned_is_final_capped_unless_named(parse):
    row = '[rules.ai-declared]\nfinal = "high"\n'
    assert weight(parse(TEXT), "ai-declared", Zone.UNASSIGNED) == "medium"
    for word in ("high", "info"):
        named = parse(TEXT.replace(row, f'{row}unassigned = "{word}"\n'))
        assert weight(named, "ai-declared", Zone.UNASSIGNED) == word
    lowered = parse(TEXT.replace(row, '[rules.ai-declared]\nfinal = "silent"\n'))
    assert weight(lowered, "ai-declared", Zone.UNASSIGNED) is None


def test_elsewhere_high_is_capped_for_unassigned_too(parse):
    policy = parse(TEXT.replace('[rules.ai-hint]\nelsewhere = "info"', '[rules.ai-hint]\nelsewhere = "high"'))
    assert [weight(policy, "ai-hint", zone) for zone in (Zone.FINAL, Zone.UNASSIGNED)] == ["high", "medium"]


def test_a_case_falls_back_on_its_rule(parse):
    policy = parse(TEXT)
    assert weight(policy, "ai-reference-match", Zone.ARCHIVAL, "same") == "medium"
    assert weight(policy, "ai-reference-match", Zone.FINAL, "same") == "high"


def test_an_elsewhere_of_a_case_outranks_the_rule(parse):
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
