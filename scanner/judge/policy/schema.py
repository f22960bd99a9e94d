"""The JSON Schema (2020-12) of policy files, made from the rules and words there are, for editors that know TOML schemas.

It says what one file may hold. What takes more than one file to know, `scanner policy check` tells.
"""

from __future__ import annotations

import json

from scanner.judge.policy.reading import NAME_LIMIT
from scanner.judge.policy.rule_tables import columns_of
from scanner.judge.policy.words import (
    APPROVAL,
    CATEGORIES,
    CONFIDENCES,
    KINDS,
    READERS,
    ROUTES,
    RULES_AND_CASES,
    SEVERITIES,
    ZONES,
)
from scanner.judge.rule import AnyRule
from scanner.judge.rules.registry import ALL_RULES

Schema = dict[str, object]

# Written so that readers of older drafts understand it too: taplo, the TOML toolkit of many editors, knows draft 4.
_TEXT: Schema = {"type": "string", "pattern": "\\S"}
_DATE = r"^\d{4}(-\d\d(-\d\d)?)?$"


def policy_schema() -> Schema:
    """Return the schema as JSON values."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Policy of the media provenance scanner",
        "description": "What each observation weighs, by zone. A file says only what differs from the policy it extends.",
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {
            "name": {**_TEXT, "maxLength": NAME_LIMIT, "description": "The name that reports show."},
            "extends": {**_TEXT, "description": "The policy it differs from: a shipped one's name, or a path from this file."},
            "document": {**_TEXT, "description": "The document that this policy reads."},
            "date": {"type": "string", "pattern": _DATE, "description": "Of that document: a year, month or day."},
            "note": {**_TEXT, "description": "Whose reading it is, and what it cannot judge."},
            "approved_tools": {
                **_list_of(_TEXT),
                "description": "Names of the generators the production may use. Left out: no such list. Empty: none may.",
            },
            "required_readings": _required_readings(),
            "zones": {
                "type": "object",
                "description": "Glob on the path below the root → zone. --zone is stronger.",
                "additionalProperties": {"$ref": "#/$defs/zone"},
            },
            "principles": {"type": "array", "items": {"$ref": "#/$defs/principle"}},
            "rules": {
                "type": "object",
                "additionalProperties": False,
                "properties": {rule.CARD.id: _rule(rule) for rule in ALL_RULES},
            },
        },
        "$defs": {
            "severity": {
                "description": "high blocks (of what was not read: is incomplete), medium is reviewed, info told, silent not.",
                "enum": list(SEVERITIES),
            },
            "zone": {"enum": list(ZONES)},
            "approval": {
                **_list_of({"enum": list(CATEGORIES)}),
                "description": "Categories of written approval that can allow it. None: it can only be mended.",
            },
            "principle": _principle(),
        },
    }


def schema_text() -> str:
    """Return the schema as the file that is shipped."""
    return json.dumps(policy_schema(), indent=2, ensure_ascii=False) + "\n"


def _list_of(element: Schema) -> Schema:
    return {"type": "array", "items": element}


def _required_readings() -> Schema:
    readers = _list_of({"enum": list(READERS)})
    return {
        "type": "object",
        "description": "Kind of media → readers that must have read it. The structure of every file counts too.",
        "additionalProperties": False,
        "properties": dict.fromkeys(KINDS, readers),
    }


def _principle() -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "pattern": r"^[^\W_][\w().-]{0,23}$", "description": "As the document numbers it."},
            "text": _TEXT,
            "rules": {
                **_list_of({"enum": list(RULES_AND_CASES)}),
                "description": "Rules, or rule.case, that touch it.",
            },
            "zones": {**_list_of({"$ref": "#/$defs/zone"}), "description": "Where it is touched. Left out: everywhere."},
            "route": {"enum": list(ROUTES), "description": "What it asks for where a finding is more than told."},
            "next_step": {**_TEXT, "description": "Said in place of the rule's own next step."},
        },
    }


def _rule(rule: AnyRule) -> Schema:
    zones: Schema = {column: {"$ref": "#/$defs/severity"} for column in columns_of(rule.CARD.id)}
    row: Schema = {**zones, APPROVAL: {"$ref": "#/$defs/approval"}}
    confidences: Schema = {
        confidence: {
            "type": "object",
            "description": f"Findings of {confidence} confidence, whatever their case.",
            "additionalProperties": False,
            "properties": zones,
        }
        for confidence in CONFIDENCES
    }
    cases: Schema = {
        str(case): {"type": "object", "description": meaning, "additionalProperties": False, "properties": row}
        for case, meaning in rule.CASES.items()
    }
    properties: Schema = {**row, **cases, **confidences}
    return {"type": "object", "description": rule.CARD.title, "additionalProperties": False, "properties": properties}
