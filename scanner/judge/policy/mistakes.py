"""What is wrong with a policy file: all of it at once, each with its line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from scanner.judge.policy.words import nearest, told
from scanner.model.errors import CatalogueError
from scanner.tools.toml_places import Path


class WrongPolicy(CatalogueError):  # noqa: N818 - reads as what happened
    """A policy breaks the rules of its format. Says the first mistake; `mistakes` holds all, in the file's order."""

    def __init__(self, mistakes: Sequence[CatalogueError]) -> None:
        first, more = mistakes[0], len(mistakes) - 1
        noun = "more mistake" if more == 1 else "more mistakes"
        steps = [first.next_step, f"{more} {noun}: `scanner policy check` tells all." if more else ""]
        super().__init__(first.what, where=first.where, next_step=" ".join(step for step in steps if step))
        self.mistakes = tuple(mistakes)


class MistakeList:
    """Collects the mistakes of one file, and takes values out of its tables."""

    def __init__(self, where: str, lines: Mapping[Path, int]) -> None:
        self._where = where
        self._lines = lines
        self._found: list[tuple[int, CatalogueError]] = []

    @property
    def found(self) -> tuple[CatalogueError, ...]:
        """All mistakes, by line."""
        return tuple(mistake for _, mistake in sorted(self._found, key=lambda pair: pair[0]))

    def wrong(self, path: Path, what: str, next_step: str = "") -> None:
        """Note a mistake at `path`, or at the nearest table above it that stands in the file."""
        line = next((self._lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self._lines), 0)
        where = f"{self._where}:{line}" if line else self._where
        self._found.append((line, CatalogueError(what, where=where, next_step=next_step)))

    def known(self, path: Path, words: Collection[str], known: Collection[str], kind: str) -> list[str]:
        """Return the words that are known; the others are mistakes, each at its own place below `path`."""
        for word in words:
            if word not in known:
                self.wrong((*path, word), f"{told(word)} is no {kind}", nearest(word, known))
        return [word for word in words if word in known]

    def table(self, path: Path, value: object, example: str) -> Mapping[str, object]:
        """Return a table; anything else is a mistake, and read as an empty one."""
        if isinstance(value, dict):
            return value
        self.wrong(path, f"{told(path[-1])} is no table", f"Write {example}.")
        return {}

    def text(self, path: Path, value: object) -> str | None:
        """Return a text with single spaces, or None where it is none or empty."""
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
        what = "is empty" if isinstance(value, str) else "is no text"
        self.wrong(path, f"{told(path[-1])} {what}", f'Write {path[-1]} = "…".')
        return None

    def texts(self, path: Path, value: object, example: str) -> tuple[str, ...] | None:
        """Return a list of texts, each once, or None where it is none."""
        if not isinstance(value, list):
            self.wrong(path, f"{told(path[-1])} is no list", f"Write for example {example}.")
            return None
        for place, one in enumerate(value):
            if not isinstance(one, str) or not one.strip():
                self.wrong((*path, place), f"{told(one)} in {told(path[-1])} is no text", f"Write for example {example}.")
        return tuple(dict.fromkeys(one.strip() for one in value if isinstance(one, str) and one.strip()))

    def choices(self, path: Path, value: object, known: Collection[str], kind: str, example: str) -> tuple[str, ...] | None:
        """Return a list of known words, each once, or None where it is no list."""
        texts = self.texts(path, value, example)
        if texts is None or not isinstance(value, list):
            return None
        for text in texts:
            if text not in known:
                place = next(index for index, one in enumerate(value) if isinstance(one, str) and one.strip() == text)
                self.wrong((*path, place), f"{told(text)} is no {kind}", nearest(text, known))
        return tuple(text for text in texts if text in known)
