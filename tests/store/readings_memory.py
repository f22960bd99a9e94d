"""Readings kept in memory only: what the contract of a store asks for, in as few lines as it takes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable

from scanner.model.kept import ContentKey, Kept, ReadingToKeep, ReadingVersion, extension_of, split
from scanner.model.work import Examination
from scanner.store.readings_payload import payload_of

_Placed = tuple[str, str]
"""Digest of the version, and folder."""


class MemoryReadingStore:
    """A `ReadingStore` that is gone with its process."""

    broken = 0

    def __init__(self, clock: Callable[[], int] = time.time_ns) -> None:
        """The `clock` gives nanoseconds since 1970."""
        self._clock = clock
        self._folders: dict[_Placed, dict[tuple[str, bytes], tuple[int, Kept]]] = {}
        self._outcomes: dict[int, Examination] = {}

    def recall(self, folder: str, version: ReadingVersion) -> dict[tuple[str, bytes], Kept]:
        """Return all readings of the files in one folder; see `ReadingStore`."""
        now = self._clock()
        rows = self._folders.get((version.digest, folder), {})
        return {key: one for key, (read_ns, one) in rows.items() if read_ns <= now}

    def recall_by_content(self, wanted: Iterable[ContentKey], version: ReadingVersion) -> dict[ContentKey, Kept]:
        """Return readings of files with the same bytes; see `ReadingStore`. Looks at every row: nobody asks it often."""
        now, keys = self._clock(), frozenset(wanted)
        rows = [
            (read_ns, name, task, one)
            for (digest, _), kept in self._folders.items()
            if digest == version.digest
            for (name, task), (read_ns, one) in kept.items()
            if read_ns <= now
        ]
        found = {}
        for _, name, task, one in sorted(rows, key=lambda row: (row[0], os.fsencode(row[1]))):
            key = ContentKey(one.sha256 or "", task, extension_of(name))
            if key in keys:
                found[key] = one
        return found

    def keep(self, readings: Iterable[ReadingToKeep], version: ReadingVersion) -> int:
        """Keep the keepable ones of some readings; see `ReadingStore`."""
        count = 0
        for one in readings:
            shared, own = split(one.examination)
            payload = payload_of(shared)
            if payload is None or not one.is_keepable:
                continue
            shared = self._outcomes.setdefault(payload.number, shared)
            identity = one.identity
            path, name = os.path.split(identity.path)
            kept = Kept(identity.size_bytes, identity.mtime_ns, identity.ctime_ns, identity.inode, payload.number, shared, own)
            self._folders.setdefault((version.digest, path), {})[name, one.task] = (one.read_ns, kept)
            count += 1
        return count

    def close(self) -> None:
        """Forget everything."""
        self._folders.clear()
        self._outcomes.clear()
