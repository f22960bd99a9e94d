"""Assets, and what the crawl finds before anything is read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.model.judging import ZoneChoice
from scanner.model.quick import quickly_made

Spans = tuple[tuple[int, int], ...]
"""Parts of a file: offsets of the first byte and of that after the last, ascending."""


@quickly_made
@dataclass(frozen=True, slots=True)
class FileEntry:
    """One regular file under a root."""

    path: str
    """Path below the root with forward slashes; bytes that are no UTF-8 stand as surrogate escapes (os.fsdecode)."""
    size_bytes: int
    mtime_ns: int = 0
    failed: str = ""
    """Why it cannot be read, known already from the crawl (vanished, permission); empty otherwise."""
    ctime_ns: int = 0
    """Time of the last change of content or status, nanoseconds since 1970 UTC."""
    inode: int = 0
    """Of an object in a bucket, which has none: the first 64 bits of the digest of its entity tag."""
    version: str = ""
    """Of an object in a bucket: its entity tag, which every change changes; empty for a file."""

    @property
    def name(self) -> str:
        """Last component of the path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class SpecialEntry:
    """A symlink, FIFO, socket or device: counted, never opened."""

    path: str
    kind: str


@quickly_made
@dataclass(frozen=True, slots=True)
class Asset:
    """One file, or one numbered sequence, with its sidecars."""

    root: int
    """Index into the scan's roots."""
    path: str
    """The file's path; for a sequence in fileseq notation, ``shots/a.1001-1045#.exr``."""
    files: tuple[FileEntry, ...]
    """One file, or a sequence's frames in frame order."""
    zone: ZoneChoice
    sidecars: tuple[FileEntry, ...] = ()
    frames: tuple[int, ...] = ()
    """Frame numbers of `files`; empty for a single file."""
    missing: str = ""
    """Missing frames of a sequence as ranges, ``1010,1020-1022``."""
    sidecar_doubt: str = ""
    """For a sidecar that fits two files: why it stands alone."""

    @property
    def is_sequence(self) -> bool:
        """Whether this asset is a numbered image sequence."""
        return bool(self.frames)

    @property
    def size_bytes(self) -> int:
        """Bytes of all its files, sidecars not counted."""
        return self.files[0].size_bytes if len(self.files) == 1 else sum(file.size_bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Crawl:
    """All that stands under one root."""

    files: Sequence[FileEntry]
    """Sorted by path."""
    specials: tuple[SpecialEntry, ...]
    unreadable_folders: tuple[tuple[str, str], ...]
    """Folders that could not be listed: path and reason. They make the scan incomplete.

    The empty path is not that of a folder: the reason then says why something of the tree is not in what was found.
    """
    folders: int


@quickly_made
@dataclass(frozen=True, slots=True)
class ContentHash:
    """Digest of a file's bytes, and where it comes from."""

    algorithm: str = "sha256"
    value: str | None = None
    origin: str = "none"
    """``computed`` or ``none`` (too large, unreadable)."""


def sequence_digest(frames: Sequence[str]) -> str:
    """Return the digest of a sequence: SHA-256 over its frames' SHA-256 (64 hexadecimal digits each), in frame order.

    Frame numbers do not enter it: a sequence that was renumbered is the same content, one with a frame more is not.
    """
    return hashlib.sha256("\n".join(frames).encode("ascii")).hexdigest()
