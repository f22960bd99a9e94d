"""Examine thousands of changed files with and without triage: what ExifTool was not asked about must be told alike.

    python -m benchmarks.triage [--count N] [--seed N] [--workers N] [--corpus PATH] [--exiftool PATH]

Originals are files of the fixtures and the corpus; nine of ten mutants are made of those that triage takes. Six of ten have a
sample of a row of the mark catalogue put into EXIF, XMP, IPTC, maker note, comments, text chunks or trailer, in UTF-8, UTF-16 or
UTF-32, plain or packed; the rest are cut, flipped, overwritten, or lie about lengths (as in benchmarks.mutants), some both.
A mutant that neither triage nor the look for credentials took is read by the same code either way and counted as such. The exit
code is 1 on a difference.
"""

from __future__ import annotations

import argparse
import random
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from multiprocessing import get_context
from pathlib import Path

from benchmarks.mutants import CORPUS, FIXTURES, FOLDERS
from benchmarks.mutation.changes import mutate
from benchmarks.mutation.planting import plant, samples_of
from scanner.interpret.catalogue import MarkCatalogue
from scanner.model.readings import BARE_NOTE, UNSIGNED_NOTE, WALKED_NOTES, ReadingSummary
from scanner.model.work import Examination, ExamineTask
from scanner.pipeline.examine import Examiner
from scanner.pipeline.settings import WorkerSettings

SIZE_LIMIT_BYTES = 1_000_000
_SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".wav"))
_BATCH = 100
_ALL = tuple(field.name for field in fields(Examination))
_OF_CREDENTIALS = ("credentials", "credential_problems", "manifests", "hidden_credentials")


@dataclass(frozen=True, slots=True)
class Compared:
    """One mutant."""

    number: int
    name: str
    change: str
    taken: str
    """``bare``, ``plain`` or ``asked``."""
    marked: bool
    differences: tuple[str, ...] = ()


class Pair:
    """Two examiners, with triage and without."""

    def __init__(self, exiftool: str = "exiftool") -> None:
        """Open both."""
        self.quick = Examiner(WorkerSettings(exiftool=exiftool, confine=False))
        self.thorough = Examiner(WorkerSettings(exiftool=exiftool, confine=False, thorough=True))

    def close(self) -> None:
        """Close both."""
        self.quick.close()
        self.thorough.close()

    def compare(self, path: Path) -> tuple[Examination, tuple[str, ...]]:
        """Examine a file; return what is told of it, and the fields that are told otherwise without triage."""
        task = ExamineTask(0, str(path), path.stat().st_size, fingerprint=False)
        said = self.quick.examine(task)
        if taken(said) != "asked":
            return said, differences(said, self.thorough.examine(task))
        if UNSIGNED_NOTE not in {reading.reason for reading in said.readings}:
            return said, ()
        # ExifTool was asked either way: what it says of a file with languages hangs on the files that it saw before.
        return said, differences(said, self.thorough.examine(task), _OF_CREDENTIALS)


def taken(examination: Examination) -> str:
    """Return how triage took a file."""
    reasons = {reading.reason for reading in examination.readings}
    return "bare" if BARE_NOTE in reasons else "plain" if not reasons.isdisjoint(WALKED_NOTES) else "asked"


def differences(said: Examination, asked: Examination, names: Iterable[str] = _ALL) -> tuple[str, ...]:
    """Return those of the fields that differ, each with both values."""
    one, other = _without_reasons(said), _without_reasons(asked)
    return tuple(
        f"{name}: {getattr(one, name)!r:.300} | {getattr(other, name)!r:.300}"
        for name in names
        if getattr(one, name) != getattr(other, name)
    )


def _without_reasons(examination: Examination) -> Examination:
    """Leave out how it is known; ExifTool calls it a find that a JPEG names its resolution."""
    kept = tuple(
        reading
        if reading.reader not in ("exiftool", "c2pa") or reading.state == "failed"
        else ReadingSummary(
            reading.reader, "looked" if reading.reader == "exiftool" and reading.state != "not-tried" else reading.state
        )
        for reading in examination.readings
    )
    return replace(examination, readings=kept)


def find_originals(corpus: Path | None) -> tuple[Path, ...]:
    """Return the files that mutants are made of, in one order."""
    folders = [*(FIXTURES / name for name in FOLDERS), *([corpus] if corpus else [])]
    files = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple(path for path in files if path.suffix.lower() in _SUFFIXES and 0 < path.stat().st_size <= SIZE_LIMIT_BYTES)


