"""Time the listing of a long sequence beside a bare walk of its folder.

    python -m benchmarks.sequence_listing [--frames N] [--rounds N]

A folder of `--frames` EXR frames is made in a temporary folder: one small frame under as many names (hard links). The kernel's
caches are warm, so that what is timed is the work on top of the disk. In turn, least of the rounds, processor time (user and
system), so that other work on the machine says little:

- bare walk: `os.scandir` with a stack, and the status of each file without following links. This is the least that a program in
  Python can do to know names and sizes; its paths and statuses are kept, as a program that goes on to use them must;
- os.walk: the same by `os.walk` and `os.lstat`;
- find: `find -printf` of path, size and time, for information: no program in Python, and it keeps nothing;
- walk: the scanner's own (`crawl`): sorted entries, special files and folders that cannot be read told apart, no link followed;
- listing: all that a scan does before it reads the first file (`make_plan`): roots, walk, sidecars, sequences, zones.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import OpenImageIO

from scanner.crawl.walk import crawl
from scanner.pipeline.plan import make_plan
from scanner.pipeline.settings import ScanSettings

WANTED = 2.0
"""Listing by bare walk, at most."""


def made(root: Path, frames: int) -> None:
    """Make the sequence, in a folder three levels below the root."""
    folder = root / "final" / "shots" / "sh010"
    folder.mkdir(parents=True)
    first = folder / _name(0)
    output = OpenImageIO.ImageOutput.create(str(first))
    output.open(str(first), OpenImageIO.ImageSpec(64, 36, 3, "half"))
    output.write_image(np.zeros((36, 64, 3), np.float32))
    output.close()
    for number in range(1, frames):
        os.link(first, folder / _name(number))


def _name(number: int) -> str:
    return f"sh010_comp_v003.{1001 + number:07}.exr"


def bare_walk(root: str) -> list[tuple[str, os.stat_result]]:
    """Return path and status of every file below `root`."""
    found, folders = [], [root]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    found.append((entry.path, entry.stat(follow_symlinks=False)))
    return found


def os_walk(root: str) -> list[tuple[str, os.stat_result]]:
    """Return the same, by `os.walk`."""
    paths = (os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names)
    return [(path, os.lstat(path)) for path in paths]


def main() -> None:
    """Print the figures, and fail where the listing costs more than is wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made(Path(folder), chosen.frames)
        ways: dict[str, Callable[[], object]] = {
            "bare walk": lambda: bare_walk(folder),
            "os.walk": lambda: os_walk(folder),
            "walk": lambda: crawl(folder),
            "listing": lambda: make_plan(ScanSettings((folder,))),
        }
        if program := shutil.which("find"):
            command = [program, folder, "-type", "f", "-printf", "%p %s %T@\\n"]
            ways["find"] = lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        least = _least(ways, chosen.rounds)
        (asset,) = make_plan(ScanSettings((folder,))).assets
    print(f"{chosen.frames:,} frames, {asset.path}: one asset of {len(asset.files):,} files")
    for name, seconds in least.items():
        print(f"  {name:10} {seconds * 1000:7.1f} ms, {seconds / least['bare walk']:.2f} × the bare walk")
    if least["listing"] > WANTED * least["bare walk"]:
        parser.exit(1, f"listing costs more than {WANTED:g} × the bare walk\n")


def _least(ways: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    least = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        for name, way in ways.items():
            began = _spent()
            way()
            least[name] = min(least[name], _spent() - began)
    return least


def _spent() -> float:
    """Processor time of this process and of those that it has waited for."""
    waited_for = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + waited_for.ru_utime + waited_for.ru_stime


if __name__ == "__main__":
    main()
