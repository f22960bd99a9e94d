"""Where each key and value of a TOML file stands: ``tomllib`` tells what a file says and not where.

Made for text that ``tomllib`` has already taken: then a walk over its tokens is exact, whatever way it is written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""Keys and indices from the top: ``("rules", "ai-declared", "final")``, ``("principles", 0, "id")``."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""\s*([A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*""")
_STRING = re.compile(r'''"""(?:[^\\]|\\.)*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:'{0,2})|"(?:[^"\\]|\\.)*"|'[^']*\'''', re.DOTALL)
# A date and its time may stand apart by one space.
_BARE = re.compile(r"[^\s,\]}#]+(?: \d[^\s,\]}#]*)?")
_DEEPEST = 64
"""Keys of one dotted name; each is kept with all before it, so that a longer name would cost its square."""


def toml_lines(text: str) -> Mapping[Path, int]:
    """Return the line, from 1, of each table, key and array element of valid TOML; the first, where a table is opened twice.

    Raises:
        RecursionError: it is nested deeper than any file of ours.
    """
    return _Walk(text).lines


def syntax_line(error: Exception, content: bytes) -> int:
    """Return the line, from 1, at which a file stops being TOML or UTF-8."""
    if isinstance(error, UnicodeDecodeError):
        return content[: error.start].count(b"\n") + 1
    named = re.search(r"at line (\d+)", str(error))
    return int(named[1]) if named else content.rstrip().count(b"\n") + 1


class _Walk:
    """One pass over a text; `lines` is what it found."""

    def __init__(self, text: str) -> None:
        # tomllib reads both line ends alike, and so must the count.
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._counted_at, self._line = 0, 1
        self._elements: dict[Path, int] = {}
        """Arrays of tables → how many of their tables were opened."""
        self.lines: dict[Path, int] = {}
        self._run()

    def _run(self) -> None:
        table: Path = ()
        self._skip()
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip()

    def _header(self) -> Path:
        """Read ``[a.b]`` or ``[[a.b]]`` and return what it opens."""
        line, several = self._here(), self._text.startswith("[[", self._at)
        self._at += 2 if several else 1
        keys = self._keys()
        self._at += 2 if several else 1
        path: Path = ()
        for place, key in enumerate(keys, 1):
            path = (*path, key)
            self.lines.setdefault(path, line)
            if several and place == len(keys):
                self._elements[path] = self._elements.get(path, 0) + 1
            if path in self._elements:
                path = (*path, self._elements[path] - 1)
                self.lines.setdefault(path, line)
        return path

    def _pair(self, table: Path) -> None:
        line = self._here()
        for key in self._keys():
            table = (*table, key)
            self.lines.setdefault(table, line)
        self._at += 1  # the equals sign
        self._value(table)

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while hit := _KEY.match(self._text, self._at):
            self._at = hit.end()
            keys.append(_unquoted(hit[1]))
            if len(keys) > _DEEPEST:
                raise RecursionError(f"more than {_DEEPEST} keys in one name")
            if not self._text.startswith(".", self._at):
                break
            self._at += 1
        return keys

    def _value(self, path: Path) -> None:
        self._skip()
        match self._text[self._at]:
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case _:
                hit = _STRING.match(self._text, self._at) or _BARE.match(self._text, self._at)
                self._at = hit.end() if hit else len(self._text)

    def _array(self, path: Path) -> None:
        self._at += 1
        index = 0
        while self._goes_on("]"):
            self.lines[*path, index] = self._here()
            self._value((*path, index))
            index += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._goes_on("}"):
            self._pair(path)

    def _goes_on(self, end: str) -> bool:
        """Step over blanks and a comma; False, and behind it, where `end` comes."""
        self._skip()
        if self._text.startswith(",", self._at):
            self._at += 1
            self._skip()
        if self._at >= len(self._text) or self._text[self._at] == end:
            self._at += 1
            return False
        return True

    def _skip(self) -> None:
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted_at, self._at)
        self._counted_at = self._at
        return self._line


def _unquoted(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    return str(tomllib.loads(f"k = {key}")["k"]) if key[0] == '"' else key
