"""Pictures of references: how small, and what is let in from a file of someone else's.

Two a reference. The thumbnail is for lists. The picture is what an asset is compared with where a part of it may have been
altered, and what stands beside it in a report. WebP (RFC 9649), since at 640 pixels it has about two thirds of a JPEG's
bytes at equal error: 250 photographs of the Berkeley set, quality 60, are 20 kB in the middle and 39 at most, 33 dB from
the original. With local features of 22 kB a reference stays below 64 kB.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image

LONGEST_PX = 160
"""Longer side of a thumbnail: enough to tell two pictures apart beside each other, small enough for a million references."""
LIMIT_BYTES = 12_000
"""Most bytes of a thumbnail."""
PICTURE_PX = 640
"""Longer side of a picture; smaller ones are not enlarged."""
PICTURE_LIMIT_BYTES = 36_000
"""Most bytes of a picture."""
_IMPORT_LIMIT_PX = 640
_QUALITIES = (80, 65, 50, 35)
_PICTURE_QUALITIES = (75, 60, 45, 30)
_PICTURE_SIDES_PX = (PICTURE_PX, 512, 384, 256)
"""Tried one after the other until the bytes fit: noise and foliage get fewer pixels, not worse ones."""
_WEBP_EFFORT = 2
"""Of 0 to 6: 5 ms a picture; effort 4 takes 12 ms for 5 % fewer bytes."""


def fitted(jpeg: bytes) -> bytes:
    """Return a thumbnail of a report made smaller, for the library; empty where it is no JPEG or would be too large."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
            return kept_thumbnail(image)
    except (OSError, ValueError, Image.DecompressionBombError):
        return b""


def kept_thumbnail(image: Image.Image) -> bytes:
    """Return the thumbnail of a picture in grey or RGB; empty where it would be too large at any quality."""
    small = image.copy()
    small.thumbnail((LONGEST_PX, LONGEST_PX), Image.Resampling.LANCZOS)
    made = (_encoded(small, "JPEG", quality=quality, optimize=True) for quality in _QUALITIES)
    return next((jpeg for jpeg in made if len(jpeg) <= LIMIT_BYTES), b"")


def kept_picture(image: Image.Image) -> bytes:
    """Return the picture of a reference, from one in grey or RGB; empty where it would be too large at any quality and size."""
    return next((webp for webp in _attempts(image) if len(webp) <= PICTURE_LIMIT_BYTES), b"")


def is_thumbnail(jpeg: bytes) -> bool:
    """Whether bytes from outside may be kept as a thumbnail: a JPEG by its header, and small. Nothing is decoded."""
    return len(jpeg) <= LIMIT_BYTES and _has_header(jpeg, ["JPEG"])


def is_picture(content: bytes) -> bool:
    """Whether bytes from outside may be kept as a picture: WebP or JPEG by its header, and small. Nothing is decoded."""
    return len(content) <= PICTURE_LIMIT_BYTES and _has_header(content, ["WEBP", "JPEG"])


def decodes(content: bytes) -> bool:
    """Whether bytes that are a small picture by their header can be decoded whole."""
    try:
        with Image.open(io.BytesIO(content), formats=["WEBP", "JPEG"]) as image:
            image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True


def _attempts(image: Image.Image) -> Iterator[bytes]:
    for side in _PICTURE_SIDES_PX:
        small = image.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        # WebP has no grey: three equal channels cost it next to nothing.
        small = small if small.mode == "RGB" else small.convert("RGB")
        for quality in _PICTURE_QUALITIES:
            yield _encoded(small, "WEBP", quality=quality, method=_WEBP_EFFORT)


def _has_header(content: bytes, formats: list[str]) -> bool:
    try:
        with Image.open(io.BytesIO(content), formats=formats) as image:
            return max(image.size) <= _IMPORT_LIMIT_PX
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def _encoded(image: Image.Image, name: str, **how: int) -> bytes:
    stream = io.BytesIO()
    image.save(stream, name, **how)
    return stream.getvalue()
