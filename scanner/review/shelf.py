"""Pictures that were made, kept until the room ends, in a file without a name: nobody else finds it, and nothing of it stays.

It is gone with the process even where that is killed. The file is written round: where it is full, the oldest pictures make room.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections import deque
from typing import IO

LIMIT_BYTES = 512 << 20
"""Some 30,000 small pictures, or 2,500 large ones."""
_NOTHINGS_LIMIT = 100_000
"""Keys for which it is known that there is no picture."""


class Shelf:
    """Content by key. Threads may share it."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        """Keep at most `limit_bytes`; the file is made with the first content, where `tempfile` makes files."""
        self._limit = limit_bytes
        self._places: dict[bytes, tuple[int, int]] = {}
        """Digest of a key → where its content begins, and its length."""
        self._order: deque[bytes] = deque()
        """Those with content, oldest first."""
        self._nothings: dict[bytes, None] = {}
        self._end = 0
        self._file: IO[bytes] | None = None
        self._closed = False
        self._lock = threading.Lock()

    def get(self, key: object) -> bytes | None:
        """Return what is kept under a key, empty where that is known to be nothing; None where it is not known."""
        name = _name(key)
        with self._lock:
            if name in self._nothings:
                return b""
            if name not in self._places or self._file is None:
                return None
            begin, length = self._places[name]
            return os.pread(self._file.fileno(), length, begin)

    def put(self, key: object, content: bytes) -> None:
        """Keep content, also that there is none. Where the disk has no room it is not kept, and made again when it is wanted."""
        name = _name(key)
        with self._lock:
            if self._closed or name in self._places:
                return
            if not content:
                if len(self._nothings) >= _NOTHINGS_LIMIT:
                    del self._nothings[next(iter(self._nothings))]
                self._nothings[name] = None
            elif len(content) <= self._limit:
                self._write(name, content)

    def close(self) -> None:
        """Let go of everything; may be called twice."""
        with self._lock:
            self._closed = True
            self._places.clear()
            self._order.clear()
            self._nothings.clear()
            if self._file is not None:
                self._file.close()
                self._file = None

    def _write(self, name: bytes, content: bytes) -> None:
        begin = self._room_for(len(content))
        try:
            self._file = self._file or tempfile.TemporaryFile(prefix="scanner-review-")  # noqa: SIM115 - closed with the shelf
            written = os.pwrite(self._file.fileno(), content, begin)
        except OSError:
            return
        if written == len(content):
            self._places[name] = begin, written
            self._order.append(name)
            self._end = begin + written

    def _room_for(self, length: int) -> int:
        """Return where content may be written, with what stood there forgotten."""
        begin = self._end
        if begin + length > self._limit:
            # What stands behind is the oldest: it goes before what stands at the beginning does.
            while self._order and self._places[self._order[0]][0] >= begin:
                self._forget_oldest()
            begin = 0
        while self._order and begin <= self._places[self._order[0]][0] < begin + length:
            self._forget_oldest()
        return begin

    def _forget_oldest(self) -> None:
        del self._places[self._order.popleft()]


def _name(key: object) -> bytes:
    return hashlib.sha256(repr(key).encode("utf-8", "surrogatepass")).digest()
