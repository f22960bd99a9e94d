"""What a scan tells of sealed hashes: whether the bytes that it read are those that somebody sealed before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanner.model.sealed import SealedHash, SealKind

MISSING_LIMIT = 1000
"""Sealed files that are not there, told by name; of one list."""
DIFFERING_LIMIT = 100
"""Files of one asset that are not as they were sealed, told by name."""


class SealedState(StrEnum):
    """What is known of an asset that stands under sealed hashes."""

    DIFFERS = "differs"
    """A hash of its bytes, or its size, is not the sealed one."""
    NOT_CHECKED = "not-checked"
    """Sealed; its bytes were not compared."""
    NOT_LISTED = "not-listed"
    """In a folder with a history that does not list it."""
    VERIFIED = "verified"
    """Its bytes are the sealed ones, by every list that seals it."""


class ListState(StrEnum):
    """What became of one list of sealed hashes."""

    HOLDS = "holds"
    """Read whole; of a history, every generation is as its chain says."""
    BROKEN = "broken"
    """Part of it is missing or not as it was sealed itself, and is not believed."""
    UNREADABLE = "unreadable"
    """Nothing is known from it."""


@dataclass(frozen=True, slots=True)
class AssetSealed:
    """How an asset's files stand to what is sealed of them."""

    state: SealedState
    """The first in the order of `SealedState` that any of its files has."""
    by: int
    """Index into the scan's lists of sealed hashes: the one that the state comes from."""
    list_path: str
    """Path of that list below the asset's root."""
    hash: SealedHash | None
    """What it says of the first file in this state; None where it says nothing that can be compared."""
    why: str = ""
    """A clause on what differs, or why nothing was compared; empty for what is verified or not listed."""
    counts: tuple[tuple[SealedState, int], ...] = ()
    """Files of the asset, sidecars included, by state; states without files are left out."""
    differing: tuple[str, ...] = ()
    """Paths of the files that differ; at most `DIFFERING_LIMIT`."""

    def files(self, state: SealedState) -> int:
        """How many of its files are in a state."""
        return dict(self.counts).get(state, 0)


@dataclass(frozen=True, slots=True)
class SealedBy:
    """One list of sealed hashes under a scanned root, and how the files beside it stand to it."""

    kind: SealKind
    root: int
    path: str
    """Of the folder ``ascmhl`` or of the asset map, below its root."""
    state: ListState
    why: str = ""
    """Why it is not read, as a clause; empty where it is."""
    checked: bool = False
    """Whether the scan was asked to compare bytes with it."""
    generations: int = 0
    """Of a history."""
    date: str = ""
    """Of its latest generation, ISO 8601 as written."""
    tool: str = ""
    """What made that generation, as written."""
    files: int = 0
    """Files that it seals."""
    verified: int = 0
    differs: int = 0
    not_checked: int = 0
    not_checked_why: str = ""
    """The most frequent reason, as a clause."""
    missing: tuple[str, ...] = ()
    """Sealed and not there: paths below the root, at most `MISSING_LIMIT`."""
    missing_total: int = 0
    not_listed: int = 0
    """Files below its folder that it does not list, nor a history nearer to them; counted of histories that hold."""
    notes: tuple[str, ...] = ()
    """What a reader should know. Whole sentences without full stop."""
