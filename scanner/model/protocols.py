"""What one part of the scanner needs from another, as protocols.

Contract suites in tests/contracts hold each implementation to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from scanner.model.formats import Format
from scanner.model.marks import Mark, MarkCard
from scanner.model.matching import Fingerprint, Match, Reference, Role
from scanner.model.readings import Outcome, Reading
from scanner.model.work import Result, Task


class Reader(Protocol):
    """Reads one source of provenance from one file. Never raises for anything a file can cause: it returns `Failed`."""

    name: str

    @property
    def version(self) -> str:
        """Version of the tool behind it."""
        ...

    def read(self, path: str, file_format: Format, size_bytes: int) -> Outcome:
        """Read the file at the absolute `path`, whose bytes the probe says to be `file_format`."""
        ...

    def close(self) -> None:
        """Let go of processes and handles; may be called twice."""
        ...


class Catalogue(Protocol):
    """The mark catalogue."""

    @property
    def sha256(self) -> str:
        """Digest of all its files."""
        ...

    def cards(self) -> Sequence[MarkCard]:
        """All rows, traps included, sorted by id."""
        ...

    def find_marks(self, reading: Reading) -> tuple[Mark, ...]:
        """The marks among one reading's statements, best first, no two alike."""
        ...


class ReferenceStore(Protocol):
    """The reference library on disk."""

    def add(self, references: Iterable[Reference], thumbnails: Mapping[str, bytes] | None = None) -> int:
        """Add references; one whose role and content are known already is left alone. Returns how many were new.

        `thumbnails` maps ids of references to small JPEGs.
        """
        ...

    def find_differing_rights(self, references: Iterable[Reference]) -> tuple[Reference, ...]:
        """Those of `references` that are known with other rights than they say."""
        ...

    def set_rights(self, references: Sequence[Reference]) -> int:
        """Set the rights of known references to what these say; returns how many there are."""
        ...

    def remove(self, ids: Sequence[str]) -> int:
        """Remove references with their thumbnails, all or none; returns how many there were."""
        ...

    def find(self, prefix: str, limit: int = 10) -> tuple[Reference, ...]:
        """References whose id begins with `prefix`, in the order of their ids."""
        ...

    def references(self, role: Role | None = None) -> Iterator[Reference]:
        """All references, or those of one role, in the order of their ids."""
        ...

    def thumbnails(self, ids: Iterable[str]) -> dict[str, bytes]:
        """The thumbnails of these references, as far as there are any."""
        ...

    def count(self, role: Role | None = None) -> int:
        """How many references there are, of one role or of all."""
        ...

    def digest(self) -> str:
        """Digest of what the library holds; equal for equal content, whatever the order of adding."""
        ...

    def close(self) -> None:
        """Let go of the database; may be called twice."""
        ...


class ReferenceSearch(Protocol):
    """Exact search among references."""

    def find(self, sha256: str | None, fingerprint: Fingerprint | None) -> tuple[Match, ...]:
        """Matches by bytes (`same`) and by fingerprint (`similar`), nearest first."""
        ...


class Engine(Protocol):
    """Where the work runs. Delivers one result a task, in any order, and survives what a task does to it."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """Do the tasks; a task that kills or outlasts its worker yields `WorkFailed`."""
        ...

    def close(self) -> None:
        """Stop all workers; may be called twice."""
        ...
