"""Recall and false matches of the cascade after post-production, cell by cell, and of what others ship beside it.

    python -m benchmarks.matching --output FILE [--queries N] [--cells A,B] [--combinations N] [--imagededup PYTHON]
                                  [--made N] [--overlays N] [--print-only]

Pictures: ../shared/corpus/photos (or --photos FOLDER), and those inside scikit-image and scikit-learn where they are installed
(some of them as backgrounds only). Every picture is a reference; of each cell N are put through the transform and looked for. A
cell that FILE holds already is not run again. A false match is any match with another reference; every query makes references −
1 wrong pairs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from benchmarks import peers
from benchmarks.post_production import Pixels, Transform, cells, combinations_of_two, lower_third, timecode
from benchmarks.textures import repeated_textures
from scanner.fingerprint.local_features import local_features, local_query
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.prints import prints_of
from scanner.fingerprint.small import made_small
from scanner.match.alignment import align
from scanner.match.cascade import Cascade, Sought
from scanner.match.points import points_of
from scanner.model.matching import Fingerprint, GlobalHash, LocalFeatures, Match, Reference, Role
from tests.fingerprint.plain_pictures import plain_pictures

ROOT = Path(__file__).parents[1]
Cell = dict[str, Any]
"""What was measured of one cell, as it stands in the file."""
BACKGROUNDS = ("coffee.png", "rocket.jpg", "motorcycle_left.png", "chelsea.png", "hubble_deep_field.jpg", "china.jpg")
SHIPPED = (
    "astronaut.png",
    "camera.png",
    "coins.png",
    "ihc.png",
    "retina.jpg",
    "moon.png",
    "brick.png",
    "grass.png",
    "gravel.png",
    "flower.jpg",
)
"""Those of the two packages that are photographs. They taught the vocabulary too; the 250 others did not."""


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of one picture."""

    mark: Fingerprint
    prints: tuple[GlobalHash, ...]
    features: LocalFeatures


@dataclass(frozen=True, slots=True)
class Library:
    """Pictures, and everything made of them."""

    names: tuple[str, ...]
    pixels: tuple[Pixels, ...]
    described: tuple[Described, ...]
    cascade: Cascade
    phash: tuple[peers.Bits, ...]
    pdq: tuple[peers.Bits, ...]


def main() -> None:
    """Run what is asked for, print the table."""
    given = _arguments()
    cv2.setNumThreads(1)
    done = _done(given.output)
    if not given.print_only:
        library = library_of(*_pictures(Path(given.photos)))
        print(f"{len(library.names)} references, {_bytes_a_reference(library):.0f} bytes of features each", flush=True)
        imagededup = peers.Imagededup(given.imagededup) if given.imagededup else None
        for name, transform, count in _wanted(given):
            if name not in done:
                done[name] = run_cell(name, transform, count, library, None if " + " in name else imagededup)
                _append(given.output, done[name])
                print(_row(done[name]), flush=True)
        for name, count, run in (("made", given.made, run_made), ("overlays", given.overlays, run_overlays)):
            if count and name not in done:
                done[name] = run(library, count)
                _append(given.output, done[name])
    _print(list(done.values()))


def library_of(names: Sequence[str], pictures: Sequence[Pixels]) -> Library:
    """Take in pictures as references of all roles in turn."""
    described = tuple(describe(pixels) for pixels in pictures)
    return Library(
        tuple(names),
        tuple(pictures),
        described,
        cascade_of(names, described),
        tuple(peers.phash(pixels) for pixels in pictures),
        tuple(peers.pdq(pixels) for pixels in pictures),
    )


def describe(pixels: Pixels) -> Described:
    """Return what a library would hold of a picture."""
    picture = picture_of(pixels)
    return Described(*prints_of(picture), local_features(picture))


def cascade_of(names: Sequence[str], described: Sequence[Described]) -> Cascade:
    """Return all stages over these references, of all roles in turn."""
    references = [
        Reference(name, list(Role)[number % len(Role)], name, f"{number:064x}", one.mark)
        for number, (name, one) in enumerate(zip(names, described, strict=True))
    ]
    own = dict(zip(names, described, strict=True))
    return Cascade.of(
        references, {name: one.features for name, one in own.items()}, {name: one.prints for name, one in own.items()}
    )


