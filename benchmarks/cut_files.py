"""How long an EDL of so many events takes to read, and how much memory: python -m benchmarks.cut_files [EVENTS]."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

from scanner.model.timecode import Rate, format_timecode
from scanner.timeline.reading import read_cut

_RATE = Rate(Fraction(25))


def write_edl(path: Path, events: int) -> None:
    """Write an EDL of cuts of two frames, each with its clip's name."""
    with path.open("w") as stream:
        stream.write("TITLE: LONG\nFCM: NON-DROP FRAME\n")
        for number in range(events):
            begin, end = format_timecode(2 * number, _RATE), format_timecode(2 * number + 2, _RATE)
            stream.write(f"{number + 1:06}  R{number % 9999:07} V     C        {begin} {end} {begin} {end}\n")
            stream.write(f"* FROM CLIP NAME: shot_{number:07}.mov\n")


def main() -> None:
    """Measure once, and print."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.edl"
        write_edl(path, events)
        began = time.process_time()
        cut = read_cut(str(path), Fraction(25))
        seconds = time.process_time() - began
        size = path.stat().st_size
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{len(cut.events):,} events, {size >> 20} MB: {seconds:.1f} s of CPU, {memory} MB of memory at most")


if __name__ == "__main__":
    main()
