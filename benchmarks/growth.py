"""How cost grows with the library: local features from 10^3 to 10^5 references, hashes to 10^6, and how fast pictures are added.

    python -m benchmarks.growth [--sizes 1000,10000,100000] [--queries N] [--folder DIR] [--skip-adding] [--skip-hashes]

The photographs of ../shared/corpus/photos are the real references; the rest are made: each draws 800 points from a pool of
points of blended photographs and flips an eighth of their bits. That is a test of cost, and of whether the index still lists
the true reference among so many; no claim of recall among real ones. Needs 4 GB of disk for 10^5. Times are of one thread, then
of two at once; run it with OPENBLAS_NUM_THREADS=1, because products of small matrices lose more to threads than they gain.
"""

from __future__ import annotations

import argparse
import io
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from benchmarks.matching import ROOT, picture_of
from benchmarks.post_production import Pixels, full
from scanner.fingerprint.local_features import POINTS, local_features, local_query
from scanner.fingerprint.pixels import pixel_digest
from scanner.fingerprint.prints import prints_of
from scanner.fingerprint.small import small_picture
from scanner.match.alignment import align
from scanner.match.cascade import LocalSearch
from scanner.match.global_search import VERIFY_BITS, GlobalSearch
from scanner.match.points import points_of
from scanner.match.postings import POSTING_BYTES, Postings, build_postings, map_postings, save_postings
from scanner.match.search import THRESHOLD_BITS, ExactSearch
from scanner.model.algorithms import GLOBAL_HASH, LOCAL_FEATURES
from scanner.model.belongings import HashRow
from scanner.model.matching import Fingerprint, GlobalHash, LocalFeatures, LocalQuery, Reference, Role
from scanner.model.work import KeptPicturesTask
from scanner.pipeline.belongings import kept_pictures

SEGMENT = 20_000
POOL_PICTURES = 300
FACTORS = (1.5, 2.0)
"""Of the push-ins that are looked for."""
_PLACES, _CODES, _WORDS = 8 * POINTS, 16 * POINTS, 4 * POINTS
_ROW = _PLACES + _CODES + _WORDS


@dataclass(frozen=True, slots=True)
class Pool:
    """Points to draw from, one a row."""

    places: np.ndarray
    codes: np.ndarray
    words: np.ndarray


def main() -> None:
    """Run and print."""
    given = _arguments()
    cv2.setNumThreads(1)
    paths = sorted(Path(given.photos).glob("*.jpg"))
    pictures = [np.asarray(Image.open(path).convert("RGB")) for path in paths]
    if not given.skip_adding:
        time_adding(paths, pictures)
    if not given.skip_hashes:
        time_hashes()
        time_global_hashes()
    real = [local_features(picture_of(pixels)) for pixels in pictures]
    pool = pool_of(pictures)
    queries = {
        factor: {row: local_query(picture_of(query)) for row, query in _queries(pictures, given.queries, factor)}
        for factor in FACTORS
    }
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        for size in (int(text) for text in given.sizes.split(",")):
            time_local(real, pool, size, queries, Path(folder) / str(size))


def time_local(
    real: list[LocalFeatures], pool: Pool, size: int, queries: dict[float, dict[int, LocalQuery]], folder: Path
) -> None:
    """Build a library of `size` references and look for pictures in it."""
    folder.mkdir()
    began = time.perf_counter()
    segments = list(_segments(real, pool, size, folder))
    built = time.perf_counter() - began
    rows = np.memmap(folder / "features", np.uint8, "r", shape=(size, _ROW))

    def features_of(name: str) -> LocalFeatures:
        row = int(name)
        return real[row] if row < len(real) else _unpacked(rows[row].tobytes())

    references = [Reference(f"{row:08d}", list(Role)[row % 4], "", f"{row:064x}") for row in range(size)]
    search = LocalSearch(references, features_of, segments)
    del references
    print(f"{size} references: made and indexed in {built:.0f} s, {_ROW + POINTS * POSTING_BYTES} bytes each")
    for factor, asked in queries.items():
        told = {row: [int(match.reference.id) for match in search.find(query)] for row, query in asked.items()}
        found, wrong = sum(row in names for row, names in told.items()), sum(name != row for row in told for name in told[row])
        whole = sum(_lies_in(query, real[row]) for row, query in asked.items())
        print(f"  push-in {factor} full: {found} of {len(asked)} found ({whole} by checking the right one), {wrong} false")
        for way, threads in (("one at a time", 1), ("two at once", 2)):
            print(f"  a query, {way}: {_timed(search.find, list(asked.values()), threads)}", flush=True)


