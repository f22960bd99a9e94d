"""Stretches of a film or numbered sequence: what a finding is about, and what a decision covers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A part of a film, by its own clock, as in `matching.Segment`."""

    first: Fraction
    """Seconds: where it begins."""
    after: Fraction
    """Seconds: where it ends; what is at this moment belongs to it no more."""

    def __str__(self) -> str:
        """Return ``12.5 s to 30 s``; fractions that are no decimal stay fractions: ``1001/24 s``."""
        return f"{_seconds(self.first)} to {_seconds(self.after)}"


def is_covered(stretches: Iterable[Stretch], by: Iterable[Stretch]) -> bool:
    """Whether each stretch lies whole inside what some others cover together, those that touch being one."""
    united = unite(by)
    return all(any(each.first <= one.first and one.after <= each.after for each in united) for one in stretches)


def unite(stretches: Iterable[Stretch]) -> Sequence[Stretch]:
    """Return the same time without overlaps, in order."""
    united: list[Stretch] = []
    for one in sorted(stretches):
        if united and one.first <= united[-1].after:
            united[-1] = Stretch(united[-1].first, max(united[-1].after, one.after))
        else:
            united.append(one)
    return united


def _seconds(value: Fraction) -> str:
    rounded = f"{float(value):.3f}".rstrip("0").rstrip(".")
    return f"{rounded if Fraction(rounded) == value else value} s"
