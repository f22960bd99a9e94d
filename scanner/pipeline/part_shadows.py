"""Objects fetched in part: a file of the object's true size in which only some blocks stand, the rest being a hole.

The driver walks the container by its lengths alone, to know where media lies that no reader needs; everything else is fetched.
What stands there is told with the task, and readers are refused every other byte (`tools.bounded`), so that a hole is never taken
for what the object holds. ExifTool cannot be refused: therefore only containers whose media it passes over are fetched so.
"""

from __future__ import annotations

import io
import os
from typing import BinaryIO, cast

from scanner.model.assets import Spans
from scanner.model.objects import ObjectPlace
from scanner.tools.containers.media_spans import find_media_spans
from scanner.tools.containers.source import HEAD_BYTES, Source
from scanner.tools.objects import PART_BYTES, Buckets, ObjectStatus

BLOCK_BYTES = 32 << 10
EDGE_BYTES = 64 << 10
"""Fetched at both ends whatever stands there: trailers are looked for behind the last box."""
LIMIT_BYTES = 64 << 20
"""Of all blocks of one object; one that needs more is not fetched in part."""


class NotInPartsError(Exception):
    """Of this object nothing less than the whole can be read."""


class PartFile:
    """One object's file, filled block by block."""

    def __init__(self, buckets: Buckets, place: ObjectPlace, expected: ObjectStatus, path: str) -> None:
        """Make the file at `path`, all of it a hole.

        Raises:
            OSError: it cannot be made.
        """
        self._buckets = buckets
        self._place = place
        self._expected = expected
        self._blocks: set[int] = set()
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(self._descriptor, expected.size_bytes)
        except OSError:
            self.close()
            raise

    @property
    def parts(self) -> Spans:
        """What stands in it, sorted, none touching the next."""
        spans: list[tuple[int, int]] = []
        for block in sorted(self._blocks):
            start, end = block * BLOCK_BYTES, min((block + 1) * BLOCK_BYTES, self._expected.size_bytes)
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return tuple(spans)

    def fetch_around_media(self) -> None:
        """Fetch all but the media.

        Raises:
            NotInPartsError: the container is not one that can be read so, or holds too much beside its media.
            ObjectError: a part cannot be had. OSError: it cannot be written.
        """
        size_bytes = self._expected.size_bytes
        self.ensure(0, EDGE_BYTES)
        self.ensure(size_bytes - EDGE_BYTES, size_bytes)
        spans = find_media_spans(Source(cast(BinaryIO, _Fetched(self)), size_bytes))
        if not spans:
            raise NotInPartsError
        at = 0
        for start, end in (*spans, (size_bytes, size_bytes)):
            # Readers look ahead by what `Source` reads at once.
            self.ensure(at, start + HEAD_BYTES)
            at = end

    def ensure(self, start: int, end: int) -> None:
        """Make the bytes from `start` to before `end` stand there, with the blocks that they lie in.

        Raises:
            as `fetch_around_media`.
        """
        start, end = max(start, 0), min(end, self._expected.size_bytes)
        lacking = [block for block in range(start // BLOCK_BYTES, -(-end // BLOCK_BYTES)) if block not in self._blocks]
        if (len(self._blocks) + len(lacking)) * BLOCK_BYTES > LIMIT_BYTES:
            raise NotInPartsError
        while lacking:
            count = 1
            while count < min(len(lacking), PART_BYTES // BLOCK_BYTES) and lacking[count] == lacking[0] + count:
                count += 1
            self._fetch(lacking[:count])
            del lacking[:count]

    def read(self, start: int, size: int) -> bytes:
        """Return bytes, fetched first where they are not there."""
        self.ensure(start, start + size)
        return os.pread(self._descriptor, size, start)

    def close(self) -> None:
        """Let go of the handle; the file stays."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _fetch(self, blocks: list[int]) -> None:
        start = blocks[0] * BLOCK_BYTES
        end = min((blocks[-1] + 1) * BLOCK_BYTES, self._expected.size_bytes)
        content = self._buckets.read(self._place, start, end, self._expected)
        while content:
            written = os.pwrite(self._descriptor, content, start)
            content, start = content[written:], start + written
        self._blocks.update(blocks)


class _Fetched(io.RawIOBase):
    """A stream over a part file that fetches what is read."""

    def __init__(self, file: PartFile) -> None:
        self._file = file
        self._at = 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        assert whence == os.SEEK_SET
        self._at = offset
        return offset

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(self._at, size)
        self._at += len(content)
        return content
