"""Finds the line of a mistake in a catalogue file: ``tomllib`` tells what a file says and not where.

A small look at the text, right for the ways that people write rows; where it cannot tell, the row's first line is named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

_SYNTAX_LINE = re.compile(r"at line (\d+)")
_VALUE_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a file's lines: the file, or one row of it."""

    lines: tuple[str, ...]
    """Of the whole file."""
    first: int
    """Index of the first line of the stretch."""
    end: int

    def line_of(self, key: str = "", value: str = "") -> int:
        """Return the line number of a value, else of the key before it, else of the stretch's begin."""
        start = self._find(_key_pattern(key), self.first) if key else None
        begin = self.first if start is None else start
        found = self._find_value(value, begin) if value else None
        return (begin if found is None else found) + 1

    def _find(self, pattern: re.Pattern[str], start: int) -> int | None:
        return next((number for number in range(start, self.end) if pattern.search(self.lines[number])), None)

    def _find_value(self, value: str, start: int) -> int | None:
        for written in (value, json.dumps(value, ensure_ascii=False)[1:-1]):
            begin = written.partition("\n")[0][:_VALUE_SHOWN]
            quoted = re.compile(rf"""["']{re.escape(begin)}""")
            if (line := self._find(quoted, start)) is not None:
                return line
        return None


def _key_pattern(key: str) -> re.Pattern[str]:
    """A key before its ``=``, also in an inline table, or as the name of a table."""
    name = re.escape(key)
    return re.compile(rf"""(?:^|[\s{{,])["']?{name}["']?\s*=|^\s*\[+\s*(?:\w+\.)?{name}\s*\]""")


def file_place(text: str) -> Place:
    """Return the stretch that is the whole of `text`."""
    lines = tuple(text.split("\n"))
    return Place(lines, 0, len(lines))


def row_places(text: str, kind: str, ids: Sequence[str]) -> list[Place]:
    """Return the stretch of each ``[[kind]]`` row in order; rows written in another way are looked for by id."""
    whole = file_place(text)
    header = re.compile(rf"^\s*\[\[\s*{kind}\s*\]\]")
    any_row = re.compile(r"^\s*\[\[?\s*[\w-]+\s*\]")
    starts = [number for number, line in enumerate(whole.lines) if header.search(line)]
    if len(starts) != len(ids):
        return [Place(whole.lines, whole.line_of(value=identity) - 1, whole.end) for identity in ids]
    return [Place(whole.lines, start, whole._find(any_row, start + 1) or whole.end) for start in starts]


def syntax_line(error: Exception, content: bytes) -> int:
    """Return the line at which a file stops being TOML."""
    if isinstance(error, UnicodeDecodeError):
        return content[: error.start].count(b"\n") + 1
    named = _SYNTAX_LINE.search(str(error))
    return int(named[1]) if named else content.rstrip().count(b"\n") + 1
