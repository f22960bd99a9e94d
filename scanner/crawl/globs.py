"""Globs on the path below the root, matched folder by folder.

In a glob, ``/`` separates components. In a component ``*``, ``?`` and ``[...]`` mean what they mean in a shell, and never reach
over a ``/``. Two forms stand for more: ``**`` is any number of components, none included, and ``~word`` is a component that
holds the word as a word of its own: ``~final`` fits ``01_FINAL``, ``final-v2`` and ``Final2``, not ``finalist``.

Letter case never counts, nor does the way an accent is stored. A glob that fits a folder holds for everything below it, so
``GFX`` and ``GFX/**`` differ only for a file named ``GFX``.
"""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

ComponentTest = Callable[[str], bool]

_WORDS = re.compile(r"[^\W\d_]+|\d+")
_WILDCARDS = re.compile(r"[*?\[]")


def folded(text: str) -> str:
    """Return `text` as globs compare it: without letter case, accents composed (macOS stores them apart)."""
    return unicodedata.normalize("NFC", text.casefold())


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a folded name: runs of letters or of digits; all else separates."""
    return tuple(_WORDS.findall(name))


@dataclass(frozen=True, slots=True)
class Glob:
    """A compiled glob. A position is how many of its components are used up; a path is followed by its set of positions."""

    tests: tuple[ComponentTest | None, ...]
    """One a component; None is ``**``."""
    inside: bool
    """It ended in ``**``: the path must go on below what the rest fits."""
    specificity: tuple[int, int]
    """Components without wildcard, then characters that stand for themselves: the greater, the more it says."""

    @property
    def start(self) -> frozenset[int]:
        """Positions before the first component."""
        return self._slide({0})

    def step(self, positions: frozenset[int], component: str) -> frozenset[int]:
        """Positions after one more component, given folded."""
        after = set()
        for position in positions:
            if position == len(self.tests):
                continue
            test = self.tests[position]
            if test is None:
                after.add(position)
            elif test(component):
                after.add(position + 1)
        return self._slide(after)

    def fits(self, positions: frozenset[int]) -> bool:
        """Whether the path followed so far fits; for a glob ending in ``**``, fits once something is below it."""
        return len(self.tests) in positions

    def _slide(self, positions: set[int]) -> frozenset[int]:
        """Add what follows without a component: ``**`` may stand for none."""
        for position, test in enumerate(self.tests):
            if test is None and position in positions:
                positions.add(position + 1)
        return frozenset(positions)


def compile_glob(pattern: str) -> Glob:
    """Compile a glob.

    Raises:
        ValueError: it is empty, absolute, or climbs with ``..``; the message is a sentence without its subject.
    """
    parts = _components(pattern)
    inside = False
    while parts and parts[-1] == "**":
        parts.pop()
        inside = True
    literal = [part for part in parts if not _WILDCARDS.search(part)]
    characters = sum(len(re.sub(r"\[[^\]]*\]|[*?~]", "", part)) for part in parts)
    return Glob(tuple(component_test(part) for part in parts), inside, (len(literal), characters))


def component_test(part: str) -> ComponentTest | None:
    """Return the test of one folded component of a glob, or None for ``**``."""
    if part == "**":
        return None
    if part.startswith("~") and (wanted := words_of(part)):
        return lambda component: _holds(words_of(component), wanted)
    if not _WILDCARDS.search(part):
        return lambda component: component == part
    expression = re.compile(fnmatch.translate(part))
    return lambda component: expression.match(component) is not None


def _components(pattern: str) -> list[str]:
    if pattern.startswith("/"):
        raise ValueError("starts with a slash, but zones are set by the path below the root")
    parts = [folded(part) for part in pattern.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ValueError("climbs out of the root with '..'")
    if not parts:
        raise ValueError("is empty")
    return parts


def _holds(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    width = len(wanted)
    return any(words[at : at + width] == wanted for at in range(len(words) - width + 1))
