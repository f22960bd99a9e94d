"""A small picture for the report, decoded and encoded again: nothing of the file's metadata comes along."""

from __future__ import annotations

import io

from PIL import Image

from scanner.fingerprint.failures import PictureRefused, told_apart
from scanner.fingerprint.picture import SMALL_PX, Picture
from scanner.fingerprint.small import small_picture

_QUALITY = 80
LONGEST_PX = 320


def thumbnail(path: str, format_name: str, longest: int = LONGEST_PX) -> tuple[bytes, int, int]:
    """Return (JPEG bytes, width, height in pixels), upright, in sRGB as far as its profile can be applied.

    Raises:
        PictureRefused: too large, not decoded, cannot be opened.
        PictureBroken: truncated or corrupt.
    """
    return thumbnail_of(small_picture(path, format_name, colour=True, longest_px=max(longest, SMALL_PX)), longest)


def thumbnail_of(picture: Picture, longest: int = LONGEST_PX) -> tuple[bytes, int, int]:
    """Return (JPEG bytes, width, height in pixels) of a small picture that was made with its colour.

    Raises:
        PictureRefused: it has no colour, or out of memory.
        PictureBroken: the decoder's picture cannot be worked with.
    """
    if picture.colour is None:
        raise PictureRefused("its picture was decoded in grey")
    with told_apart():
        image = picture.colour.copy()
        image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        stream = io.BytesIO()
        clean = Image.frombytes(image.mode, image.size, image.tobytes())
        clean.save(stream, "JPEG", quality=_QUALITY, optimize=True)
        return stream.getvalue(), image.width, image.height
