"""OLE compound files ([MS-CFB]): AAF projects, thumbnail databases, old Office documents."""

from __future__ import annotations

import re

from scanner.tools.containers.source import Source

_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_SMPTE = bytes.fromhex("060e2b34")
"""Second half of the header's class begins thus in AAF files of either sector size; others leave the class empty."""
_THUMBNAIL = re.compile(r"\d{1,6}|\d{2,4}_[0-9a-f]{8,16}|Catalog")
_ENTRY_BYTES = 128


def recognise(source: Source) -> str | None:
    """Name a compound file by its class, or by the streams of its first directory sector."""
    if not source.head.startswith(_SIGNATURE):
        return None
    if source.head[16:20] == _SMPTE:
        return "aaf"
    return "thumbs-db" if _holds_thumbnails(source) else "ole"


def _holds_thumbnails(source: Source) -> bool:
    names = _first_names(source)
    told = any(name == "Catalog" or "_" in name for name in names)
    return told and all(_THUMBNAIL.fullmatch(name) for name in names)


def _first_names(source: Source) -> list[str]:
    shift, sector = source.number(30, 2, little=True), source.number(48, 4, little=True)
    if shift not in (9, 12) or sector is None:
        return []
    raw = source.at((sector + 1) << shift, 1 << shift)
    entries = [raw[at : at + _ENTRY_BYTES] for at in range(0, len(raw) - _ENTRY_BYTES + 1, _ENTRY_BYTES)]
    # Byte 66 is the entry's type: 1 a storage, 2 a stream, 5 the root.
    return [_name(entry) for entry in entries if entry[66] in (1, 2)]


def _name(entry: bytes) -> str:
    length = int.from_bytes(entry[64:66], "little")
    return entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
