"""Time whole scans against what a pipeline engineer would run instead, in one run and on one tree.

    python benchmarks/scan_speed.py FOLDER [--copies N] [--runs N]

FOLDER's files are copied N times into a temporary tree. Then, in turn, each command is run and its CPU (user + system, all its
processes) and wall time taken; medians and ratios are printed. Machines differ and are shared: quote ratios.

The glue is the afternoon script: `exiftool -r -j`, then c2pa-python and imagehash file by file in one process.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GLUE = """
import json, subprocess, sys
import c2pa, imagehash
from PIL import Image
rows = json.loads(subprocess.run(["exiftool", "-r", "-j", sys.argv[1]], capture_output=True).stdout)
for row in rows:
    try:
        c2pa.Reader(row["SourceFile"]).json()
    except Exception:
        pass
    try:
        imagehash.phash(Image.open(row["SourceFile"]))
    except Exception:
        pass
"""


def commands(tree: str, output: str) -> dict[str, list[str]]:
    """Return what is compared, by name."""
    scan = [sys.executable, "-m", "scanner", "scan", "--quiet", "--no-library", "--output", output, tree]
    return {
        "scanner scan": scan,
        "scanner scan --no-fingerprints": [*scan, "--no-fingerprints"],
        "exiftool -r -j": ["exiftool", "-r", "-j", tree],
        "glue": [sys.executable, "-c", GLUE, tree],
    }


def timed(command: list[str]) -> tuple[float, float]:
    """Run a command once; return (CPU seconds, wall seconds)."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ended - began


def fill(tree: Path, folder: Path, copies: int) -> int:
    """Copy the files of `folder` into `tree`, `copies` times; return how many files that are."""
    for number in range(copies):
        shutil.copytree(folder, tree / f"copy{number}")
    return sum(len(names) for _, _, names in os.walk(tree))


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--copies", type=int, default=5)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        print(f"{fill(tree, options.folder, options.copies)} files, {options.runs} runs, {os.cpu_count()} processors")
        wanted = commands(str(tree), str(Path(scratch) / "out"))
        figures: dict[str, list[tuple[float, float]]] = {name: [] for name in wanted}
        for _ in range(options.runs + 1):
            for name, command in wanted.items():
                figures[name].append(timed(command))
        base = figures["exiftool -r -j"]
        for name, runs in figures.items():
            # The first round warms the disk cache and is not counted.
            cpu, wall = (statistics.median(run[at] for run in runs[1:]) for at in (0, 1))
            pairs = list(zip(runs[1:], base[1:], strict=True))
            by_cpu, by_wall = (statistics.median(run[at] / other[at] for run, other in pairs) for at in (0, 1))
            print(f"{name:<32} CPU {cpu:6.2f} s (×{by_cpu:.2f})   wall {wall:6.2f} s (×{by_wall:.2f})")


if __name__ == "__main__":
    main()
