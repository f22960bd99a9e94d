"""What one part of the scanner needs from another, as protocols.

Contract suites in tests/contracts hold each implementation to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from scanner.model.belongings import Belongings, HashRow, PackedFeatures
from scanner.model.formats import Format
from scanner.model.kept import ContentKey, Kept, ReadingToKeep, ReadingVersion
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
    """The reference library on disk, or in a database.

    References stream without what belongs to them; hashes and local features stream by algorithm, to build what is searched in;
    local features, pictures and thumbnails of a few references come by id.
    """

    def add(self, references: Iterable[Reference], belongings: Mapping[str, Belongings] | None = None) -> int:
        """Add references; one whose role and content are known already is left alone. Returns how many were new.

        `belongings` maps ids of references to what is kept beside them; a known one is given what it lacks.
        """
        ...

    def find_complete(self, ids: Iterable[str], algorithms: Sequence[str] = ()) -> frozenset[str]:
        """Those of `ids` that are known and, where there is a fingerprint, have a picture and what `algorithms` make."""
        ...

    def find_contents(self, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Role and whole SHA-256 of those of `ids` that are known: an id has only the first digits of it."""
        ...

    def find_differing_rights(self, references: Iterable[Reference]) -> tuple[Reference, ...]:
        """Those of `references` that are known with other rights than they say."""
        ...

    def set_rights(self, references: Sequence[Reference]) -> int:
        """Set the rights of known references to what these say; returns how many there are."""
        ...

    def put_in_collections(self, members: Mapping[str, Iterable[str]]) -> None:
        """Put known references, by their ids, into collections; they stay in those that they are in."""
        ...

    def take_out_of_collection(self, name: str, ids: Iterable[str]) -> int:
        """Take references out of a collection; they stay in the library. Returns how many were in it."""
        ...

    def collections(self) -> dict[str, int]:
        """How many references each collection has, by name."""
        ...

    def remove(self, ids: Sequence[str]) -> int:
        """Remove references with all that belongs to them, all or none; returns how many there were."""
        ...

    def find(self, prefix: str, limit: int = 10) -> tuple[Reference, ...]:
        """References whose id begins with `prefix`, in the order of their ids."""
        ...

    def references(self, role: Role | None = None, collections: Sequence[str] = ()) -> Iterator[Reference]:
        """All references, those of one role, or those of any of `collections`, in the order of their ids."""
        ...

    def hashes(self, algorithm: str) -> Iterator[HashRow]:
        """All hashes by one algorithm, in the order of their references' ids."""
        ...

    def features(self, ids: Iterable[str], algorithm: str) -> dict[str, PackedFeatures]:
        """The local features of these references by one algorithm, as far as there are any."""
        ...

    def all_features(self, algorithm: str) -> Iterator[tuple[str, PackedFeatures]]:
        """Ids and local features of all references that have any by one algorithm, in the order of the ids."""
        ...

    def count_features(self, algorithm: str) -> int:
        """How many references have local features by one algorithm, also such as hold no point."""
        ...

    def pictures(self, ids: Iterable[str]) -> dict[str, bytes]:
        """The pictures of these references, to compare with, as far as there are any."""
        ...

    def thumbnails(self, ids: Iterable[str]) -> dict[str, bytes]:
        """The thumbnails of these references, as far as there are any."""
        ...

    def belongings(self, ids: Sequence[str]) -> dict[str, Belongings]:
        """Everything that belongs to these references."""
        ...

    def count(self, role: Role | None = None, collections: Sequence[str] = ()) -> int:
        """How many references there are, of one role or of all, of any of `collections` or of the whole library."""
        ...

    def digest(self, references: Iterable[Reference] | None = None) -> str:
        """Digest of what the library holds; equal for equal content, whatever the order of adding.

        Whoever has read all references already, in the order of their ids, can give them.
        """
        ...

    def close(self) -> None:
        """Let go of the database; may be called twice."""
        ...


class ReadingStore(Protocol):
    """Readings that are kept between scans, in bulk only: a rescan asks for 250,000. For one thread at a time.

    Every method raises `StoreError` for what goes wrong with the disk or the server; what was kept before stays kept.
    """

    @property
    def broken(self) -> int:
        """How many kept readings could not be used so far because what was kept is damaged; they are as if not kept."""
        ...

    def recall(self, folder: str, version: ReadingVersion) -> Mapping[tuple[str, bytes], Kept]:
        """All readings of the files in one folder (an absolute path), by name and task.

        Whoever asks compares each with the file as it is now: `Kept.fits`. What was read after now, by a clock that has been set
        back since, is left out.
        """
        ...

    def recall_by_content(self, wanted: Iterable[ContentKey], version: ReadingVersion) -> Mapping[ContentKey, Kept]:
        """Readings of files with the same bytes, wherever they stand or stood; the last read of several."""
        ...

    def keep(self, readings: Iterable[ReadingToKeep], version: ReadingVersion) -> int:
        """Keep those readings that are keepable, in one transaction, in place of earlier ones of the same files and tasks.

        Once this returns, they survive the death of the process. Returns how many they are.
        """
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
