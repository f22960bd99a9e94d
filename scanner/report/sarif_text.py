"""Texts and addresses in SARIF: nothing of a file may become a link, a placeholder or another file's address there."""

from __future__ import annotations

import re
from urllib.parse import quote

from scanner.model.text import bounded, shown

TEXT_LIMIT = 2000
"""Characters of one message."""

_BRACKETS = re.compile(r"(\\*)([\[\]])")


def message(*lines: str) -> dict[str, object]:
    """Return a SARIF message of plain text, a line each; only ``text`` is written, as viewers render ``markdown``."""
    return {"text": "\n".join(escaped(line) for line in lines if line)}


def escaped(text: str) -> str:
    """Return `text` as one line that holds neither links (``[text](id)``, SARIF 3.11.6) nor placeholders (``{0}``, 3.11.5)."""
    line = bounded(shown(text), TEXT_LIMIT)
    line = _BRACKETS.sub(lambda hit: f"{hit[1] * 2}\\{hit[2]}", line)
    return line.replace("{", "{{").replace("}", "}}")


def relative_uri(path: str) -> str:
    """Return the address of a path below its root: its bytes, percent-encoded (RFC 3986), a colon in the first part too."""
    return quote(_octets(path), safe="/")


def folder_uri(path: str) -> str:
    """Return the address of an absolute folder, ending in a slash as base addresses must (SARIF 3.14.14)."""
    return "file:///" + (relative_uri(path.strip("/")) + "/").lstrip("/")


def _octets(path: str) -> bytes:
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")
