"""From a file to an upright picture, under limits that are told before anything is decoded."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from PIL import Image
from PIL.Image import Transpose
from PIL.ImageFile import ImageFile

from scanner.fingerprint.decoders import READ_WHOLE, decoder_for
from scanner.fingerprint.failures import PictureError, PictureRefused, told_apart
from scanner.fingerprint.jpeg import decodes_in_one_pass
from scanner.model.text import shown
from scanner.tools.bounded import open_regular

# Pillow warns of odd EXIF and large pictures on stderr, where the progress line lives; what matters is raised.
warnings.filterwarnings("ignore", module=r"PIL\.")

PIXELS_LIMIT = 120_000_000
"""Pixels decoded whole: 480 MB as RGBA, twice that while it is converted."""
DRAFT_PIXELS_LIMIT = 1_000_000_000
"""Pixels of a JPEG that is scaled to an eighth while it is decoded: 1 gigapixel becomes 16 megapixels."""
WHOLE_FILE_LIMIT_BYTES = 512 << 20
"""File size for decoders that take the whole file into memory."""
DRAFT_PX = 256
"""Shortest side a scaled decode may come down to: of 60 photographs of 2,000 px the hash was equal to that of the whole
picture for 49, and 2 bits off for 11."""

_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""EXIF 2.32, section 4.6.5, Orientation → what sets the picture upright."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture, upright."""

    image: Image.Image
    """Loaded and upright, in the file's own mode; possibly smaller than the file's picture."""
    width: int
    """Of the file's picture in pixels, after orientation."""
    height: int
    depth_bits: int = 8
    """Bits a channel in the file: 16 also where the decoder keeps only the upper eight (16-bit colour)."""


def open_picture(path: str, format_name: str, *, small: bool) -> Picture:
    """Decode the file at `path`, which the probe says to be `format_name`, and set it upright.

    With `small`, enough of it for a fingerprint: a JPEG comes in grey and scaled down while decoding, which is the only
    way to take it up to 1 gigapixel. The EXIF thumbnail is never used: of 402 camera files 14 % had another picture there.

    Raises:
        PictureRefused: too large, not decoded, cannot be opened.
        PictureBroken: truncated or corrupt.
    """
    return decode(path, format_name, draft_mode="L" if small else None, draft_px=DRAFT_PX)


def decode(path: str, format_name: str, *, draft_mode: str | None, draft_px: int = DRAFT_PX) -> Picture:
    """Decode as `open_picture` does; `draft_mode` (``L``, ``RGB``, None for whole) says how a JPEG is scaled down.

    Raises:
        PictureRefused: too large, not decoded, cannot be opened.
        PictureBroken: truncated or corrupt.
    """
    decoder = decoder_for(format_name)
    with _opened(path) as stream, told_apart():
        _refuse_long_file(stream, format_name)
        image = decoder(stream)
        drafted = draft_mode is not None and format_name == "jpeg"
        _refuse_large(image, drafted and _is_large(image) and decodes_in_one_pass(stream))
        size, depth_bits = image.size, _depth_bits(image)
        if drafted:
            image.draft(draft_mode, (draft_px, draft_px))
        image.load()
        return _upright(image, size, depth_bits)


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    try:
        with open_regular(path) as raw, io.BufferedReader(cast(io.RawIOBase, raw), 1 << 16) as stream:
            yield stream
    except PictureError:
        raise
    except OSError as error:
        raise PictureRefused(f"it cannot be opened ({shown(error.strerror or str(error))})") from error


def _refuse_long_file(stream: BinaryIO, format_name: str) -> None:
    if format_name in READ_WHOLE and os.fstat(stream.fileno()).st_size > WHOLE_FILE_LIMIT_BYTES:
        raise PictureRefused(f"its file is larger than {WHOLE_FILE_LIMIT_BYTES >> 20} MB")


def _is_large(image: ImageFile) -> bool:
    return image.width * image.height > PIXELS_LIMIT


def _refuse_large(image: ImageFile, scaled: bool) -> None:
    limit = DRAFT_PIXELS_LIMIT if scaled else PIXELS_LIMIT
    if image.width * image.height > limit:
        raise PictureRefused(f"{image.width} × {image.height} pixels are more than the {limit // 1_000_000} million decoded")


def _depth_bits(image: ImageFile) -> int:
    # Pillow names the stored layout in the tile's last field: ``RGB;16B`` (PNG, TIFF) loses its lower bytes on load.
    return 16 if any(";16" in str(tile[3]) for tile in image.tile) or image.mode.startswith("I;16") else 8


def _upright(image: ImageFile, size: tuple[int, int], depth_bits: int) -> Picture:
    orientation = _orientation(image)
    method = _UPRIGHT.get(orientation)
    # Not copied: a loaded picture no longer needs its file, and 120 million pixels twice would be a gigabyte.
    upright = image if method is None else image.transpose(method)
    width, height = reversed(size) if orientation >= 5 else size
    return Picture(upright, width, height, depth_bits)


def _orientation(image: ImageFile) -> int:
    # EXIF is hostile too, and a broken one must not cost the picture; Pillow's own exif_transpose raises there.
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
        return value if isinstance(value, int) and value in _UPRIGHT else 1
    except Exception:
        return 1
