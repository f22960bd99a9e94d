"""How many stills cut into films a scan finds, when, and what it finds that is not there; with vPDQ on the same films.

    python -m benchmarks.film PHOTOS [--films FOLDER] [--stills N] [--minutes N] [--only NAME …] [--vpdq PYTHON] [--output FILE]

PHOTOS holds a few hundred photographs: of those in order of name the first hundred are the library, the others are what the films
show beside them. `film_making` makes the films, one for each codec, container and rate below, each with N stills on screen for
two to four seconds; then control films of ten minutes each without any still of the library, N minutes in all. Everything is done
as users do it: `library add`, then one `scan` of all the films. `--films` keeps them for another run.

Told are, for each film and all together: stills found, of those that are enlarged by up to 1.5 and of the others; how many ends
lie within ± 2 frames of a cut (and within ± 12 of a dissolve's middle); segments that no still explains; by `--vpdq`, the Python
of an environment with the packages vpdq and pdqhash, what vPDQ finds of the same stills with its usual limits (31 bits, quality
50, one frame a second), and at how many times real time. FILE gets one line for each still, as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from benchmarks.film_making import NTSC, Master, OnScreen, Projector, edit, encode, frame_count, truth

LIBRARY = 100
"""Photographs in the library."""
_CUT_FRAMES, _DISSOLVE_FRAMES = 2, 12
_CONTROL_MINUTES = 10

_H264 = {"preset": "veryfast", "crf": "20"}
_HEVC = {"preset": "superfast", "crf": "22", "x265-params": "log-level=none"}
_DNXHR = {"profile": "dnxhr_hq"}
MASTERS = (
    Master("h264-mp4-23.976", "mp4", "libx264", 24 * NTSC, "01:00:00:00", options=_H264, masked=True),
    Master("h264-mov-29.97df", "mov", "libx264", 30 * NTSC, "00:59:00;02", options=_H264),
    Master("h264-mp4-50", "mp4", "libx264", Fraction(50), "10:00:00:00", options=_H264, masked=True),
    Master("hevc-mp4-25", "mp4", "libx265", Fraction(25), "10:00:00:00", "yuv420p10le", _HEVC),
    Master("hevc-mov-59.94df", "mov", "libx265", 60 * NTSC, "01:00:00;00", "yuv420p10le", _HEVC, masked=True),
    Master("prores-mov-24", "mov", "prores", Fraction(24), "01:00:00:00", "yuv422p10le", masked=True),
    Master("prores-mxf-29.97", "mxf", "prores", 30 * NTSC, "01:00:00:00", "yuv422p10le"),
    Master("dnxhr-mxf-25", "mxf", "dnxhd", Fraction(25), "10:00:00:00", "yuv422p", _DNXHR, masked=True),
    Master("dnxhr-mov-23.976", "mov", "dnxhd", 24 * NTSC, "01:00:00:00", "yuv422p", _DNXHR),
    Master("dnxhr-mov-29.97df", "mov", "dnxhd", 30 * NTSC, "00:59:58;00", "yuv422p", _DNXHR, masked=True),
)
CONTROL = Master(
    "control", "mp4", "libx264", Fraction(25), "10:00:00:00", options={"preset": "superfast", "crf": "22"}, size=(640, 360)
)

_VPDQ = """
import json, sys, time, vpdq, pdqhash, cv2
references = {}
for path in json.loads(sys.stdin.readline()):
    bits, quality = pdqhash.compute(cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB))
    references[path] = int("".join(map(str, bits)), 2)
