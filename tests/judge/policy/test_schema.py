"""The shipped schema is made from the rules there are, and says of files what the check says."""

import json
import tomllib
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from scanner.judge.policy import packaged_policies
from scanner.judge.policy.schema import policy_schema, schema_text
from scanner.judge.policy.words import CASES, FILE_KEYS, PRINCIPLE_KEYS

FOLDER = resources.files("scanner.judge") / "policies"
WRONG = Path(__file__).parent / "wrong"
VALIDATOR = jsonschema.Draft202012Validator(policy_schema())

NOT_SEEN = {
    "cycle-a",
    "cycle-b",
    "cycle-of-one",
    "date-impossible",
    "deep-1",
    "deep-2",
    "document-missing",
    "extends-missing-file",
    "extends-misspelt-name",
    "extends-nul",
    "name-of-controls",
    "principle-twice",
    "principle-without-text",
    "stub",
    "zone-glob-absolute",
}
"""What takes a calendar, a glob, another file or the whole of a policy to know."""


def test_the_shipped_schema_is_up_to_date():
    assert (FOLDER / "policy.schema.json").read_text("utf-8") == schema_text(), "run: python scripts/make_docs.py"


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(policy_schema())
    assert json.loads(schema_text()) == policy_schema()


def test_it_knows_every_key_rule_and_case():
    properties = policy_schema()["properties"]
    assert set(properties) == set(FILE_KEYS)
    assert set(policy_schema()["$defs"]["principle"]["properties"]) == set(PRINCIPLE_KEYS)
    for rule, cases in CASES.items():
        assert set(cases) < set(properties["rules"]["properties"][rule]["properties"])


@pytest.mark.parametrize("name", packaged_policies())
def test_every_shipped_policy_fits(name):
    text = (FOLDER / f"{name}.toml").read_text("utf-8")
    assert text.startswith("#:schema ./policy.schema.json\n")
    VALIDATOR.validate(tomllib.loads(text))


def _wrong_files():
    for path in sorted(WRONG.glob("*.toml")):
        if path.stem == "expected" or path.stem in {f"deep-{number}" for number in range(3, 10)}:
            continue
        try:
            yield pytest.param(tomllib.loads(path.read_text("utf-8")), path.stem, id=path.stem)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
            continue


@pytest.mark.parametrize(("tables", "name"), list(_wrong_files()))
def test_what_one_file_can_show_to_be_wrong_the_schema_shows(tables, name):
    assert VALIDATOR.is_valid(tables) == (name in NOT_SEEN)
