"""Made pictures with as much to hold on to as a photograph: leaves, stones and clouds of all sizes, from a seed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def landscape(seed: int, width: int = 480, height: int = 320) -> Image.Image:
    """A landscape in colour, yours to change."""
    return _made(seed, width, height).copy()


@lru_cache(64)
def _made(seed: int, width: int, height: int) -> Image.Image:
    random = np.random.RandomState(seed)
    image = Image.fromarray(_sky(random, width, height))
    draw = ImageDraw.Draw(image)
    for _ in range(420):
        size = 4 * 2 ** random.uniform(0, 4.2)
        x, y = random.uniform(0, width), height * random.uniform(0, 1) ** 0.7
        shade = tuple(int(value) for value in random.randint(20, 235, 3))
        corners = [
            (x + size * random.uniform(0.5, 1) * np.cos(turn), y + size * random.uniform(0.4, 0.9) * np.sin(turn))
            for turn in np.sort(random.uniform(0, 2 * np.pi, random.randint(4, 8)))
        ]
        draw.polygon(corners, fill=shade)
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(0.9)), np.float32)
    return Image.fromarray(np.clip(soft + random.normal(0, 2, soft.shape), 0, 255).astype(np.uint8))


def _sky(random, width, height):
    total = np.zeros((height, width, 3))
    for side in (3, 7, 15, 31):
        coarse = random.uniform(0, 255, (side, side, 3)).astype(np.uint8)
        total += np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)) / 4
    return total.astype(np.uint8)
