"""Append to one approval log from many processes while they are killed, and count what must not happen.

    python -m benchmarks.approval_log [--entries N] [--processes N] [--kill-every SECONDS] [--seed N]

Each writer prints an entry's hash once `append` has returned: from then on the entry is acknowledged. Writers are killed with
SIGKILL at random and replaced. Afterwards the whole chain is checked, and every acknowledged hash must be in it once. A chain
that does not hold, a lost entry and one that is there twice are violations: then the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from scanner.store.approval_log import open_approval_log

_WRITER = """
import sys
from scanner.store.approval_log import open_approval_log
log = open_approval_log(sys.argv[1], create=True)
number = 0
while True:
    number += 1
    entry = log.append("approval", "2026-01-01T00:00:00Z", {"writer": sys.argv[2], "number": number, "use": "x" * 200})
    sys.stdout.write(entry.hash + "\\n")
    sys.stdout.flush()
"""


@dataclass(frozen=True, slots=True)
class Storm:
    """What became of a log under fire."""

    acknowledged: int
    entries: int
    kills: int
    lost: int
    """Acknowledged hashes that are not in the log."""
    twice: int
    """Hashes that are in it more than once."""
    seconds: float
    check_seconds: float
    """Time to check the whole chain."""


class _Writer:
    """A process that appends, and a thread that notes what it was told."""

    def __init__(self, path: str, name: str) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", _WRITER, path, name], stdout=subprocess.PIPE, text=True)
        self.acknowledged: list[str] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def kill(self) -> list[str]:
        """Kill the process and return every hash it had told, the last ones in the pipe included."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._thread.join()
        return self.acknowledged

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            # A writer killed inside a write leaves part of a line: that entry was not acknowledged.
            if line.endswith("\n"):
                self.acknowledged.append(line.strip())


def storm(path: str, *, entries: int, processes: int, kill_every_seconds: float, seed: int) -> Storm:
    """Let `processes` writers append to the log at `path` until `entries` are acknowledged, killing one at a time."""
    chance, started, kills = random.Random(seed), time.monotonic(), 0
    open_approval_log(path, create=True).close()
    acknowledged: list[str] = []
    writers = [_Writer(path, f"{at}") for at in range(processes)]
    try:
        while len(acknowledged) + sum(len(one.acknowledged) for one in writers) < entries:
            time.sleep(chance.expovariate(1 / kill_every_seconds))
            at = chance.randrange(processes)
            acknowledged += writers[at].kill()
            kills += 1
            writers[at] = _Writer(path, f"{at}.{kills}")
    finally:
        for one in writers:
            acknowledged += one.kill()
    seconds, checking = time.monotonic() - started, time.monotonic()
    with closing(open_approval_log(path, create=False)) as log:
        held = Counter(entry.hash for entry in log.entries())
    return Storm(
        acknowledged=len(acknowledged),
        entries=held.total(),
        kills=kills + processes,
        lost=sum(one not in held for one in acknowledged),
        twice=sum(count > 1 for count in held.values()),
        seconds=round(seconds, 1),
        check_seconds=round(time.monotonic() - checking, 3),
    )


def main() -> int:
    """Run a storm and tell what became of the log."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--kill-every", type=float, default=1.0, metavar="SECONDS")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "approvals.sqlite")
        result = storm(
            path,
            entries=chosen.entries,
            processes=chosen.processes,
            kill_every_seconds=chosen.kill_every,
            seed=chosen.seed,
        )
        size = os.stat(path).st_size
    print(json.dumps({"seed": chosen.seed, **asdict(result), "bytes": size}, indent=2))
    return 1 if result.lost or result.twice else 0


if __name__ == "__main__":
    sys.exit(main())