def run_cell(name: str, transform: Transform, count: int, library: Library, imagededup: peers.Imagededup | None) -> Cell:
    """Put `count` pictures through the transform and look for them."""
    rows = np.unique(np.linspace(0, len(library.names) - 1, count).round().astype(int)).tolist()
    seeds = [zlib.crc32(f"{name}|{library.names[row]}".encode()) for row in rows]
    queries = [transform(library.pixels[row], np.random.default_rng(seed)) for row, seed in zip(rows, seeds, strict=True)]
    missed, pairwise, relations, false, extracting, searching = [], 0, Counter[str](), [], [], []
    for row, pixels in zip(rows, queries, strict=True):
        began, wall = time.process_time(), time.perf_counter()
        sought = _sought(pixels)
        asked, asked_wall = time.process_time(), time.perf_counter()
        matches = library.cascade.find(sought)
        extracting.append((asked - began, asked_wall - wall))
        searching.append((time.process_time() - asked, time.perf_counter() - asked_wall))
        own = [match for match in matches if match.reference.id == library.names[row]]
        missed += [] if own else [library.names[row]]
        relations.update(match.relation.value for match in own)
        pairwise += bool(own) or _aligned(sought, library.described[row].features)
        false += [_told(library.names[row], match) for match in matches if match.reference.id != library.names[row]]
    return {
        "cell": name,
        "queries": len(rows),
        "references": len(library.names),
        "found": len(rows) - len(missed),
        "found_exhaustively": pairwise,
        "missed": missed,
        "relations": dict(relations),
        "false": false,
        "wrong_pairs": len(rows) * (len(library.names) - 1),
        "extract_ms": [round(1000 * statistics.median(times), 1) for times in zip(*extracting, strict=True)],
        "search_ms": [round(1000 * statistics.median(times), 1) for times in zip(*searching, strict=True)],
        "peers": _peers(rows, queries, library, imagededup),
    }


def run_made(library: Library, count: int) -> Cell:
    """Look for made plain pictures among themselves and among the photographs."""
    half = count // 4
    made = [(kind, np.asarray(image.convert("RGB"))) for kind, image in plain_pictures(count - half, seed=11)]
    made += list(repeated_textures(half, seed=12))
    names = [f"made {number:05d} {kind}" for number, (kind, _) in enumerate(made)]
    described = [describe(pixels) for _, pixels in made]
    everything = cascade_of([*names, *library.names], [*described, *library.described])
    false, with_points = [], Counter[str]()
    for name, (kind, pixels), own in zip(names, made, described, strict=True):
        with_points[kind] += bool(own.features.count)
        local = local_query(picture_of(pixels)) if own.features.count else None
        matches = everything.find(Sought(fingerprint=own.mark, prints=own.prints, local=local))
        false += [_told(name, match) for match in matches if match.reference.id != name]
    kinds = {kind: number for kind, number in with_points.items() if number}
    pairs = len(made) * (len(made) + len(library.names) - 1)
    return {"cell": "made", "queries": len(made), "false": false, "with_points": kinds, "wrong_pairs": pairs}


def run_overlays(library: Library, count: int) -> Cell:
    """Look for photographs among others that bear the very same lower third, or the same timecode."""
    false, pairs = [], 0
    for name, overlay in (("lower third", lower_third), ("timecode", timecode)):
        rows = np.unique(np.linspace(0, len(library.names) - 1, count).round().astype(int)).tolist()
        marked = [overlay(library.pixels[row], np.random.default_rng(1)) for row in rows]
        own = library_of([library.names[row] for row in rows], marked)
        for reference, pixels in zip(own.names, marked, strict=True):
            matches = own.cascade.find(_sought(pixels))
            false += [(name, *_told(reference, match)) for match in matches if match.reference.id != reference]
        pairs += len(rows) * (len(rows) - 1)
    return {"cell": "overlays", "queries": 2 * count, "false": false, "wrong_pairs": pairs}


def picture_of(pixels: Pixels) -> Picture:
    """The small picture of the pixels, as all that is known of a file is made of it."""
    image = Image.fromarray(pixels)
    return made_small(Picture(image, image.width, image.height))


def _sought(pixels: Pixels) -> Sought:
    picture = picture_of(pixels)
    mark, prints = prints_of(picture)
    return Sought(fingerprint=mark, prints=prints, local=local_query(picture))


def _aligned(sought: Sought, reference: LocalFeatures) -> bool:
    local = sought.local
    if local is None or not (local.features.count and reference.count):
        return False
    own = points_of(reference)
    return any(align(points_of(features), own) for features in (local.features, local.mirrored))


def _told(name: str, match: Match) -> tuple[object, ...]:
    return name, match.reference.id, match.relation.value, match.basis, match.distance_bits, match.inliers


