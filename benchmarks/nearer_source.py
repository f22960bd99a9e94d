"""Points of an export with the photograph and with an AI version of it: which of the two explains the export.

    python -m benchmarks.nearer_source [--photos FOLDER] [--count N]

Every photograph gets two versions: one enhanced all over (smoothed, enlarged, sharpened), one edited in 12 % of its area. Each of
the three is exported with another size, grade and JPEG quality, seeded. Shown is the number of points that the export has with
the photograph, in multiples of those that it has with the version.
"""

from __future__ import annotations

import argparse
import io
import zlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from benchmarks.matching import ROOT, picture_of
from benchmarks.post_production import Pixels
from scanner.fingerprint.local_features import local_features
from scanner.match.alignment import align
from scanner.match.points import Points, points_of

EDITED_SHARE = 0.12
_SHARES = (0.8, 0.9, 1.0)


def main() -> None:
    """Measure and print a row for each of the four ways."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--photos", type=Path, default=ROOT.parent / "shared" / "corpus" / "photos")
    parser.add_argument("--count", type=int, default=60)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    files = sorted(given.photos.iterdir())
    files = files[:: max(1, len(files) // given.count)][: given.count]
    ratios: dict[str, list[float]] = {}
    for file, other in zip(files, (*files[1:], files[0]), strict=True):
        for name, ratio in _measured(_pixels(file), _pixels(other), np.random.default_rng(zlib.crc32(file.name.encode()))):
            ratios.setdefault(name, []).append(ratio)
    print("| export of | against the | n | 1st percentile | median | " + " | ".join(f"≥ {share}" for share in _SHARES) + " |")
    for name, found in ratios.items():
        reached = " | ".join(f"{np.mean(np.array(found) >= share):.0%}" for share in _SHARES)
        print(f"| {name} | {len(found)} | {np.percentile(found, 1):.2f} | {np.median(found):.2f} | {reached} |")


def _measured(photo: Pixels, other: Pixels, rng: np.random.Generator) -> Iterator[tuple[str, float]]:
    versions = {"enhanced": enhanced(photo), "edited": edited(photo, other, rng)}
    own = _points(photo)
    for name, version in versions.items():
        theirs = _points(version)
        for source, pixels in (("photograph", photo), (f"{name} version", version)):
            export = _points(exported(pixels, rng))
            if with_version := _inliers(export, theirs):
                yield f"{source} | {name} version", _inliers(export, own) / with_version


def enhanced(pixels: Pixels) -> Pixels:
    """Smooth, enlarge and sharpen the whole picture."""
    smooth = cv2.resize(cv2.bilateralFilter(pixels, 7, 40, 5), None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC)
    return np.clip(cv2.addWeighted(smooth, 1.5, cv2.GaussianBlur(smooth, (0, 0), 2), -0.5, 0), 0, 255).astype(np.uint8)


def edited(pixels: Pixels, other: Pixels, rng: np.random.Generator) -> Pixels:
    """Put another picture into a box somewhere."""
    height, width = (int(side * EDITED_SHARE**0.5) for side in pixels.shape[:2])
    top, left = int(rng.integers(0, pixels.shape[0] - height)), int(rng.integers(0, pixels.shape[1] - width))
    result = pixels.copy()
    result[top : top + height, left : left + width] = cv2.resize(other, (width, height))
    return result


def exported(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Resize to 50–100 %, grade, and save as JPEG of quality 55–89."""
    scale = rng.uniform(0.5, 1.0)
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    graded = np.clip(small ** rng.uniform(0.8, 1.25) * rng.uniform(0.9, 1.1) * 255, 0, 255).astype(np.uint8)
    saved = io.BytesIO()
    Image.fromarray(graded).save(saved, "JPEG", quality=int(rng.integers(55, 90)))
    return np.asarray(Image.open(saved).convert("RGB"))


def _pixels(file: Path) -> Pixels:
    with Image.open(file) as picture:
        return np.asarray(picture.convert("RGB"))


def _points(pixels: Pixels) -> Points:
    return points_of(local_features(picture_of(pixels)))


def _inliers(asset: Points, reference: Points) -> int:
    found = align(asset, reference)
    return found[0].inliers if found else 0


if __name__ == "__main__":
    main()
