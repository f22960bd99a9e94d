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


def canonical_form(report: Mapping[str, object]) -> bytes:
    """Return the bytes that are sealed: the report without its seal, keys sorted by code point, no white space, UTF-8."""
    text = _compact(report)
    if _LONE_SURROGATE.search(text):
        # Keys sort by what the file will say, and that says half a surrogate pair in six visible characters.
        text = _compact(json.loads(encodable(text)))
    return text.encode("utf-8")


def seal_of(report: Mapping[str, object]) -> dict[str, str]:
    """Return the value of the report's key ``seal``."""
    return {"algorithm": ALGORITHM, "value": hashlib.sha256(canonical_form(report)).hexdigest()}


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


def _compact(report: Mapping[str, object]) -> str:
    sealed = {key: value for key, value in report.items() if key != SEAL_KEY}
    return json.dumps(sealed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
