"""The marks of several readers of one file, each told once."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.interpret.row import fold_field
from scanner.model.marks import Mark


def join_marks(first: Sequence[Mark], more: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return the marks of `first`, then those of `more` that say something new.

    Two readers may decode the same field: one row's mark with one meaning in one field, however each reader writes its
    name, is told once, as `first` has it.
    """
    known = {_said(mark) for mark in first}
    return (*first, *(mark for mark in more if _said(mark) not in known))


def _said(mark: Mark) -> tuple[str, str, str, str]:
    place, _, field = mark.where.rpartition(", ")
    return mark.id, mark.meaning, place, fold_field(field)
