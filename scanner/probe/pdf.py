"""PDF (ISO 32000-1, section 7.5): a file that ends without a trailer was cut."""

from __future__ import annotations

from scanner.tools.containers.source import READ_LIMIT_BYTES, Source

_HEADER_LIMIT_BYTES = 1024
"""Readers accept the header anywhere in the first 1024 bytes (Adobe implementation note 13)."""


def recognise(source: Source) -> str | None:
    """Name a PDF whose header does not stand at the very start; its end mark tells it from a text about PDF."""
    return "pdf" if b"%PDF-" in source.head[:_HEADER_LIMIT_BYTES] and b"%%EOF" in source.tail(READ_LIMIT_BYTES) else None


def find_damage(source: Source, _name: str) -> str | None:
    """Tell whether the end of the file holds neither an end mark nor the place of a cross-reference table."""
    tail = source.tail(READ_LIMIT_BYTES)
    return None if b"%%EOF" in tail or b"startxref" in tail else "PDF ends before its trailer"
