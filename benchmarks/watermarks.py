"""Count what the watermark reader finds: recall by compression and size, and false positives.

    python benchmarks/watermarks.py FOLDER [--photographs N]

FOLDER holds photographs without watermarks. False positives are counted on all of them, whole, cropped, resized and compressed,
and on 2,000 made pictures. Recall needs the reference encoder (see fixtures/making/watermarks.py) and takes N photographs,
resized to 1024 × 1024 as the models write them.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from fixtures.making.watermarks import embedded, letters, number
from scanner.model.readings import Found
from scanner.read.watermark import MESSAGES, WatermarkReader, agreeing
from scanner.read.watermark_blocks import block_bits
from scanner.read.watermark_chroma import chroma_bytes, chroma_floats, chroma_floats_swapped

READER = WatermarkReader()
PLANES = (chroma_bytes, chroma_floats, chroma_floats_swapped)
Change = Callable[[Image.Image], Image.Image]


def jpeg(quality: int) -> Change:
    """Return what compresses a picture at `quality`, colours halved as is usual."""

    def change(image: Image.Image) -> Image.Image:
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=quality)
        return Image.open(stream).convert("RGB")

    return change


def scaled(factor: float) -> Change:
    """Return what resizes a picture by `factor`."""
    return lambda image: image.resize((round(image.width * factor), round(image.height * factor)), Image.Resampling.LANCZOS)


def cropped(left: int, top: int) -> Change:
    """Return what cuts that many pixels off the left and the top."""
    return lambda image: image.crop((left, top, image.width, image.height))


def squared(side: int) -> Change:
    """Return what makes a picture a square, as generators do."""
    return lambda image: image.resize((side, side), Image.Resampling.BICUBIC)


CHANGES: dict[str, Change] = {
    "as written": lambda image: image,
    **{f"JPEG q{quality}": jpeg(quality) for quality in (95, 90, 80, 75, 60, 50)},
    **{f"resized to {factor:.0%}": scaled(factor) for factor in (0.75, 0.5)},
    "cropped by 8 × 8": cropped(8, 8),
    "cropped by 3 × 5": cropped(3, 5),
}
VARIANTS: tuple[Change, ...] = (
    lambda image: image,
    *(squared(side) for side in (256, 320, 384, 512, 640, 768)),
    *(cropped(left, top) for left, top in ((1, 3), (8, 8), (31, 17))),
    *(jpeg(quality) for quality in (90, 75, 50)),
    scaled(1.5),
)


def made(count: int) -> Iterator[Image.Image]:
    """Yield noise, gradients, stripes, tiles and flat colours of 256 to 640 pixels."""
    rng = np.random.default_rng(20)
    for index in range(count):
        height, width = (int(side) for side in rng.choice((256, 272, 384, 400, 512, 640), 2))
        yield Image.fromarray(_KINDS[index % len(_KINDS)](rng, height, width).astype(np.uint8), "RGB")


def _noise(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    return rng.integers(0, int(rng.integers(2, 257)), (height, width, 3))


def _gradient(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    down, across = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    weights = rng.random((2, 3))
    return 255 * (down[..., None] * weights[0] + across[..., None] * weights[1]) / 2


def _stripes(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    period = int(rng.integers(2, 97))
    return np.tile(rng.integers(0, 256, (period, 3)), (height, -(-width // period), 1))[:, :width]


def _tiles(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    side = int(rng.integers(3, 130))
    return np.tile(rng.integers(0, 256, (side, side, 3)), (-(-height // side), -(-width // side), 1))[:height, :width]


def _flat(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    return np.broadcast_to(rng.integers(0, 256, 3), (height, width, 3))


_KINDS = (_noise, _gradient, _stripes, _tiles, _flat)


def count_false(pictures: Iterator[Image.Image], title: str) -> None:
    """Print how many pictures were read, what was found, and how near the nearest came to each gate."""
    total, found, nearest = 0, 0, Counter[str]()
    for image in pictures:
        total += 1
        found += isinstance(READER.read_pixels(image), Found)
        bits = {plane: block_bits(plane(np.asarray(image))) for plane in PLANES}
        for message in MESSAGES:
            nearest[message.name] = max(nearest[message.name], *(agreeing(bits[plane], message) for plane in message.planes))
    near = ", ".join(f"{one.name} {nearest[one.name]} of {len(one.bits)} (gate {one.gate})" for one in MESSAGES)
    print(f"{title}: {found} false of {total}; nearest {near}", flush=True)


def recall(photographs: list[Image.Image]) -> None:
    """Print the share of marked pictures found, by message and by what was done to them."""
    sdxl = number(0xB3EC907BB19E)
    written: dict[str, tuple[str, list[int], bool, bool]] = {
        "SD 1": ("StableDiffusionV1", letters(b"StableDiffusionV1"), False, False),
        "SD 2": ("SDV2", letters(b"SDV2"), False, False),
        "SDXL": ("SDXL", sdxl, True, False),
        "SDXL, early diffusers": ("SDXL", sdxl, True, True),
        "FLUX": ("FLUX", number(0x2AFE879CF52E), True, False),
    }
    squares = [np.asarray(squared(1024)(image)) for image in photographs]
    for title, (name, message, floats, swapped) in written.items():
        marked = [Image.fromarray(embedded(square, message, floats=floats, swapped=swapped)) for square in squares]
        shares = {change: sum(_names(act(one), name) for one in marked) for change, act in CHANGES.items()}
        print(f"{title}: " + ", ".join(f"{change} {hits}/{len(marked)}" for change, hits in shares.items()), flush=True)


def _names(image: Image.Image, name: str) -> bool:
    outcome = READER.read_pixels(image)
    return isinstance(outcome, Found) and any(one.value.startswith(name) for one in outcome.statements)


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--photographs", type=int, default=20)
    options = parser.parse_args()
    paths = sorted(path for path in options.folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    count_false((change(_opened(path)) for path in paths for change in VARIANTS), "photographs")
    count_false(made(2000), "made pictures")
    try:
        recall([_opened(path) for path in paths[:: max(1, len(paths) // options.photographs)]])
    except ImportError:
        print("recall: not counted, the reference encoder is not installed")


def _opened(path: Path) -> Image.Image:
    return Image.open(path).convert("RGB")


if __name__ == "__main__":
    main()
