"""Files in which the C2PA library would find nothing, told by their bytes: it takes a millisecond each to say so.

The library (0.91) looks for a manifest in one place of each container, by a marker that has to stand there as it is, and for the
address of a remote one in XMP that is not packed, by the name of its property. A file in which neither occurs anywhere, be it by
chance, holds no credentials that the library would find; one in which either does goes to it.
"""

from __future__ import annotations

from collections.abc import Mapping

from scanner.model.readings import UNSIGNED_NOTE, NotFound
from scanner.tools.containers.source import Source

_REMOTE = b"provenance"
"""End of ``dcterms:provenance``."""
_MANIFEST = b"c2pa"
"""Begins the type of the superbox (C2PA 2.x, 11.1.4.2), and stands in the labels of all that is in it."""
_PLACES: Mapping[str, bytes] = {"jpeg": b"\xff\xeb", "png": b"caBX", "webp": b"C2PA"}
"""Formats of a single place for a manifest, and the bytes that it begins with: C2PA 2.x, A.3."""


def read_unsigned(source: Source, format_name: str) -> NotFound | None:
    """Return that a file holds no credentials; None where the library has to look, and for large files."""
    place, content = _PLACES.get(format_name), source.whole
    if place is None or content is None or any(marker in content for marker in (place, _MANIFEST, _REMOTE)):
        return None
    return NotFound(note=UNSIGNED_NOTE)
