"""From any picture mode to eight-bit grey, the same way for the same picture."""

from __future__ import annotations

import numpy as np
from PIL import Image

MATTE = 128
"""Grey behind transparent parts: black lettering and white lettering both stay visible on it."""


def to_grey(image: Image.Image) -> Image.Image:
    """Return `image` as eight-bit grey (mode ``L``), transparency laid over mid-grey, 16 bits and floats scaled."""
    if image.has_transparency_data:
        return _matted(image)
    if image.mode == "LAB":
        return image.getchannel("L")
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _scaled(image)
    return image if image.mode == "L" else image.convert("L")


def _matted(image: Image.Image) -> Image.Image:
    layered = image if image.mode in ("LA", "RGBA") else image.convert("LA" if image.mode == "La" else "RGBA")
    grey = Image.new("L", image.size, MATTE)
    grey.paste(layered.convert("L"), mask=layered.getchannel("A"))
    return grey


def _scaled(image: Image.Image) -> Image.Image:
    # Pillow's own convert("L") clips 16 bits at 255: nearly every 16-bit scan would come out white.
    values = np.nan_to_num(np.asarray(image, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    lowest, highest = float(values.min()), float(values.max())
    if image.mode.startswith("I;16"):
        lowest, highest = 0.0, 65535.0
    elif lowest >= 0:
        # Integers without a stated range, and floats: the smallest usual white that holds the brightest pixel.
        highest = next((white for white in (1.0, 255.0, 65535.0) if highest <= white), highest)
        lowest = 0.0
    eight_bit = (values - lowest) * (255.0 / max(highest - lowest, 1e-12))
    return Image.fromarray(np.clip(np.rint(eight_bit), 0, 255).astype(np.uint8))
