"""Paths as JSON: text, with a flag where it had to be escaped."""

from __future__ import annotations

from scanner.model.text import escape_path

Json = dict[str, object]


def path_json(path: str) -> Json:
    """Return the keys that name a path; ``path_escaped`` stands only where it is true."""
    text, escaped = escape_path(path)
    return {"path": text, "path_escaped": True} if escaped else {"path": text}


def file_json(path: str) -> str | Json:
    """Return a path in a list: a plain string, or an object where it had to be escaped."""
    keys = path_json(path)
    return keys if "path_escaped" in keys else path
