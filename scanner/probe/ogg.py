"""Ogg (RFC 3533): the chain of pages."""

from __future__ import annotations

from scanner.tools.containers.source import Source

_HEAD_BYTES = 27
_GAP_BYTES = 1 << 17
"""Two of the largest pages."""
_WALK_LIMIT = 2000
"""Pages walked: what a sound says of itself stands in the first few."""


def find_damage(source: Source, _name: str) -> str | None:
    """Tell whether a page runs past the end, or none stands where the one before it ends."""
    offset = 0
    for _ in range(_WALK_LIMIT):
        head = source.at(offset, _HEAD_BYTES)
        if not head:
            return None
        if head[:4] != b"OggS":
            # Tags of other kinds are appended to Ogg files; only pages behind the gap show that something was lost.
            lost = source.find(b"OggS", offset, offset + _GAP_BYTES) is not None
            return "Ogg pages do not follow each other" if lost else None
        sizes = source.at(offset + _HEAD_BYTES, head[-1])
        offset += _HEAD_BYTES + head[-1] + sum(sizes)
        if len(head) < _HEAD_BYTES or offset > source.size_bytes:
            return "the file ends inside an Ogg page"
    return None
