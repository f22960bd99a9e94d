"""What happens to a still on its way into a film: seeded transforms of pictures (RGB arrays, eight bit).

Each takes the picture and a generator of random numbers and returns another picture. `CELLS` names those of docs/benchmarks.md;
`combinations_of_two` names pairs of them. Sizes stay those of the given picture unless the name says otherwise.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Pixels = NDArray[np.uint8]
Transform = Callable[[Pixels, np.random.Generator], Pixels]

_WORDS = ("archive", "interview", "harvest", "berlin", "river", "morning", "silence", "witness", "letter", "winter", "station")


def jpeg(pixels: Pixels, _: np.random.Generator, *, quality: int) -> Pixels:
    """Compress and decode."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream).convert("RGB"))


def resize(pixels: Pixels, _: np.random.Generator, *, factor: float) -> Pixels:
    """Scale both sides by `factor`."""
    height, width = pixels.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return _fit(pixels, *size)


def grain(pixels: Pixels, random: np.random.Generator, *, levels: float = 8.0) -> Pixels:
    """Add film grain of about 1.5 pixels, of this standard deviation, and a third of it in colour."""
    height, width = pixels.shape[:2]
    luma = cv2.GaussianBlur(random.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 0.6)
    colour = random.normal(0, levels / 3, (height, width, 3)).astype(np.float32)
    return _eight_bit(pixels + luma[..., None] * (levels / luma.std()) + colour)


def black_and_white(pixels: Pixels, _: np.random.Generator) -> Pixels:
    """Take the colour out."""
    return np.repeat(_luma(pixels)[..., None], 3, axis=2)


def flat_log(pixels: Pixels, _: np.random.Generator) -> Pixels:
    """Look of ungraded log: lifted blacks, low contrast, little colour."""
    grey = _luma(pixels)[..., None].astype(np.float32)
    return _eight_bit(95 + 0.42 * (0.5 * pixels + 0.5 * grey))


def exposure(pixels: Pixels, _: np.random.Generator, *, stops: float) -> Pixels:
    """Multiply linear light, clipping."""
    linear = (pixels / 255.0) ** 2.2 * 2.0**stops
    return _eight_bit(np.clip(linear, 0, 1) ** (1 / 2.2) * 255)


def grade(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Grade: lift, gamma and gain a channel, contrast curve, saturation."""
    values = pixels / 255.0
    lift, gain = random.uniform(-0.06, 0.06, 3), random.uniform(0.8, 1.2, 3)
    gamma = random.uniform(0.75, 1.35) * random.uniform(0.92, 1.08, 3)
    values = np.clip(values * gain + lift, 0, 1) ** gamma
    curve = random.uniform(0.0, 0.6)
    values = (1 - curve) * values + curve * (3 * values**2 - 2 * values**3)
    grey = values.mean(axis=2, keepdims=True)
    return _eight_bit((grey + random.uniform(0.4, 1.3) * (values - grey)) * 255)


def mirror(pixels: Pixels, _: np.random.Generator) -> Pixels:
    """Flop: left becomes right."""
    return np.ascontiguousarray(pixels[:, ::-1])


def blur(pixels: Pixels, _: np.random.Generator, *, sigma: float) -> Pixels:
    """Soften."""
    return cv2.GaussianBlur(pixels, (0, 0), sigma).astype(np.uint8)


def lower_third(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """A band across the lower part with two lines of text."""
    height, width = pixels.shape[:2]
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image)
    top, bottom = round(height * 0.70), round(height * 0.90)
    shade = tuple(int(value) for value in random.integers(10, 120, 3))
    draw.rectangle((round(width * 0.05), top, round(width * 0.95), bottom), fill=shade)
    for row, share in ((0.08, 0.085), (0.55, 0.06)):
        font = ImageFont.load_default(max(8, round(height * share)))
        draw.text((width * 0.08, top + (bottom - top) * row), _phrase(random, 3), fill=(240, 240, 240), font=font)
    return np.asarray(image)


def logo(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """A bug in the upper right corner."""
    height, width = pixels.shape[:2]
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image)
    side = round(height * 0.12)
    left, top = width - side - round(width * 0.05), round(height * 0.06)
    draw.ellipse((left, top, left + side, top + side), fill=(230, 230, 230))
    font = ImageFont.load_default(max(8, side // 2))
    draw.text((left + side / 2, top + side / 2), str(random.integers(1, 99)), fill=(20, 20, 90), font=font, anchor="mm")
    return np.asarray(image)


def timecode(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Burnt-in timecode in a box at the bottom."""
    height, width = pixels.shape[:2]
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image)
    text = "01:{:02d}:{:02d}:{:02d}".format(*random.integers(0, 24, 3))
    place, font = (width / 2, height * 0.93), ImageFont.load_default(max(8, round(height * 0.06)))
    draw.rectangle(draw.textbbox(place, text, font=font, anchor="mm"), fill=(0, 0, 0))
    draw.text(place, text, fill=(255, 255, 255), font=font, anchor="mm")
    return np.asarray(image)


