"""What looking through films costs beside the bare decode that it needs, and how much memory a long film takes.

    python -m benchmarks.film_cost PHOTOS [--references N] [--seconds N] [--rounds N] [--only CODEC …]
    python -m benchmarks.film_cost PHOTOS --memory FILM [--times N …]

The first makes films as `film_decode` does (1920 × 1080, photographs panned and grained) and goes over each in one thread, in
turn, figures being the least of the rounds in processor time:

- decode: the sampling alone, no picture made of what it decodes;
- all: what a worker does of it (`look_at_film`: pictures, hashes, points) and what the driver does with that (`Cascade`), against
  N references: PHOTOS' first hundred, the others made of points drawn from all photographs, with hashes of random bits.

No photograph of the library is in the films. Told are both times, all / decode, looked-at frames, milliseconds a frame beyond
decode, and the size of the film. Set OPENBLAS_NUM_THREADS=1, as workers have it: waiting threads count as processor time.

The second scans FILM, then the same packets N times over in one file, each with the library of PHOTOS' first hundred, and tells
the largest resident memory of any process of the scan.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import av
import numpy as np
from PIL import Image

from benchmarks.film import LIBRARY
from benchmarks.film_decode import ENCODINGS, RATE, Encoding, make, shown
from benchmarks.library_scale import made
from scanner.fingerprint.local_features import local_features
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.small import made_small
from scanner.frames.opening import open_moving
from scanner.frames.rendering import Renderer
from scanner.frames.sampling import Sampling
from scanner.match.cascade import Cascade
from scanner.model.algorithms import GLOBAL_HASH
from scanner.model.matching import GlobalHash, LocalFeatures
from scanner.model.work import FilmTask
from scanner.pipeline.film_frames import look_at_film

_POINTS = 700
"""Of a made reference."""
_MEMORY_SCRIPT = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "scanner", *sys.argv[1:]], capture_output=True, text=True)
assert done.returncode in (0, 10, 11), done.stderr
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one film, in seconds of processor time."""

    decode: float
    all: float
    frames: int


def main() -> None:
    """Measure and print."""
    given = _arguments()
    photographs = sorted(given.photographs.glob("*.jpg"))
    if given.memory:
        _memory(given.memory, given.times, photographs[:LIBRARY])
        return
    cascade = library(photographs, given.references)
    print(
        _row(("codec", "decode s", "all s", "all / decode", "frames", "ms a frame beyond decode", "MB a second")),
        _row(["---"] * 7),
        sep="\n",
    )
    with tempfile.TemporaryDirectory() as folder:
        for name in given.only:
            encoding = ENCODINGS[name]
            path = Path(folder) / f"film.{encoding.ending}"
            make(path, encoding, shown(photographs[LIBRARY:], given.seconds * int(RATE)))
            costs = [cost(path, encoding, cascade) for _ in range(given.rounds)]
            decode, everything = min(one.decode for one in costs), min(one.all for one in costs)
            beyond = (everything - decode) / costs[0].frames * 1000
            cells = (f"{decode:.2f}", f"{everything:.2f}", f"{everything / decode:.2f}", str(costs[0].frames), f"{beyond:.0f}")
            cells += (f"{path.stat().st_size / given.seconds / 1e6:.2f}",)
            print(_row((name, *cells)), flush=True)
            path.unlink()


def library(photographs: Sequence[Path], count: int) -> Cascade:
    """Return a cascade over the first photographs and made references."""
    own = [_features(path) for path in photographs]
    pools = [
        np.concatenate([np.frombuffer(getattr(one, name), np.uint8).reshape(-1, width) for one in own])
        for name, width in (("places", 8), ("codes", 16), ("words", 4))
    ]
    chance, drawn = random.Random(1), np.random.default_rng(1)
    references = [made(number, chance, 0, 1)[0] for number in range(count)]
    features = {one.id: its for one, its in zip(references, own[:LIBRARY], strict=False)}
    for one in references[LIBRARY:]:
        rows = drawn.integers(0, len(pools[0]), _POINTS)
        features[one.id] = LocalFeatures(own[0].algorithm, 1920, 1080, *(pool[rows].tobytes() for pool in pools))
    prints = {one.id: (GlobalHash(GLOBAL_HASH, "whole", chance.randbytes(32).hex()),) for one in references}
    return Cascade.of(references, features, prints)


def _features(path: Path) -> LocalFeatures:
    image = Image.open(path)
    return local_features(made_small(Picture(image, *image.size)))


def cost(path: Path, encoding: Encoding, cascade: Cascade) -> Cost:
    """Measure one film once."""
    began = time.process_time()
    with mock.patch.object(Renderer, "render"), open_moving(str(path), encoding.format_name) as film:
        for _ in Sampling(film):
            pass
    decoded = time.process_time()
    looked = look_at_film(FilmTask(0, str(path), path.stat().st_size, None, None))
    for frame in looked.frames:
        if frame.query is not None and cascade.find_in_frame(frame.prints, frame.query):
            print(f"{path.name}: a false sighting at {frame.time}")
    return Cost(decoded - began, time.process_time() - decoded, len(looked.frames))


def _memory(film: Path, times: Sequence[int], photographs: Sequence[Path]) -> None:
    print(_row(("minutes", "largest process MB")), _row(["---"] * 2), sep="\n")
    for count in times:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            (folder / "drive" / "final").mkdir(parents=True)
            seconds = _repeated(film, folder / "drive" / "final" / film.name, count)
            place = ["--library", str(folder / "library.sqlite")]
            add = ["library", "add", *place, "--role", "owned", "--quiet", *map(str, photographs)]
            subprocess.run([sys.executable, "-m", "scanner", *add], check=True)
            scan = ["scan", str(folder / "drive"), *place, "--output", str(folder / "report"), "--quiet"]
            told = subprocess.run([sys.executable, "-c", _MEMORY_SCRIPT, *scan], capture_output=True, text=True, check=True)
            print(_row((f"{seconds / 60:.0f}", told.stdout.strip())), flush=True)


def _repeated(film: Path, target: Path, times: int) -> float:
    """Write the film's packets `times` over, and return how many seconds that runs."""
    with av.open(str(film)) as first, av.open(str(target), "w") as output:
        source = first.streams.video[0]
        stream = output.add_stream_from_template(source)
        length = source.duration or 0
        for number in range(times):
            with av.open(str(film)) as again:
                for packet in again.demux(again.streams.video[0]):
                    if packet.dts is not None and packet.pts is not None:
                        packet.pts, packet.dts, packet.stream = packet.pts + number * length, packet.dts + number * length, stream
                        output.mux(packet)
        return float(length * times * (source.time_base or 0))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", type=Path, metavar="PHOTOS")
    parser.add_argument("--references", type=int, default=10_000, metavar="N")
    parser.add_argument("--seconds", type=int, default=30, metavar="N")
    parser.add_argument("--rounds", type=int, default=2, metavar="N")
    parser.add_argument("--only", nargs="*", default=list(ENCODINGS), metavar="CODEC")
    parser.add_argument("--memory", type=Path, metavar="FILM")
    parser.add_argument("--times", type=int, nargs="*", default=[1, 12], metavar="N")
    return parser.parse_args()


if __name__ == "__main__":
    main()
