"""Time exact near search with NumPy alone, and loading a library of that size.

    python benchmarks/near_search.py [--references N] [--queries N] [--library]

Prints milliseconds a query for the bare table of hashes, for numpy with `bitwise_count` and with the sums that older
numpy needs, and for `ExactSearch`; with --library also seconds to write, load and index an SQLite library of made references.
The target is 30 ms a query at 10^6 (issue 3).
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from scanner.match import hamming
from scanner.match.hamming import HashTable
from scanner.match.search import THRESHOLD_BITS, ExactSearch
from scanner.model.matching import Fingerprint, Reference, Role
from scanner.store.library import open_library
from scanner.store.rows import digest_of

ALGORITHM = "phash64/imagehash-4.3"


def milliseconds(work: Callable[[int], object], queries: list[int]) -> str:
    """Return median and worst time of `work` over the queries."""
    times = []
    for query in queries:
        began = time.perf_counter()
        work(query)
        times.append((time.perf_counter() - began) * 1000)
    return f"median {statistics.median(times):6.2f} ms, worst {max(times):6.2f} ms"


def made(hashes: np.ndarray) -> Iterator[Reference]:
    """References with these hashes, of all roles in turn."""
    roles = list(Role)
    for number, bits in enumerate(hashes.tolist()):
        sha256 = f"{number:016x}" + f"{bits:016x}" * 3
        mark = Fingerprint(ALGORITHM, f"{bits:016x}", 640, 480, False)
        yield Reference(f"{roles[number % 4]}-{sha256[:16]}", roles[number % 4], f"stills/{number}.jpg", sha256, mark)


def seconds(label: str, began: float) -> float:
    """Print how long something took and return the time now."""
    now = time.perf_counter()
    print(f"{label:<44} {now - began:6.1f} s")
    return now


def time_library(references: list[Reference]) -> None:
    """Write, load and digest a library."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "library.sqlite")
        began = time.perf_counter()
        store = open_library(path, create=True)
        store.add(references)
        began = seconds("library: written", began)
        held = tuple(store.references())
        began = seconds("library: read", began)
        digest_of(held)
        seconds("library: digest", began)
        store.close()


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--references", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--library", action="store_true")
    given = parser.parse_args()
    random = np.random.default_rng(1)
    hashes = random.integers(0, 2**64, given.references, np.uint64)
    queries = [int(query) for query in random.integers(0, 2**64, given.queries, np.uint64)]
    print(f"{given.references} references, {given.queries} queries, numpy {np.__version__}")
    table = HashTable(hashes)
    print("table:", milliseconds(lambda query: list(table.within(query, THRESHOLD_BITS)), queries))
    by_number = hamming.count_ones
    hamming.count_ones = hamming.count_ones_by_sums
    print("table, numpy before 2.0:", milliseconds(lambda query: list(table.within(query, THRESHOLD_BITS)), queries[:20]))
    hamming.count_ones = by_number
    references = list(made(hashes))
    began = time.perf_counter()
    search = ExactSearch(references)
    seconds("search: built", began)
    asked = [Fingerprint(ALGORITHM, f"{query:016x}", 1, 1, False) for query in queries]
    print("search:", milliseconds(lambda at: search.find(None, asked[at]), list(range(len(asked)))))
    if given.library:
        time_library(references)


if __name__ == "__main__":
    main()
