"""The digests of one file's bytes, all made in one pass."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.assets import ContentHash
from scanner.model.work import ExamineTask
from scanner.tools.containers.source import Source
from scanner.tools.digests import digests_of_pieces

_NOT_HASHED = ContentHash()


@dataclass(frozen=True, slots=True)
class Hashed:
    """The digests of a file's bytes."""

    content: ContentHash = _NOT_HASHED
    sealed: tuple[tuple[str, str], ...] = ()
    """As `Examination.sealed_digests`."""
    failed: bool = False
    """They were to be made, and the file could not be read."""


def hash_file(task: ExamineTask, source: Source, below_bytes: int) -> Hashed:
    """Hash the bytes by SHA-256 and by the algorithms that they are sealed with; large files only where the task asks for it."""
    if task.parts or (task.size_bytes >= below_bytes and not task.hash_always and not task.sealed_algorithms):
        return Hashed()
    try:
        digests = digests_of_pieces(source.pieces(), ("sha256", *task.sealed_algorithms))
    except OSError:
        return Hashed(failed=True)
    sealed = tuple((name, digests[name]) for name in task.sealed_algorithms if name in digests)
    return Hashed(ContentHash(value=digests["sha256"], origin="computed"), sealed)
