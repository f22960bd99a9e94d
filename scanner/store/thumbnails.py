"""Small pictures of references: how small, and what is let in from a file of someone else's."""

from __future__ import annotations

import io

from PIL import Image

LONGEST_PX = 160
"""Longer side: enough to tell two pictures apart beside each other, small enough for a million references."""
LIMIT_BYTES = 12_000
_IMPORT_LIMIT_PX = 640
_QUALITIES = (80, 65, 50, 35)


def fitted(jpeg: bytes) -> bytes:
    """Return a thumbnail of a report made smaller, for the library; empty where it is no JPEG or would be too large."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
            image.thumbnail((LONGEST_PX, LONGEST_PX), Image.Resampling.LANCZOS)
            made = (_encoded(image, quality) for quality in _QUALITIES)
            return next((small for small in made if len(small) <= LIMIT_BYTES), b"")
    except (OSError, ValueError, Image.DecompressionBombError):
        return b""


def is_thumbnail(jpeg: bytes) -> bool:
    """Whether bytes from outside may be kept as a thumbnail: a JPEG by its header, and small. Nothing is decoded."""
    if len(jpeg) > LIMIT_BYTES:
        return False
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
            return max(image.size) <= _IMPORT_LIMIT_PX
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def _encoded(image: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality, optimize=True)
    return stream.getvalue()
