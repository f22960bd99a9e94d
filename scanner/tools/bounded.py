"""The only reader of untrusted bytes in the scanner's own code: every read says its bound.

Files are opened without following a symlink and refused unless regular, so that a FIFO or device swapped in after the crawl
cannot hold the scan. Nothing here ever writes to a scanned tree.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

CHUNK_BYTES = 1 << 20


class NotRegularError(OSError):
    """The path is no regular file (any more)."""


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
    with stream:
        yield stream


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
