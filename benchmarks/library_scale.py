"""Fill a library with made references, and tell what it costs: adding, size, opening, and fetching a few.

    python -m benchmarks.library_scale [--references N] [--features BYTES] [--picture BYTES] [--library PLACE] [--keep] [--seed N]

The references are made distractors of random bytes: a cost test, nothing about recall. Of each there are a fingerprint, two
hashes of 256 bits, local features, a picture and a thumbnail. Sizes follow the ones that a real library has: 28 bytes a point.
`--library` may be the address of a PostgreSQL database, with an empty schema. Memory is the process's peak, in MB.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from scanner.model.belongings import Belongings, PackedFeatures
from scanner.model.matching import Fingerprint, GlobalHash, Reference, Role
from scanner.store.library import open_library
from scanner.store.places import is_address
from scanner.store.rows import reference_id

_AT_ONCE = 200
"""As `library add` acknowledges them."""
_HASH, _FEATURES = "made256/1", "made128/1"
_ROLES = tuple(Role)


def made(number: int, chance: random.Random, features_bytes: int, picture_bytes: int) -> tuple[Reference, Belongings]:
    """Return a made reference with all that belongs to it."""
    sha256 = chance.randbytes(32).hex()
    role = _ROLES[number % len(_ROLES)]
    mark = Fingerprint("phash64/imagehash-4.3", sha256[:16], 1920, 1080, flat=False, quality=80)
    reference = Reference(
        reference_id(role, sha256), role, f"stills/{number:07}.jpg", sha256, mark, f"pixels1/pillow-13.0.0:{sha256}"
    )
    hashes = tuple(GlobalHash(_HASH, name, chance.randbytes(32).hex()) for name in ("inner", "whole"))
    features = (PackedFeatures(_FEATURES, features_bytes // 28, chance.randbytes(features_bytes)),) if features_bytes else ()
    picture = chance.randbytes(picture_bytes)
    return reference, Belongings(picture[:5000], picture, hashes, (), features, ())


def fill(place: str, references: int, features_bytes: int, picture_bytes: int, seed: int) -> dict[str, object]:
    """Add made references, and return how quickly; without the time that making them takes."""
    chance, seconds = random.Random(seed), 0.0
    with closing(open_library(place, create=True)) as store:
        for start in range(0, references, _AT_ONCE):
            count = min(_AT_ONCE, references - start)
            batch = [made(start + at, chance, features_bytes, picture_bytes) for at in range(count)]
            begun = time.perf_counter()
            store.add([one for one, _ in batch], {one.id: its for one, its in batch})
            seconds += time.perf_counter() - begun
    return {"adding_seconds": round(seconds, 1), "added_per_second": round(references / seconds)}


_MEASURED: dict[str, str] = {
    "open": "pass",
    "count": "store.count()",
    "references": "sum(1 for _ in store.references())",
    "digest": "store.digest()",
    "hashes": "sum(len(row.bits) for row in store.hashes(_HASH))",
    "all_features": "sum(mark.count for _, mark in store.all_features(_FEATURES))",
    "complete_200": "store.find_complete(few200, [_HASH, _FEATURES])",
    "features_50": "store.features(few50, _FEATURES)",
    "pictures_50": "store.pictures(few50)",
}
"""What is measured, each in a process of its own: by wall clock, with the peak of memory."""

_SCRIPT = """
import json, sys, time
from benchmarks.library_scale import peak_mb
from scanner.store.library import open_library
place, ids, what = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
before, begun = peak_mb(), time.perf_counter()
store = open_library(place, create=False)
opened = time.perf_counter() - begun
few50, few200, _HASH, _FEATURES = ids[:50], ids, *sys.argv[4:]
begun = time.perf_counter()
exec(what)
once = time.perf_counter() - begun
print(json.dumps({"open": opened, "seconds": once, "memory_mb": peak_mb() - before}))
"""


def peak_mb() -> float:
    """Return the peak of this process's memory; what Linux counts for `getrusage` is its parent's where that had more."""
    try:
        return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
    except (OSError, ValueError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(place: str, seed: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield what each kind of reading takes."""
    with closing(open_library(place, create=False)) as store:
        ids = [one.id for one in store.references()]
    few = random.Random(seed).sample(ids, min(200, len(ids)))
    for name, what in _MEASURED.items():
        command = [sys.executable, "-c", _SCRIPT, place, json.dumps(few), what, _HASH, _FEATURES]
        told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        seconds = told["open" if name == "open" else "seconds"]
        yield name, {"ms": round(1000 * seconds, 1), "more_memory_mb": round(told["memory_mb"], 1)}


def size_of(place: str) -> int:
    """Return the bytes that a library takes on disk."""
    if not is_address(place):
        return os.stat(place).st_size
    with closing(open_library(place, create=False)) as store, store.database.transaction() as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def timed(action: Callable[[], dict[str, object]]) -> dict[str, object]:
    """Return what an action tells, with the peak of memory of this process."""
    told = action()
    return {**told, "peak_memory_mb": round(peak_mb())}


def main() -> int:
    """Fill a library, measure it and tell the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--references", type=int, default=100_000)
    parser.add_argument("--features", type=int, default=22_400, metavar="BYTES")
    parser.add_argument("--picture", type=int, default=30_000, metavar="BYTES")
    parser.add_argument("--library", metavar="PLACE", help="Where to make it. [a temporary folder]")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = chosen.library or str(Path(folder) / "library.sqlite")
        filled = timed(lambda: fill(place, chosen.references, chosen.features, chosen.picture, chosen.seed))
        size = size_of(place)
        told = {
            "references": chosen.references,
            "features_bytes": chosen.features,
            "picture_bytes": chosen.picture,
            **filled,
            "bytes": size,
            "bytes_per_reference": round(size / chosen.references),
            "reading": dict(measure(place, chosen.seed)),
        }
    print(json.dumps(told, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
