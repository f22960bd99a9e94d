"""Time whole scans against what a pipeline engineer would run instead, in one run and on one tree.

    python -m benchmarks.scan_speed [--files N] [--runs N] [--corpus PATH] [--folder PATH --copies N]

The tree is a made delivery: of ten files six photographs without metadata, three from cameras with all that a camera writes, one
with an AI mark (generators' own files, many signed), in final, archive, graphics and temporary folders. With --folder, that
folder's files are copied instead. Then, in turn, each command is run and its CPU (user + system, all its processes), wall time
and time to the first output are taken; medians and ratios are printed. Machines differ and are shared: quote ratios.

The glue is the afternoon script: `exiftool -r -j`, then c2pa-python and imagehash file by file in one process.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import selectors
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
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


CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
ZONES = ("final", "archive", "gfx", "temp")


def commands(tree: str, output: str) -> dict[str, list[str]]:
    """Return what is compared, by name."""
    scan = [sys.executable, "-m", "scanner", "scan", "--progress", "json", "--no-library", "--output", output, tree]
    return {
        "scanner scan": scan,
        "scanner scan --no-fingerprints": [*scan, "--no-fingerprints"],
        "exiftool -r -j": ["exiftool", "-r", "-j", tree],
        "glue": [sys.executable, "-c", GLUE, tree],
    }


@dataclass(frozen=True)
class Timing:
    """One run of one command."""

    cpu: float
    """User and system seconds of all its processes."""
    wall: float
    first: float
    """Seconds until it wrote its first byte, to standard output or standard error."""


def timed(command: list[str]) -> Timing:
    """Run a command once."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    first = 0.0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child, selectors.DefaultSelector() as ready:
        for stream in (child.stdout, child.stderr):
            ready.register(stream, selectors.EVENT_READ)
        while ready.get_map():
            for key, _ in ready.select():
                if not os.read(key.fd, 1 << 20):
                    ready.unregister(key.fileobj)
                first = first or time.perf_counter() - began
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    return Timing(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ended - began, first)


def sources(corpus: Path) -> tuple[list[Path], list[Path], list[Path]]:
    """Return photographs without metadata, camera files, and files with an AI mark."""
    told = subprocess.run(
        ["exiftool", "-r", "-q", "-if", "$Make and $Model", "-p", "$Directory/$FileName", str(corpus / "dev")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    with (corpus / "labels.csv").open() as rows:
        marked = [corpus / row["path"] for row in csv.DictReader(rows) if row["ai_claim"] in ("full", "partial")]
    cameras = [Path(line) for line in told.stdout.splitlines() if line.lower().endswith(".jpg") and Path(line) not in marked]
    return sorted((corpus / "photos").iterdir()), sorted(cameras), [path for path in marked if path.is_file()]


def make_delivery(tree: Path, corpus: Path, files: int) -> int:
    """Fill `tree` with the mix of the module's first lines; return how many files that are."""
    plain, cameras, marked = sources(corpus)
    for number in range(files):
        kind, turn = number % 10, number // 10
        source = (
            plain[number % len(plain)] if kind < 6 else cameras[number % len(cameras)] if kind < 9 else marked[turn % len(marked)]
        )
        folder = tree / ZONES[turn % len(ZONES)] / f"reel{number % 40:02}"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, folder / f"still_{number:06}{source.suffix}")
    return files


def fill(tree: Path, folder: Path, copies: int) -> int:
    """Copy the files of `folder` into `tree`, `copies` times; return how many files that are."""
    for number in range(copies):
        shutil.copytree(folder, tree / f"copy{number}")
    return sum(len(names) for _, _, names in os.walk(tree))


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=4000)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--copies", type=int, default=5)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        filled = (
            fill(tree, options.folder, options.copies) if options.folder else make_delivery(tree, options.corpus, options.files)
        )
        print(f"{filled} files, {options.runs} runs, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
        wanted = commands(str(tree), str(Path(scratch) / "out"))
        timings: dict[str, list[Timing]] = {name: [] for name in wanted}
        for _ in range(options.runs + 1):
            for name, command in wanted.items():
                timings[name].append(timed(command))
        # The first round warms the disk cache and is not counted.
        base = timings["exiftool -r -j"][1:]
        for name, runs in timings.items():
            cpu, wall, first = (statistics.median(getattr(run, at) for run in runs[1:]) for at in ("cpu", "wall", "first"))
            by_cpu = statistics.median(run.cpu / other.cpu for run, other in zip(runs[1:], base, strict=True))
            by_wall = statistics.median(run.wall / other.wall for run, other in zip(runs[1:], base, strict=True))
            print(
                f"{name:<32} CPU {cpu:6.2f} s (×{by_cpu:.2f})   wall {wall:6.2f} s (×{by_wall:.2f})   first output {first:5.2f} s"
            )


if __name__ == "__main__":
    main()
