"""Random access to one open file in bounded reads: what every recogniser and walk looks through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from scanner.tools.bounded import CHUNK_BYTES, read_fully

HEAD_BYTES = 4096
"""Read at once on opening: most files are told, and most small structures walked, without a second read."""
READ_LIMIT_BYTES = 1 << 16
"""The most one read returns, whatever a hostile length asks for."""


class Source:
    """One file's bytes by offset. Reads outside the file come back short or empty and never raise for an offset."""

    __slots__ = ("_block", "_block_offset", "_stream", "head", "size_bytes", "walked")

    def __init__(self, stream: BinaryIO, size_bytes: int, *, whole_below_bytes: int = 0) -> None:
        """A file smaller than `whole_below_bytes` is read at once and kept, for when many look through it."""
        self._stream = stream
        self.size_bytes = size_bytes
        stream.seek(0)
        wanted = size_bytes if size_bytes < whole_below_bytes else HEAD_BYTES
        self._block, self._block_offset = read_fully(stream, min(wanted, size_bytes)), 0
        self.head = self._block[:HEAD_BYTES]
        self.walked: dict[str, tuple[Any, ...]] = {}
        """What walks of a container found, by its name: several readers walk the same one, one after the other."""

    @property
    def whole(self) -> bytes | None:
        """All bytes, where they were read at once; None where they were not."""
        return self._block if not self._block_offset and len(self._block) == self.size_bytes else None

    def at(self, offset: int, size: int) -> bytes:
        """Return up to `size` bytes from `offset`, at most READ_LIMIT_BYTES."""
        if offset >= 0 and 0 < size <= HEAD_BYTES and offset + size <= len(self.head):
            return self.head[offset : offset + size]
        size = min(size, READ_LIMIT_BYTES, self.size_bytes - offset)
        if offset < 0 or size <= 0:
            return b""
        if not self._block_offset <= offset <= offset + size <= self._block_offset + len(self._block):
            self._load(offset, size)
        start = offset - self._block_offset
        return self._block[start : start + size]

    def _load(self, offset: int, size: int) -> None:
        self._stream.seek(offset)
        self._block = read_fully(self._stream, max(size, min(HEAD_BYTES, self.size_bytes - offset)))
        self._block_offset = offset

    def take(self, offset: int, size: int, limit_bytes: int) -> bytes:
        """Return up to `size` bytes from `offset`, at most `limit_bytes`: for content longer than READ_LIMIT_BYTES."""
        size = min(size, limit_bytes, self.size_bytes - offset)
        if size <= READ_LIMIT_BYTES:
            return self.at(offset, size)
        if offset < 0:
            return b""
        start = offset - self._block_offset
        if start >= 0 and start + size <= len(self._block):
            return self._block[start : start + size]
        self._stream.seek(offset)
        return read_fully(self._stream, size)

    def find(self, needle: bytes, start: int, end: int) -> int | None:
        """Return the offset of the first `needle` that lies whole between `start` and `end`; reads no more than that."""
        overlap = len(needle) - 1
        end = min(end, self.size_bytes)
        while start + overlap < end:
            block = self.take(start, end - start, CHUNK_BYTES)
            found = block.find(needle)
            if found >= 0:
                return start + found
            if len(block) <= overlap:
                return None
            start += len(block) - overlap
        return None

    def pieces(self) -> Iterator[bytes]:
        """All bytes of the file as it is now, in order; what was read when it was opened is not read again."""
        if not self._block_offset:
            yield self._block
        self._stream.seek(0 if self._block_offset else len(self._block))
        while piece := self._stream.read(CHUNK_BYTES):
            yield piece

    def number(self, offset: int, size: int, *, little: bool = False) -> int | None:
        """Return the unsigned integer of `size` bytes at `offset`, or None where the file ends before it."""
        raw = self.at(offset, size)
        return int.from_bytes(raw, "little" if little else "big") if len(raw) == size else None

    def tail(self, size: int) -> bytes:
        """Return the last `size` bytes, or all of a smaller file."""
        size = min(size, self.size_bytes, READ_LIMIT_BYTES)
        return self.at(self.size_bytes - size, size)
