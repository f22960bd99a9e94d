"""A parsed JSON document, asked for what it must hold: a wrong type or word is told with its place, in one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from scanner.model.text import shown, unescape_path

W = TypeVar("W", bound=StrEnum)
T = TypeVar("T")
_NUMBER_LIMIT = 1 << 63


class WrongNodeError(ValueError):
    """The document is not what it should be; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Node:
    """One object of the document and where it stands."""

    fields: Mapping[str, object]
    place: str = ""

    def text(self, key: str) -> str:
        """Return a string."""
        return self._typed(key, str, "a text")

    def optional_text(self, key: str) -> str:
        """Return a string, empty for null."""
        return "" if self._get(key) is None else self.text(key)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        return self._typed(key, bool, "true or false")

    def count(self, key: str) -> int:
        """Return a whole number that is not negative."""
        value = self._typed(key, int, "a whole number")
        if isinstance(value, bool) or not 0 <= value < _NUMBER_LIMIT:
            raise self.wrong(key, "is no count")
        return value

    def optional_count(self, key: str) -> int | None:
        """Return a count, None for null."""
        return None if self._get(key) is None else self.count(key)

    def whole_number(self, key: str) -> int:
        """Return a whole number, which may be negative."""
        value = self._typed(key, int, "a whole number")
        if isinstance(value, bool) or abs(value) >= _NUMBER_LIMIT:
            raise self.wrong(key, "is no whole number")
        return value

    def whole_numbers(self, key: str, length: int) -> tuple[int, ...]:
        """Return a list of exactly `length` whole numbers, which may be negative."""
        values = self._list(key)
        numbers = [
            value for value in values if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _NUMBER_LIMIT
        ]
        if not len(numbers) == len(values) == length:
            raise self.wrong(key, f"is no list of {length} whole numbers")
        return tuple(numbers)

    def word(self, key: str, words: type[W]) -> W:
        """Return one of the words of an enumeration."""
        text = self.text(key)
        try:
            return words(text)
        except ValueError:
            raise self.wrong(key, f"is {shown(text, 40)!r}, a word that this version does not know") from None

    def node(self, key: str) -> Node:
        """Return an object."""
        return Node(self._typed(key, dict, "an object"), self._place(key))

    def optional_node(self, key: str) -> Node | None:
        """Return an object, None for null."""
        return None if self._get(key) is None else self.node(key)

    def nodes(self, key: str, read: Callable[[Node], T]) -> tuple[T, ...]:
        """Return a list of objects, each read with `read`."""
        return tuple(read(self._element(key, index, value)) for index, value in enumerate(self._list(key)))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings."""
        values = self._list(key)
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(key, "holds something that is no text")
        return tuple(str(value) for value in values)

    def path(self) -> str:
        """Return the path that this object names, as the system has it."""
        return unescape_path(self.text("path"), self.fields.get("path_escaped") is True)

    def path_below(self) -> str:
        """Return the path, refused where it could lead out of its root."""
        return self._below(self.path(), "path")

    def paths(self, key: str) -> tuple[str, ...]:
        """Return a list of paths: strings, or objects where they had to be escaped."""
        return tuple(
            value if isinstance(value, str) else self._element(key, index, value).path()
            for index, value in enumerate(self._list(key))
        )

    def paths_below(self, key: str) -> tuple[str, ...]:
        """Return a list of paths, each refused where it could lead out of its root."""
        return tuple(self._below(path, key) for path in self.paths(key))

    def wrong(self, key: str, why: str) -> WrongNodeError:
        """Return the error that a value of this object is not what it should be."""
        return WrongNodeError(f"{self._place(key)} {why}")

    def _below(self, path: str, key: str) -> str:
        if path.startswith("/") or ".." in path.split("/"):
            raise self.wrong(key, "leads out of its root")
        return path

    def _list(self, key: str) -> list[object]:
        return self._typed(key, list, "a list")

    def _element(self, key: str, index: int, value: object) -> Node:
        place = f"{self._place(key)}[{index}]"
        if not isinstance(value, dict):
            raise WrongNodeError(f"{place} is no object")
        return Node(value, place)

    def _typed(self, key: str, kind: type[T], name: str) -> T:
        value = self._get(key)
        if not isinstance(value, kind):
            raise self.wrong(key, f"is not {name}")
        return value

    def _get(self, key: str) -> object:
        if key not in self.fields:
            raise self.wrong(key, "is missing")
        return self.fields[key]

    def _place(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key
