"""Altered originals, and derivatives that alter nothing: seeded, beside `post_production` (RGB arrays, eight bit).

An alteration knows where it is. Its region is a soft-edged blob of a given share of the picture's area, placed at random. Some
change nothing that can be seen: inpainted sky, a mirrored wall. `is_visible` is the rule that tells those apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from benchmarks.post_production import (
    Pixels,
    Transform,
    black_and_white,
    blur,
    chain,
    crop,
    exposure,
    flat_log,
    full,
    grade,
    grain,
    jpeg,
    letterbox,
    logo,
    lower_third,
    mirror,
    perspective,
    pillarbox,
    push_in,
    resize,
    rotation,
    timecode,
)

Mask = NDArray[np.bool_]
Box = tuple[float, float, float, float]
Altering = Callable[[Pixels, Pixels, float, np.random.Generator], "Altered"]
"""Takes the picture, another one, the share of the area, and a generator."""

_FEATHER_PX = 2.0
VISIBLE_LEVELS = 15.0
"""Mean absolute difference over a region, in levels of grey, from which an alteration counts as visible."""
VISIBLE_TEXTURE = 6.0
"""Standard deviation of grey in squares of 16 pixels, mean over the region, of the original or of what took its place."""


@dataclass(frozen=True, slots=True)
class Altered:
    """An altered picture, and which regions were altered: one mask each."""

    pixels: Pixels
    regions: tuple[Mask, ...]


def splice(pixels: Pixels, other: Pixels, share: float, random: np.random.Generator) -> Altered:
    """Paste a region of another photograph."""
    region = _blob(pixels.shape[:2], share, random)
    return Altered(_pasted(pixels, _sized_like(other, pixels), region), (region,))


def inpainted(pixels: Pixels, _: Pixels, share: float, random: np.random.Generator) -> Altered:
    """Take a region out and fill it from around."""
    region = _blob(pixels.shape[:2], share, random)
    return Altered(cv2.inpaint(pixels, region.astype(np.uint8), 4, cv2.INPAINT_TELEA).astype(np.uint8), (region,))


def mirrored_region(pixels: Pixels, _: Pixels, share: float, random: np.random.Generator) -> Altered:
    """Flop a region in its place."""
    centre, axes = _ellipse(pixels.shape[:2], share, random)
    region = _filled(pixels.shape[:2], centre, axes)
    flop = np.array([[-1.0, 0, 2 * centre[0]], [0, 1, 0]])
    flopped = cv2.warpAffine(pixels, flop, pixels.shape[1::-1], borderMode=cv2.BORDER_REFLECT).astype(np.uint8)
    return Altered(_pasted(pixels, flopped, region), (region,))


def swapped(pixels: Pixels, _: Pixels, share: float, random: np.random.Generator) -> Altered:
    """Exchange two regions, each of this share."""
    for _try in range(400):
        one, axes = _ellipse(pixels.shape[:2], share, random)
        other, _axes = _ellipse(pixels.shape[:2], share, random, axes)
        first, second = _filled(pixels.shape[:2], one, axes), _filled(pixels.shape[:2], other, axes)
        if not (first & second).any():
            break
    by = (other[0] - one[0], other[1] - one[1])
    there = _pasted(pixels, _shifted(pixels, by), second)
    return Altered(_pasted(there, _shifted(pixels, (-by[0], -by[1])), first), (first, second))


def background(pixels: Pixels, other: Pixels, share: float, random: np.random.Generator) -> Altered:
    """Put another photograph behind a subject; `share` is what is replaced."""
    subject = _blob(pixels.shape[:2], 1 - share, random)
    return Altered(_pasted(_sized_like(other, pixels), pixels, subject), (~subject,))


ALTERING: Mapping[str, Altering] = {
    "splice": splice,
    "inpainted": inpainted,
    "mirrored": mirrored_region,
    "swapped": swapped,
}
BANDS: tuple[tuple[float, float], ...] = ((0.03, 0.08), (0.08, 0.25))
BACKGROUND_BAND = (0.45, 0.75)


def is_visible(original: Pixels, altered: Altered) -> bool:
    """Whether an alteration can be seen: it has texture before or after, and differs enough; of swapped regions, one."""
    before, after = (cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32) for pixels in (original, altered.pixels))
    texture = np.maximum(_deviation(before), _deviation(after))
    difference = np.abs(before - after)
    return any(
        difference[region].mean() >= VISIBLE_LEVELS and texture[region].mean() >= VISIBLE_TEXTURE for region in altered.regions
    )


def post(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Grade, resize, JPEG q60."""
    return chain(grade, partial(resize, factor=random.uniform(0.6, 1.4)), partial(jpeg, quality=60))(pixels, random)


