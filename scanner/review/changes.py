"""What changed between two scans: which assets are new, gone, moved, of other content, or judged otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scanner.review.catalogue import Catalogue


class Change(StrEnum):
    """What became of an asset between an earlier scan and a later one."""

    NEW = "new"
    """Nothing stood under its path, and its content stood nowhere that is empty now."""
    GONE = "gone"
    """Nothing stands under its path any more, nor its content anywhere new."""
    CHANGED = "changed"
    """Other content stands under its path."""
    MOVED = "moved"
    """Its content stands under another path, and its own path is empty."""
    JUDGED = "judged otherwise"
    """The same content under the same path, of which the later scan says something else."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One asset that is not as it was."""

    before: int | None
    """Its row in the earlier scan."""
    now: int | None
    """Its row in the later scan."""


def changes(before: Catalogue, now: Catalogue) -> Mapping[Change, tuple[Changed, ...]]:
    """Compare two scans of a delivery by paths and contents, of any roots' places: the first root is compared with the first.

    Assets without a digest, which the scans did not hash, count as changed only where more than their content is told otherwise.
    """
    old, new = before.keys(), now.keys()
    was, those = _matched(old, new)
    contents_before, contents_now = before.content_numbers(), now.content_numbers()
    both_known = (contents_before[was] != 0) & (contents_now[those] != 0)
    other_content = both_known & (contents_before[was] != contents_now[those])
    otherwise = ~other_content & (before.told()[was] != now.told()[those])
    gone = np.setdiff1d(np.arange(len(old)), was)
    fresh = np.setdiff1d(np.arange(len(new)), those)
    moved = _moved(contents_before, gone, contents_now, fresh)
    came = {one.now for one in moved}
    left = {one.before for one in moved}
    return {
        Change.NEW: tuple(Changed(None, int(row)) for row in fresh if row not in came),
        Change.CHANGED: _pairs(was[other_content], those[other_content]),
        Change.JUDGED: _pairs(was[otherwise], those[otherwise]),
        Change.MOVED: moved,
        Change.GONE: tuple(Changed(int(row), None) for row in gone if row not in left),
    }


def _matched(old: NDArray[np.uint64], new: NDArray[np.uint64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of both whose keys are equal, in the order of the later scan."""
    _, was, those = np.intersect1d(old, new, assume_unique=False, return_indices=True)
    order = np.argsort(those, kind="stable")
    return was[order], those[order]


def _pairs(before: NDArray[np.intp], now: NDArray[np.intp]) -> tuple[Changed, ...]:
    return tuple(Changed(int(was), int(row)) for was, row in zip(before, now, strict=True))


def _moved(
    contents_before: NDArray[np.uint64],
    gone: NDArray[np.intp],
    contents_now: NDArray[np.uint64],
    fresh: NDArray[np.intp],
) -> tuple[Changed, ...]:
    """Pair what is gone with what is new by content; of several copies each is paired once."""
    waiting: dict[int, list[int]] = {}
    for row in gone[::-1]:
        if content := int(contents_before[row]):
            waiting.setdefault(content, []).append(int(row))
    moved = []
    for row in fresh:
        if rows := waiting.get(int(contents_now[row])):
            moved.append(Changed(rows.pop(), int(row)))
    return tuple(moved)
