"""Digest of the decoded pixels: equal for two files that show exactly the same picture, whatever holds it.

Normalised so that a lossless copy comes out equal: set upright, palettes and single bits written out, an alpha channel
that is opaque throughout dropped, colour without colour (R = G = B) taken as grey. Colour profiles do not count, as they
are metadata. Values are what the decoder yields, so its version is part of the digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
import PIL
from PIL import Image

from scanner.fingerprint.failures import told_apart
from scanner.fingerprint.picture import Picture, open_picture

ALGORITHM = f"pixels1/pillow-{PIL.__version__}"
_STRIP_BYTES = 512 << 10
"""Copies of a strip stay in a processor's cache: 12 megapixels took 42 ms so, and 48 in strips of 8 MB."""


def pixel_digest(path: str, format_name: str) -> str:
    """Return ``pixels1/pillow-VERSION:`` and the SHA-256 of mode, size and pixels as hexadecimal.

    Grey of 16 bits stays as it is. Colour of 16 bits is told apart from 8 bits, but digested by its upper bytes: Pillow
    keeps no more.

    Raises:
        PictureRefused: too large, not decoded, cannot be opened.
        PictureBroken: truncated or corrupt.
    """
    return digest_picture(open_picture(path, format_name, small=False))


def digest_picture(picture: Picture) -> str:
    """Return the digest of a picture that was decoded whole."""
    with told_apart():
        image = _without_grey_colour(_without_opaque_alpha(_written_out(picture.image)))
        depth = ";16" if picture.depth_bits == 16 and ";16" not in image.mode else ""
        digest = hashlib.sha256(f"{image.mode}{depth}|{image.width}|{image.height}|".encode())
        for strip in _strips(image):
            digest.update(_native(strip))
        return f"{ALGORITHM}:{digest.hexdigest()}"


def _written_out(image: Image.Image) -> Image.Image:
    """Expand palettes, single bits, premultiplied and keyed transparency; YCbCr as the RGB it stands for."""
    if image.mode in ("P", "PA", "La", "RGBa", "L", "1", "RGB") and image.has_transparency_data:
        return image.convert("LA" if image.mode in ("L", "1", "La") else "RGBA")
    if image.mode in ("P", "YCbCr", "RGBX"):
        return image.convert("RGB")
    return image.convert("L") if image.mode == "1" else image


def _without_opaque_alpha(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA") and image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB" if image.mode == "RGBA" else "L")
    return image


def _without_grey_colour(image: Image.Image) -> Image.Image:
    if image.mode not in ("RGB", "RGBA") or not all(_is_grey(strip) for strip in _strips(image)):
        return image
    red = image.getchannel("R")
    return red if image.mode == "RGB" else Image.merge("LA", (red, image.getchannel("A")))


def _is_grey(strip: Image.Image) -> bool:
    values = np.asarray(strip)
    red, green, blue = values[..., 0], values[..., 1], values[..., 2]
    return bool(np.array_equal(red, green) and np.array_equal(red, blue))


def _strips(image: Image.Image) -> Iterator[Image.Image]:
    # A second copy of 120 million pixels would double the memory.
    rows = max(1, _STRIP_BYTES // (4 * image.width))
    for top in range(0, image.height, rows):
        yield image.crop((0, top, image.width, min(image.height, top + rows)))


def _native(strip: Image.Image) -> bytes:
    if strip.mode.startswith("I;16"):
        return np.asarray(strip).astype("<u2").tobytes()
    return strip.tobytes()
