"""Time the fingerprint stage on large JPEGs, beside the bare scaled decode and beside imagehash and imagededup.

    python -m benchmarks.fingerprints PHOTOS [--pictures N] [--rounds N] [--peer PYTHON]

Photographs are enlarged to 8, 12 and 22 megapixels (quality 90) in a temporary folder. All that is timed goes over the same
files in one thread, file by file in turn, so that other work on the machine falls on all alike; each figure is the median over
the rounds of processor time, summed over the files. --peer names the Python of an environment that has imagededup (it needs
PyTorch, so not this one). Targets (issue 5): at least 3 × imagehash, at least 65 % of the bare scaled decode; else exit code 1.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import imagehash
from PIL import Image

from scanner.fingerprint.embedded import find_other_thumbnail
from scanner.fingerprint.picture import SMALL_PX
from scanner.fingerprint.prints import prints_of
from scanner.fingerprint.small import small_picture

MEGAPIXELS = (8, 12, 22)
OVER_IMAGEHASH, OF_DECODE = 3.0, 0.65
_PEER = """
import json, sys, time
from imagededup.methods import PHash
encoder = PHash(verbose=False)
encoder.encode_image(image_file=sys.argv[1])
times = []
for path in sys.argv[1:]:
    began = time.process_time()
    encoder.encode_image(image_file=path)
    times.append(time.process_time() - began)
print(json.dumps(times))
"""


def stage(path: str) -> None:
    """What a scan does with a picture before local features."""
    small = small_picture(path, "jpeg")
    prints_of(small)
    find_other_thumbnail(small)


def bare_decode(path: str) -> None:
    """Decode to grey at the scale that the stage decodes at, and nothing else."""
    with Image.open(path) as image:
        share = SMALL_PX / max(image.size)
        image.draft("L", (int(image.width * share), int(image.height * share)))
        image.load()


def whole_imagehash(path: str) -> None:
    """Hash as the documentation of imagehash does it."""
    with Image.open(path) as image:
        imagehash.phash(image)


METHODS: Mapping[str, Callable[[str], None]] = {"stage": stage, "bare scaled decode": bare_decode, "imagehash": whole_imagehash}


def enlarged(photos: Sequence[Path], folder: Path) -> list[str]:
    """Write each photograph at one of the sizes in turn, with an EXIF block, and return the paths."""
    paths = []
    for number, photo in enumerate(photos):
        with Image.open(photo) as image:
            factor = (MEGAPIXELS[number % len(MEGAPIXELS)] * 1e6 / (image.width * image.height)) ** 0.5
            large = image.convert("RGB").resize(
                (round(image.width * factor), round(image.height * factor)), Image.Resampling.LANCZOS
            )
        paths.append(str(folder / f"{number}.jpg"))
        large.save(paths[-1], quality=90, exif=Image.Exif())
    return paths


def seconds(paths: Sequence[str], rounds: int, peer: str | None) -> dict[str, float]:
    """Return processor seconds by method: the sum over the files of each file's median."""
    times: dict[str, dict[str, list[float]]] = {name: {path: [] for path in paths} for name in METHODS}
    if peer:
        times["imagededup"] = {path: [] for path in paths}
    for _ in range(rounds):
        for path in paths:
            for name, work in METHODS.items():
                began = time.process_time()
                work(path)
                times[name][path].append(time.process_time() - began)
        if peer:
            for path, one in zip(paths, _of_peer(peer, paths), strict=True):
                times["imagededup"][path].append(one)
    return {name: sum(statistics.median(each) for each in by_path.values()) for name, by_path in times.items()}


def _of_peer(peer: str, paths: Sequence[str]) -> list[float]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([peer, "-c", _PEER, *paths], check=True, capture_output=True, text=True, env=environment)
    times: list[float] = json.loads(done.stdout.splitlines()[-1])
    return times


def main() -> int:
    """Measure, print a table and whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--pictures", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer", metavar="PYTHON")
    chosen = parser.parse_args()
    photos = sorted(chosen.photos.glob("*.jpg"))
    step = max(1, len(photos) // chosen.pictures)
    with tempfile.TemporaryDirectory() as folder:
        paths = enlarged(photos[::step][: chosen.pictures], Path(folder))
        for path in paths[:2]:
            for work in METHODS.values():
                work(path)
        took = seconds(paths, chosen.rounds, chosen.peer)
    for name, total in sorted(took.items(), key=lambda pair: pair[1]):
        rate = len(paths) / total
        print(f"{name:20} {1000 * total / len(paths):7.1f} ms  {rate:6.1f} pictures/s  {total / took['stage']:5.2f} × the stage")
    slowest_peer = min(took[name] for name in took if name in ("imagehash", "imagededup"))
    over, share = slowest_peer / took["stage"], took["bare scaled decode"] / took["stage"]
    met = over >= OVER_IMAGEHASH and share >= OF_DECODE
    print(
        f"{over:.2f} × the faster peer (target {OVER_IMAGEHASH}), {share:.0%} of the bare scaled decode (target {OF_DECODE:.0%})"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
