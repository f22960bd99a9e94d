"""Pictures of references: how small, and what is let in from a file of someone else's.

Two a reference. The thumbnail is for lists. The picture is what an asset is compared with where a part of it may have been
altered, and what stands beside it in a report. WebP (RFC 9649), since at 640 pixels it has about two thirds of a JPEG's
bytes at equal error. With 22.4 kB of local features and 11.2 kB of their index a reference stays below 64 kB.
"""

from __future__ import annotations

import io

from PIL import Image

LONGEST_PX = 160
"""Longer side of a thumbnail: enough to tell two pictures apart beside each other, small enough for a million references."""
LIMIT_BYTES = 6_000
"""Most bytes of a thumbnail that is made."""
PICTURE_PX = 640
"""Longer side of a picture; smaller ones are not enlarged."""
PICTURE_LIMIT_BYTES = 23_500
"""Most bytes of a picture that is made."""
IMPORT_LIMIT_BYTES = 12_000
"""Most bytes of a thumbnail from outside: what earlier versions made is let in still."""
PICTURE_IMPORT_LIMIT_BYTES = 36_000
"""Most bytes of a picture from outside."""
_IMPORT_LIMIT_PX = 640
_QUALITIES = (80, 65, 50, 35, 20, 10)
_PICTURE_SIDES_PX = {PICTURE_PX: 75, 512: 60, 384: 60, 256: 60, 192: 60}
"""Tried one after the other until the bytes fit, with the best quality each: noise and foliage get fewer pixels, not worse ones.
A picture that has to be smaller than 640 at quality 30 has no room for more than 60 at 512."""
_LEAST_QUALITY = 30
_QUALITY_OFFSET = 28
"""Bytes grow as the quality plus this does: 0.84, 0.70 and 0.54 of those at 75 take 60, 45 and 30, on average of 35 pictures."""
_AIMED_AT_BYTES = 0.97 * PICTURE_LIMIT_BYTES
"""What the next attempt is to take; the spread about what is expected is 3 to 5 %."""
_WELL_USED = 0.8
"""Share of the limit below which one more attempt is made."""
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
    for side, best in _PICTURE_SIDES_PX.items():
        small = image.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        # WebP has no grey: three equal channels cost it next to nothing.
        if webp := _as_good_as_fits(small if small.mode == "RGB" else small.convert("RGB"), best):
            return webp
    return b""


def is_thumbnail(jpeg: bytes) -> bool:
    """Whether bytes from outside may be kept as a thumbnail: a JPEG by its header, and small. Nothing is decoded."""
    return len(jpeg) <= IMPORT_LIMIT_BYTES and _has_header(jpeg, ["JPEG"])


def is_picture(content: bytes) -> bool:
    """Whether bytes from outside may be kept as a picture: WebP or JPEG by its header, and small. Nothing is decoded."""
    return len(content) <= PICTURE_IMPORT_LIMIT_BYTES and _has_header(content, ["WEBP", "JPEG"])


def decodes(content: bytes) -> bool:
    """Whether bytes that are a small picture by their header can be decoded whole."""
    try:
        with Image.open(io.BytesIO(content), formats=["WEBP", "JPEG"]) as image:
            image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True


def _as_good_as_fits(small: Image.Image, best: int) -> bytes:
    """The picture in WebP at the best quality of which it is small enough; empty where it is too large at the least."""
    webp = large = _webp(small, best)
    quality = best
    while len(webp) > PICTURE_LIMIT_BYTES:
        if quality <= _LEAST_QUALITY:
            return b""
        expected = int((quality + _QUALITY_OFFSET) * _AIMED_AT_BYTES / len(webp)) - _QUALITY_OFFSET
        quality = max(_LEAST_QUALITY, min(quality - 1, expected))
        webp = _webp(small, quality)
    if quality < best and len(webp) < _WELL_USED * PICTURE_LIMIT_BYTES:
        # Grain is what low qualities drop first, and all at once: far less is left then than was expected.
        between = (best - quality) * (_AIMED_AT_BYTES - len(webp)) / (len(large) - len(webp))
        nearer = _webp(small, quality + int(between))
        return nearer if len(nearer) <= PICTURE_LIMIT_BYTES else webp
    return webp


def _webp(image: Image.Image, quality: int) -> bytes:
    return _encoded(image, "WEBP", quality=quality, method=_WEBP_EFFORT)


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
