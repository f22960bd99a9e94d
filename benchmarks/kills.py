"""Kill scans at random moments, resume each, and compare the report with an undisturbed one.

    python -m benchmarks.kills [--files 20000] [--kills 30] [--seed 1] [--fingerprints]

Each round kills one process with SIGKILL at a random moment: the driver, a worker, or a worker's ExifTool, in turn. A scan whose
driver was killed is started again on the same store of readings, until it comes to its end; one whose worker or ExifTool was
killed goes on by itself. Then its scan.json must be that of a scan that nobody disturbed, byte for byte under SOURCE_DATE_EPOCH;
and it must have recalled all that the store held when it was started, so that nothing was read twice that had been acknowledged.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.delivery_tree import make_tree

VICTIMS = ("driver", "worker", "exiftool")
CLOCK = {"SOURCE_DATE_EPOCH": "1800000000"}
RACY_SECONDS = 2.5


def scan(tree: Path, store: Path, output: Path, fingerprints: bool) -> subprocess.Popen[bytes]:
    """Start a scan."""
    command = [
        sys.executable,
        "-m",
        "scanner",
        "scan",
        "--no-config",
        "--no-library",
        "--no-approvals",
        "--no-trust",
        "--progress",
    ]
    command += ["none", "--format", "json", "--store", str(store), "--output", str(output), str(tree)]
    command += [] if fingerprints else ["--no-fingerprints"]
    return subprocess.Popen(command, env={**os.environ, **CLOCK}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def below(pid: int) -> dict[str, list[int]]:
    """Process ids of a scan's workers and of their ExifTools."""
    found: dict[str, list[int]] = {"driver": [pid], "worker": [], "exiftool": []}
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        try:
            children = [
                int(one) for task in Path(f"/proc/{parent}/task").iterdir() for one in (task / "children").read_text().split()
            ]
        except OSError:
            continue
        for child in children:
            waiting.append(child)
            try:
                said = Path(f"/proc/{child}/cmdline").read_bytes()
            except OSError:
                continue
            if b"scanner.engine.worker" in said:
                found["worker"].append(child)
            elif b"exiftool" in said:
                found["exiftool"].append(child)
    return found


def kept_in(store: Path) -> int:
    """How many readings a store holds."""
    if not store.exists():
        return 0
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as database:
        try:
            return int(database.execute("SELECT count(*) FROM readings_reading").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def run_with_kill(tree: Path, store: Path, output: Path, victim: str, after: float, fingerprints: bool) -> tuple[bool, int, int]:
    """Run a scan and kill one process of it; return whether it came to its end, its exit code, and what the store held then."""
    held = kept_in(store)
    child = scan(tree, store, output, fingerprints)
    deadline = time.monotonic() + after
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    if child.poll() is None and (there := below(child.pid)[victim]):
        with contextlib.suppress(ProcessLookupError):
            os.kill(random.choice(there), signal.SIGKILL)
    said, complaints = child.communicate()
    if child.returncode not in (0, 10, 11, -signal.SIGKILL):
        raise SystemExit(f"a scan ended with {child.returncode}: {complaints.decode()}")
    ended = child.returncode != -signal.SIGKILL
    recalled = re.search(rb"([0-9,]+) of [0-9,]+ files were read by an earlier scan", said)
    if ended and int(recalled[1].replace(b",", b"") if recalled else 0) < held:
        raise SystemExit(f"the store held {held} readings, and the scan recalled fewer: {said[:200]!r}")
    return ended, child.returncode, kept_in(store)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fingerprints", action="store_true")
    given = parser.parse_args()
    random.seed(given.seed)
    with tempfile.TemporaryDirectory() as scratch:
        tree, base = Path(scratch) / "tree", Path(scratch)
        make_tree(tree, given.files)
        time.sleep(RACY_SECONDS)
        began = time.monotonic()
        whole = scan(tree, base / "undisturbed.sqlite", base / "undisturbed", given.fingerprints)
        whole.communicate()
        if whole.returncode not in (0, 10, 11):
            raise SystemExit("the undisturbed scan failed")
        seconds = time.monotonic() - began
        wanted = (base / "undisturbed" / "scan.json").read_bytes()
        print(f"{given.files} files, undisturbed {seconds:.1f} s")
        killed: Counter[str] = Counter()
        equal = rounds = 0
        store = base / "killed.sqlite"
        while killed.total() < given.kills:
            rounds += 1
            for name in base.glob("killed.sqlite*"):
                name.unlink()
            held, ended, code = 0, False, 0
            while not ended:
                victim = VICTIMS[killed.total() % len(VICTIMS)]
                killed[victim] += 1
                after = random.uniform(0.5, max(1.0, 0.8 * seconds))
                ended, code, now = run_with_kill(tree, store, base / "killed", victim, after, given.fingerprints)
                if now < held:
                    raise SystemExit(f"the store held {held} readings, and now {now}")
                held = now
            same = (base / "killed" / "scan.json").read_bytes() == wanted
            equal += same
            print(
                f"round {rounds}: {killed.total()} killed so far, exit code {code}, {'equal' if same else 'DIFFERS'}", flush=True
            )
            shutil.rmtree(base / "killed")
        print(f"{killed.total()} killed ({dict(killed)}), {equal} of {rounds} reports equal")


if __name__ == "__main__":
    main()
