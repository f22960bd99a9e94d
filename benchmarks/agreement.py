"""How much speaks for an alignment, for true pairs and for pictures that are only alike: where the limits may lie.

    python -m benchmarks.agreement --output FILE [--alike FOLDER] [--queries N] [--combinations N]

True pairs: photographs of ../shared/corpus/photos (or --photos FOLDER) through each transform of benchmarks/matching.py and
combinations of two, N a transform. Wrong pairs: all of a folder, each looked for after a few transforms (pictures of one figure,
place or series are the hard ones); and pictures that bear the very same lower third or timecode. Pairs that the other checks
refuse are left out, on both sides. FILE gets one line a pair.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import cv2
import numpy as np
from PIL import Image

from benchmarks.matching import ROOT, picture_of
from benchmarks.post_production import Pixels, Transform, cells, combinations_of_two, lower_third, timecode
from scanner.fingerprint.local_features import local_features, local_query
from scanner.match import alignment
from scanner.match.geometry import fit_transform
from scanner.match.points import Points, pair_up, points_of

_OF_ALIKE = (
    "jpeg q90", "jpeg q30", "grade", "grain", "mirror", "crop 20 %", "push-in 1.25", "resize 50 %", "pillarbox", "lower third",
    "exposure +1.5 stops", "black and white",
)  # fmt: skip


def main() -> None:
    """Measure and print."""
    given = _arguments()
    cv2.setNumThreads(1)
    # What is measured here would refuse pairs before they are measured.
    alignment.LEAST_EVIDENCE, alignment.LEAST_BREADTH = 0.0, 0.0
    photos = {path.name: _loaded(path) for path in sorted(Path(given.photos).glob("*.jpg"))}
    single = cells([photos[name] for name in list(photos)[-3:]])
    with open(given.output, "a", encoding="utf-8") as stream:
        if given.alike:
            alike = {path.name: _loaded(path) for path in sorted(Path(given.alike).glob("*.*"))}
            _of_one_overlay(alike, stream)
            _of_alike(alike, single, stream)
        _of_one_overlay(dict(list(photos.items())[:: given.every]), stream)
        _of_copies(photos, single, given.queries, stream)
        combined = combinations_of_two([photos[name] for name in list(photos)[-3:]])
        _of_copies(photos, combined, given.combinations, stream)


def _of_copies(photos: Mapping[str, Pixels], transforms: Mapping[str, Transform], count: int, stream: TextIO) -> None:
    held = {name: points_of(local_features(picture_of(pixels))) for name, pixels in photos.items()} if count else {}
    names = list(photos)
    for at, (cell, transform) in enumerate(transforms.items() if count else ()):
        chosen = [names[(at + step * len(names) // count) % len(names)] for step in range(count)]
        told = [figure for name in chosen for figure in _measured(_changed(photos[name], transform, cell, name), held[name])]
        _write(stream, cell, True, told)


def _of_one_overlay(pictures: Mapping[str, Pixels], stream: TextIO) -> None:
    """All pictures bear the very same lower third, or timecode."""
    for cell, overlay in (("lower third", lower_third), ("timecode", timecode)):
        queries = [local_query(picture_of(overlay(pixels, np.random.default_rng(1)))) for pixels in pictures.values()]
        points = [points_of(query.features) for query in queries]
        pairs = ((one, other) for one in points for other in points if one is not other and len(one) and len(other))
        _write(stream, f"the same {cell}", False, [figure for one, other in pairs for figure in _measured([one], other)])


def _of_alike(pictures: Mapping[str, Pixels], transforms: Mapping[str, Transform], stream: TextIO) -> None:
    held = {name: points_of(local_features(picture_of(pixels))) for name, pixels in pictures.items()}
    for cell in _OF_ALIKE:
        told = []
        for name, pixels in pictures.items():
            changed = _changed(pixels, transforms[cell], cell, name)
            told += [figure for other, points in held.items() if other != name for figure in _measured(changed, points)]
        _write(stream, cell, False, told)


def _changed(pixels: Pixels, transform: Transform, cell: str, name: str) -> Sequence[Points]:
    """Points of the changed picture and of its mirror image."""
    query = local_query(picture_of(transform(pixels, np.random.default_rng(zlib.crc32(f"{cell} {name}".encode())))))
    return [points_of(one) for one in (query.features, query.mirrored) if one.count]


def _measured(ways: Sequence[Points], reference: Points) -> Iterator[dict[str, Any]]:
    """The figures of the way in which most points agree."""
    found = []
    for asset in ways:
        if (aligned := alignment.align(asset, reference)) is not None:
            pairs = pair_up(asset, reference)
            fit = fit_transform(pairs)
            assert fit is not None
            found.append(
                {
                    "evidence": alignment.evidence(fit, pairs, asset, reference),
                    "breadth": alignment.least_breadth(fit, pairs, asset, reference),
                    "inliers": fit.inliers,
                    "coverage": aligned[0].coverage,
                }
            )
    if found:
        yield max(found, key=lambda figures: figures["inliers"])


def _write(stream: TextIO, cell: str, is_true: bool, told: Sequence[dict[str, Any]]) -> None:
    for figures in told:
        stream.write(json.dumps({"cell": cell, "true": is_true} | figures) + "\n")
    stream.flush()
    kind, end = ("true", "lowest") if is_true else ("wrong", "highest")
    print(f"{cell}, {kind}: {len(told)} aligned; {end} evidence, {end} breadth:")
    for name in ("evidence", "breadth"):
        ordered = sorted(told, key=lambda figures: figures[name], reverse=not is_true)[:4]
        print("  ", [(round(figures["evidence"], 3), round(figures["breadth"], 3)) for figures in ordered], flush=True)


def _loaded(path: Path) -> Pixels:
    return np.asarray(Image.open(path).convert("RGB"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", required=True)
    parser.add_argument("--alike", help="a folder of pictures that are alike and no copies of one another")
    parser.add_argument("--photos", default=str(ROOT / "../shared/corpus/photos"))
    parser.add_argument("--queries", type=int, default=40)
    parser.add_argument("--combinations", type=int, default=8)
    parser.add_argument("--every", type=int, default=4, metavar="N", help="every Nth photograph under one overlay")
    return parser.parse_args()


if __name__ == "__main__":
    main()
