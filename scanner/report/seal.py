"""The seal of ``scan.json``: a digest by which anyone can tell whether the report still reads as it was written.

It shows accidents and honest edits. Whoever changes a report on purpose can compute a new seal; only a signature, with a key
that they do not have, shows that. `docs/seal.md` says how to recompute it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

SEAL_KEY = "seal"
ALGORITHM = "sha256"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_NANOSECONDS = 10**9
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_ENTRIES_AT_ONCE = 256


def canonical_form(report: Mapping[str, object]) -> bytes:
    """Return the bytes that are sealed: the report without its seal, keys sorted by code point, no white space, UTF-8."""
    return canonical_text({key: value for key, value in report.items() if key != SEAL_KEY}).encode("utf-8")


def canonical_text(value: object) -> str:
    """Return a part of the report as it stands in the canonical form."""
    text = _CANONICAL.encode(value)
    if _LONE_SURROGATE.search(text):
        # Keys sort by what the file will say, and that says half a surrogate pair in six visible characters.
        text = _CANONICAL.encode(json.loads(encodable(text)))
    return text


def seal_of(report: Mapping[str, object]) -> dict[str, str]:
    """Return the value of the report's key ``seal``."""
    return {"algorithm": ALGORITHM, "value": hashlib.sha256(canonical_form(report)).hexdigest()}


class Sealing:
    """The seal of a report whose long lists are never held: they are told entry by entry, in the order of their keys.

    Args:
        report: all keys but those of the lists and the seal.
    """

    def __init__(self, report: Mapping[str, object]) -> None:
        self._digest = hashlib.sha256()
        self._waiting = sorted(report.items(), reverse=True)
        self._start = "{"
        """What stands before the next key or entry."""
        self._held: list[str] = []

    def open_list(self, key: str) -> None:
        """Begin with a list; its key sorts behind that of the list before."""
        while self._waiting and self._waiting[-1][0] < key:
            self._take_value(*self._waiting.pop())
        self._add(f'{self._start}"{key}":')
        self._start = "["

    def take(self, entry: str) -> None:
        """Take an entry of the open list, as its `canonical_text`."""
        self._held.append(entry)
        if len(self._held) == _ENTRIES_AT_ONCE:
            self._take_held()

    def close_list(self) -> None:
        """End the open list."""
        if self._held:
            self._take_held()
        self._add("]" if self._start == "," else "[]")
        self._start = ","

    def seal(self) -> dict[str, str]:
        """Return the value of the key ``seal``, after the last list."""
        while self._waiting:
            self._take_value(*self._waiting.pop())
        self._add("}")
        return {"algorithm": ALGORITHM, "value": self._digest.hexdigest()}

    def _take_value(self, key: str, value: object) -> None:
        self._add(f'{self._start}"{key}":{canonical_text(value)}')
        self._start = ","

    def _take_held(self) -> None:
        self._add(self._start + ",".join(self._held))
        self._held.clear()
        self._start = ","

    def _add(self, text: str) -> None:
        self._digest.update(text.encode("utf-8"))


def encodable(text: str) -> str:
    r"""Return JSON text that UTF-8 can carry.

    Any text of a file may hold half a surrogate pair, which UTF-8 has no bytes for; it stays visible as ``\udcff``.
    """
    return _LONE_SURROGATE.sub(lambda hit: f"\\\\u{ord(hit.group()):04x}", text)


def seconds_text(nanoseconds: int) -> str:
    """Return a time in nanoseconds as seconds with nine decimals: ``1763661600.000000001``."""
    sign = "-" if nanoseconds < 0 else ""
    whole, rest = divmod(abs(nanoseconds), _NANOSECONDS)
    return f"{sign}{whole}.{rest:09}"


def nanoseconds_of(text: str) -> int:
    """Reverse `seconds_text`.

    Raises:
        ValueError: `text` is not of that form.
    """
    if not re.fullmatch(r"-?[0-9]{1,12}\.[0-9]{9}", text):
        raise ValueError("no seconds with nine decimals")
    return int(text.replace(".", ""))
