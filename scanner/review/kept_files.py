"""Pictures that were made, kept in a folder of the room's own until it ends: private, bounded, the longest unused go first."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import threading
from collections import OrderedDict

LIMIT_BYTES = 512 << 20
"""Some 30,000 small pictures, or 2,500 large ones."""
_NAMES_LIMIT = 200_000


class KeptFiles:
    """Content by key. Threads may share it."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        """Keep at most `limit_bytes`; the folder is made with the first content."""
        self._limit = limit_bytes
        self._folder = ""
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._total = 0
        self._lock = threading.Lock()

    def get(self, key: object) -> bytes | None:
        """Return what is kept under a key; None where nothing is, or where it is gone from the disk."""
        name = _name(key)
        with self._lock:
            size = self._sizes.get(name)
            if size is None:
                return None
            self._sizes.move_to_end(name)
            if not size:
                return b""
            try:
                with open(os.path.join(self._folder, name), "rb") as stream:
                    return stream.read()
            except OSError:
                self._forget(name)
                return None

    def put(self, key: object, content: bytes) -> None:
        """Keep content, also empty one. Where there is no room on the disk it is not kept, and nobody misses it."""
        name = _name(key)
        with self._lock:
            if name in self._sizes or len(content) > self._limit:
                return
            try:
                self._write(name, content)
            except OSError:
                return
            self._sizes[name] = len(content)
            self._total += len(content)
            while self._total > self._limit or len(self._sizes) > _NAMES_LIMIT:
                self._forget(next(iter(self._sizes)))

    def close(self) -> None:
        """Remove everything; may be called twice."""
        with self._lock:
            self._sizes.clear()
            self._total, self._limit = 0, -1
            if self._folder:
                shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def folder(self) -> str:
        """Where the files are; empty before the first."""
        return self._folder

    def _write(self, name: str, content: bytes) -> None:
        if not content:
            return
        # mkdtemp makes it for its owner alone.
        self._folder = self._folder or tempfile.mkdtemp(prefix="scanner-review-")
        with open(os.path.join(self._folder, name), "wb") as stream:
            stream.write(content)

    def _forget(self, name: str) -> None:
        self._total -= self._sizes.pop(name)
        try:
            os.unlink(os.path.join(self._folder, name))
        except OSError:
            return


def _name(key: object) -> str:
    return hashlib.sha256(repr(key).encode("utf-8", "surrogatepass")).hexdigest()
