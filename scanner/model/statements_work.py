"""Reading everything that a file says about itself, for a person to read: work that crosses to workers, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.readings import Statement


@dataclass(frozen=True, slots=True)
class StatementsTask:
    """All statements of one file."""

    key: int
    path: str
    """Absolute path, surrogate-escaped where it is no UTF-8."""
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Said:
    """What one reader got from the file."""

    reader: str
    version: str
    state: str
    """As in `readings.ReadingSummary`."""
    why: str
    """Why it did not look, or failed; empty otherwise."""
    statements: tuple[Statement, ...]
    """Values are cut to `readings.VALUE_LIMIT`."""
    left: int = 0
    """Statements that are not in `statements`."""


@dataclass(frozen=True, slots=True)
class StatementsRead:
    """Result of a `StatementsTask`."""

    key: int
    readers: tuple[Said, ...]
    why: str = ""
    """Why the file was not read, as a clause; empty where it was."""