def production_sound() -> bytes:
    """Return a short Broadcast Wave with the notes of a recorder; the corpus has none."""
    chunks = (
        (b"bext", b"Harbour, take 3".ljust(320, b"\0") + b"2024-05-0607:08:09" + bytes(264)),
        (b"fmt ", struct.pack("<HHIIHH", 1, 1, 48_000, 96_000, 2, 16)),
        (b"data", bytes(2_000)),
        (b"LIST", b"INFO" + b"".join(kind + struct.pack("<I", 8) + b"Recorder" for kind in (b"ISFT", b"INAM", b"ICMT"))),
    )
    body = b"WAVE" + b"".join(kind + struct.pack("<I", len(content)) + content for kind, content in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


class Trials:
    """What a worker keeps."""

    def __init__(self, seed: int, originals: Sequence[Path], exiftool: str = "exiftool") -> None:
        """Open the pair and learn which originals triage takes."""
        self._scratch = tempfile.TemporaryDirectory(prefix="triage-")
        sound = Path(self._scratch.name) / "production.wav"
        sound.write_bytes(production_sound())
        self._seed, self._originals = seed, (*originals, sound)
        self.pair = Pair(exiftool)
        self._samples = samples_of(MarkCatalogue.load())
        self._taken = [path for path in self._originals if taken(self.pair.compare(path)[0]) == "plain"]

    def attempt(self, number: int) -> Compared:
        """Make mutant `number` and examine it both ways; the same number is the same mutant in every run of a seed."""
        rng = random.Random(f"{self._seed}/{number}")
        original = rng.choice(self._taken if self._taken and rng.random() < 0.9 else self._originals)
        content, changes = original.read_bytes(), []
        if rng.random() < 0.6:
            change, content = plant(content, self._samples, rng)
            changes.append(change)
        if not changes or rng.random() < 0.2:
            change, content = mutate(content, rng)
            changes.append(change)
        path = Path(self._scratch.name) / f"mutant{original.suffix}"
        path.write_bytes(content)
        said, found = self.pair.compare(path)
        return Compared(number, original.name, " and ".join(changes), taken(said), bool(said.marks), found)

    def close(self) -> None:
        """Close all."""
        self.pair.close()
        self._scratch.cleanup()


_trials: list[Trials] = []


def _prepare(seed: int, originals: Sequence[Path], exiftool: str) -> None:
    _trials.append(Trials(seed, originals, exiftool))


def _batch(numbers: Sequence[int]) -> list[Compared]:
    return [_trials[0].attempt(number) for number in numbers]


def run(count: int, seed: int, workers: int, corpus: Path | None, exiftool: str) -> Iterator[Compared]:
    """Yield what came of `count` mutants, in order."""
    batches = [range(at, min(at + _BATCH, count)) for at in range(0, count, _BATCH)]
    with ProcessPoolExecutor(workers, get_context("spawn"), _prepare, (seed, find_originals(corpus), exiftool)) as pool:
        for number, done in enumerate(pool.map(_batch, batches)):
            print(f"\r{number * _BATCH + len(done)} of {count}", end="", file=sys.stderr)
            yield from done
    print(file=sys.stderr)


def table(done: Iterable[Compared]) -> str:
    """Count the mutants by how triage took them and by whether a mark was found."""
    counts = Counter((one.taken, "marked" if one.marked else "no mark", "DIFFERENT" if one.differences else "") for one in done)
    return "\n".join(f"{number:>7}  {' '.join(filter(None, key))}" for key, number in sorted(counts.items()))


def main() -> int:
    """Run, print the table, return 1 on a difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--corpus", type=Path, default=CORPUS if CORPUS.is_dir() else None)
    parser.add_argument("--exiftool", default="exiftool", help="compare with another version of it")
    options = parser.parse_args()
    began = time.monotonic()
    done = list(run(options.count, options.seed, options.workers, options.corpus, options.exiftool))
    print(table(done))
    print(f"{time.monotonic() - began:.0f} s")
    different = [one for one in done if one.differences]
    for one in different[:40]:
        print(f"{one.number}: {one.name}, {one.change}: {' ; '.join(one.differences)[:600]}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
