"""The thumbnail that a camera put into the EXIF block, held against the picture it is said to be of.

It is never the picture. Where it shows another one, the picture was exchanged, or cropped or changed much, after the thumbnail
was made, by a tool that left it.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import jpeg_factory

from scanner.fingerprint.bars import find_bars
from scanner.fingerprint.dct_hash import bits_of, coefficients_of, laid, levels_of
from scanner.fingerprint.failures import PictureError, told_apart
from scanner.fingerprint.flatness import is_flat
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.tones import to_grey
from scanner.tools.containers.source import Source
from scanner.tools.containers.tiff import read_directory, read_layout, read_next, read_numbers

OTHER_BITS = 80
"""Differing bits of 256, in whichever way they agree best, from which a thumbnail shows another picture.

Thumbnails made of 120 photographs (padded, cropped, stretched to 160 × 120, bright, q50): 46 at most. Of 19 camera files: 24 at
most, but 66 of one that was saved at 100 pixels in coarse blocks. Thumbnails of another photograph: 90 at least of 2,000."""

_PREFIX = b"Exif\0\0"
_BLOCK_LIMIT_BYTES = 4 << 20
_PIXELS_LIMIT = 4_000_000
_SHORTEST_PX = 48
_COMPRESSION, _OFFSET, _LENGTH = 0x0103, 0x0201, 0x0202
_JPEG = (6, 7)
"""Tags of the thumbnail's directory, and its compression where it is a JPEG: EXIF 2.32 says 6, some cameras write TIFF's 7."""
_ASPECTS_ALIKE = 0.02


def find_other_thumbnail(picture: Picture) -> str:
    """Say, as a clause, how the embedded thumbnail differs from a small picture; empty where it does not, or there is none.

    A thumbnail that is broken, too small or too plain says nothing.
    """
    jpeg = _embedded(picture.exif)
    if not jpeg:
        return ""
    try:
        with told_apart():
            thumbnail, whole = _decoded(jpeg), to_grey(picture.image)
            if thumbnail is None or min(whole.size) < _SHORTEST_PX or is_flat(whole):
                return ""
            distance = _distance(thumbnail, whole)
    except PictureError:
        return ""
    size = f"{thumbnail.width} × {thumbnail.height} pixels"
    return f"{size}, {distance} of 256 bits differ" if distance >= OTHER_BITS else ""


def _embedded(exif: bytes) -> bytes:
    """The JPEG in the second directory of an EXIF block; empty where there is none."""
    block = exif.removeprefix(_PREFIX)
    if not 0 < len(block) <= _BLOCK_LIMIT_BYTES:
        return b""
    source = Source(io.BytesIO(block), len(block))
    layout = read_layout(source)
    second = read_next(source, layout, layout.first) if layout else None
    entries = read_directory(source, layout, second) if layout and second else None
    if layout is None or entries is None:
        return b""
    compression, offset, length = (read_numbers(source, layout, entries.get(tag)) for tag in (_COMPRESSION, _OFFSET, _LENGTH))
    if not set(compression) <= set(_JPEG) or len(offset) != 1 or len(length) != 1:
        return b""
    return block[offset[0] : offset[0] + length[0]]


def _decoded(jpeg: bytes) -> Image.Image | None:
    image = jpeg_factory(io.BytesIO(jpeg))
    if image.width * image.height > _PIXELS_LIMIT or min(image.size) < _SHORTEST_PX:
        return None
    image.draft("L", None)
    image.load()
    grey = image.convert("L")
    return None if is_flat(grey) else grey


def _distance(thumbnail: Image.Image, whole: Image.Image) -> int:
    """Differing bits of the two in the views and the way to lay them in which they agree best."""
    box = find_bars(np.asarray(thumbnail))
    ours = [thumbnail] if box is None else [thumbnail, thumbnail.crop(box)]
    theirs = [whole, *_fitted(whole, thumbnail.width / thumbnail.height), *_fitted(whole, thumbnail.height / thumbnail.width)]
    hashes = [int(bits_of(coefficients_of(levels_of(one))), 16) for one in theirs]
    # In all ways: tools that turn a picture upright often leave its thumbnail lying.
    return min(
        (int(bits_of(way), 16) ^ other).bit_count()
        for one in ours
        for way in laid(coefficients_of(levels_of(one)))
        for other in hashes
    )


def _fitted(whole: Image.Image, aspect: float) -> list[Image.Image]:
    """The picture cut, and padded with black, to another aspect, as cameras fit theirs into 4:3."""
    width, height = whole.size
    if abs(width / height / aspect - 1) < _ASPECTS_ALIKE:
        return []
    cut = (min(width, round(height * aspect)), min(height, round(width / aspect)))
    full = (max(width, round(height * aspect)), max(height, round(width / aspect)))
    left, top = (width - cut[0]) // 2, (height - cut[1]) // 2
    padded = Image.new("L", full)
    padded.paste(whole, ((full[0] - width) // 2, (full[1] - height) // 2))
    return [whole.crop((left, top, left + max(1, cut[0]), top + max(1, cut[1]))), padded]
