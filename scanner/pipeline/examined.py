"""What was read of each file, by the file's number in the plan, on disk."""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import TypeVar, cast

from scanner.model.work import Examination
from scanner.tools.spool import Spool

_UNREAD = -1
_SHARED_LIMIT = 10_000
T = TypeVar("T")


class Examined:
    """The examinations of a plan's files, in the order they came; asked for by number, mostly in the order of numbers."""

    def __init__(self, files: int) -> None:
        """Make room for `files` files, none of them read."""
        self._places = array("i", [_UNREAD]) * files
        self._spool: Spool[Examination] = Spool()
        self._shared: dict[object, object] = {}
        """Values that many files have in common, by themselves."""

    def put(self, number: int, examination: Examination) -> None:
        """Keep what a file yielded; takes the place of what was known of it."""
        self.put_shared(number, self._sharing(examination))

    def put_shared(self, number: int, examination: Examination) -> None:
        """As `put`, of one whose values are those of others already, as a store of readings recalls them."""
        self._places[number] = len(self._spool)
        self._spool.append(examination)

    def forget(self, number: int) -> None:
        """Take a file for one that was not read."""
        self._places[number] = _UNREAD

    def get(self, number: int) -> Examination | None:
        """Return what a file yielded, None where it was not read."""
        place = self._places[number]
        return None if place == _UNREAD else self._spool[place]

    def has(self, number: int) -> bool:
        """Whether a file was read."""
        return self._places[number] != _UNREAD

    def _sharing(self, one: Examination) -> Examination:
        """The examination with the very readings and format that others have: equal ones of a block are then kept once."""
        readings, file_format = self._same(one.readings), self._same(one.format)
        if readings is one.readings and file_format is one.format:
            return one
        return replace(one, readings=readings, format=file_format)

    def _same(self, value: T) -> T:
        if len(self._shared) >= _SHARED_LIMIT:
            self._shared.clear()
        return cast(T, self._shared.setdefault(value, value))
