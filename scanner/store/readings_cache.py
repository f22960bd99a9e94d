"""Outcomes that were read lately, so that files which share one share the object too."""

from __future__ import annotations

from scanner.model.work import Examination

GENERATION = 512
"""Outcomes that are remembered at least. What files share is asked for again and again; of marked files, whose outcomes are their
own, one takes some kilobytes and is in the way of the garbage collector."""


class OutcomeCache:
    """Remembers the outcomes that were asked for last: between one and two generations of them.

    A generation that is full becomes the older one, and what is asked for again moves to the younger: this costs less than
    keeping an order, and what many files share stays.
    """

    def __init__(self) -> None:
        self._young: dict[int, Examination] = {}
        self._old: dict[int, Examination] = {}

    def get(self, number: int) -> Examination | None:
        """Return an outcome by its number, if it is remembered."""
        found = self._young.get(number)
        if found is None and (found := self._old.get(number)) is not None:
            self.put(number, found)
        return found

    def put(self, number: int, outcome: Examination) -> None:
        """Remember an outcome."""
        if len(self._young) >= GENERATION:
            self._old, self._young = self._young, {}
        self._young[number] = outcome