def rotation(pixels: Pixels, random: np.random.Generator, *, degrees: float) -> Pixels:
    """Turn either way, and scale up until no corner is empty."""
    height, width = pixels.shape[:2]
    angle = degrees * random.choice((-1, 1))
    turn = np.deg2rad(degrees)
    longer, shorter = max(width, height), min(width, height)
    zoom = np.cos(turn) + longer / shorter * np.sin(turn)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, zoom)
    return cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC).astype(np.uint8)


def crop(pixels: Pixels, random: np.random.Generator, *, share: float) -> Pixels:
    """Take `share` of the width and of the height away, anywhere; what is left keeps its pixels."""
    height, width = pixels.shape[:2]
    keep_width, keep_height = round(width * (1 - share)), round(height * (1 - share))
    left, top = random.integers(0, width - keep_width + 1), random.integers(0, height - keep_height + 1)
    return pixels[top : top + keep_height, left : left + keep_width]


def push_in(pixels: Pixels, random: np.random.Generator, *, factor: float) -> Pixels:
    """Scale up by `factor` about a point near the centre, in a frame of the same size."""
    height, width = pixels.shape[:2]
    keep_width, keep_height = width / factor, height / factor
    left = (width - keep_width) * random.uniform(0.2, 0.8)
    top = (height - keep_height) * random.uniform(0.2, 0.8)
    matrix = np.array([[factor, 0, -left * factor], [0, factor, -top * factor]], dtype=np.float64)
    return cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE).astype(
        np.uint8
    )


def pillarbox(pixels: Pixels, _: np.random.Generator) -> Pixels:
    """The whole picture in a frame of 16:9 (9:16 where upright would fill it), black left and right or above and below."""
    height, width = pixels.shape[:2]
    frame_width = max(round(height * 16 / 9), round(width * 1.1))
    frame = np.zeros((height, frame_width, 3), np.uint8)
    left = (frame_width - width) // 2
    frame[:, left : left + width] = pixels
    return frame


def letterbox(pixels: Pixels, _: np.random.Generator) -> Pixels:
    """Fill a frame of 16:9 with the picture, and mask it to 2.39:1."""
    height, width = pixels.shape[:2]
    wanted = min(height, round(width * 9 / 16))
    top = (height - wanted) // 2
    frame = np.array(pixels[top : top + wanted])
    bar = round((wanted - width / 2.39) / 2)
    if bar > 0:
        frame[:bar] = 0
        frame[-bar:] = 0
    return frame


def perspective(pixels: Pixels, random: np.random.Generator, *, share: float = 0.12) -> Pixels:
    """Move each corner inwards by up to `share` of the sides; grey beyond."""
    height, width = pixels.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    moved = corners + inwards * random.uniform(0, share, (4, 2)).astype(np.float32) * np.array([width, height], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    return cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_AREA, borderValue=(90, 90, 90)).astype(np.uint8)


