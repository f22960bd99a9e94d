"""How long an EDL of so many events takes to read, and how much memory: python -m benchmarks.cut_files [EVENTS]."""

from __future__ import annotations

import resource
import sys
import tempfile
from contextlib import closing
from fractions import Fraction
from pathlib import Path

from scanner.engine.local import LocalEngine
from scanner.model.timecode import Rate, format_timecode
from scanner.pipeline.cut_reading import load_cuts
from scanner.pipeline.cuts import place_in_cuts
from scanner.pipeline.settings import ScanSettings, WorkerSettings

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
    """Measure once, and print: reading as a scan does it, in a worker process, and locating no media at all in it."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.edl"
        write_edl(path, events)
        size, idle = path.stat().st_size, _usage(resource.RUSAGE_SELF)
        with closing(LocalEngine(WorkerSettings(), 1)) as engine:
            settings = ScanSettings((), cuts=(str(path),), frames_per_second=_RATE.frames_per_second)
            loaded = load_cuts(settings, engine, lambda *_: None)
    worker, read = _usage(resource.RUSAGE_CHILDREN), _usage(resource.RUSAGE_SELF)
    place_in_cuts(loaded, (), ())
    placed = _usage(resource.RUSAGE_SELF)
    print(f"{len(loaded[0].cut.events):,} events, {size >> 20} MB")
    print(f"the worker: {worker[0]:.1f} s of CPU, {worker[1]} MB of memory at most")
    print(f"the scan takes it over: {read[0] - idle[0]:.1f} s, {read[1]} MB")
    print(f"and lists all of it as missing: {placed[0] - read[0]:.1f} s")


def _usage(whose: int) -> tuple[float, int]:
    found = resource.getrusage(whose)
    return found.ru_utime + found.ru_stime, found.ru_maxrss >> 10


if __name__ == "__main__":
    main()
