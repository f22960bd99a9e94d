"""A resolved policy written as one file reads back as the same policy."""

import tomllib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.judge.policy import load_packaged, load_policy, packaged_policies
from scanner.judge.policy.writing import policy_toml

SAME = (
    "name",
    "document",
    "date",
    "note",
    "weights",
    "by_confidence",
    "approvals",
    "required_readings",
    "principles",
    "approved_tools",
)


def read_back(policy, folder):
    path = folder / "written.toml"
    path.write_text(policy_toml(policy), encoding="utf-8")
    return load_policy(path)


@pytest.mark.parametrize("name", packaged_policies())
def test_every_shipped_policy(name, tmp_path):
    policy = load_packaged(name)
    again = read_back(policy, tmp_path)
    assert again.extends == ()
    for field in SAME:
        assert getattr(again, field) == getattr(policy, field), field


def test_lists_and_zones(tmp_path):
    (tmp_path / "house.toml").write_text(
        'name = "house"\nextends = "netflix-genai-2025"\napproved_tools = ["A \\"b\\"", "C\\\\d"]\n'
        '[zones]\n"GFX/**" = "graphics"\n[rules.ai-declared.strong]\nfinal = "silent"\n'
    )
    policy = load_policy(tmp_path / "house.toml")
    again = read_back(policy, tmp_path)
    assert again.approved_tools == policy.approved_tools == ('A "b"', "C\\d")
    assert again.zones == policy.zones
    assert again.by_confidence == policy.by_confidence != {}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_any_text_is_written_so_that_it_is_read_and_shown_safely(text):
    written = policy_toml(replace(load_packaged(), note=text))
    assert tomllib.loads(written)["note"] == text
    assert all(char.isprintable() or char == "\n" for char in written)
