"""How quick the review room is with many assets: opening, first page, filters, search; and what memory it takes.

    python -m benchmarks.review_room [--assets 100000] [--rounds 20]

A made report (`tests/report/large.py`: one asset in eight bears a mark, a match or a finding) is opened as `scanner review`
opens it, in a process of its own; then pages are asked for as a browser does, without a network between: server time is from
the request to the last byte of the answer. The median and the slowest of the rounds are told. Memory is the process's largest
resident set, opening included.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scanner.report.json_report import to_json
from tests.report.large import large

PAGES = {
    "first page": "/scans/1",
    "verdict": "/scans/1?verdict=blocked",
    "zone and rule": "/scans/1?zone=final&rule=ai-declared",
    "generator": "/scans/1?generator=Midjourney",
    "text": "/scans/1?text=reel_07+v003",
    "text that nothing holds": "/scans/1?text=nothing+of+the+kind",
    "last page": "/scans/1?page=99999",
    "one asset": "/scans/1/assets/0",
    "one asset of a search": "/scans/1/assets/0?text=reel_07+v003",
}


def measure(path: str, rounds: int) -> None:
    """Open a report and ask for pages."""
    from scanner.review.room import open_room
    from tests.review.asking import Visitor

    began = time.perf_counter()
    room = open_room([path], lambda *_: None)
    print(f"opening                  {time.perf_counter() - began:8.2f} s")
    visitor = Visitor(room)
    for name, target in PAGES.items():
        taken = []
        for _ in range(rounds):
            began = time.perf_counter()
            answer = visitor.get(target)
            taken.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                raise SystemExit(f"{target}: {answer.status}")
        print(f"{name:<24} {statistics.median(taken):8.1f} ms, slowest {max(taken):8.1f} ms, {len(answer.body) / 1000:.0f} kB")
    print(f"largest resident set     {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB")


def main() -> None:
    """Make the report and measure in another process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--report", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.report:
        measure(given.report, given.rounds)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan.json"
        with path.open("w", encoding="utf-8") as stream:
            stream.writelines(to_json(large(given.assets)))
        print(f"{given.assets:,} assets, {path.stat().st_size / 1e6:.0f} MB")
        again = [sys.executable, "-m", "benchmarks.review_room", "--report", str(path), "--rounds", str(given.rounds)]
        subprocess.run(again, check=True)


if __name__ == "__main__":
    main()
