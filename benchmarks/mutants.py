"""Examine thousands of damaged copies of the fixtures, and count what must not happen.

    python -m benchmarks.mutants [--count N] [--seed N] [--workers N] [--corpus PATH] [--details FILE]

Each mutant goes through the real examiner and is judged in a final zone under the default policy. A crash, a missed deadline, a
`pass` after a failed or complaining reader, and a `pass` although the mark stands intact by a check of the bytes that shares
nothing with the scanner, are violations: then the exit code is 1. Every mutant that lost its mark is counted by cause; the
details name each.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

from benchmarks.mutation.changes import mutate
from benchmarks.mutation.trials import DEADLINE_SECONDS, VIOLATIONS, Bench, Original, Trial
from scanner.pipeline.settings import WorkerSettings
from scanner.tools.process import limit_own_memory

FIXTURES = Path(__file__).parents[1] / "fixtures"
CORPUS = FIXTURES.parents[1] / "shared" / "corpus" / "dev"
FOLDERS = ("stills", "signed", "video", "audio", "documents")
SIZE_LIMIT_BYTES = 200_000
_BATCH = 50


def find_originals(corpus: Path | None) -> tuple[Path, ...]:
    """Return the files that mutants are made of, in one order wherever the two folders stand."""
    folders = [*(FIXTURES / name for name in FOLDERS), *([corpus] if corpus else [])]
    files = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple(path for path in files if 0 < path.stat().st_size <= SIZE_LIMIT_BYTES)


class Trials:
    """What a worker keeps: a bench, and the originals it has seen."""

    def __init__(self, seed: int) -> None:
        """Open the bench."""
        self._seed = seed
        self._bench = Bench()
        self._originals: dict[Path, Original] = {}

    def attempt(self, number: int, paths: Sequence[Path]) -> Trial:
        """Make mutant `number` and examine it; the same number is the same mutant in every run of a seed."""
        rng = random.Random(f"{self._seed}/{number}")
        original = self._original(paths[rng.randrange(len(paths))])
        change, mutant = mutate(original.content, rng)
        return self._bench.attempt(number, original, change, mutant)

    def close(self) -> None:
        """Close the bench."""
        self._bench.close()

    def _original(self, path: Path) -> Original:
        if path not in self._originals:
            self._originals[path] = self._bench.original("/".join(path.parts[-3:]), path.read_bytes())
        return self._originals[path]


_trials: list[Trials] = []


def _prepare(seed: int) -> None:
    limit_own_memory(WorkerSettings().address_space_bytes)
    _trials.append(Trials(seed))


def _batch(numbers: Sequence[int], paths: Sequence[Path]) -> list[Trial]:
    done = []
    for number in numbers:
        # A library that hangs outside Python does not hear the alarm: the worker ends, and the run with it.
        faulthandler.dump_traceback_later(DEADLINE_SECONDS + 30, exit=True)
        done.append(_trials[0].attempt(number, paths))
        faulthandler.cancel_dump_traceback_later()
    return done


def run(count: int, seed: int, workers: int, corpus: Path | None) -> Iterator[Trial]:
    """Yield the trials of `count` mutants in order."""
    paths = find_originals(corpus)
    batches = [range(at, min(at + _BATCH, count)) for at in range(0, count, _BATCH)]
    with ProcessPoolExecutor(workers, get_context("spawn"), _prepare, (seed,)) as pool:
        for number, trials in enumerate(pool.map(_batch, batches, [paths] * len(batches))):
            print(f"\r{number * _BATCH + len(trials)} of {count}", end="", file=sys.stderr)
            yield from trials
    print(file=sys.stderr)


def violations_among(trials: Iterable[Trial]) -> tuple[Trial, ...]:
    """Return the trials that must not be."""
    return tuple(trial for trial in trials if trial.outcome in VIOLATIONS)


def table(trials: Sequence[Trial]) -> str:
    """Count the trials by class, violations first."""
    counts = Counter(trial.outcome for trial in trials)
    named = [*VIOLATIONS, *sorted(set(counts) - set(VIOLATIONS))]
    return "\n".join(f"{counts[name]:>7}  {name}" for name in named)


def main() -> int:
    """Run, print the table, return 1 on a violation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--corpus", type=Path, default=CORPUS if CORPUS.is_dir() else None)
    parser.add_argument("--details", type=Path, help="write every violation and every lost mark to this file, as JSON")
    options = parser.parse_args()
    began = time.monotonic()
    trials = list(run(options.count, options.seed, options.workers, options.corpus))
    print(table(trials))
    slowest = max(trials, key=lambda trial: trial.seconds)
    print(f"slowest: {slowest.seconds:.1f} s ({slowest.name}, {slowest.change}); all: {time.monotonic() - began:.0f} s")
    bad = violations_among(trials)
    for trial in bad[:20]:
        print(f"{trial.number}: {trial.outcome}: {trial.name}, {trial.change} {' | '.join(trial.told)[:200]}")
    if options.details:
        told = [
            asdict(trial)
            for trial in trials
            if trial in bad or "mark lost" in trial.outcome or trial.outcome == "no mark in the original: blocked"
        ]
        options.details.write_text(json.dumps(told, indent=1, ensure_ascii=True))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
