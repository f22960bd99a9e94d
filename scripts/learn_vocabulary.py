"""Learn scanner/fingerprint/vocabulary.npz anew.

    python scripts/learn_vocabulary.py [--output FILE]

Reads the pictures that come inside scikit-image and scikit-learn (pip install --no-deps scikit-image scikit-learn). A new
vocabulary is a new algorithm: raise the number in scanner/fingerprint/local_features.py.
"""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from scanner.fingerprint.vocabulary import rooted  # noqa: E402

NAMES = """
astronaut.png camera.png cell.png chelsea.png clock_motion.png coffee.png coins.png color.png gravel.png grass.png brick.png
horse.png hubble_deep_field.jpg ihc.png moon.png motorcycle_left.png page.png retina.jpg rocket.jpg text.png china.jpg flower.jpg
"""
SIDES_PX = (640, 400, 250)
POINTS = 3000
CENTRES, HALF = 512, 16
ROUNDS = 12


def shipped_pictures() -> list[Path]:
    """Files named above, as found in the two packages."""
    folders = [
        Path(place) / inner for name, inner in (("skimage", "data"), ("sklearn", "datasets/images")) for place in _places(name)
    ]
    return [folder / name for name in NAMES.split() for folder in folders if (folder / name).exists()]


def _places(package: str) -> list[str]:
    spec = find_spec(package)
    return list(spec.submodule_search_locations or ()) if spec else []


def descriptions() -> NDArray[np.float32]:
    """Rooted descriptions of all pictures at several sizes."""
    sift = cv2.SIFT_create(nfeatures=POINTS, contrastThreshold=0.01)
    found = []
    for path in shipped_pictures():
        grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        for side in SIDES_PX:
            factor = min(1.0, side / max(grey.shape))
            small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            found.append(rooted(sift.detectAndCompute(small, None)[1]))
    return np.concatenate(found)


def centres_of(points: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """K-means."""
    centres = points[random.choice(len(points), CENTRES, replace=False)].copy()
    for _ in range(ROUNDS):
        nearest = ((centres**2).sum(axis=1) - 2 * points @ centres.T).argmin(axis=1)
        for number in range(CENTRES):
            own = points[nearest == number]
            centres[number] = own.mean(axis=0) if len(own) else points[random.integers(len(points))]
    return centres


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", default=str(ROOT / "scanner/fingerprint/vocabulary.npz"))
    output = parser.parse_args().output
    random, learnt = np.random.default_rng(1), descriptions()
    print(f"{len(learnt)} descriptions of {len(shipped_pictures())} pictures")
    mean = learnt.mean(axis=0)
    axes = np.linalg.svd(learnt - mean, full_matrices=False)[2].T
    spread = ((learnt - mean) @ axes).std(axis=0)
    # Partly whitened (the root of the spread), then turned at random so that every bit carries as much.
    to_code = (axes / np.sqrt(spread)) @ np.linalg.qr(random.normal(size=(128, 128)))[0]
    # Dealt out by fours so that both halves carry as much.
    columns = np.arange(2 * HALF)
    to_halves = axes[:, np.concatenate([columns[np.isin(columns % 4, (0, 3))], columns[np.isin(columns % 4, (1, 2))]])]
    turned = (learnt - mean) @ to_halves
    centres = np.stack([centres_of(turned[:, :HALF], random), centres_of(turned[:, HALF:], random)])
    arrays = {"mean": mean, "to_code": to_code, "to_halves": to_halves, "centres": centres}
    np.savez_compressed(output, **{name: array.astype(np.float16) for name, array in arrays.items()})
    print(f"{output}: {Path(output).stat().st_size} bytes")


if __name__ == "__main__":
    main()
