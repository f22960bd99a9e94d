"""Made pictures of repeated texture: bricks, tiles, weaves, halftones, fences, wallpaper; from a seed and few patterns."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from benchmarks.post_production import Pixels

WIDTH, HEIGHT = 960, 540


def repeated_textures(count: int, seed: int) -> Iterator[tuple[str, Pixels]]:
    """Yield (kind, picture), the kinds in turn; pictures of a kind share their pattern but for size, shift, tone and noise."""
    random = np.random.default_rng(seed)
    for number in range(count):
        kind = list(_KINDS)[number % len(_KINDS)]
        tile = _KINDS[kind]()
        size = int(random.integers(24, 120))
        scaled = cv2.resize(tile, (size, size), interpolation=cv2.INTER_AREA if size < tile.shape[0] else cv2.INTER_CUBIC)
        shift = random.integers(0, size, 2)
        tiled = np.tile(scaled, (HEIGHT // size + 2, WIDTH // size + 2))
        levels = tiled[shift[0] : shift[0] + HEIGHT, shift[1] : shift[1] + WIDTH]
        low, high = np.sort(random.uniform(10, 245, 2))
        noise = random.normal(0, random.uniform(0, 6), levels.shape)
        toned = np.clip(low + levels / 255 * max(high - low, 30) + noise, 0, 255).astype(np.uint8)
        yield kind, toned[..., None].repeat(3, axis=2)


def _bricks() -> np.ndarray:
    tile = np.full((96, 96), 170, np.float32)
    for row in (0, 48):
        tile[row : row + 5] = 60
        left = 0 if row == 0 else 48
        tile[row : row + 48, left : left + 5] = 60
    return tile


def _tiles() -> np.ndarray:
    tile = np.full((96, 96), 200, np.float32)
    tile[:4] = tile[:, :4] = 80
    return tile


def _weave() -> np.ndarray:
    x, y = np.meshgrid(np.arange(96), np.arange(96))
    over = (x // 24 + y // 24) % 2
    return np.where(over, 120 + 100 * np.sin(x / 24 * np.pi), 120 + 100 * np.sin(y / 24 * np.pi)).astype(np.float32)


def _halftone() -> np.ndarray:
    x, y = np.meshgrid(np.arange(96) - 48, np.arange(96) - 48)
    return np.where(x**2 + y**2 < 30**2, 40, 220).astype(np.float32)


def _fence() -> np.ndarray:
    x, y = np.meshgrid(np.arange(96), np.arange(96))
    return np.where((np.abs(x - y) < 6) | (np.abs(x + y - 96) < 6), 30, 190).astype(np.float32)


def _wallpaper() -> np.ndarray:
    random = np.random.default_rng(3)
    coarse = random.uniform(0, 255, (12, 12)).astype(np.float32)
    return cv2.resize(np.pad(coarse, 2, mode="wrap"), (128, 128), interpolation=cv2.INTER_CUBIC)[16:112, 16:112].clip(0, 255)


def _foliage() -> np.ndarray:
    random = np.random.default_rng(4)
    tile = np.full((96, 96), 90, np.float32)
    for _ in range(60):
        x, y = (int(value) for value in random.integers(0, 96, 2))
        shade, turn = float(random.uniform(30, 230)), float(random.uniform(0, 180))
        for dx in (-96, 0, 96):
            for dy in (-96, 0, 96):
                cv2.ellipse(tile, (x + dx, y + dy), (12, 4), turn, 0, 360, shade, -1)
    return tile


_KINDS = {
    "bricks": _bricks,
    "tiles": _tiles,
    "weave": _weave,
    "halftone": _halftone,
    "fence": _fence,
    "wallpaper": _wallpaper,
    "foliage": _foliage,
}
