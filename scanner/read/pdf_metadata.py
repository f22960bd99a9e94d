"""Whether ExifTool read the metadata that a PDF names.

ExifTool reads a PDF whose object table, trailer or info dictionary is broken as one with less metadata or none, and says
nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.model.readings import Statement
from scanner.tools.bounded import CHUNK_BYTES, contains, open_regular

_LIMIT_BYTES = 256 << 20
_NAMES = (b"/Metadata", b"/Info")
"""Keys under which catalogue and trailer name metadata, ISO 32000-1 sections 7.5.5 and 14.3; both stand uncompressed."""
_LAYOUT = frozenset({"PDFVersion", "Linearized", "PageCount", "PageLayout", "PageMode", "TaggedPDF", "Language", "HasXFA"})
"""Tags that ExifTool gives of any PDF, metadata or none."""
_CATALOGUE = re.compile(rb"/Type\s*/Catalog\b")
_OBJECT_BYTES = 4096
"""Bytes looked at on each side of a catalogue's type: the dictionary itself is some hundred bytes."""


def has_unread_metadata(path: str, statements: tuple[Statement, ...]) -> bool:
    """Tell whether the PDF at `path` names metadata of which `statements` hold nothing.

    Raises:
        OSError: the file cannot be read any more.
    """
    groups = {statement.field.partition(":")[::2] for statement in statements}
    if any(group.startswith("XMP") for group, _ in groups):
        return False
    if any(group == "PDF" and tag not in _LAYOUT for group, tag in groups):
        # The info dictionary was read. Images of a PDF have metadata of their own, so only the catalogue's word counts.
        return any(b"/Metadata" in catalogue for catalogue in _catalogues(path))
    return any(contains(path, name, _LIMIT_BYTES) for name in _NAMES)


def _catalogues(path: str) -> Iterator[bytes]:
    """Yield the object around each catalogue's type, as far as it stands uncompressed."""
    left_bytes, window = _LIMIT_BYTES, b""
    with open_regular(path) as stream:
        while left_bytes > 0 and (part := stream.read(min(left_bytes, CHUNK_BYTES))):
            window += part
            yield from (_object_around(window, found.start()) for found in _CATALOGUE.finditer(window))
            window = window[-2 * _OBJECT_BYTES :]
            left_bytes -= len(part)


def _object_around(window: bytes, at: int) -> bytes:
    before, after = window[max(0, at - _OBJECT_BYTES) : at], window[at : at + _OBJECT_BYTES]
    return before.rpartition(b"obj")[2] + after.partition(b"endobj")[0]
