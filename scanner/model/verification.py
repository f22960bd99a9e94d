"""What a second look says: whether a report is as it was written, and a delivery what was scanned."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Depth(StrEnum):
    """What a comparison reads."""

    STAT = "stat"
    """No file: sizes and modification times alone."""
    TOUCHED = "touched"
    """The files whose modification time or place differs: their bytes settle it."""
    HASH = "hash"
    """Every file that the scan hashed."""


class Change(StrEnum):
    """What became of a file since the scan."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"
    MOVED = "moved"
    """It stands elsewhere, or under another spelling of its name, with the same bytes."""
    UNREADABLE = "unreadable"
    """It cannot be looked at, so nothing is known of it."""
    UNSETTLED = "unsettled"
    """Its time differs and the scan has no hash of it: nobody can tell whether its bytes do."""

    @property
    def is_known(self) -> bool:
        """Whether it says what happened; the others say that nobody can tell."""
        return self not in (Change.UNREADABLE, Change.UNSETTLED)


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that is not as it was scanned."""

    change: Change
    root: int
    path: str
    why: str = ""
    """What differs, for people; empty where the change says all."""
    was: str = ""
    """Moved files: path in the report, below the same root."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A delivery, compared with its report. Every file of the report is in one of the counts or the differences."""

    roots: tuple[str, ...]
    """Where was looked, in the order of the report's roots."""
    depth: Depth
    same_by_bytes: int
    same_by_stat: int
    """Not read; size and modification time are as scanned."""
    unhashed: int
    """Those of `same_by_stat` that the scan did not hash."""
    touched: int
    """Those of `same_by_bytes` whose modification time differs."""
    differences: tuple[Difference, ...]
    unlisted: tuple[tuple[int, str, str], ...] = ()
    """Folders that cannot be listed now: root, path, reason."""

    def count(self, change: Change) -> int:
        """How many files changed so."""
        return sum(one.change is change for one in self.differences)


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """A detached signature, checked."""

    file: str
    public_key: str
    """Path of the key that was used."""
    holds: bool


class Outcome(StrEnum):
    """The answer of a verification."""

    SAME = "same"
    DIFFERS = "differs"
    INCOMPLETE = "incomplete"
    """Something could not be told; it may hold anything, so this is said before `differs`."""


@dataclass(frozen=True, slots=True)
class Verification:
    """All that a verification says."""

    file: str
    """Path of the report."""
    delivery: str
    """Name of the delivery."""
    scanned: str
    """When the scan ended, ISO 8601, UTC."""
    complete: bool
    """Whether the scan went to its end."""
    seal: str
    seal_holds: bool
    signature: SignatureCheck | None = None
    comparison: Comparison | None = None
    """None where only the report was looked at."""

    @property
    def outcome(self) -> Outcome:
        """The answer in one word."""
        compared = self.comparison
        if compared and (compared.unlisted or any(not one.change.is_known for one in compared.differences)):
            return Outcome.INCOMPLETE
        signed = self.signature is None or self.signature.holds
        return Outcome.SAME if self.seal_holds and signed and not (compared and compared.differences) else Outcome.DIFFERS
