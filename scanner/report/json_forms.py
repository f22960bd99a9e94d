"""The forms in which reports write JSON: laid out in lines, sealed, or one record a line.

They differ in order and white space only. Each is a function from a value, and how deep it stands, to its text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from json.encoder import encode_basestring

from scanner.report.seal import canonical_text, encodable

Form = Callable[[object, int], str]
"""Value, and how many objects and lists it stands in → its text, without half surrogate pairs."""

STEP = "  "

_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def laid_out(value: object, depth: int = 0) -> str:
    """Return what ``json.dumps(…, indent=2)`` makes of a value at that depth; that has no fast encoder for it."""
    return encodable(_laid_out(value, "\n" + STEP * depth))


def keyed(key: str, depth: int) -> str:
    """Return a key as it begins a line of an object that stands in `depth` objects and lists less one."""
    return f'\n{STEP * depth}"{key}": '


def list_laid_out(key: str, entries: Iterable[str], depth: int) -> Iterator[str]:
    """Return a key and its list, whose entries are `laid_out` at ``depth + 1``, in pieces."""
    before, nothing = f"{keyed(key, depth)}[", True
    for entry in entries:
        yield f"{before}\n{STEP * (depth + 1)}{entry}"
        before, nothing = ",", False
    yield f"{before}]" if nothing else f"\n{STEP * depth}]"


def sealed(value: object, _depth: int = 0) -> str:
    """Return the canonical form: keys sorted, no white space."""
    return canonical_text(value)


def on_a_line(value: object, _depth: int = 0) -> str:
    """Return the keys as they come, without white space."""
    return encodable(_LINE.encode(value))


def _laid_out(value: object, margin: str) -> str:
    # No isinstance first: most values are plain strings.
    kind = type(value)
    if kind is str:
        return encode_basestring(value)  # type: ignore[arg-type]
    if kind is dict:
        return _object(value, margin)  # type: ignore[arg-type]
    if kind is list or kind is tuple:
        return _array(value, margin)  # type: ignore[arg-type]
    return encode_basestring(value) if isinstance(value, str) else json.dumps(value)


def _object(value: dict[str, object], margin: str) -> str:
    inner = margin + STEP
    entries = [f"{inner}{encode_basestring(key)}: {_laid_out(each, inner)}" for key, each in value.items()]
    return f"{{{','.join(entries)}{margin}}}" if entries else "{}"


def _array(value: list[object], margin: str) -> str:
    inner = margin + STEP
    entries = [inner + _laid_out(each, inner) for each in value]
    return f"[{','.join(entries)}{margin}]" if entries else "[]"
