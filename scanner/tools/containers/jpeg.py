"""JPEG (ITU-T T.81): the segments from the start marker up to the first scan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scanner.tools.containers.source import Source

SOI, EOI, SOS = 0xD8, 0xD9, 0xDA
FIRST_APP, LAST_APP = 0xE0, 0xEF
_FILL = 0xFF
_BARE = frozenset({0x01, SOI, *range(0xD0, 0xD8)})
_WALK_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment, marker without content, or fill byte."""

    code: int
    """Second byte of its marker."""
    offset: int
    """Offset of its marker."""
    end: int
    """Offset of the byte after it; may lie past the end of the file."""

    @property
    def start(self) -> int:
        """Offset of its content."""
        return self.offset + 4

    @property
    def size(self) -> int:
        """Bytes of its content."""
        return self.end - self.start


def segments(source: Source) -> Sequence[Segment]:
    """Walk the segments up to the first scan or end marker, that one included; stop where no marker stands."""
    found = source.walked.get("jpeg")
    if found is None:
        found = source.walked["jpeg"] = tuple(_walk(source))
    return found


def _walk(source: Source) -> Iterator[Segment]:
    offset = 2
    for _ in range(_WALK_LIMIT):
        head = source.at(offset, 4)
        if (len(head) < 4 and head[:2] != b"\xff\xd9") or head[0] != 0xFF:
            return
        segment = Segment(head[1], offset, offset + _length(head))
        yield segment
        if segment.code in (SOS, EOI):
            return
        offset = segment.end


def _length(head: bytes) -> int:
    code = head[1]
    if code == _FILL:
        return 1
    return 2 if code in _BARE or code == EOI else 2 + max(int.from_bytes(head[2:], "big"), 2)
