"""Text in cells of a table that a spreadsheet will open: no cell may begin a formula.

Spreadsheets take a cell for a formula by its first character, whether it was quoted or not, and a program set to another
separator (``;`` where the comma is the decimal sign) finds cells inside a cell. An apostrophe in front makes it text: the
way OWASP (CSV Injection) and the spreadsheets themselves mark text.
"""

from __future__ import annotations

import re

from scanner.model.text import shown

_STARTERS = "=+\\-@" + "\uff1d\uff0b\uff0d\uff20" + "\ufe66\ufe62\ufe63\ufe6b" + "\u2212\u207a\u207b\u208a\u208b"
"""What begins a formula, in ASCII; the full-width and small forms that East Asian editions read as the same; other signs."""
_BEFORE = "[ '\"\u00a0\u3000]*"
"""What a spreadsheet may drop or see through before it looks for a formula."""
_AT_START = rf"\A(?={_BEFORE}[{_STARTERS}\t\r\n])"
_AFTER_SEPARATOR = rf"(?<=[;\t\r\n])(?={_BEFORE}[{_STARTERS}])"
_RISKY = re.compile(f"{_AT_START}|{_AFTER_SEPARATOR}")
_MARKED = re.compile(rf"\A'(?={_BEFORE}[{_STARTERS}\t\r\n])|(?<=[;\t\r\n])'(?={_BEFORE}[{_STARTERS}])")


def neutralised(text: str) -> str:
    """Return `text` with an apostrophe before whatever a spreadsheet would run; `restored` gives it back."""
    return _RISKY.sub("'", text)


def restored(text: str) -> str:
    """Return what `neutralised` was given."""
    return _MARKED.sub("", text)


def cell(text: str) -> str:
    """Return foreign text as one line for a cell: control and hidden characters visible, nothing that begins a formula."""
    return neutralised(shown(text))
