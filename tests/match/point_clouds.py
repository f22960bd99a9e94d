"""Made points and pairs that agree on a transform, for tests."""

from __future__ import annotations

import numpy as np

from scanner.match.geometry import apply_matrix
from scanner.match.points import Pairs, Points
from scanner.model.matching import LocalFeatures

SIZE = (1.0, 0.66)


def similarity(scale=1.0, degrees=0.0, east=0.0, south=0.0):
    turn = np.deg2rad(degrees)
    return np.array(
        [
            [scale * np.cos(turn), -scale * np.sin(turn), east],
            [scale * np.sin(turn), scale * np.cos(turn), south],
            [0, 0, 1],
        ]
    )


def pairs_on(matrix, true, false=0, seed=1, noise=0.001):
    """`true` pairs that agree with the matrix, then `false` ones at random."""
    random = np.random.default_rng(seed)
    own = random.uniform((0, 0), SIZE, (true + false, 2))
    placed = apply_matrix(matrix, own)
    placed[true:] = random.uniform((0, 0), SIZE, (false, 2))
    placed[:true] += random.normal(0, noise, (true, 2))
    growth = np.full(true + false, 0.5 * np.log2(abs(np.linalg.det(matrix[:2, :2]))))
    turn = np.full(true + false, np.arctan2(matrix[1, 0], matrix[0, 0]))
    growth[true:] = random.uniform(-2, 2, false)
    turn[true:] = random.uniform(-np.pi, np.pi, false)
    growth[:true] += random.normal(0, 0.1, true)
    turn[:true] += random.normal(0, 0.05, true)
    return Pairs(own, placed, growth, turn)


def cloud(count, seed, size=SIZE):
    """Points with random codes."""
    random = np.random.default_rng(seed)
    return Points(
        size,
        random.uniform((0, 0), size, (count, 2)),
        random.uniform(-8, -4, count),
        random.uniform(0, 2 * np.pi, count),
        random.integers(0, 2**64, (count, 2), np.uint64),
    )


def moved(points, matrix, size=SIZE, flips=6, seed=2):
    """The points as an asset would show them: moved, and some bits of each code changed; those outside are gone."""
    random = np.random.default_rng(seed)
    placed = apply_matrix(matrix, points.places)
    inside = np.all((placed >= 0) & (placed <= np.array(size)), axis=1)
    codes = points.codes.copy()
    for _ in range(flips):
        codes[:, 0] ^= np.uint64(1) << random.integers(0, 64, len(codes)).astype(np.uint64)
    growth, turn = 0.5 * np.log2(abs(np.linalg.det(matrix[:2, :2]))), np.arctan2(matrix[1, 0], matrix[0, 0])
    shown = Points(size, placed, points.sizes + growth, points.angles + turn, codes)
    return Points(size, *(getattr(shown, name)[inside] for name in ("places", "sizes", "angles", "codes")))


def features(count, seed, words=1 << 18):
    """Local features with random everything."""
    random = np.random.default_rng(seed)
    numbers = random.integers(0, 65536, (count, 4))
    numbers[:, 2] = random.integers(32768 - 8 * 2048, 32768 - 4 * 2048, count)
    return LocalFeatures(
        "made/1",
        480,
        320,
        numbers.astype("<u2").tobytes(),
        random.integers(0, 256, (count, 16), np.uint8).tobytes(),
        random.integers(0, words, count).astype("<u4").tobytes(),
    )
