"""Text that came from outside, made safe to store and to show.

Names and metadata are hostile until shown otherwise: they hold control characters, bidirectional overrides and bytes that
are no UTF-8. Two forms exist: *stored* text (JSON, reversible) and *shown* text (terminal, HTML, one line).
"""

from __future__ import annotations

import re
import unicodedata

_SURROGATE = re.compile("[\udc80-\udcff]")
_ANY_SURROGATE = re.compile("[\ud800-\udfff]")
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def escape_path(path: str) -> tuple[str, bool]:
    r"""Return (text, escaped) for a path as ``os.fsdecode`` gave it.

    A path that is UTF-8 comes back as it is. Otherwise backslashes are doubled and each stray byte stands as ``\xNN``,
    and the flag says so; `unescape_path` reverses it.
    """
    if path.isascii() or not _ANY_SURROGATE.search(path):
        return path, False
    doubled = path.replace("\\", "\\\\")
    return _SURROGATE.sub(lambda hit: f"\\x{ord(hit.group()) - 0xDC00:02x}", doubled), True


def unescape_path(text: str, escaped: bool) -> str:
    """Reverse `escape_path`."""
    if not escaped:
        return text
    return re.sub(
        r"\\(\\|x[0-9a-f]{2})",
        lambda hit: "\\" if hit.group(1) == "\\" else chr(0xDC00 + int(hit.group(1)[1:], 16)),
        text,
    )


def shown(text: str, limit: int = 0) -> str:
    r"""Return `text` as one line without any character that could steer a terminal or hide itself.

    Control, format (bidirectional overrides, zero-width), private and unassigned characters and stray bytes are written as
    ``\n``, ``\x1b`` or ``\u202e``. With `limit` > 0 the result is cut to that many characters, the last being ``…``.
    """
    if text.isprintable():
        return text if not limit or len(text) <= limit else text[: limit - 1] + "…"
    line = "".join(
        char if char == " " or unicodedata.category(char) not in _HIDDEN_CATEGORIES else _escape(char) for char in text
    )
    return line if not limit or len(line) <= limit else line[: limit - 1] + "…"


def _escape(char: str) -> str:
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char)
    if named:
        return named
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def bounded(text: str, limit: int) -> str:
    """Return `text` cut to `limit` characters, saying how many were left out."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text) - limit} more characters)"
