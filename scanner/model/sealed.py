"""Hashes that somebody wrote down for files before this scan: ASC MHL histories, packing lists.

A sealed hash is a claim until the file's bytes were compared with it. What a scan tells of them is in `sealed_told`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanner.model.errors import ScannerError


class SealError(ScannerError):
    """A history of sealed hashes cannot be read, so that nothing is known from it."""


class SealKind(StrEnum):
    """What lists sealed hashes."""

    MHL = "mhl"
    """An ASC MHL history: the folder ``ascmhl`` beside what it seals."""
    PKL = "pkl"
    """The packing lists of an IMF package."""


class SealAction(StrEnum):
    """What the one who wrote a hash down did to get it."""

    ORIGINAL = "original"
    """Hashed the file for the first time."""
    VERIFIED = "verified"
    """Hashed it again, and it was as before."""
    FAILED = "failed"
    """Hashed it again, and it was not as before."""
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class SealedHash:
    """One hash of one file."""

    algorithm: str
    """``md5``, ``sha1``, ``sha256``, ``xxh64``, ``xxh3``, ``xxh128`` or ``c4``; others are kept under their own names."""
    value: str
    """Hexadecimal in lower case, high digits first; a C4 ID as it is."""
    generation: int = 0
    """Number of the generation of an ASC MHL history; 0 elsewhere."""
    action: SealAction = SealAction.UNSAID
    date: str = ""
    """When it was made, ISO 8601 as written; empty where that is not said."""


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file and what is sealed of it."""

    path: str
    """Below the folder that the history or package is of; POSIX, without steps upwards."""
    size_bytes: int | None
    """As sealed; None where that is not said."""
    hashes: tuple[SealedHash, ...]
    """In the order in which they were made."""


class SealAnswer(StrEnum):
    """Whether a hash list is as it was sealed itself."""

    SAME = "same"
    DIFFERS = "differs"
    MISSING = "missing"
    """Sealed, and not there."""
    UNREADABLE = "unreadable"
    NOT_TRIED = "not-tried"
    """No hash of it is of an algorithm that can be computed here."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One time that the files of a folder were sealed."""

    number: int
    """From 1."""
    path: str
    """Of its hash list, below the history's folder."""
    date: str
    """When it was made, ISO 8601 as written."""
    tool: str
    """Name and version of the program that made it, as written."""
    answer: SealAnswer
    """Whether the hash list is as the chain seals it. What is not, is not believed: its files are left out."""


@dataclass(frozen=True, slots=True)
class History:
    """An ASC MHL history: what was sealed of a folder, each time that it was."""

    folder: str
    """Absolute or as given: the folder that holds ``ascmhl/``."""
    generations: tuple[Generation, ...]
    files: tuple[SealedFile, ...]
    """In the order of their paths; as of the generations that are believed."""
    references_hold: bool = True
    """Whether the nested histories' hash lists that it refers to are there, and as it seals them."""
    notes: tuple[str, ...] = ()
    """What a reader should know. Whole sentences without full stop."""

    @property
    def holds(self) -> bool:
        """Whether every generation is there and as the chain seals it, and what it refers to as well."""
        return self.references_hold and bool(self.generations) and all(one.answer is SealAnswer.SAME for one in self.generations)
