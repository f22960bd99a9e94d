"""Sealed hashes as JSON; a part of `json_report` and `json_asset`."""

from __future__ import annotations

from scanner.model.sealed_told import AssetSealed, SealedBy
from scanner.report.json_paths import Json, file_json, path_json


def sealed_by_json(one: SealedBy) -> Json:
    """Return what is said of one list of sealed hashes."""
    return {
        "kind": one.kind,
        "root": one.root,
        **path_json(one.path),
        "state": one.state,
        "why": one.why,
        "checked": one.checked,
        "generations": one.generations,
        "date": one.date,
        "tool": one.tool,
        "files": one.files,
        "verified": one.verified,
        "differs": one.differs,
        "not_checked": one.not_checked,
        "not_checked_why": one.not_checked_why,
        "missing_total": one.missing_total,
        "missing": [file_json(path) for path in one.missing],
        "not_listed": one.not_listed,
        "notes": list(one.notes),
    }


def sealed_json(sealed: AssetSealed | None) -> Json | None:
    """Return how an asset stands to what is sealed of it."""
    if sealed is None:
        return None
    return {
        "state": sealed.state,
        "by": sealed.by,
        "algorithm": sealed.hash.algorithm if sealed.hash else None,
        "value": sealed.hash.value if sealed.hash else None,
        "generation": sealed.hash.generation if sealed.hash else None,
        "date": sealed.hash.date if sealed.hash else "",
        "why": sealed.why,
        "files": {state.value: count for state, count in sealed.counts},
        "differing": [file_json(path) for path in sealed.differing],
    }
