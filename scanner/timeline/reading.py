"""Temporary: replaced by the branch that reads all formats."""

from __future__ import annotations

from fractions import Fraction

from scanner.model.cut import Cut
from scanner.timeline.edl import read_edl


def read_cut(path: str, frames_per_second: Fraction | None) -> Cut:
    """Read an EDL."""
    return read_edl(path, frames_per_second)
