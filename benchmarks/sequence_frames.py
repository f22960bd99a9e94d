"""Time looking at frames of numbered sequences: decoding, hashes and points, as a worker does them.

    python -m benchmarks.sequence_frames [--frames N] [--rounds N]

Frames of 2048 × 1152 and 4096 × 2304 with made pictures and grain are written in a temporary folder. Printed for each format:
processor time a looked-at frame, the least of the rounds, and the size of a file. A sequence has one such frame a second, and
some more where pictures change.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scanner.model.work import FilmTask, FrameFiles
from scanner.pipeline.film_frames import look_at_film
from tests.fingerprint.frames import linear, write
from tests.fingerprint.landscapes import landscape

SIZES = ((2048, 1152), (4096, 2304))
FORMATS = ("exr zip", "exr piz", "dpx", "tif", "jpg")
_GRAIN_LEVELS = 3.0


def made(path: Path, values: NDArray[np.float32], variety: str) -> None:
    """Write one frame, values 0 to 1 for a display."""
    if path.suffix == ".exr":
        write(path, linear(values), "half", compression=variety)
    elif path.suffix == ".dpx":
        write(path, values, "uint16", oiio__BitsPerSample=10)
    else:
        Image.fromarray((values * 255).astype(np.uint8)).save(path, quality=92)


def drawn(seed: int, size: tuple[int, int]) -> NDArray[np.float32]:
    """A picture with grain, values 0 to 1."""
    clean = np.asarray(landscape(seed).resize(size, Image.Resampling.BICUBIC)).astype(np.float32)
    grained = clean + np.random.default_rng(seed).normal(0, _GRAIN_LEVELS, clean.shape)
    return np.clip(grained / 255, 0, 1).astype(np.float32)


def measure(folder: Path, name: str, size: tuple[int, int], frames: int, rounds: int) -> str:
    """Make a sequence of one frame a second and look at all of it."""
    ending, _, variety = name.partition(" ")
    names = tuple(f"{variety}{size[0]}.{number}.{ending}" for number in range(frames))
    for number, file in enumerate(names):
        made(folder / file, drawn(number, size), variety)
    sizes = tuple((folder / file).stat().st_size for file in names)
    task = FilmTask(0, str(folder / names[0]), 0, files=FrameFiles(Fraction(1), str(folder), names, tuple(range(frames)), sizes))
    # The first pass loads libraries.
    least, looked_at = float("inf"), len(look_at_film(task).frames)
    for _ in range(rounds):
        began = time.process_time()
        look_at_film(task)
        least = min(least, time.process_time() - began)
    return f"{name:8} {size[0]} × {size[1]}  {least / looked_at:.3f} s a frame, {sizes[0] / 1e6:.1f} MB"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    for size in SIZES:
        for name in FORMATS:
            with tempfile.TemporaryDirectory() as folder:
                print(measure(Path(folder), name, size, chosen.frames, chosen.rounds), flush=True)


if __name__ == "__main__":
    main()
