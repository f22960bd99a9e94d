"""Made pictures with something in them: blocks at four sizes, from a seed. Whole numbers only, equal everywhere."""

from __future__ import annotations

import numpy as np
from PIL import Image


def scene(seed: int, width: int = 320, height: int = 240) -> Image.Image:
    """A grey scene."""
    return Image.fromarray(_levels(np.random.RandomState(seed), width, height))


def colour_scene(seed: int, width: int = 320, height: int = 240) -> Image.Image:
    """A scene in colour."""
    random = np.random.RandomState(seed)
    return Image.fromarray(np.dstack([_levels(random, width, height) for _ in range(3)]))


def _levels(random, width, height):
    total = np.zeros((height, width), dtype=np.uint16)
    for side in (4, 8, 16, 32):
        blocks = random.randint(0, 256, (side, side)).astype(np.uint16)
        rows, columns = np.arange(height) * side // height, np.arange(width) * side // width
        total += blocks[rows][:, columns]
    return (total // 4).astype(np.uint8)