for line in sys.stdin:
    began = time.process_time()
    seen = [(int(one.hex, 16), one.timestamp)
            for one in vpdq.computeHash(line.rstrip(), seconds_per_hash=1.0, thread_count=1) if one.quality >= 50]
    spent = time.process_time() - began
    found = [(path, at) for path, own in references.items() for bits, at in seen if (own ^ bits).bit_count() <= 31]
    print(json.dumps([found, spent]), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Segment:
    """What the scan says, in frames of the film."""

    name: str
    first: int
    past: int
    tc_in: str
    tc_out: str
    exact: bool


@dataclass(slots=True)
class Told:
    """Of one film or several."""

    found: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    """By whether it is moderate."""
    stills: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    ends: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    """Ends in time, by whether it is a dissolve."""
    ends_of: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    timecodes: int = 0
    """Timecodes that name another frame than the seconds beside them."""
    false: int = 0
    vpdq: int = 0
    vpdq_seconds: float = 0.0
    seconds: float = 0.0

    def add(self, other: Told) -> None:
        """Count another film in."""
        for mine, its in (
            (self.found, other.found),
            (self.stills, other.stills),
            (self.ends, other.ends),
            (self.ends_of, other.ends_of),
        ):
            for key in mine:
                mine[key] += its[key]
        self.timecodes += other.timecodes
        self.false += other.false
        self.vpdq += other.vpdq
        self.vpdq_seconds += other.vpdq_seconds
        self.seconds += other.seconds


def main() -> None:
    """Make, scan, compare, print."""
    given = _arguments()
    photographs = {path.name: path for path in sorted(given.photographs.glob("*.jpg"))}
    names = list(photographs)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(given.films or scratch)
        truths = {
            path: stills for path, stills in _made(folder / "drive" / "final", photographs, given) if path.suffix != ".json"
        }
        told, spent = _scanned(folder, [photographs[name] for name in names[:LIBRARY]], Path(scratch))
        others = _by_vpdq(given.vpdq, [photographs[name] for name in names[:LIBRARY]], list(truths)) if given.vpdq else {}
        with open(given.output or os.devnull, "a", encoding="utf-8") as stream:
            _print(truths, told, others, stream)
    minutes = sum(seconds for _, _, seconds in truths.values()) / 60
    print(f"\nthe scan took {spent:.0f} s of processor time for {minutes:.0f} minutes of film")


Truth = tuple[list[OnScreen], Master, float]
"""Stills, how it is delivered, and how many seconds it runs."""


def _made(folder: Path, photographs: Mapping[str, Path], given: argparse.Namespace) -> Iterator[tuple[Path, Truth]]:
    """Make the films that are not there."""
    folder.mkdir(parents=True, exist_ok=True)
    names = list(photographs)
    library, backgrounds = names[:LIBRARY], names[LIBRARY:]
    for at, master in enumerate(MASTERS):
        if not given.only or master.name in given.only:
            own = [library[(at * given.stills + step) * 37 % LIBRARY] for step in range(given.stills)]
            yield _film(folder, master, master.name, own, backgrounds, photographs)
    for at in range(-(-given.minutes // _CONTROL_MINUTES)):
        yield _film(folder, CONTROL, f"control-{at}", [], backgrounds, photographs, minutes=_CONTROL_MINUTES)


def _film(
    folder: Path,
    master: Master,
    name: str,
    stills: Sequence[str],
    backgrounds: Sequence[str],
    photographs: Mapping[str, Path],
    minutes: int = 0,
) -> tuple[Path, Truth]:
    random = np.random.default_rng(zlib.crc32(f"{name} {len(stills)}".encode()))
    shots = edit(master.rate, stills, backgrounds, random)
    while minutes and frame_count(shots) < minutes * 60 * master.rate:
        shots += edit(master.rate, [], backgrounds, random)
    path = folder / f"{name}.{master.container}"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        encode(unfinished, master, Projector(photographs, master.size, random, masked=master.masked).frames(shots))
        unfinished.rename(path)
    return path, (list(truth(shots)), master, float(frame_count(shots) / master.rate))


def _scanned(folder: Path, library: Sequence[Path], scratch: Path) -> tuple[dict[str, list[Any]], float]:
    """Each film's matches as the scan's JSON has them, and the processor time that the scan took."""
    place = scratch / "library.sqlite"
    _scanner("library", "add", "--library", str(place), "--role", "owned", "--quiet", *map(str, library), scratch=scratch)
    output = scratch / "report"
    before = os.times()
    _scanner(
        "scan",
        str(folder / "drive"),
        "--library",
        str(place),
        "--output",
        str(output),
        "--format",
        "json",
        "--quiet",
        scratch=scratch,
    )
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    report = json.loads((output / "scan.json").read_text())
    return {Path(asset["path"]).name: asset.get("matches", []) for asset in report["assets"]}, spent


def _scanner(*arguments: str, scratch: Path) -> None:
    environment = {**os.environ, "XDG_CONFIG_HOME": str(scratch), "XDG_DATA_HOME": str(scratch), "XDG_CACHE_HOME": str(scratch)}
    done = subprocess.run(
        [sys.executable, "-m", "scanner", *arguments], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode not in (0, 10, 11):
        sys.exit(f"scanner {arguments[0]} ended with {done.returncode}: {done.stderr.strip()}")


ByOther = tuple[list[tuple[str, float]], float]
"""Names of stills with the seconds at which they were seen, and the processor time that took."""


def _by_vpdq(python: str, library: Sequence[Path], films: Sequence[Path]) -> dict[str, ByOther]:
    given = "\n".join([json.dumps([str(path) for path in library]), *map(str, films)])
    done = subprocess.run([python, "-c", _VPDQ], input=given + "\n", capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    return {
        path.name: ([(Path(name).name, at) for name, at in found], spent)
        for path, (found, spent) in zip(films, lines, strict=True)
    }


def _print(truths: Mapping[Path, Truth], told: Mapping[str, list[Any]], others: Mapping[str, ByOther], stream: TextIO) -> None:
    columns = ("film", "found ≤ 1.5", "found ≤ 2.0", "ends of cuts ± 2", "of dissolves ± 12", "wrong timecodes", "false", "vPDQ")
    print(_row(columns), _row(["---"] * len(columns)), sep="\n")
    total, control = Told(), Told()
    for path, (stills, master, seconds) in truths.items():
        own = _compared(path.name, stills, master, told.get(path.name, []), others.get(path.name), stream)
        own.seconds = seconds
        (total if stills else control).add(own)
        print(_line(path.name, own))
    print(_line("all with stills", total), _line(f"{control.seconds / 60:.0f} min without", control), sep="\n")


def _compared(
    name: str, stills: Sequence[OnScreen], master: Master, matches: list[Any], other: ByOther | None, stream: TextIO
) -> Told:
    own, segments = Told(), list(_segments(matches, master.rate))
    left = list(segments)
    seen_by_other = other[0] if other else []
    for still in stills:
        its = [one for one in segments if one.name == still.name and one.first < still.past and one.past > still.first]
        left = [one for one in left if one not in its]
        own.stills[still.is_moderate] += 1
        own.found[still.is_moderate] += bool(its)
        in_time = still.first / master.rate, still.past / master.rate
        by_other = any(path == still.name and in_time[0] - 1 <= at <= in_time[1] + 1 for path, at in seen_by_other)
        own.vpdq += by_other
        misses = _misses(still, its, own)
        stream.write(
            json.dumps({"film": name, **asdict(still), "segments": [asdict(one) for one in its], "misses": misses}) + "\n"
        )
    own.false = len(left)
    own.timecodes = sum(
        _frame_of(text, master) != frame for one in segments for text, frame in ((one.tc_in, one.first), (one.tc_out, one.past))
    )
    for one in left:
        stream.write(json.dumps({"film": name, "false": asdict(one)}) + "\n")
    own.vpdq_seconds = other[1] if other else 0.0
    return own


def _misses(still: OnScreen, segments: Sequence[Segment], own: Told) -> list[int]:
    """By how many frames begin and end of a found still lie off."""
    if not segments:
        return []
    misses = [min(one.first for one in segments) - still.first, max(one.past for one in segments) - still.past]
    for miss, dissolves in zip(misses, (still.dissolves_in, still.dissolves_out), strict=True):
        own.ends_of[dissolves] += 1
        own.ends[dissolves] += abs(miss) <= (_DISSOLVE_FRAMES if dissolves else _CUT_FRAMES)
    return misses


def _segments(matches: list[Any], rate: Fraction) -> Iterator[Segment]:
    times = defaultdict(list)
    for match in matches:
        times[Path(match["reference_name"]).name] += match.get("time_ranges", [])
    for name, ranges in times.items():
        for one in ranges:
            first, past = (round(Fraction(one[end]) * rate) for end in ("first", "after"))
            yield Segment(name, first, past, one["tc_in"], one["tc_out"], one["exact"])


def _frame_of(timecode: str, master: Master) -> int:
    """Frames since the film's start; reckoned here anew, so that the scanner does not vouch for itself."""
    return _counted(timecode, master) - _counted(master.timecode, master)


def _counted(timecode: str, master: Master) -> int:
    hours, minutes, seconds, frames = (int(part) for part in timecode.replace(";", ":").split(":"))
    whole = round(master.rate)
    count = ((hours * 60 + minutes) * 60 + seconds) * whole + frames
    if ";" in master.timecode:
        total = hours * 60 + minutes
        count -= whole // 15 * (total - total // 10)
    return count


def _line(name: str, told: Told) -> str:
    shares = [f"{told.found[kind]} of {told.stills[kind]}" for kind in (True, False)]
    ends = [f"{told.ends[kind]} of {told.ends_of[kind]}" for kind in (False, True)]
    vpdq = f"{told.vpdq} ({told.seconds / told.vpdq_seconds:.0f} ×)" if told.vpdq_seconds else "–"
    return _row([name, *shares, *ends, str(told.timecodes), str(told.false), vpdq])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", type=Path, metavar="PHOTOS")
    parser.add_argument("--films", metavar="FOLDER", help="where to make them and look for them [a temporary folder]")
    parser.add_argument("--stills", type=int, default=16, metavar="N")
    parser.add_argument("--minutes", type=int, default=60, metavar="N", help="of film without stills")
    parser.add_argument("--only", nargs="*", metavar="NAME")
    parser.add_argument("--vpdq", metavar="PYTHON")
    parser.add_argument("--output", metavar="FILE")
    return parser.parse_args()


if __name__ == "__main__":
    main()
