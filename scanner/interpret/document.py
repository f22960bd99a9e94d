"""One statement's value as the catalogue's matchers see it, and what a matcher found in it.

Values come from files: they may be megabytes, no JSON at all, nested without end, or text whose encoding a writer got wrong.
Everything here is bounded and never raises for what a file holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scanner.model.marks import Confidence, Meaning

TEXT_LIMIT = 256 * 1024
"""Characters a regular expression gets to see; the longest real A1111 text in the samples is under 10,000."""
JSON_LIMIT = 8 * 1024 * 1024
"""Characters parsed as JSON; ComfyUI graphs with embedded pictures reach megabytes."""

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Hit:
    """What a matcher found; empty fields mean "as the row says"."""

    meaning: Meaning | None = None
    confidence: Confidence | None = None
    generator: str = ""
    inner: tuple[tuple[str, str], ...] = ()
    """(field, value) pairs found inside the value; the catalogue looks among them for a generator's name."""


class Document:
    """A value, made readable; its JSON is parsed once, however many rows ask for it."""

    def __init__(self, value: str) -> None:
        self._value = value

    @cached_property
    def whole(self) -> str:
        """The value as readable text, without space around it."""
        return _readable(self._value).strip()

    @cached_property
    def text(self) -> str:
        """The beginning that patterns are matched against."""
        return self.whole[:TEXT_LIMIT]

    @cached_property
    def json(self) -> Json:
        """The value as JSON, or None where it is none."""
        return parse_json(self.whole)

    @property
    def object(self) -> dict[str, Json]:
        """The value as a JSON object, empty where it is none."""
        return self.json if isinstance(self.json, dict) else {}


def parse_json(text: str) -> Json:
    """Parse an object or array; None for anything else, for broken or endless nesting, and beyond JSON_LIMIT."""
    if len(text) > JSON_LIMIT or text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        parsed: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed


def as_object(value: Json) -> dict[str, Json]:
    """Return `value` as an object, decoding it once more if it is JSON in a string; empty where it is none."""
    if isinstance(value, str):
        value = parse_json(value)
    return value if isinstance(value, dict) else {}


def objects_in(value: Json) -> Iterator[dict[str, Json]]:
    """Yield the objects directly inside an array or an object's values."""
    members = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    return (member for member in members if isinstance(member, dict))


def scalar(value: Json) -> str:
    """Return a string or number as text, and nothing for anything else."""
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _readable(value: str) -> str:
    text = value.replace("\0", "")
    if len(text) < 8 or _ascii_share(text) > 0.25:
        return text
    # Comments whose writer got the encoding wrong: UTF-16 in the other byte order, or UTF-8 declared to be UTF-16.
    octets = (text.encode("utf-16-be", "surrogatepass"), text.encode("utf-16-le", "surrogatepass"))
    candidates = [octets[0].decode("utf-16-le", "replace"), *(octet.decode("utf-8", "replace") for octet in octets)]
    repaired = [candidate for candidate in candidates if _ascii_share(candidate) > 0.75]
    # Bytes taken in the wrong pairs are ASCII too, but no longer have a space after the comma.
    return max(repaired, key=_punctuation, default=text).replace("\0", "")


def _punctuation(text: str) -> int:
    return sum(text.count(pair, 0, 4096) for pair in (", ", ": ", '":', '{"'))


def _ascii_share(text: str) -> float:
    head = text[:64]
    return sum(" " <= char <= "~" or char in "\r\n\t" for char in head) / max(len(head), 1)
