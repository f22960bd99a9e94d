"""The only reader of untrusted bytes in the scanner's own code: every read says its bound.

A file that was fetched in part says which parts (`partly_fetched`): reading any other byte of it raises, so that a hole is never
taken for what the object holds.

Files are opened without following a symlink and refused unless regular, so that a FIFO or device swapped in after the crawl
cannot hold the scan. Nothing here ever writes to a scanned tree.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from scanner.model.assets import Spans

CHUNK_BYTES = 1 << 20


class NotRegularError(OSError):
    """The path is no regular file (any more)."""


class UnfetchedError(OSError):
    """These bytes of an object were not fetched."""


_WANTED_LIMIT_BYTES = 8 << 10
"""A longer read goes through the media, which is not fetched for it."""
_WANTED_LIMIT = 16
_parts: dict[str, tuple[Spans, list[tuple[int, int]]]] = {}
"""Path of a file that was fetched in part → its parts, and what was asked for beside them."""


@contextmanager
def partly_fetched(path: str, parts: Spans) -> Iterator[list[tuple[int, int]]]:
    """Let only `parts` of a file be read in this context, and yield a list that fills with small reads of others.

    `parts` are sorted and do not touch; without any, the file is whole.
    """
    wanted: list[tuple[int, int]] = []
    if parts:
        _parts[path] = (parts, wanted)
    try:
        yield wanted
    finally:
        _parts.pop(path, None)


class _PartlyFetched(io.RawIOBase):
    """An unbuffered stream over a file with holes."""

    def __init__(self, stream: BinaryIO, parts: Spans, wanted: list[tuple[int, int]]) -> None:
        self._stream = stream
        self._starts = [start for start, _ in parts]
        self._parts = parts
        self._wanted = wanted

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what io.RawIOBase hands over
        at, asked = self._stream.tell(), len(buffer)
        index = bisect_right(self._starts, at) - 1
        end = self._parts[index][1] if index >= 0 else 0
        if at >= end and asked and at < os.fstat(self._stream.fileno()).st_size:
            if asked <= _WANTED_LIMIT_BYTES and len(self._wanted) < _WANTED_LIMIT:
                self._wanted.append((at, at + asked))
            raise UnfetchedError(f"byte {at:,} of it was not fetched")
        part = self._stream.read(min(asked, max(end - at, 0)))
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._stream.close()
        super().close()


@contextmanager
def open_regular(path: str) -> Iterator[BinaryIO]:
    """Open a regular file for reading, unbuffered.

    Raises:
        NotRegularError: `path` is a symlink, FIFO, socket or device.
        OSError: it cannot be opened.
    """
    # Asked before opening, since opening alone has effects: it lets go a FIFO's waiting writer, rewinds a tape.
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise NotRegularError("not a regular file any more")
    # Swapped since? O_NONBLOCK: opening a FIFO would otherwise wait for a writer that never comes.
    flags = os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotRegularError("not a regular file any more")
        stream = os.fdopen(descriptor, "rb", buffering=0)
    except BaseException:
        os.close(descriptor)
        raise
    with _limited(stream, path) as readable:
        yield readable


def _limited(stream: BinaryIO, path: str) -> BinaryIO:
    known = _parts.get(path)
    return cast(BinaryIO, _PartlyFetched(stream, *known)) if known else stream


def read_at(path: str, offset: int, size: int) -> bytes:
    """Read at most `size` bytes from `offset`; fewer where the file ends."""
    with open_regular(path) as stream:
        stream.seek(offset)
        return read_fully(stream, size)


def read_fully(stream: BinaryIO, size: int) -> bytes:
    """Read `size` bytes from an unbuffered stream, fewer only where it ends."""
    parts: list[bytes] = []
    while size > 0:
        part = stream.read(min(size, CHUNK_BYTES))
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def sha256_of(path: str, progress: Callable[[int], None] | None = None) -> tuple[str, int]:
    """Return the SHA-256 of the file's bytes as hexadecimal, and how many bytes that were.

    `progress` is told after each mebibyte how many bytes were read.
    """
    digest, count = hashlib.sha256(), 0
    with open_regular(path) as stream:
        while part := stream.read(CHUNK_BYTES):
            digest.update(part)
            count += len(part)
            if progress:
                progress(count)
    return digest.hexdigest(), count


def contains(path: str, needle: bytes, limit: int) -> bool:
    """Tell whether `needle` stands in the first `limit` bytes of the file."""
    window = b""
    with open_regular(path) as stream:
        while limit > 0 and (part := stream.read(min(limit, CHUNK_BYTES))):
            window += part
            if needle in window:
                return True
            # A needle may lie across two reads, or across more where the system reads in small pieces.
            window = window[len(window) - min(len(window), len(needle) - 1) :]
            limit -= len(part)
    return False
