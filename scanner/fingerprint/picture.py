"""From a file to an upright picture, under limits that are told before anything is decoded."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from PIL import Image, ImageChops
from PIL.ImageFile import ImageFile

from scanner.fingerprint.decoders import FILM_FORMATS, READ_WHOLE, decoder_for
from scanner.fingerprint.failures import PictureError, PictureRefused, told_apart
from scanner.fingerprint.jpeg import decodes_in_one_pass
from scanner.fingerprint.profiles import conversion_of, profile_of
from scanner.fingerprint.upright import TURNS, set_upright, upright_size
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
SMALL_PX = 640
"""Longest side of the small picture that everything is made from; a scaled decode stays at or above it. Push-ins of 2.0
need it: local features lose them at 500."""

_ORIENTATION_TAG = 0x0112


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
    profile: bytes = b""
    """Its ICC colour profile, where it has one that was not yet applied."""
    exif: bytes = b""
    """Its EXIF block, as the decoder found it."""
    colour: Image.Image | None = None
    """Of a small picture only, where it was asked for: the same in sRGB colour."""


def open_picture(path: str, format_name: str, *, small: bool, colour: bool = False, longest_px: int = SMALL_PX) -> Picture:
    """Decode the file at `path`, which the probe says to be `format_name`, and set it upright.

    With `small`, enough of it for a fingerprint: a JPEG is scaled down while it is decoded, which is the only way to take
    it up to 1 gigapixel, and comes in grey unless `colour` is wanted or its profile asks for it; film frames come at
    `longest_px`, scaled JPEG with that or more. The EXIF thumbnail is never used: of 402 camera files 14 % had another picture
    there.

    Raises:
        PictureRefused: too large, not decoded, cannot be opened.
        PictureBroken: truncated or corrupt.
    """
    with _opened(path) as stream, told_apart():
        if format_name in FILM_FORMATS:
            return _film(path, stream, format_name, longest_px if small else 0)
        decoder = decoder_for(format_name)
        _refuse_long_file(stream, format_name)
        image = decoder(stream)
        drafted = small and format_name == "jpeg"
        _refuse_large(image, drafted and _is_large(image) and decodes_in_one_pass(stream))
        size, depth_bits = image.size, _depth_bits(image)
        if drafted:
            _draft(image, colour, longest_px)
        image.load()
        return _upright(_positive(image, format_name), size, depth_bits)


def _film(path: str, stream: BinaryIO, format_name: str, longest_px: int) -> Picture:
    if not longest_px:
        raise PictureRefused("frames in log or linear light are decoded for comparing only, not pixel for pixel")
    from scanner.fingerprint.film import read_film  # OpenImageIO costs 80 ms to load, and few scans meet film frames

    image, width, height = read_film(path, stream.fileno(), format_name, longest_px, PIXELS_LIMIT)
    return Picture(image, width, height, depth_bits=16)


def _draft(image: ImageFile, colour: bool, longest_px: int) -> None:
    """Have a JPEG decoded at the least of its scales that keeps `longest_px`."""
    wanted = colour or conversion_of(profile_of(image), image.mode) is not None
    longest = max(image.size)
    share = min(1.0, longest_px / longest)
    # Rounded down: a side of 639.6 must not ask for the next larger scale.
    image.draft("RGB" if wanted else "L", (max(1, int(image.width * share)), max(1, int(image.height * share))))


def _positive(image: ImageFile, format_name: str) -> Image.Image:
    # Pillow takes every CMYK JPEG for one of Adobe's, which hold ink inverted; without Adobe's marker it is not (ITU T.872).
    if format_name == "jpeg" and image.mode == "CMYK" and "adobe" not in image.info:
        inverted = ImageChops.invert(image)
        inverted.info = image.info
        return inverted
    return image


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    try:
        with open_regular(path) as raw, io.BufferedReader(cast(io.RawIOBase, raw), 1 << 16) as stream:
            yield stream
    except PictureError:
        raise
    except OSError as error:
        raise PictureRefused(f"it cannot be opened ({shown(error.strerror or str(error))})", transient=True) from error


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


def _upright(image: Image.Image, size: tuple[int, int], depth_bits: int) -> Picture:
    orientation = _orientation(image)
    width, height = upright_size(size, orientation)
    exif = image.info.get("exif")
    found = exif if isinstance(exif, bytes) else b""
    return Picture(set_upright(image, orientation), width, height, depth_bits, profile_of(image), found)


def _orientation(image: Image.Image) -> int:
    # EXIF is hostile too, and a broken one must not cost the picture; Pillow's own exif_transpose raises there.
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
        return value if isinstance(value, int) and value in TURNS else 1
    except Exception:
        return 1
