"""Altered originals: how many are found, how many benign derivatives are taken for altered.

    python -m benchmarks.altered --output FILE [--photos FOLDER] [--draws N] [--limit N] [--half tuned|aside|both] [--cells "A;B"]

Every photograph is a reference as a library keeps it (`store.kept_pictures`: WebP, 640 px, 23.5 kB). Each draw alters it, puts it
through grade, resize and JPEG q60 (benign cells: the transform of that name), aligns it by local features and compares. Found: a
region is told. IoU: one of the told boxes has 0.3 of intersection over union with the box around a true region, or around all.
Photographs are halved by the hash of their names: thresholds were tuned on one half, the other was kept aside.
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from benchmarks.alterations import (
    ALTERING,
    BACKGROUND_BAND,
    BANDS,
    BENIGN,
    OVERLAID,
    Altered,
    Altering,
    Box,
    Mask,
    Pixels,
    background,
    is_visible,
    post,
)
from scanner.fingerprint.local_features import local_features, local_query
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.small import made_small
from scanner.match.alignment import align
from scanner.match.points import Points, points_of
from scanner.model.matching import Alignment
from scanner.store.kept_pictures import kept_picture

ROOT = Path(__file__).parents[1]
Row = dict[str, Any]
"""What became of one draw, as it stands in the file."""
LEAST_IOU = 0.3
_REDRAWS = 30


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph and what a library keeps of it."""

    name: str
    pixels: Pixels
    kept: Pixels
    points: Points
    aside: bool
    """Whether its half was kept aside while thresholds were tuned."""


@dataclass(frozen=True, slots=True)
class Case:
    """An asset to be compared with a photograph."""

    cell: str
    photograph: Photograph
    asset: Pixels
    boxes: tuple[Box, ...]
    """Of what was altered, each and all together, in shares of the picture; none where nothing was."""
    share: float = 0.0
    visible: bool = True
    first: bool = True
    """Whether the place is the first that was drawn, not drawn again because nothing could be seen of the first."""


def photographs(folder: Path, limit: int | None = None, half: str = "both") -> list[Photograph]:
    """Read photographs and keep them as a library does."""
    paths = [path for path in sorted(folder.glob("*.jpg")) if half in ("both", _half(path.name))]
    if not paths:
        raise SystemExit(f"no pictures in {folder}")
    return [_photograph(path) for path in paths[:limit]]


def cells() -> dict[str, Callable[[Sequence[Photograph], int], Iterator[Case]]]:
    """All cells by name: each makes cases from photographs, once for each draw."""
    named: dict[str, Callable[[Sequence[Photograph], int], Iterator[Case]]] = {}
    for kind, altering in ALTERING.items():
        for band in BANDS:
            named[f"{kind} {band[0]:.0%}–{band[1]:.0%}"] = _altering_cell(kind, altering, band)
    named["background"] = _altering_cell("background", background, BACKGROUND_BAND)
    for name, transform in (BENIGN | OVERLAID).items():
        named[name] = lambda pictures, draw, name=name, transform=transform: (  # type: ignore[misc]
            Case(name, one, transform(one.pixels, _random(name, one.name, draw)), ()) for one in pictures
        )
    return named


def aligned(case: Case) -> tuple[Pixels, Alignment | None]:
    """The small picture of the asset, and how the photograph lies in it, if it was found."""
    image = Image.fromarray(case.asset)
    small = made_small(Picture(image, image.width, image.height), colour=True)
    query = local_query(small)
    found = align(points_of(query.features), case.photograph.points)
    found = found or align(points_of(query.mirrored), case.photograph.points, mirrored=True)
    assert small.colour is not None
    return np.asarray(small.colour), found[0] if found else None


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    common = max(width, 0.0) * max(height, 0.0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return common / max(sum(areas) - common, 1e-9)


def run(case: Case) -> Row:
    """Align and compare one case."""
    from scanner.match.alteration import compare_pictures

    asset, alignment = aligned(case)
    row: Row = {"cell": case.cell, "photograph": case.photograph.name, "aside": case.photograph.aside, "share": case.share}
    row |= {"visible": case.visible, "first": case.first, "aligned": alignment is not None}
    if alignment is None:
        return row
    began = time.perf_counter()
    alteration = compare_pictures(asset, case.photograph.kept, alignment).alteration
    row["ms"] = 1000 * (time.perf_counter() - began)
    row["told"] = alteration.share
    row["iou"] = max((overlap(told, true) for told in alteration.boxes for true in case.boxes), default=0.0)
    row["overlays"] = [overlay.kind for overlay in alteration.overlays]
    return row


def _altering_cell(
    kind: str, altering: Altering, band: tuple[float, float]
) -> Callable[[Sequence[Photograph], int], Iterator[Case]]:
    name = f"{kind} {band[0]:.0%}–{band[1]:.0%}" if kind != "background" else kind

    def make(pictures: Sequence[Photograph], draw: int) -> Iterator[Case]:
        for number, one in enumerate(pictures):
            random = _random(name, one.name, draw)
            other = pictures[(number + int(random.integers(1, len(pictures)))) % len(pictures)]
            for attempt in range(_REDRAWS):
                share = float(np.exp(random.uniform(*np.log(band))))
                altered = altering(one.pixels, other.pixels, share, random)
                visible = is_visible(one.pixels, altered)
                if visible or attempt == 0:
                    yield Case(name, one, post(altered.pixels, random), _boxes(altered), share, visible, attempt == 0)
                if visible:
                    break

    return make


def _boxes(altered: Altered) -> tuple[Box, ...]:
    together = np.logical_or.reduce(altered.regions)
    return tuple(_box(region) for region in (*altered.regions, together))


def _box(region: Mask) -> Box:
    rows, columns = np.flatnonzero(region.any(axis=1)), np.flatnonzero(region.any(axis=0))
    height, width = region.shape
    return columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height


def _photograph(path: Path) -> Photograph:
    pixels = np.asarray(Image.open(path).convert("RGB"))
    image = Image.fromarray(pixels)
    kept = Image.open(io.BytesIO(kept_picture(image))).convert("RGB")
    points = points_of(local_features(made_small(Picture(image, image.width, image.height))))
    return Photograph(path.name, pixels, np.asarray(kept), points, _half(path.name) == "aside")


def _half(name: str) -> str:
    return "aside" if zlib.crc32(name.encode()) & 1 else "tuned"


def _random(*parts: object) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32("|".join(map(str, parts)).encode()))


