"""What others ship, to run beside ours: imagehash pHash, a PDQ-class hash of 256 bits, imagededup in its own interpreter."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.post_production import Pixels

Bits = NDArray[np.bool_]

PHASH_BITS, PDQ_BITS, IMAGEDEDUP_BITS = 9, 31, 10
"""Largest distance that counts as found: 64 bits (docs/decisions/0004), 256 bits (its makers' 31), imagededup's default."""

_IMAGEDEDUP = """
import json, sys
from imagededup.methods import PHash
hasher = PHash(verbose=False)
for line in sys.stdin:
    print(json.dumps(hasher.encode_images(image_dir=line.rstrip(), num_enc_workers=0)), flush=True)
"""


def phash(pixels: Pixels) -> Bits:
    """64 bits by imagehash."""
    return imagehash.phash(Image.fromarray(pixels)).hash.ravel().astype(bool)


def pdq(pixels: Pixels) -> Bits:
    """256 bits: luma, two box filters, 64 × 64, low frequencies of the cosine transform against their median."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    height, width = grey.shape
    window = (max(1, -(-width // 128)), max(1, -(-height // 128)))
    for _ in range(2):
        grey = cv2.blur(grey, window)
    rows, columns = (((np.arange(64) + 0.5) * size / 64).astype(int) for size in (height, width))
    low = cv2.dct(np.ascontiguousarray(grey[rows][:, columns]))[1:17, 1:17]
    return (low > np.median(low)).ravel()


class Imagededup:
    """Its PHash of 64 bits, by an interpreter that has it (its dependencies are large, and conflict)."""

    def __init__(self, python: str) -> None:
        """Start the interpreter at `python`."""
        self._known: dict[int, list[Bits]] = {}
        self._child = subprocess.Popen([python, "-c", _IMAGEDEDUP], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def once(self, pictures: Sequence[Pixels]) -> list[Bits]:
        """Return the bits of pictures that are asked for again and again: the same sequence each time."""
        if id(pictures) not in self._known:
            self._known[id(pictures)] = self(pictures)
        return self._known[id(pictures)]

    def __call__(self, pictures: Sequence[Pixels]) -> list[Bits]:
        """Return the bits of each picture."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            for number, pixels in enumerate(pictures):
                Image.fromarray(pixels).save(Path(folder) / f"{number:06d}.png", compress_level=1)
            print(folder, file=self._child.stdin, flush=True)
            hashes = json.loads(self._child.stdout.readline())
        return [_bits_of(hashes[f"{number:06d}.png"]) for number in range(len(pictures))]


def within(references: Sequence[Bits], query: Bits, bits: int) -> list[int]:
    """Rows of the references at most so many bits away."""
    return [int(row) for row in np.flatnonzero((np.asarray(references) != query).sum(axis=1) <= bits)]


def _bits_of(digits: str) -> Bits:
    return np.unpackbits(np.frombuffer(bytes.fromhex(digits), np.uint8)).astype(bool)