def _lies_in(query: LocalQuery, reference: LocalFeatures) -> bool:
    """Whether the reference aligns with the query or its mirror image, whatever an index says."""
    ways = (one for one in (query.features, query.mirrored) if one.count and reference.count)
    return any(align(points_of(one), points_of(reference)) for one in ways)


def time_hashes() -> None:
    """Exact near search among 64-bit hashes."""
    random = np.random.default_rng(1)
    for size in (10**3, 10**4, 10**5, 10**6):
        hashes = random.integers(0, 2**64, size, np.uint64).tolist()
        search = ExactSearch(
            Reference(str(row), Role.OWNED, "", f"{row:064x}", Fingerprint("phash64", f"{bits:016x}", 1, 1, False))
            for row, bits in enumerate(hashes)
        )
        asked = [Fingerprint("phash64", f"{bits ^ 7:016x}", 1, 1, False) for bits in hashes[:100]]
        times = _timed(lambda query, own=search: own.find(None, query), asked, 1)
        print(f"{size} hashes of 64 bits, up to {THRESHOLD_BITS} differing: {times}", flush=True)


def time_global_hashes() -> None:
    """Exact search among 256-bit hashes, the looked-for picture laid in all eight ways."""
    random = np.random.default_rng(2)
    for size in (10**3, 10**4, 10**5, 10**6):
        bits = random.integers(0, 256, (size, 32), np.uint8).tobytes()
        search = GlobalSearch(HashRow(f"{row:08d}", ("whole",), bits[32 * row : 32 * row + 32]) for row in range(size))
        asked = [[GlobalHash(GLOBAL_HASH, "whole", bits[32 * row : 32 * row + 32].hex())] for row in range(100)]
        print(f"{size} hashes of 256 bits, 8 ways, up to {VERIFY_BITS} differing: {_timed(search.find, asked, 1)}", flush=True)


def time_adding(paths: list[Path], pictures: list[Pixels]) -> None:
    """From file to hash and features, one process."""
    large = []
    with tempfile.TemporaryDirectory() as folder:
        for number, pixels in enumerate(pictures[:12]):
            path = Path(folder) / f"{number}.jpg"
            Image.fromarray(pixels).resize((4000, 3000), Image.Resampling.BICUBIC).save(path, quality=90)
            large.append(path)
        works = {"hashes": _hashes, "all that a library keeps": _everything}
        for name, files in (("481 × 321 px", paths[:40]), ("12 megapixels", large)):
            for label, work in works.items():
                began, wall = time.process_time(), time.perf_counter()
                for path in files:
                    work(path)
                cpu, took = time.process_time() - began, time.perf_counter() - wall
                rate = f"{len(files) / took:.1f} pictures/s in one process"
                print(f"adding {name}, {label}: {1000 * cpu / len(files):.0f} ms CPU, {rate}", flush=True)


def _hashes(path: Path) -> object:
    return prints_of(small_picture(str(path), "jpeg"))


def _everything(path: Path) -> object:
    """Hashes; of another decode local features, picture and thumbnail; of a whole one the pixels' digest: as in `library add`."""
    kept = kept_pictures(KeptPicturesTask(0, str(path), path.stat().st_size))
    return _hashes(path), kept, pixel_digest(str(path), "jpeg")


