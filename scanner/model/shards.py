"""A scan of a part of a delivery, whose report carries what it read, so that the parts can be put together."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.assets import FileEntry, SpecialEntry
from scanner.model.work import Examination


@dataclass(frozen=True, slots=True)
class Shard:
    """Which part of how many."""

    index: int
    """From 1."""
    count: int

    def __str__(self) -> str:
        return f"{self.index} of {self.count}"


@dataclass(frozen=True, slots=True)
class ShardFile:
    """A file of a part."""

    root: int
    file: FileEntry


@dataclass(frozen=True, slots=True)
class ShardReading:
    """What one file of a part yielded."""

    root: int
    path: str
    asked: str
    """What was asked of it, as `pipeline.shard_readings` writes it."""
    examination: Examination


@dataclass(frozen=True, slots=True)
class ShardRoot:
    """What the walk of the whole tree met beside files, which every part has."""

    folders: int
    specials: tuple[SpecialEntry, ...]
    unreadable_folders: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShardPart:
    """What the report of a part says of it."""

    shard: Shard
    plan_sha256: str
    """Of the whole delivery as it was found: equal in all parts of one delivery."""
    made_of: tuple[tuple[str, str], ...]
    """Tools, settings and policy it was read and judged with, name and value: equal in all parts."""
    readings: tuple[bytes, ...]
    """Compressed blocks of pickled tuples of `ShardRoot`, `ShardFile` and `ShardReading`."""
