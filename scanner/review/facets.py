"""What the assets of a report can be filtered by: one question, its answers, and which assets give them."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
"""One truth for each row."""


class Facet:
    """One question; a row may give any number of answers. Rows are added in order, then `close` is called once."""

    def __init__(self, name: str, label: str) -> None:
        """Ask `name` in addresses, `label` on the page."""
        self.name = name
        self.label = label
        self.answers: list[str] = []
        self._codes: dict[str, int] = {}
        self._rows = array("I")
        self._given = array("I")

    def add(self, row: int, answers: Iterable[str]) -> None:
        """Note what a row answers; an empty answer is none."""
        for answer in dict.fromkeys(answers):
            if answer:
                code = self._codes.setdefault(answer, len(self._codes))
                self._rows.append(row)
                self._given.append(code)

    def close(self, places: NDArray[np.intp] | None = None) -> None:
        """Sort the answers, and put rows where `places` says that each of them belongs."""
        self.answers = sorted(self._codes)
        order = np.zeros(len(self.answers) + 1, np.intp)
        for place, answer in enumerate(self.answers):
            order[self._codes[answer]] = place
        rows = np.frombuffer(self._rows, np.uint32).astype(np.intp) if self._rows else np.zeros(0, np.intp)
        codes = np.frombuffer(self._given, np.uint32).astype(np.intp) if self._given else np.zeros(0, np.intp)
        self._row_of: NDArray[np.intp] = rows if places is None else places[rows]
        self._code_of: NDArray[np.intp] = order[codes]
        self._rows = self._given = array("I")

    def matching(self, wanted: Collection[str], rows: int) -> Mask:
        """Return which of `rows` rows give one of the wanted answers."""
        among = frozenset(wanted)
        codes = [place for place, answer in enumerate(self.answers) if answer in among]
        mask = np.zeros(rows, np.bool_)
        mask[self._row_of[np.isin(self._code_of, codes)]] = True
        return mask

    def counts(self, among: Mask) -> list[int]:
        """Return for each answer how many rows of `among` give it."""
        counted = np.bincount(self._code_of[among[self._row_of]], minlength=len(self.answers))
        return [int(count) for count in counted[: len(self.answers)]]
