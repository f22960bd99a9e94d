"""How scans grow with the delivery: first scan, unchanged rescan, new policy; time, CPU, memory; against other tools, in one run.

    python -m benchmarks.scale [--sizes 1000,…] [--folder DIR] [--glue-to N] [--exiftool-to N] [--parts] [--full-size N]

For each size a made delivery (`delivery_tree`: of ten files six without metadata, three of cameras, one with an AI mark; small
real containers) is scanned without fingerprints into an empty store of readings, scanned again, and judged by another policy;
beside these, in the same run, `find -printf`, a Python walk with stat, `exiftool -r -j`, and the glue an engineer would write
(`scan_speed.GLUE`: ExifTool, then c2pa-python and imagehash file by file), which is compared with a whole scan with fingerprints.
CPU is user and system time of all processes; memory is the largest resident set of the driver, and of the largest worker. With
--full-size, that many photographs of the corpus (`scan_speed.make_delivery`) are scanned too. Quote ratios: machines differ.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.delivery_tree import CORPUS, MIX, make_tree
from benchmarks.scan_speed import GLUE, make_delivery

RACY_SECONDS = 2.5
WALK = """
import os, sys
def walk(folder):
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                walk(entry.path)
            else:
                entry.stat(follow_symlinks=False)
walk(sys.argv[1])
"""
POLICY = """
extends = "default"
name = "another"
"""


@dataclass(frozen=True)
class Taken:
    """What one command took."""

    cpu: float
    wall: float
    own_mb: float
    """Largest resident set of the process itself; 0 where it was not asked for."""
    largest_mb: float
    """Of any process beneath it, itself included."""


MEASURED = """
import os, resource, runpy, sys
sys.argv = sys.argv[1:]
code = 0
try:
    runpy.run_module("scanner", run_name="__main__", alter_sys=True)
except SystemExit as ended:
    code = ended.code or 0
peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
os.write(int(os.environ["PEAKS"]), ("%d %d" % tuple(peaks)).encode())
sys.exit(code)
"""


def timed(command: list[str], allowed: tuple[int, ...] = (0,)) -> Taken:
    """Run a command once."""
    reads, writes = os.pipe()
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PEAKS": str(writes)},
        pass_fds=(writes,),
    ) as child:
        code = child.wait()
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    os.close(writes)
    told = os.read(reads, 100).split()
    os.close(reads)
    if code not in allowed:
        raise SystemExit(f"{command[:6]} ended with {code}")
    own, beneath = (int(told[0]) / 1024, int(told[1]) / 1024) if told else (0.0, 0.0)
    return Taken(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall, own, max(own, beneath))


def scan(tree: Path, output: Path, *more: str) -> list[str]:
    """Return the command that scans a tree."""
    common = ["--no-config", "--no-library", "--no-approvals", "--no-trust", "--progress", "none", "--output", str(output)]
    return [sys.executable, "-c", MEASURED, "scanner", "scan", *common, *more, str(tree)]


VERDICTS = (0, 4, 10, 11)


def measure(tree: Path, scratch: Path, *, glue: bool, exiftool: bool = True) -> Iterator[tuple[str, Taken]]:
    """Run all commands on one tree, and yield what each took."""
    find = ["find", str(tree), "-printf", "%p %s %T@ %i\\n"]
    timed(find)
    yield "find -printf", timed(find)
    yield "Python walk with stat", timed([sys.executable, "-S", "-c", WALK, str(tree)])
    if exiftool:
        yield "exiftool -r -j", timed(["exiftool", "-r", "-q", "-q", "-j", str(tree)], (0, 1))
    store = ("--no-fingerprints", "--store", str(scratch / "readings.sqlite"))
    yield "first scan, no fingerprints", timed(scan(tree, scratch / "first", *store), VERDICTS)
    yield "unchanged rescan", timed(scan(tree, scratch / "second", *store), VERDICTS)
    yield "unchanged rescan, JSON only", timed(scan(tree, scratch / "third", *store, "--format", "json"), VERDICTS)
    policy = scratch / "another.toml"
    policy.write_text(POLICY)
    yield "another policy", timed(scan(tree, scratch / "fourth", *store, "--policy", str(policy)), VERDICTS)
    if glue:
        yield "the glue", timed([sys.executable, "-c", GLUE, str(tree)])
        yield "whole first scan", timed(scan(tree, scratch / "whole", "--no-store"), VERDICTS)


def show(files: int, taken: list[tuple[str, Taken]]) -> None:
    """Print a table with ratios."""
    by_name = dict(taken)
    find, exiftool, glue = by_name["find -printf"], by_name.get("exiftool -r -j"), by_name.get("the glue")
    print(f"\n{files:,} files, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    for name, one in taken:
        ratios = [f"{one.wall / find.wall:7.1f} × find"]
        ratios += [f"{one.cpu / exiftool.cpu:6.2f} × ExifTool's CPU"] if exiftool else []
        ratios += [f"{one.wall / glue.wall:5.2f} × glue's wall"] if glue else []
        memory = f"{one.own_mb:5.0f} MB, largest process {one.largest_mb:5.0f} MB" if one.own_mb else ""
        each = f"{one.wall / files * 1e6:8.1f} µs a file"
        print(f"{name:<28} CPU {one.cpu:8.2f} s  wall {one.wall:8.2f} s {each}  {'  '.join(ratios)}  {memory}", flush=True)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--folder")
    parser.add_argument("--glue-to", type=int, default=10_000, help="largest tree on which the glue and whole scans are run")
    parser.add_argument("--exiftool-to", type=int, default=100_000, help="largest tree that ExifTool reads")
    parser.add_argument("--parts", action="store_true", help="also trees of one kind of file each, of the first size")
    parser.add_argument("--full-size", type=int, default=0)
    given = parser.parse_args()
    sizes = [int(one) for one in given.sizes.split(",")]
    with tempfile.TemporaryDirectory(dir=given.folder) as held:
        for number, files in enumerate(sizes):
            base = Path(held) / f"size-{files}"
            one_tree(base, files, tuple(MIX), glue=files <= given.glue_to, exiftool=files <= given.exiftool_to)
            if given.parts and not number:
                for kind in MIX:
                    print(f"\nonly: {kind}", end="")
                    one_tree(Path(held) / kind, files, (kind,), glue=False)
        if given.full_size:
            print("\nfull-size photographs", end="")
            base = Path(held) / "full"
            make_delivery(base / "tree", CORPUS, given.full_size)
            time.sleep(RACY_SECONDS)
            show(given.full_size, list(measure(base / "tree", base, glue=True)))


def one_tree(base: Path, files: int, kinds: tuple[str, ...], *, glue: bool, exiftool: bool = True) -> None:
    """Make a tree, measure on it, and remove it."""
    base.mkdir()
    make_tree(base / "tree", files, kinds)
    time.sleep(RACY_SECONDS)
    show(files, list(measure(base / "tree", base, glue=glue, exiftool=exiftool)))
    shutil.rmtree(base)


if __name__ == "__main__":
    main()
