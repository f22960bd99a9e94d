"""From the library's JSON to the model's manifests; whatever the JSON holds, the only exception is ValueError."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.model.credentials import Action, Manifest, ManifestStore, ValidationCode
from scanner.read.manifest_store import parse_store

ACTIVE = "urn:c2pa:active"


def parsed(**manifest: Any) -> Manifest:
    return store({ACTIVE: manifest}).manifests[0]


def store(manifests: dict[str, Any], **report: Any) -> ManifestStore:
    return parse_store({"active_manifest": ACTIVE, "manifests": manifests, **report}, verified=True, origin="embedded")


def actions_of(
    *actions: dict[str, Any], templates: Sequence[dict[str, Any]] = (), agents: Sequence[Any] = (), label: str = "c2pa.actions.v2"
) -> tuple[Action, ...]:
    content = {"actions": list(actions), "templates": list(templates), "softwareAgents": list(agents)}
    return parsed(assertions=[{"label": label, "data": content}]).actions


# --- whatever comes ---------------------------------------------------------------------------------------------------------

KEYS = (
    "manifests active_manifest assertions label data actions templates action * "
    "c2pa.created c2pa.actions c2pa.actions.v2 softwareAgents softwareAgentIndex softwareAgent parameters "
    "ingredients ingredient url templateParameters name signature_info validation_results activeManifest failure "
    "ingredientDeltas validationDeltas code claim_version created changes claim_generator_info title"
)
WORDS = st.sampled_from([ACTIVE, *KEYS.split()])
SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=8) | WORDS
JSON_LIKE = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(WORDS, JSON_LIKE, max_size=6))
def test_any_json_gives_a_store_or_a_value_error(report):
    try:
        result = parse_store(report, verified=True, origin="embedded")
    except ValueError:
        return
    assert isinstance(result, ManifestStore)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(WORDS, JSON_LIKE, max_size=6), st.lists(JSON_LIKE, max_size=3), JSON_LIKE)
def test_any_manifest_can_be_parsed(manifest, assertions, results):
    shaped = [{"label": "c2pa.actions.v2", "data": {"actions": [item], "templates": [item]}} for item in assertions]
    result = store({ACTIVE: {**manifest, "assertions": shaped + assertions}}, validation_results=results)
    assert result.active == ACTIVE
    assert all(isinstance(action, Action) for action in result.manifests[0].actions)


def test_a_value_nested_past_any_reason_is_still_text():
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    (action,) = actions_of({"action": "c2pa.edited", "changes": [deep], "parameters": {"a": deep}})
    assert len(action.regions) == 1
    assert action.parameters == ()


@pytest.mark.parametrize(
    "report",
    [
        {},
        {"manifests": {}},
        {"active_manifest": "other", "manifests": {ACTIVE: {}}},
        {"active_manifest": None, "manifests": {ACTIVE: {}}},
        {"active_manifest": [ACTIVE], "manifests": {ACTIVE: {}}},
        {"active_manifest": ACTIVE, "manifests": [ACTIVE]},
    ],
)
def test_a_store_without_its_active_manifest_is_a_value_error(report):
    with pytest.raises(ValueError, match="names no active manifest"):
        parse_store(report, verified=True, origin="embedded")


def test_a_soft_binding_keeps_its_algorithm_and_value():
    content = {"alg": "com.adobe.trustmark.P", "blocks": [{"scope": {}, "value": "2*1234"}], "pad": []}
    manifest = parsed(assertions=[{"label": "c2pa.soft-binding", "data": content}])
    (assertion,) = manifest.assertions
    assert assertion.label == "c2pa.soft-binding"
    assert dict(assertion.fields) == {"alg": "com.adobe.trustmark.P", "blocks.value": "2*1234"}


def test_text_is_bounded():
    long = "x" * 10_000
    manifest = parsed(
        title=long,
        assertions=[
            {"label": "c2pa.actions", "data": {"actions": [{"action": long, "description": long, "changes": [{"note": long}]}]}},
            {"label": long, "data": {long: long}},
        ],
        ingredients=[{"title": long, "active_manifest": long}],
    )
    (action,), (assertion,), (ingredient,) = manifest.actions, manifest.assertions, manifest.ingredients
    texts = [manifest.title, action.name, action.description, *action.regions, assertion.label, ingredient.title]
    assert all(0 < len(text) <= 2000 for text in [*texts, *assertion.fields[0], ingredient.manifest or ""])


def test_more_parts_than_any_history_has_are_refused_rather_than_cut():
    with pytest.raises(ValueError, match="more than 10000 parts"):
        actions_of(*[{"action": "c2pa.edited"}] * 10_001)
    assert len(actions_of(*[{"action": "c2pa.edited"}] * 9_000)) == 9_000


# --- shape ------------------------------------------------------------------------------------------------------------------


def test_the_active_manifest_comes_first():
    result = store({"a": {}, ACTIVE: {}, "z": {}})
    assert [manifest.label for manifest in result.manifests] == [ACTIVE, "a", "z"]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ({"claim_generator_info": [{"name": "Maker", "version": "2"}]}, "Maker 2"),
        ({"claim_generator_info": [{"version": ""}, {"name": "Second"}]}, "Second"),
        ({"claim_generator": "Old/1.0 c2pa-rs"}, "Old/1.0 c2pa-rs"),
        ({}, ""),
    ],
)
def test_the_claim_generator_is_named_in_either_way(raw, name):
    assert parsed(**raw).claim_generator == name


def test_the_signer_is_as_the_certificate_says():
    signer = parsed(signature_info={"issuer": "Org", "common_name": "Signer", "time": "2026-01-01T00:00:00Z"}).signer
    assert (signer.issuer, signer.common_name, signer.time) == ("Org", "Signer", "2026-01-01T00:00:00Z")


@pytest.mark.parametrize("label", ["c2pa.actions", "c2pa.actions.v2", "c2pa.actions__1", "c2pa.actions.v2__2"])
def test_actions_of_every_version_and_copy_are_actions(label):
    assert [action.name for action in actions_of({"action": "c2pa.created"}, label=label)] == ["c2pa.created"]


def test_bindings_and_pictures_are_no_assertions_of_interest():
    labels = ["c2pa.hash.data", "c2pa.thumbnail.claim.jpeg", "c2pa.ingredient.v3", "c2pa.time-stamp", "c2pa.ai-disclosure"]
    manifest = parsed(assertions=[{"label": label, "data": {}} for label in labels])
    assert [assertion.label for assertion in manifest.assertions] == ["c2pa.ai-disclosure"]


def test_lists_in_an_assertion_answer_to_one_name():
    (assertion,) = parsed(assertions=[{"label": "x", "data": {"@graph": [{"a": 1}, {"a": True}, {"b": {"c": "d"}}]}}]).assertions
    assert assertion.fields == (("@graph.a", "1"), ("@graph.a", "true"), ("@graph.b.c", "d"))


# --- templates and agents ---------------------------------------------------------------------------------------------------

FIREFLY, PARTNER = {"name": "Firefly", "version": "3"}, {"name": "Partner"}


@pytest.mark.parametrize("name", ["*", "c2pa.edited"])
def test_a_template_says_what_the_action_leaves_out(name):
    template = {"action": name, "digitalSourceType": "trained", "softwareAgent": FIREFLY, "description": "filled"}
    (action,) = actions_of({"action": "c2pa.edited"}, templates=[template])
    assert (action.name, action.source_type, action.software_agent, action.description) == (
        "c2pa.edited",
        "trained",
        "Firefly 3",
        "filled",
    )


def test_a_template_of_another_name_says_nothing():
    (action,) = actions_of({"action": "c2pa.edited"}, templates=[{"action": "c2pa.created", "digitalSourceType": "trained"}])
    assert action.source_type == ""


def test_the_action_itself_prevails_over_its_templates():
    templates = [{"action": "*", "digitalSourceType": "template", "templateParameters": {"a": "t", "b": "t"}}]
    (action,) = actions_of({"action": "x", "digitalSourceType": "own", "parameters": {"a": "own"}}, templates=templates)
    assert action.source_type == "own"
    assert dict(action.parameters) == {"a": "own", "b": "t"}


@pytest.mark.parametrize("turned", [False, True])
def test_the_template_of_the_name_prevails_over_that_of_all_in_any_order(turned):
    templates = [
        {"action": "*", "digitalSourceType": "all", "templateParameters": {"a": "all", "b": "all"}},
        {"action": "x", "digitalSourceType": "named", "templateParameters": {"a": "named"}},
    ]
    (action,) = actions_of({"action": "x"}, templates=templates[::-1] if turned else templates)
    assert action.source_type == "named"
    assert dict(action.parameters) == {"a": "named", "b": "all"}


def test_an_agent_may_be_a_name_or_a_map_or_a_place_in_the_list():
    found = actions_of(
        {"action": "a", "softwareAgent": "Plain 1"},
        {"action": "b", "softwareAgent": FIREFLY},
        {"action": "c", "softwareAgentIndex": 1},
        {"action": "d", "softwareAgentIndex": 7},
        {"action": "e", "softwareAgentIndex": -1},
        {"action": "f", "softwareAgentIndex": "1"},
        agents=[FIREFLY, PARTNER],
    )
    assert [action.software_agent for action in found] == ["Plain 1", "Firefly 3", "Partner", "", "", ""]


def test_a_template_may_name_its_agent_by_place():
    (action,) = actions_of({"action": "a"}, templates=[{"action": "*", "softwareAgentIndex": 0}], agents=[FIREFLY])
    assert action.software_agent == "Firefly 3"


def test_an_actions_own_agent_by_place_prevails_over_the_templates_by_name():
    template = {"action": "*", "softwareAgent": FIREFLY}
    (action,) = actions_of({"action": "a", "softwareAgentIndex": 0}, templates=[template], agents=[PARTNER])
    assert action.software_agent == "Partner"


# --- ingredients, regions, gathered assertions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pointing",
    [
        {"parameters": {"ingredient": {"url": "self#jumbf=c2pa.assertions/c2pa.ingredient"}}},
        {"parameters": {"ingredients": [{"url": "self#jumbf=c2pa.assertions/c2pa.ingredient"}]}},
        {"parameters": {"ingredientIds": ["c2pa.ingredient"]}},
        {"parameters": {"org.cai.ingredientIds": ["c2pa.ingredient"]}},
        {"instanceId": "c2pa.ingredient"},
    ],
    ids=["v1", "v2", "builder", "cai", "instance"],
)
def test_ingredients_are_named_in_the_way_of_every_version(pointing):
    (action,) = actions_of({"action": "c2pa.placed", **pointing})
    assert action.ingredients == ("c2pa.ingredient",)


def test_an_ingredient_keeps_what_later_steps_need():
    (ingredient,) = parsed(
        ingredients=[
            {
                "title": "sky.png",
                "relationship": "componentOf",
                "active_manifest": "urn:x",
                "digitalSourceType": "trained",
                "label": "c2pa.ingredient.v3__1",
                "instance_id": "xmp.iid:1",
            }
        ]
    ).ingredients
    assert (ingredient.title, ingredient.relationship, ingredient.manifest) == ("sky.png", "componentOf", "urn:x")
    assert (ingredient.source_type, ingredient.label, ingredient.instance_id) == ("trained", "c2pa.ingredient.v3__1", "xmp.iid:1")


def test_regions_are_kept_as_one_line_each():
    region = {"region": [{"type": "temporal", "time": {"start": "0", "end": "5"}}], "description": "two\nlines"}
    (action,) = actions_of({"action": "c2pa.edited", "changes": [region]})
    (line,) = action.regions
    assert "\n" not in line
    assert '"end": "5"' in line


@pytest.mark.parametrize(
    ("version", "created", "gathered"),
    [(1, None, False), (2, True, False), (2, False, True), (2, None, True), (None, None, False)],
)
def test_what_the_signer_did_not_create_is_gathered(version, created, gathered):
    flag = {} if created is None else {"created": created}
    manifest = parsed(
        claim_version=version,
        assertions=[
            {"label": "c2pa.actions.v2", "data": {"actions": [{"action": "c2pa.created"}]}, **flag},
            {"label": "cawg.metadata", "data": {}, **flag},
        ],
    )
    assert [manifest.actions[0].gathered, manifest.assertions[0].gathered] == [gathered, gathered]


def test_codes_say_whether_they_are_about_an_ingredient():
    entry = {"code": "assertion.dataHash.mismatch", "explanation": "why"}
    result = store(
        {ACTIVE: {}},
        validation_results={
            "activeManifest": {"success": [{"code": "claimSignature.validated"}], "failure": [entry]},
            "ingredientDeltas": [{"validationDeltas": {"failure": [entry]}}],
        },
    )
    assert result.codes == (
        ValidationCode("claimSignature.validated", "", "success"),
        ValidationCode("assertion.dataHash.mismatch", "why", "failure"),
        ValidationCode("assertion.dataHash.mismatch", "why", "failure", ingredient=True),
    )


def _turned(value: Any) -> Any:
    """The same JSON with every map's keys the other way round, as the library may give it on a second reading."""
    if isinstance(value, dict):
        return {key: _turned(value[key]) for key in reversed(value)}
    return [_turned(inner) for inner in value] if isinstance(value, list) else value


def test_the_order_of_keys_changes_nothing():
    action = {
        "action": "c2pa.opened",
        "parameters": {"b": 1, "a": {"d": "x", "c": "y"}},
        "softwareAgent": {"version": "1", "name": "N"},
    }
    assertion = {"label": "c2pa.metadata", "data": {"z": "1", "y": {"b": 2, "a": 3}}}
    manifests = {
        ACTIVE: {
            "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action]}}, assertion],
            "ingredients": [{"active_manifest": name, "relationship": "componentOf"} for name in ("m2", "m1", "m3")],
        },
        **{name: {"claim_generator": name, "ingredients": [{"active_manifest": "m4"}]} for name in ("m1", "m2", "m3", "m4")},
    }
    codes = {"activeManifest": {"failure": [{"code": "b"}, {"code": "a"}], "success": [{"code": "c"}]}, "ingredientDeltas": []}
    assert store(manifests, validation_results=codes) == store(_turned(manifests), validation_results=_turned(codes))
