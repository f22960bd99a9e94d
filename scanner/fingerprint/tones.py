"""From any picture mode to eight-bit grey, the same way for the same picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

MATTE = 128
"""Grey behind transparent parts: black lettering and white lettering both stay visible on it."""
WHOLE_PIXELS = 16_000_000
"""Pictures above this are brought to grey strip by strip and reduced: 120 million pixels whole took 860 MB, in strips 490."""
REDUCED_SIDE_PX = 1024
"""Shorter side that such a picture keeps at least; fingerprints look at far less."""
_STRIP_PIXELS = 2_000_000

Range = tuple[float, float]


def to_grey(image: Image.Image) -> Image.Image:
    """Return `image` as eight-bit grey (mode ``L``), transparency laid over mid-grey, 16 bits and floats scaled.

    A picture of more than `WHOLE_PIXELS` comes back smaller.
    """
    scale = _range(image)
    factor = min(image.size) // REDUCED_SIDE_PX
    if image.width * image.height <= WHOLE_PIXELS or factor < 2:
        return _grey(image, scale)
    reduced = Image.new("L", (-(-image.width // factor), -(-image.height // factor)))
    for top, strip in _strips(image, factor):
        reduced.paste(_grey(strip, scale).reduce(factor), (0, top // factor))
    return reduced


def _strips(image: Image.Image, multiple: int) -> Iterator[tuple[int, Image.Image]]:
    rows = max(multiple, _STRIP_PIXELS // image.width // multiple * multiple)
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(image.height, top + rows)))


def _grey(image: Image.Image, scale: Range) -> Image.Image:
    if image.has_transparency_data:
        return _matted(image)
    if image.mode == "LAB":
        return image.getchannel("L")
    if _is_deep(image):
        return _scaled(image, scale)
    return image if image.mode == "L" else image.convert("L")


def _is_deep(image: Image.Image) -> bool:
    return image.mode in ("I", "F") or image.mode.startswith("I;16")


def _matted(image: Image.Image) -> Image.Image:
    layered = image if image.mode in ("LA", "RGBA") else image.convert("LA" if image.mode == "La" else "RGBA")
    grey = Image.new("L", image.size, MATTE)
    grey.paste(layered.convert("L"), mask=layered.getchannel("A"))
    return grey


def _range(image: Image.Image) -> Range:
    """Darkest and brightest value that the numbers of a deep picture stand for; of no meaning for others."""
    if image.mode.startswith("I;16"):
        return 0.0, 65535.0
    if not _is_deep(image):
        return 0.0, 255.0
    ends = [(float(values.min()), float(values.max())) for values in map(_values, (strip for _, strip in _strips(image, 1)))]
    lowest, highest = min(low for low, _ in ends), max(high for _, high in ends)
    if lowest < 0:
        return lowest, highest
    # Integers without a stated range, and floats: the smallest usual white that holds the brightest pixel.
    return 0.0, next((white for white in (1.0, 255.0, 65535.0) if highest <= white), highest)


def _values(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.nan_to_num(np.asarray(image, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)


def _scaled(image: Image.Image, scale: Range) -> Image.Image:
    # Pillow's own convert("L") clips 16 bits at 255: nearly every 16-bit scan would come out white.
    lowest, highest = scale
    eight_bit = (_values(image) - lowest) * (255.0 / max(highest - lowest, 1e-12))
    return Image.fromarray(np.clip(np.rint(eight_bit), 0, 255).astype(np.uint8))
