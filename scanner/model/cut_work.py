"""Reading of cut files as work for worker processes; a part of `model.work`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from scanner.model.cut import Cut


@dataclass(frozen=True, slots=True)
class ReadCutTask:
    """Read a cut file, or an IMF package's folder."""

    key: int
    path: str
    """As the user named it."""
    size_bytes: int
    """Of the file, times what a byte of a cut costs beside one that is only read: a worker's patience follows from it."""
    frames_per_second: Fraction | None
    """For a file that does not say it."""


@dataclass(frozen=True, slots=True)
class CutMistake:
    """Why a cut cannot be read, as `model.errors.ScannerError` has it."""

    what: str
    where: str
    next_step: str


@dataclass(frozen=True, slots=True)
class CutsRead:
    """Result of a `ReadCutTask`: all timelines of the file, or why there are none."""

    key: int
    cuts: tuple[Cut, ...]
    sha256s: tuple[str, ...] = ()
    """Of the file that says each."""
    mistake: CutMistake | None = None
