"""Foreign text in Markdown: it renders as the characters it is, wherever the report is pasted (tickets, chats, mails).

GitHub looks for mentions, issue numbers and mail addresses after Markdown is rendered, where a backslash no longer helps; in code
it does not look. So names stand in code spans, and in sentences the signs that call somebody stand in one of their own.
"""

from __future__ import annotations

import re

from scanner.model.text import shown

LIMIT = 300
"""Characters of one text."""

_SPECIAL = re.compile(r"([\\*_\[\]<>|~$&!`])")
_LINKS = re.compile(r"(?i)(?<=[a-z]):(?=//)|(?<=www)\.")
_BEGINNING = re.compile(r"\A(\d*(?=[.)])|(?=[-+=]))")
_CALLING = re.compile(r"[@#]+")
_TICKS = re.compile("`+")


def plain(text: str, limit: int = LIMIT) -> str:
    """Return `text` as part of a line, or as a whole one: a hyphen or number at its beginning starts no list."""
    line = _SPECIAL.sub(r"\\\1", shown(text, limit).strip())
    line = _BEGINNING.sub(r"\1\\", line)
    line = _LINKS.sub(lambda hit: f"\\{hit[0]}", line)
    return _CALLING.sub(lambda hit: f"`{hit[0]}`", line)


def code(text: str, limit: int = LIMIT) -> str:
    """Return `text` as a code span, fenced with more backticks than it holds."""
    line = shown(text, limit) or " "
    fence = "`" * (max((len(run) for run in _TICKS.findall(line)), default=0) + 1)
    inside = f" {line} " if "`" in line or line != line.strip() else line
    return f"{fence}{inside}{fence}"
