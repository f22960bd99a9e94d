"""Things known by the very objects that they consist of.

Most assets of a delivery share the objects that say what is in them: those of one block of a `Spool` are the same ones. To see
that two assets share them costs a tenth of comparing or hashing what they say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

V = TypeVar("V")


class ByIdentity(Generic[V]):
    """What was worked out of some objects, for all that consist of the same ones.

    Equal objects that are not the same are told apart: a value is then worked out once more, never wrongly.
    """

    def __init__(self, most: int = 512) -> None:
        """Hold `most` values; then all are forgotten."""
        self._most = most
        # The objects are held, so that no other one takes their place in memory, and their identity, while they are known.
        self._known: dict[tuple[int, ...], tuple[tuple[object, ...], V]] = {}

    def get(self, objects: tuple[object, ...]) -> V | None:
        """Return what was worked out of these very objects; None where nothing was, or it is forgotten."""
        found = self._known.get(tuple(map(id, objects)))
        return found[1] if found else None

    def put(self, objects: tuple[object, ...], value: V) -> None:
        """Remember what was worked out."""
        if self.is_full:
            self.clear()
        self._known[tuple(map(id, objects))] = objects, value

    @property
    def is_full(self) -> bool:
        """Whether the next one makes all others forgotten."""
        return len(self._known) >= self._most

    def clear(self) -> None:
        """Forget everything."""
        self._known.clear()

    def __iter__(self) -> Iterator[tuple[tuple[object, ...], V]]:
        return iter(self._known.values())
