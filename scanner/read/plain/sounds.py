"""Walks of plain sounds: WAVE and Broadcast Wave with production notes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scanner.read.plain.collected import Collected, OddError
from scanner.tools.containers import riff
from scanner.tools.containers.source import Source

INFO_NAMES: Mapping[bytes, str] = MappingProxyType(
    {
        b"IARL": "ArchivalLocation",
        b"IART": "Artist",
        b"ICMS": "Commissioned",
        b"ICMT": "Comment",
        b"ICOP": "Copyright",
        b"ICRD": "DateCreated",
        b"IENG": "Engineer",
        b"IGNR": "Genre",
        b"IKEY": "Keywords",
        b"ILNG": "Language",
        b"IMED": "Medium",
        b"INAM": "Title",
        b"IPRD": "Product",
        b"ISBJ": "Subject",
        b"ISFT": "Software",
        b"ISRC": "Source",
        b"ISRF": "SourceForm",
        b"ITCH": "Technician",
        b"ITRK": "TrackNumber",
    }
)
"""Chunk of an INFO list → ExifTool's name (held to its own list by tests)."""

_SOUND = frozenset((b"fmt ", b"data", b"fact", b"PEAK"))
_BROADCAST_BYTES = 602
"""Least size of the broadcast extension, EBU Tech 3285 section 2.3: its fields have fixed places."""


def walk_wave(source: Source, into: Collected) -> None:
    """Read the chunks of one RIFF form.

    Raises:
        OddError: something is not plain.
    """
    end, seen = 12, set[bytes]()
    for chunk in riff.chunks(source):
        if chunk.start != end + 8 or chunk.kind in seen:
            raise OddError("chunk")
        end = chunk.start + chunk.size + chunk.size % 2
        seen.add(chunk.kind)
        if chunk.kind == b"LIST" and source.at(chunk.start, 4) == b"INFO":
            _read_notes(source, chunk, into)
        elif chunk.kind == b"bext" and chunk.size >= _BROADCAST_BYTES:
            into.pass_group("riff")
        elif chunk.kind not in _SOUND:
            raise OddError("chunk")
    if end != source.size_bytes or end != (source.number(4, 4, little=True) or 0) + 8:
        raise OddError("end")


def _read_notes(source: Source, outer: riff.Chunk, into: Collected) -> None:
    end = outer.start + 4
    for chunk in riff.list_chunks(source, outer):
        name, text = INFO_NAMES.get(chunk.kind), source.at(chunk.start, chunk.size)
        if chunk.start != end + 8 or name is None or len(text) != chunk.size or not text.isascii():
            raise OddError("INFO")
        end = chunk.start + chunk.size + chunk.size % 2
        into.tell(f"RIFF:{name}", text.rstrip(b"\0").decode("ascii"))
    if end - outer.start not in (outer.size, outer.size + 1):
        raise OddError("INFO end")
