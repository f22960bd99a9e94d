"""Recall and false pairs of the two global hashes, by what happened to the picture (docs/decisions/0018).

    python -m benchmarks.global_hash PHOTOS [--queries N] [--seed N]

References are the photographs, and the tiles of each in halves and thirds: other pictures that look much alike. Queries are
photographs after each transform of `benchmarks.post_production`. A pair is wrong where the two come from different photographs.
`8 ways` lays each reference in all ways; `bars` adds what bars leave, on both sides. Wrong pairs are counted by the nearest view.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.post_production import cells
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.prints import prints_of
from scanner.fingerprint.small import made_small
from scanner.match.ways import WAYS, laid

PHASH_BITS, TOLD_BITS = 9, (31, 48, 64, 72)
WRONG_BITS = (8, 9, 10, 12), (31, 48, 64, 72, 80, 90)


@dataclass
class Table:
    """Hashes of references, by view."""

    phash: NDArray[np.uint8]
    whole: NDArray[np.uint8]
    views: NDArray[np.uint8]
    """Shape (8, n, 32): of whole and inner, in all ways."""
    phash_owners: NDArray[np.intp]
    owners: NDArray[np.intp]
    view_owners: NDArray[np.intp]
    wrong_phash: NDArray[np.int64] = field(default_factory=lambda: np.zeros(65, np.int64))
    wrong: NDArray[np.int64] = field(default_factory=lambda: np.zeros(257, np.int64))
    pairs: int = 0


def hashes(pixels: NDArray[np.uint8]) -> tuple[bytes, bytes, list[bytes]]:
    """pHash, hash of the whole and of all views; empty where a view is too plain."""
    image = Image.fromarray(pixels)
    mark, prints = prints_of(made_small(Picture(image, *image.size)))
    by_variant = {one.variant: bytes.fromhex(one.bits) for one in prints}
    return b"" if mark.flat else bytes.fromhex(mark.bits), by_variant.get("whole", b""), list(by_variant.values())


def tiles(pixels: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """The picture, its quarters and its ninths."""
    height, width = pixels.shape[:2]
    cut = [
        pixels[row * height // n : (row + 1) * height // n, column * width // n : (column + 1) * width // n]
        for n in (1, 2, 3)
        for row in range(n)
        for column in range(n)
    ]
    return [np.ascontiguousarray(one) for one in cut]


def build(photos: list[NDArray[np.uint8]]) -> Table:
    """Hash every reference."""
    rows = [(owner, *hashes(tile)) for owner, photo in enumerate(photos) for tile in tiles(photo)]
    phash = [(owner, one) for owner, one, _, _ in rows if one]
    whole = [(owner, one) for owner, _, one, _ in rows if one]
    views = [(owner, one) for owner, _, _, many in rows for one in many]
    packed = _packed([one for _, one in views])
    return Table(
        _packed([one for _, one in phash]),
        _packed([one for _, one in whole]),
        np.stack([laid(packed, way) for way in WAYS]),
        *(np.array([owner for owner, _ in each]) for each in (phash, whole, views)),
    )


def _packed(many: list[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(many), np.uint8).reshape(len(many), -1)


def _far(table: NDArray[np.uint8], one: bytes) -> NDArray[np.int64]:
    return np.bitwise_count(table ^ np.frombuffer(one, np.uint8)).sum(axis=-1, dtype=np.int64)


def query(table: Table, owner: int, pixels: NDArray[np.uint8]) -> tuple[int, int, int]:
    """Nearest distance to its own photograph by pHash, by the whole, by all views in eight ways; count wrong pairs."""
    phash, whole, views = hashes(pixels)
    nearest = [64, 256, 256]
    if phash:
        far = _far(table.phash, phash)
        nearest[0] = int(far[table.phash_owners == owner].min(initial=64))
        table.wrong_phash += np.bincount(far[table.phash_owners != owner], minlength=65)
    if whole:
        nearest[1] = int(_far(table.whole, whole)[table.owners == owner].min(initial=256))
    if views:
        far = np.min([_far(table.views, one).min(axis=0) for one in views], axis=0)
        nearest[2] = int(far[table.view_owners == owner].min(initial=256))
        table.wrong += np.bincount(far[table.view_owners != owner], minlength=257)
        table.pairs += int((table.view_owners != owner).sum())
    return nearest[0], nearest[1], nearest[2]


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--queries", type=int, default=200, help="photographs a transform")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    photos = [np.asarray(Image.open(path).convert("RGB")) for path in sorted(chosen.photos.glob("*.jpg"))]
    table = build(photos)
    print(f"{len(table.phash)} references of {len(photos)} photographs, {min(chosen.queries, len(photos))} queries a row, in %")
    print(f"{'':22}phash64 ≤ 9 | dct256 whole ≤ {TOLD_BITS} | bars and 8 ways ≤ {TOLD_BITS}")
    for name, transform in cells(photos).items():
        random = np.random.default_rng([chosen.seed, *name.encode()])
        asked = random.permutation(len(photos))[: chosen.queries]
        far = np.array([query(table, owner, transform(photos[owner], random)) for owner in asked.tolist()])
        found = [far[:, 0] <= PHASH_BITS, *(far[:, at] <= bits for at in (1, 2) for bits in TOLD_BITS)]
        print(f"{name:22}" + " ".join(f"{100 * one.mean():4.0f}" for one in found), flush=True)
    told = f"pHash: {_told(table.wrong_phash, WRONG_BITS[0])}; dct256, all: {_told(table.wrong, WRONG_BITS[1])}"
    print(f"{table.pairs} wrong pairs; {told}")


def _told(counts: NDArray[np.int64], bits: tuple[int, ...]) -> str:
    return ", ".join(f"{int(counts[: one + 1].sum())} at ≤ {one}" for one in bits) + f", nearest {int(np.flatnonzero(counts)[0])}"


if __name__ == "__main__":
    main()