def picture_in_picture(pixels: Pixels, random: np.random.Generator, *, share: float, backgrounds: Sequence[Pixels]) -> Pixels:
    """Lay the picture, `share` of the frame's width, over another one, in a frame of 960 × 540."""
    frame = _fill(backgrounds[int(random.integers(len(backgrounds)))], 960, 540)
    height, width = pixels.shape[:2]
    inner_width = 960 * share
    inner_height = inner_width * height / width
    if inner_height > 540 * 0.9:
        inner_width, inner_height = inner_width * 540 * 0.9 / inner_height, 540 * 0.9
    inner = _fit(pixels, round(inner_width), round(inner_height))
    left, top = random.integers(0, 960 - inner.shape[1]), random.integers(0, 540 - inner.shape[0])
    frame[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return frame


def full(pixels: Pixels, random: np.random.Generator, *, factor: float) -> Pixels:
    """Push in, letterbox, grade, grain and JPEG q40: what an archive still meets in a finished film."""
    return chain(partial(push_in, factor=factor), letterbox, grade, grain, partial(jpeg, quality=40))(pixels, random)


def chain(*transforms: Transform) -> Transform:
    """One after the other."""

    def apply(pixels: Pixels, random: np.random.Generator) -> Pixels:
        for transform in transforms:
            pixels = transform(pixels, random)
        return pixels

    return apply


def cells(backgrounds: Sequence[Pixels]) -> Mapping[str, Transform]:
    """All single transforms by name."""
    named: dict[str, Transform] = {f"jpeg q{quality}": partial(jpeg, quality=quality) for quality in (90, 50, 30)}
    named |= {f"resize {round(factor * 100)} %": partial(resize, factor=factor) for factor in (2.0, 0.5, 0.25)}
    named |= {"grain": grain, "black and white": black_and_white, "flat log": flat_log, "grade": grade, "mirror": mirror}
    named |= {f"exposure {stops:+} stops": partial(exposure, stops=stops) for stops in (1.5, -1.5)}
    named |= {"blur 2 px": partial(blur, sigma=2.0)}
    named |= {"lower third": lower_third, "logo": logo, "timecode": timecode, "pillarbox": pillarbox, "letterbox 2.39": letterbox}
    named |= {f"rotation {degrees}°": partial(rotation, degrees=degrees) for degrees in (2, 5)}
    named |= {f"crop {round(share * 100)} %": partial(crop, share=share) for share in (0.05, 0.1, 0.2, 0.4)}
    named |= {f"push-in {factor}": partial(push_in, factor=factor) for factor in (1.1, 1.25, 1.5, 2.0)}
    named |= {f"push-in {factor} full": partial(full, factor=factor) for factor in (1.1, 1.25, 1.5, 2.0)}
    named |= {"perspective": perspective}
    named |= {
        f"frame {round(share * 100)} %": partial(picture_in_picture, share=share, backgrounds=backgrounds)
        for share in (0.45, 0.25)
    }
    return named


_COMBINED = (
    "mirror", "grade", "grain", "jpeg q30", "resize 50 %", "exposure +1.5 stops", "lower third", "letterbox 2.39", "pillarbox",
    "rotation 5°", "crop 20 %", "push-in 1.25", "perspective",
)  # fmt: skip


def combinations_of_two(backgrounds: Sequence[Pixels]) -> Mapping[str, Transform]:
    """Two different transforms, one after the other."""
    single = cells(backgrounds)
    return {f"{one} + {other}": chain(single[one], single[other]) for one, other in itertools.combinations(_COMBINED, 2)}


def _luma(pixels: Pixels) -> Pixels:
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8)


def _eight_bit(values: NDArray[np.floating]) -> Pixels:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _fit(pixels: Pixels, width: int, height: int) -> Pixels:
    shrinks = width < pixels.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return cv2.resize(pixels, (width, height), interpolation=method).astype(np.uint8)


def _fill(pixels: Pixels, width: int, height: int) -> Pixels:
    factor = max(width / pixels.shape[1], height / pixels.shape[0])
    scaled = _fit(pixels, max(width, round(pixels.shape[1] * factor)), max(height, round(pixels.shape[0] * factor)))
    return scaled[:height, :width].copy()


def _phrase(random: np.random.Generator, count: int) -> str:
    return " ".join(str(word).title() for word in random.choice(_WORDS, count))