def pool_of(pictures: list[Pixels]) -> Pool:
    """Points of blends of two warped photographs."""
    random = np.random.default_rng(5)
    found = [local_features(picture_of(_blend(pictures, random))) for _ in range(POOL_PICTURES)]
    return Pool(
        np.concatenate([np.frombuffer(one.places, "<u2").reshape(-1, 4) for one in found]),
        np.concatenate([np.frombuffer(one.codes, "<u8").reshape(-1, 2) for one in found]),
        np.concatenate([np.frombuffer(one.words, "<u4") for one in found]),
    )


def _segments(real: list[LocalFeatures], pool: Pool, size: int, folder: Path) -> Iterator[Postings]:
    random = np.random.default_rng(9)
    with open(folder / "features", "wb") as stream:
        for first in range(0, size, SEGMENT):
            rows = range(first, min(size, first + SEGMENT))
            part = folder / f"segment{first}"
            part.mkdir()
            features = (real[row] if row < len(real) else _made(pool, random) for row in rows)
            save_postings(build_postings(_written(stream, one) for one in features), str(part))
            yield map_postings(str(part))


def _written(stream: io.BufferedWriter, features: LocalFeatures) -> LocalFeatures:
    stream.write((features.places + features.codes + features.words).ljust(_ROW, b"\0"))
    return features


def _unpacked(row: bytes) -> LocalFeatures:
    return LocalFeatures(LOCAL_FEATURES, 480, 320, row[:_PLACES], row[_PLACES : _PLACES + _CODES], row[_PLACES + _CODES :])


def _made(pool: Pool, random: np.random.Generator) -> LocalFeatures:
    drawn, elsewhere = (random.integers(0, len(pool.words), POINTS) for _ in range(2))
    flips = np.bitwise_and.reduce(random.integers(0, 2**64, (3, POINTS, 2), np.uint64), axis=0)
    codes = pool.codes[drawn] ^ flips
    return LocalFeatures(LOCAL_FEATURES, 480, 320, pool.places[elsewhere].tobytes(), codes.tobytes(), pool.words[drawn].tobytes())


def _blend(pictures: list[Pixels], random: np.random.Generator) -> Pixels:
    share = random.uniform(0.35, 0.65)
    one, other = (_warped(pictures[int(row)], random) for row in random.choice(len(pictures), 2, replace=False))
    return np.clip(share * one + (1 - share) * other, 0, 255).astype(np.uint8)


def _warped(pixels: Pixels, random: np.random.Generator) -> np.ndarray:
    height, width = pixels.shape[:2]
    part = random.uniform(0.5, 0.9)
    corner = random.uniform(0, 1 - part, 2) * (width, height)
    source = corner + np.array([[0, 0], [width * part, 0], [0, height * part]]) + random.normal(0, 15, (3, 2))
    matrix = cv2.getAffineTransform(source.astype(np.float32), np.array([[0, 0], [480, 0], [0, 320]], np.float32))
    return cv2.warpAffine(pixels, matrix, (480, 320), borderMode=cv2.BORDER_REFLECT).astype(np.float32)


def _queries(pictures: list[Pixels], count: int, factor: float) -> Iterator[tuple[int, Pixels]]:
    for row in np.unique(np.linspace(0, len(pictures) - 1, count).round().astype(int)).tolist():
        yield row, full(pictures[row], np.random.default_rng(row), factor=factor)


def _timed(work: Callable[[Any], object], asked: list[Any], threads: int) -> str:
    def one(query: object) -> float:
        began = time.perf_counter()
        work(query)
        return 1000 * (time.perf_counter() - began)

    began, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as room:
        times = list(room.map(one, asked))
    took, used = ((now - then) * 1000 / len(asked) for now, then in ((time.perf_counter(), began), (time.process_time(), cpu)))
    return f"median {statistics.median(times):.1f} ms, worst {max(times):.0f} ms, CPU {used:.1f} ms, one every {took:.1f} ms"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--queries", type=int, default=40)
    parser.add_argument("--photos", default=str(ROOT / "../shared/corpus/photos"))
    parser.add_argument("--folder", help="where the made library is written; a temporary folder by default")
    parser.add_argument("--skip-adding", action="store_true")
    parser.add_argument("--skip-hashes", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
