"""Entries of a folder, as a crawl tells of them."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass

from scanner.model.assets import FileEntry

TOO_LONG = "path longer than the system can open"
"""Why a file that the walk could list cannot be read by its absolute path."""

_REASONS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENOENT: "vanished while the tree was listed",
    errno.ELOOP: "was replaced by a link while the tree was listed",
    errno.ENOTDIR: "is no folder any more",
    errno.EMFILE: "lies deeper than the system's limit of open files allows",
}
_KINDS = (
    (stat.S_ISLNK, "symlink"),
    (stat.S_ISFIFO, "fifo"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISBLK, "block-device"),
    (stat.S_ISCHR, "character-device"),
)


def reason_of(error: OSError) -> str:
    """Return why an entry cannot be looked at, as a clause."""
    return _REASONS.get(error.errno or 0) or (os.strerror(error.errno) if error.errno else str(error)).lower()


def kind_of(mode: int) -> str:
    """Return the kind of a special entry."""
    return next((kind for test, kind in _KINDS if test(mode)), "other")


@dataclass(frozen=True, slots=True)
class PathLimit:
    """What the readers, who open files by absolute path, can reach."""

    prefix_bytes: int
    limit_bytes: int

    @classmethod
    def of(cls, folder: str) -> PathLimit:
        """Return the limit below a folder."""
        try:
            limit = os.pathconf(folder, "PC_PATH_MAX")
        except (OSError, ValueError):
            limit = 4096
        return cls(len(os.fsencode(folder)) + 1, limit)

    def problem(self, path: str) -> str:
        """Return `TOO_LONG` or an empty string."""
        # A character takes four bytes at most: nearly all paths are settled without encoding them.
        if self.prefix_bytes + 4 * len(path) < self.limit_bytes:
            return ""
        # The limit counts the closing NUL byte.
        return TOO_LONG if self.prefix_bytes + len(os.fsencode(path)) >= self.limit_bytes else ""


def file_entry(path: str, status: os.stat_result, limit: PathLimit) -> FileEntry:
    """Return a regular file as the crawl has it."""
    return FileEntry(path, status.st_size, status.st_mtime_ns, limit.problem(path), status.st_ctime_ns, status.st_ino)
