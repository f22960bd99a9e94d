"""From the C2PA library's JSON to the model's manifests.

Laid over on the way, because every later step needs it: action templates, ``softwareAgents`` indices, flattened parameters.
Text is bounded here; the whole store is untrusted, valid signature or not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scanner.model.credentials import Action, Assertion, Ingredient, Manifest, ManifestStore, Signer, ValidationCode

_TEXT_LIMIT = 2000
_FIELDS_LIMIT = 400
_DEPTH_LIMIT = 12
_PARTS_LIMIT = 10_000
"""Manifests, assertions, actions and ingredients of one store. Far past any real history; a store with more is refused, since
reading half of it could miss the half that matters."""

_ACTION_LABELS = ("c2pa.actions", "c2pa.actions.v2")
_SKIPPED_ASSERTIONS = ("c2pa.hash.", "c2pa.certificate-status", "c2pa.thumbnail", "c2pa.ingredient", "c2pa.time-stamp")
"""Binding, revocation and pictures: no statement about how the asset was made."""

_AGENT_KEYS = ("softwareAgent", "softwareAgentIndex")

Json = Mapping[str, Any]


def parse_store(report: Json, *, verified: bool, origin: str) -> ManifestStore:
    """Build the store from `Reader.json()`; raises ValueError where that is no manifest store."""
    manifests, active = _mapping(report.get("manifests")), report.get("active_manifest")
    if not isinstance(active, str) or active not in manifests:
        raise ValueError("the store names no active manifest")
    labels = [active, *sorted(label for label in manifests if label != active)]
    if _parts(manifests) > _PARTS_LIMIT:
        raise ValueError(f"the store has more than {_PARTS_LIMIT} parts")
    return ManifestStore(
        active=_text(active),
        manifests=tuple(_manifest(label, _mapping(manifests[label])) for label in labels),
        codes=tuple(_codes(report)),
        verified=verified,
        origin=origin,
    )


def _parts(manifests: Json) -> int:
    count = len(manifests)
    for raw in map(_mapping, manifests.values()):
        assertions = [_mapping(item) for item in _sequence(raw.get("assertions"))]
        count += len(assertions) + len(_sequence(raw.get("ingredients")))
        count += sum(len(_sequence(_mapping(item.get("data")).get("actions"))) for item in assertions)
    return count


def _manifest(label: str, raw: Json) -> Manifest:
    second_version = raw.get("claim_version") == 2
    assertions = [_mapping(item) for item in _sequence(raw.get("assertions"))]
    is_actions = [str(item.get("label", "")).partition("__")[0] in _ACTION_LABELS for item in assertions]
    signature = _mapping(raw.get("signature_info"))
    return Manifest(
        label=_text(label),
        claim_generator=_claim_generator(raw),
        title=_text(raw.get("title")),
        signer=Signer(_text(signature.get("issuer")), _text(signature.get("common_name")), _text(signature.get("time"))),
        actions=tuple(
            action
            for item, yes in zip(assertions, is_actions, strict=True)
            if yes
            for action in _actions(_mapping(item.get("data")), gathered=second_version and not item.get("created"))
        ),
        ingredients=tuple(_ingredient(_mapping(item)) for item in _sequence(raw.get("ingredients"))),
        assertions=tuple(
            _assertion(item, gathered=second_version and not item.get("created"))
            for item, yes in zip(assertions, is_actions, strict=True)
            if not yes and not str(item.get("label", "")).startswith(_SKIPPED_ASSERTIONS)
        ),
    )


def _claim_generator(raw: Json) -> str:
    names = [_agent(item) for item in _sequence(raw.get("claim_generator_info"))]
    return next((name for name in names if name), "") or _text(raw.get("claim_generator"))


def _agent(raw: object) -> str:
    """Name of a software agent: v1 writes a string, v2 a generator-info map."""
    if isinstance(raw, Mapping):
        return " ".join(part for part in (_text(raw.get("name")), _text(raw.get("version"))) if part)
    return _text(raw)


def _actions(content: Json, *, gathered: bool) -> Iterator[Action]:
    templates = [_mapping(item) for item in _sequence(content.get("templates"))]
    agents = [_agent(item) for item in _sequence(content.get("softwareAgents"))]
    for entry in _sequence(content.get("actions")):
        raw = _mapping(entry)
        yield _action(_laid_over(raw, templates), agents, gathered=gathered)


def _laid_over(raw: Json, templates: Sequence[Json]) -> Json:
    """An action with what the templates of its name, or of ``*``, say where it is silent itself (C2PA 2.x, 18.15.4)."""
    fitting = [template for template in templates if template.get("action") in ("*", raw.get("action"))]
    merged: dict[str, Any] = {}
    parameters: dict[str, Any] = {}
    # What is said of all actions first, so that what is said of this one prevails.
    for layer in sorted(fitting, key=lambda template: template.get("action") != "*"):
        merged = _without_agent(merged, layer) | dict(layer)
        parameters.update(_mapping(layer.get("templateParameters")))
    parameters.update(_mapping(raw.get("parameters")))
    return {**_without_agent(merged, raw), **raw, "parameters": parameters}


def _without_agent(below: Json, layer: Json) -> dict[str, Any]:
    """The lower layer without its agent where the upper one names its own; an agent is named in one of two ways."""
    names_agent = any(key in layer for key in _AGENT_KEYS)
    return {key: value for key, value in below.items() if not (names_agent and key in _AGENT_KEYS)}


def _action(raw: Json, agents: Sequence[str], *, gathered: bool) -> Action:
    parameters = _mapping(raw.get("parameters"))
    index = raw.get("softwareAgentIndex")
    agent = _agent(raw.get("softwareAgent"))
    if not agent and isinstance(index, int) and 0 <= index < len(agents):
        agent = agents[index]
    return Action(
        name=_text(raw.get("action")),
        source_type=_text(raw.get("digitalSourceType")),
        software_agent=agent,
        description=_text(raw.get("description") or parameters.get("description")),
        parameters=tuple(_flat(parameters))[:_FIELDS_LIMIT],
        ingredients=tuple(_ingredient_references(raw, parameters)),
        when=_text(raw.get("when")),
        regions=tuple(_region(item) for item in _sequence(raw.get("changes"))),
        gathered=gathered,
    )


def _ingredient_references(raw: Json, parameters: Json) -> Iterator[str]:
    """Labels and instance ids by which an action points at ingredients; each version of the specification has its own way."""
    single = [parameters["ingredient"]] if "ingredient" in parameters else []
    for entry in [*_sequence(parameters.get("ingredients")), *single]:
        url = _mapping(entry).get("url")
        if isinstance(url, str):
            yield _text(url.rpartition("/")[2])
    for key in ("org.cai.ingredientIds", "ingredientIds"):
        yield from (_text(name) for name in _sequence(parameters.get(key)) if isinstance(name, str))
    if isinstance(raw.get("instanceId"), str):
        yield _text(raw["instanceId"])


def _ingredient(raw: Json) -> Ingredient:
    manifest = raw.get("active_manifest")
    return Ingredient(
        title=_text(raw.get("title")),
        relationship=_text(raw.get("relationship")),
        manifest=_text(manifest) if isinstance(manifest, str) else None,
        source_type=_text(raw.get("digitalSourceType")),
        label=_text(raw.get("label")),
        instance_id=_text(raw.get("instance_id")),
    )


def _assertion(raw: Json, *, gathered: bool) -> Assertion:
    return Assertion(_text(raw.get("label")), tuple(_flat(raw.get("data")))[:_FIELDS_LIMIT], gathered)


def _flat(value: object, key: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Scalar leaves as (dotted key, text); lists keep their key, so that all elements answer to one name."""
    if depth > _DEPTH_LIMIT:
        return
    if isinstance(value, Mapping):
        # The library keeps maps unordered: two readings of one file give their keys in two orders.
        for name, inner in sorted(value.items(), key=lambda pair: str(pair[0])):
            yield from _flat(inner, f"{key}.{name}" if key else str(name), depth + 1)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _flat(inner, key, depth + 1)
    elif isinstance(value, (str, int, float, bool)) and key:
        yield _text(key), _text(value)


def _region(raw: object) -> str:
    try:
        return _text(json.dumps(raw, ensure_ascii=False, sort_keys=True))
    except RecursionError:
        return "nested too deep to tell"


def _codes(report: Json) -> Iterator[ValidationCode]:
    results = _mapping(report.get("validation_results"))
    yield from _levels(_mapping(results.get("activeManifest")), ingredient=False)
    for delta in _sequence(results.get("ingredientDeltas")):
        yield from _levels(_mapping(_mapping(delta).get("validationDeltas")), ingredient=True)


def _levels(raw: Json, *, ingredient: bool) -> Iterator[ValidationCode]:
    for level in ("success", "informational", "failure"):
        for entry in _sequence(raw.get(level)):
            status = _mapping(entry)
            yield ValidationCode(_text(status.get("code")), _text(status.get("explanation")), level, ingredient)


def _mapping(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _text(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value) if isinstance(value, (bool, int, float)) else ""
    return text[:_TEXT_LIMIT]