def vignette(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Darken the corners by a third to two thirds."""
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width]
    radius = np.hypot((columns / width - 0.5) * 2, (rows / height - 0.5) * 2) / np.sqrt(2)
    return np.clip(pixels * (1 - random.uniform(0.35, 0.65) * radius**2)[..., None], 0, 255).astype(np.uint8)


def sharpen(pixels: Pixels, _: np.random.Generator) -> Pixels:
    """Unsharp mask."""
    soft = cv2.GaussianBlur(pixels.astype(np.float32), (0, 0), 1.5)
    return np.clip(pixels + 1.0 * (pixels - soft), 0, 255).astype(np.uint8)


def look(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """A look-up table: teal shadows, orange lights, channels bent apart."""
    values = pixels / 255.0
    grey = values.mean(axis=2, keepdims=True)
    strength = random.uniform(0.1, 0.25)
    tint = np.array([1.0, 0.1, -1.0]) * (grey - 0.5) * 2 * strength
    curved = values ** random.uniform(0.8, 1.25, 3)
    return np.clip((curved + tint) * 255, 0, 255).astype(np.uint8)


def see_through_third(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """A lower third that lets the picture through, with two lines of text."""
    solid = lower_third(pixels, random)
    height, width = pixels.shape[:2]
    top, bottom = round(height * 0.70), round(height * 0.90)
    text = cv2.cvtColor(solid, cv2.COLOR_RGB2GRAY) > 200
    text &= np.any(solid != pixels, axis=2)
    mixed = cv2.addWeighted(pixels, 0.4, solid, 0.6, 0)
    mixed[text] = solid[text]
    result = pixels.copy()
    result[top:bottom, round(width * 0.05) : round(width * 0.95)] = mixed[top:bottom, round(width * 0.05) : round(width * 0.95)]
    return result


def subtitle(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """A line of white text with a dark outline, without a box."""
    height, width = pixels.shape[:2]
    image = Image.fromarray(pixels)
    text = " ".join(str(word) for word in random.choice(("the", "river", "was", "silent", "that", "winter", "we", "waited"), 5))
    font = ImageFont.load_default(max(9, round(height * 0.065)))
    ImageDraw.Draw(image).text(
        (width / 2, height * 0.9), text, fill=(245, 245, 245), font=font, anchor="mm", stroke_width=1, stroke_fill=(10, 10, 10)
    )
    return np.asarray(image)


BENIGN: Mapping[str, Transform] = {
    **{f"jpeg q{quality}": partial(jpeg, quality=quality) for quality in (90, 60, 40)},
    **{f"resize {round(factor * 100)} %": partial(resize, factor=factor) for factor in (2.0, 0.5)},
    "grade, resize, q60": post,
    "grade": grade,
    "look": look,
    "flat log": flat_log,
    "black and white": black_and_white,
    **{f"exposure {stops:+} stops": partial(exposure, stops=stops) for stops in (1.0, -1.0, 1.5, -1.5)},
    "vignette": vignette,
    "grain": grain,
    "blur 2 px": partial(blur, sigma=2.0),
    "sharpen": sharpen,
    "mirror": mirror,
    "letterbox 2.39": letterbox,
    "pillarbox": pillarbox,
    "crop 20 %": partial(crop, share=0.2),
    **{f"push-in {factor}": partial(push_in, factor=factor) for factor in (1.25, 1.5, 2.0)},
    **{f"push-in {factor} full": partial(full, factor=factor) for factor in (1.25, 1.5)},
    "rotation 2°": partial(rotation, degrees=2),
    "perspective": perspective,
}
OVERLAID: Mapping[str, Transform] = {
    "lower third": lower_third,
    "lower third, grade, resize, q60": chain(lower_third, post),
    "see-through lower third": see_through_third,
    "timecode": timecode,
    "timecode, grade, resize, q60": chain(timecode, post),
    "logo": logo,
    "subtitle": subtitle,
    "subtitle, grade, resize, q60": chain(subtitle, post),
}


def _pasted(under: Pixels, over: Pixels, region: Mask) -> Pixels:
    soft = cv2.GaussianBlur(region.astype(np.float32), (0, 0), _FEATHER_PX)[..., None]
    return np.clip(np.rint(under * (1 - soft) + over * soft), 0, 255).astype(np.uint8)


def _blob(size: tuple[int, int], share: float, random: np.random.Generator) -> Mask:
    """A blob with a wavy outline of this share of the area, within the picture."""
    height, width = size
    turns = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    outline = np.ones_like(turns)
    for wave in (2, 3, 4, 5):
        outline += random.uniform(-0.35, 0.35) / wave * np.cos(wave * turns + random.uniform(0, 2 * np.pi))
    aspect = random.uniform(0.6, 1.6)
    points = np.stack([np.cos(turns) * outline * np.sqrt(aspect), np.sin(turns) * outline / np.sqrt(aspect)], axis=1)
    area = abs(np.sum(points[:, 0] * np.roll(points[:, 1], 1) - points[:, 1] * np.roll(points[:, 0], 1))) / 2
    points *= np.sqrt(share * width * height / area)
    extent = points.max(axis=0) - points.min(axis=0)
    points *= np.minimum(1, np.array([width - 2, height - 2]) / extent)
    low, high = -points.min(axis=0), np.array([width, height]) - points.max(axis=0)
    points += random.uniform(low, high)
    mask = np.zeros(size, np.uint8)
    cv2.fillPoly(mask, [np.rint(points).astype(np.int32)], 1)
    return mask.astype(bool)


def _ellipse(
    size: tuple[int, int], share: float, random: np.random.Generator, axes: tuple[int, int] | None = None
) -> tuple[tuple[int, int], tuple[int, int]]:
    height, width = size
    if axes is None:
        aspect = random.uniform(0.6, 1.6)
        area = share * width * height / np.pi
        axes = (min(round(np.sqrt(area * aspect)), width // 2 - 2), min(round(np.sqrt(area / aspect)), height // 2 - 2))
    centre = (int(random.integers(axes[0], width - axes[0])), int(random.integers(axes[1], height - axes[1])))
    return centre, axes


def _filled(size: tuple[int, int], centre: tuple[int, int], axes: tuple[int, int]) -> Mask:
    mask = np.zeros(size, np.uint8)
    cv2.ellipse(mask, centre, axes, 0, 0, 360, 1, -1)
    return mask.astype(bool)


def _shifted(pixels: Pixels, by: tuple[int, int]) -> Pixels:
    matrix = np.array([[1.0, 0, by[0]], [0, 1, by[1]]])
    return cv2.warpAffine(pixels, matrix, pixels.shape[1::-1], borderMode=cv2.BORDER_REFLECT).astype(np.uint8)


def _sized_like(other: Pixels, pixels: Pixels) -> Pixels:
    return cv2.resize(other, pixels.shape[1::-1], interpolation=cv2.INTER_AREA).astype(np.uint8)


def _deviation(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    mean, square = cv2.blur(grey, (16, 16)), cv2.blur(grey * grey, (16, 16))
    return np.sqrt(np.maximum(square - mean * mean, 0))
