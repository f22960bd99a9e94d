"""Setting pictures upright, by the number that EXIF, TIFF and DPX share."""

from __future__ import annotations

from PIL import Image
from PIL.Image import Transpose

TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""Orientation (EXIF 2.32, section 4.6.5) → what sets the picture upright; 1 and what is not listed lie upright."""


def set_upright(image: Image.Image, orientation: int) -> Image.Image:
    """Return the picture upright; itself where it is."""
    turn = TURNS.get(orientation)
    # Not copied: a loaded picture no longer needs its file, and 120 million pixels twice would be a gigabyte.
    return image if turn is None else image.transpose(turn)


def upright_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Return width and height once it is upright."""
    return (size[1], size[0]) if 5 <= orientation <= 8 else size
