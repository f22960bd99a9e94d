"""What earlier scans read of the same files, and what this one reads, kept for the next."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from scanner.model.assets import FileEntry
from scanner.model.errors import StoreError
from scanner.model.kept import FileIdentity, Kept, ReadingToKeep, ReadingVersion
from scanner.model.objects import is_address
from scanner.model.protocols import ReadingStore
from scanner.model.work import Examination, ExamineTask
from scanner.pipeline.reading_key import hashed_only_when_asked, task_digest

_FOLDERS_AT_HAND = 32
"""Folders whose kept readings stay in memory: files come in the order of their paths, so that subfolders come in between."""
_BATCH = 1000
_BATCH_SECONDS = 1.0
"""Readings are kept when there are so many of them, or so much time has gone by: what a killed scan has to read again."""

_Folder = Mapping[tuple[str, bytes], Kept]


class Recollection:
    """Recalls and keeps readings of one scan. For one thread at a time.

    A store that fails while the scan goes on ends the keeping, never the scan: `trouble` then says why.
    """

    def __init__(
        self,
        store: ReadingStore,
        version: ReadingVersion,
        hash_below_bytes: int,
        begun_ns: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Use `store` for readings of this `version`.

        Args:
            store: is closed with this.
            version: of readers, catalogue and tools.
            hash_below_bytes: as `WorkerSettings` has it.
            begun_ns: when the scan began, before any file was looked at; what changed later is not kept.
            monotonic: seconds of a clock that is never set.
        """
        self._store = store
        self._version = version
        self._hash_below_bytes = hash_below_bytes
        self._begun_ns = begun_ns
        self._monotonic = monotonic
        self._folders: OrderedDict[str, _Folder] = OrderedDict()
        self._digests: dict[tuple[object, ...], bytes] = {}
        self._batch: list[ReadingToKeep] = []
        self._kept_at = monotonic()
        self.trouble = ""
        """Why readings could not be recalled or kept, as a clause; empty where they could."""

    def recall(self, task: ExamineTask, file: FileEntry) -> Kept | None:
        """Return what an earlier scan read of a file, if it is the same file still and was asked the same."""
        if _is_beside_object(task):
            return None
        folder, name = os.path.split(task.path)
        kept = self._folder(folder).get((name, self._digest(task)))
        # As `Kept.fits`, without a value made for each file of a rescan.
        if (
            kept is None
            or kept.mtime_ns != file.mtime_ns
            or kept.size_bytes != file.size_bytes
            or kept.ctime_ns != file.ctime_ns
            or kept.inode != file.inode
        ):
            return None
        return kept

    def keep(self, task: ExamineTask, file: FileEntry, examination: Examination) -> None:
        """Keep what this scan read of a file; soon, together with others."""
        if _is_beside_object(task):
            return
        identity = FileIdentity(task.path, file.size_bytes, file.mtime_ns, file.ctime_ns, file.inode)
        # As it is now: one that was changed while the file was read bears a time after the scan began, and is not kept.
        beside = _identity(task.manifest_sidecar) if task.manifest_sidecar is not None else None
        self._batch.append(ReadingToKeep(identity, self._digest(task), self._begun_ns, examination, beside))
        if len(self._batch) >= _BATCH or self._monotonic() - self._kept_at >= _BATCH_SECONDS:
            self.flush()

    @property
    def broken(self) -> int:
        """How many kept readings could not be used because they are damaged; their files are read again."""
        return self._store.broken

    def flush(self) -> None:
        """Keep what was gathered; once this returns, it outlives the scan."""
        batch, self._batch = self._batch, []
        self._kept_at = self._monotonic()
        if batch and not self.trouble:
            try:
                self._store.keep(batch, self._version)
            except StoreError as error:
                self.trouble = error.what

    def close(self) -> None:
        """Keep what was gathered and let go of the store."""
        self.flush()
        self._store.close()

    def _folder(self, path: str) -> _Folder:
        if (found := self._folders.get(path)) is None:
            found = self._recalled(path)
            self._folders[path] = found
            if len(self._folders) > _FOLDERS_AT_HAND:
                self._folders.popitem(last=False)
        return found

    def _recalled(self, path: str) -> _Folder:
        if self.trouble:
            return {}
        try:
            return self._store.recall(path, self._version)
        except StoreError as error:
            self.trouble = error.what
            return {}

    def _digest(self, task: ExamineTask) -> bytes:
        if task.manifest_sidecar is not None:
            return task_digest(task, self._hash_below_bytes, _identity(task.manifest_sidecar))
        large = hashed_only_when_asked(task, self._hash_below_bytes)
        asked = (task.sidecar, task.fingerprint, task.hash_always and large, task.sealed_algorithms)
        if (digest := self._digests.get(asked)) is None:
            digest = self._digests[asked] = task_digest(task, self._hash_below_bytes)
        return digest


def _is_beside_object(task: ExamineTask) -> bool:
    """Whether a detached manifest in a bucket belongs to the file: nothing here tells whether it is still the same."""
    return task.manifest_sidecar is not None and is_address(task.manifest_sidecar)


def _identity(path: str) -> FileIdentity | None:
    try:
        status = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return FileIdentity(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
