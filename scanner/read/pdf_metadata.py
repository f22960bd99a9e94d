"""Whether ExifTool read the metadata that a PDF names.

ExifTool reads a PDF whose object table or info dictionary is broken as one without any metadata, and says nothing of it.
"""

from __future__ import annotations

from scanner.model.readings import Statement
from scanner.tools.bounded import contains

_LIMIT_BYTES = 256 << 20
_NAMES = (b"/Metadata", b"/Info")
"""Keys under which catalogue and trailer name metadata, ISO 32000-1 sections 7.5.5 and 14.3; both stand uncompressed."""
_LAYOUT = frozenset({"PDFVersion", "Linearized", "PageCount", "PageLayout", "PageMode", "TaggedPDF", "Language", "HasXFA"})
"""Tags that ExifTool gives of any PDF, metadata or none."""


def has_unread_metadata(path: str, statements: tuple[Statement, ...]) -> bool:
    """Tell whether the PDF at `path` names metadata of which `statements` hold nothing.

    Raises:
        OSError: the file cannot be read any more.
    """
    groups = {statement.field.partition(":")[::2] for statement in statements}
    if any(group.startswith("XMP") or (group == "PDF" and tag not in _LAYOUT) for group, tag in groups):
        return False
    return any(contains(path, name, _LIMIT_BYTES) for name in _NAMES)