def _peers(
    rows: Sequence[int], queries: Sequence[Pixels], library: Library, imagededup: peers.Imagededup | None
) -> dict[str, list[int]]:
    """Of each peer: how many were found, and how many false matches it made."""
    runs = {
        "imagehash pHash": ([peers.phash(pixels) for pixels in queries], library.phash, peers.PHASH_BITS),
        "PDQ-class": ([peers.pdq(pixels) for pixels in queries], library.pdq, peers.PDQ_BITS),
    }
    if imagededup:
        runs["imagededup pHash"] = (imagededup(queries), imagededup.once(library.pixels), peers.IMAGEDEDUP_BITS)
    told = {}
    for name, (asked, held, bits) in runs.items():
        near = [peers.within(held, query, bits) for query in asked]
        hits = sum(row in some for row, some in zip(rows, near, strict=True))
        told[name] = [hits, sum(map(len, near)) - hits]
    return told


def _pictures(photos: Path) -> tuple[list[str], list[Pixels]]:
    paths = [*sorted(photos.glob("*.jpg")), *_shipped(SHIPPED)]
    if not paths:
        raise SystemExit(f"no pictures in {photos}, and neither scikit-image nor scikit-learn is installed")
    return [path.name for path in paths], [_loaded(path) for path in paths]


def _shipped(names: Sequence[str]) -> list[Path]:
    specs = [(find_spec("skimage"), "data"), (find_spec("sklearn"), "datasets/images")]
    folders = [Path(place) / inner for spec, inner in specs if spec for place in spec.submodule_search_locations or ()]
    return [folder / name for name in names for folder in folders if (folder / name).exists()]


def _loaded(path: Path) -> Pixels:
    return np.asarray(Image.open(path).convert("RGB"))


def _wanted(given: argparse.Namespace) -> Iterator[tuple[str, Transform, int]]:
    backgrounds = [_loaded(path) for path in _shipped(BACKGROUNDS)]
    if not backgrounds:
        print("no backgrounds: install scikit-image for the cells with frames")
    single: Mapping[str, Transform] = cells(backgrounds) if backgrounds else {}
    chosen = given.cells.split(",") if given.cells else list(single)
    for name in chosen:
        if name in single:
            yield name, single[name], given.queries
    for name, transform in combinations_of_two(backgrounds).items():
        if given.combinations and (not given.cells or name in chosen):
            yield name, transform, given.combinations


def _bytes_a_reference(library: Library) -> float:
    return statistics.mean(
        len(one.features.places) + len(one.features.codes) + len(one.features.words) for one in library.described
    )


def _done(output: str) -> dict[str, Cell]:
    path = Path(output)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    return {row["cell"]: row for row in rows}


def _append(output: str, row: Cell) -> None:
    with open(output, "a", encoding="utf-8") as stream:
        stream.write(json.dumps(row) + "\n")


def _row(row: Cell) -> str:
    queries = row["queries"]
    shares = [100 * row[name] / queries for name in ("found", "found_exhaustively")]
    others = [f"{100 * hits / queries:5.1f}" for hits, _ in row.get("peers", {}).values()]
    relations = ", ".join(f"{relation} {number}" for relation, number in row["relations"].items())
    told = [row["cell"], queries, *(f"{share:.1f}" for share in shares), len(row["false"]), *others, relations]
    return "| " + " | ".join(map(str, told)) + " |"


def _print(rows: Sequence[Cell]) -> None:
    measured = [row for row in rows if "found" in row]
    names = list(measured[0]["peers"]) if measured else []
    print(f"\n| cell | queries | found % | found by checking all % | false | {' | '.join(names)} | relations |")
    print("|---" * (6 + len(names)) + "|")
    for row in measured:
        print(_row(row))
    false = [one for row in measured for one in row["false"]]
    print(f"\n{sum(row['wrong_pairs'] for row in measured):,} wrong pairs, {len(false)} false matches {false[:20]}")
    for row in (row for row in rows if "found" not in row):
        false = row["false"]
        print(f"{row['cell']}: {row['queries']} queries, {row['wrong_pairs']:,} pairs, {len(false)} false {false[:10]}")
        if row.get("with_points"):
            print(f"  with points: {row['with_points']}")
    if measured:
        for part in ("extract_ms", "search_ms"):
            cpu, wall = (statistics.median(row[part][at] for row in measured) for at in (0, 1))
            print(f"{part}: median CPU {cpu:.1f}, wall {wall:.1f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", required=True, help="JSON lines, one a cell; read first, added to")
    parser.add_argument("--photos", default=str(ROOT / "../shared/corpus/photos"))
    parser.add_argument("--queries", type=int, default=40, help="a cell")
    parser.add_argument("--combinations", type=int, default=0, metavar="N", help="queries for each combination of two")
    parser.add_argument("--cells", help="names, with commas")
    parser.add_argument("--imagededup", metavar="PYTHON", help="an interpreter that has imagededup")
    parser.add_argument("--made", type=int, default=0, metavar="N", help="made plain pictures and textures")
    parser.add_argument("--overlays", type=int, default=0, metavar="N", help="photographs that bear the same overlay")
    parser.add_argument("--print-only", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