def main() -> None:
    """Run what is asked for, print the tables."""
    given = _arguments()
    cv2.setNumThreads(1)
    pictures = photographs(Path(given.photos), given.limit, given.half)
    wanted = cells() if not given.cells else {name: cells()[name] for name in given.cells.split(";")}
    rows: list[Row] = []
    with open(given.output, "a", encoding="utf-8") as stream:
        for name, make in wanted.items():
            own = [run(case) for draw in range(given.draws) for case in make(pictures, draw)]
            stream.writelines(json.dumps(row) + "\n" for row in own)
            stream.flush()
            rows += own
            print(name, len(own), flush=True)
    print_tables(rows)


def print_tables(rows: Sequence[Row]) -> None:
    """Print altered cells, benign cells and the time, each for both halves."""
    for half, aside in (("tuned on", False), ("kept aside", True)):
        own = [row for row in rows if row["aside"] is aside]
        names = list(dict.fromkeys(row["cell"] for row in own))
        if not own:
            continue
        print(f"\n### {half}\n\n| altered | cases | aligned % | found % | IoU ≥ 0.3 % | IoU, any place % |\n{'|---' * 6}|")
        for name in names:
            cell = [row for row in own if row["cell"] == name]
            if any(row["share"] for row in cell):
                seen = [row for row in cell if row["visible"]]
                any_place = [row for row in cell if row["first"]]
                shares = [_percent(seen, _is_aligned), _percent(seen, _is_told), _percent(seen, _is_hit)]
                print(f"| {name} | {len(seen)} | {' | '.join(shares)} | {_percent(any_place, _is_hit)} |")
        print("\n| benign | cases | aligned % | false alarms % | overlay told % | kinds |\n|---|---|---|---|---|---|")
        for name in names:
            cell = [row for row in own if row["cell"] == name and row["aligned"]]
            if not any(row["share"] for row in cell):
                count = sum(row["cell"] == name for row in own)
                kinds = sorted({kind for row in cell for kind in row["overlays"]})
                told = [_percent(cell, _is_told), _percent(cell, lambda row: bool(row["overlays"]))]
                print(f"| {name} | {count} | {100 * len(cell) / count:.1f} | {' | '.join(told)} | {', '.join(kinds)} |")
    times = sorted(row["ms"] for row in rows if "ms" in row)
    if times:
        print(f"\ncomparison: median {statistics.median(times):.0f} ms, 95 % {times[int(0.95 * len(times))]:.0f} ms")


def _is_aligned(row: Row) -> bool:
    return bool(row["aligned"])


def _is_told(row: Row) -> bool:
    return bool(row.get("told"))


def _is_hit(row: Row) -> bool:
    return bool(row.get("iou", 0.0) >= LEAST_IOU)


def _percent(rows: Sequence[Row], holds: Callable[[Row], bool]) -> str:
    return f"{100 * sum(map(holds, rows)) / len(rows):.1f}" if rows else "–"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", required=True, help="JSON lines, one a draw; added to")
    parser.add_argument("--photos", default=str(ROOT / "../shared/corpus/photos"))
    parser.add_argument("--draws", type=int, default=2, help="of each photograph and cell")
    parser.add_argument("--limit", type=int, help="photographs")
    parser.add_argument("--half", choices=("tuned", "aside", "both"), default="both")
    parser.add_argument("--cells", help="names, with semicolons")
    return parser.parse_args()


if __name__ == "__main__":
    main()
