"""Drawn scenes, what an edit makes of them, and the true alignment: no photographs and no local features needed."""

from __future__ import annotations

import io
from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from scanner.model.matching import Alignment
from scanner.store.kept_pictures import kept_picture
from tests.fingerprint.landscapes import landscape

WIDTH, HEIGHT = 480, 320
WHOLE = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
FLOPPED = (-1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
REGION = (150, 90, 270, 190)
"""Left, top, right, bottom in pixels: 7.8 % of the area."""
REGION_SHARES = (150 / WIDTH, 90 / HEIGHT, 270 / WIDTH, 190 / HEIGHT)


@cache
def scene(seed: int = 1) -> np.ndarray:
    return np.asarray(landscape(seed, WIDTH, HEIGHT))


def kept(pixels: np.ndarray) -> np.ndarray:
    """As a library keeps it."""
    with Image.open(io.BytesIO(kept_picture(Image.fromarray(pixels)))) as image:
        return np.asarray(image.convert("RGB"))


def alignment(matrix: tuple[float, ...] = WHOLE, *, mirrored: bool = False) -> Alignment:
    return Alignment(matrix, mirrored, 100, 120, 1.0, 1.0, 1.0)


def saved(pixels: np.ndarray, quality: int = 60) -> np.ndarray:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream).convert("RGB"))


def graded(pixels: np.ndarray) -> np.ndarray:
    """Lifted, warmer, more contrast, less colour."""
    values = np.clip(pixels / 255 * (1.15, 1.0, 0.85) + 0.03, 0, 1) ** 0.8
    values = 0.6 * values + 0.4 * (3 * values**2 - 2 * values**3)
    grey = values.mean(axis=2, keepdims=True)
    return np.rint((grey + 0.7 * (values - grey)) * 255).astype(np.uint8)


def pasted(pixels: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Another picture's region, with a soft edge."""
    left, top, right, bottom = REGION
    soft = np.zeros(pixels.shape[:2], np.float32)
    soft[top:bottom, left:right] = 1
    soft = cv2.GaussianBlur(soft, (0, 0), 2)[..., None]
    return np.rint(pixels * (1 - soft) + other * soft).astype(np.uint8)


def with_lower_third(pixels: np.ndarray) -> np.ndarray:
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image)
    draw.rectangle((24, 224, 456, 288), fill=(30, 40, 90))
    draw.text((40, 230), "Autumn In The Archive", fill=(240, 240, 240), font=ImageFont.load_default(26))
    draw.text((40, 262), "River And Harvest", fill=(240, 240, 240), font=ImageFont.load_default(18))
    return np.asarray(image)


def with_timecode(pixels: np.ndarray) -> np.ndarray:
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image)
    place, font = (WIDTH / 2, HEIGHT * 0.93), ImageFont.load_default(20)
    draw.rectangle(draw.textbbox(place, "01:02:03:04", font=font, anchor="mm"), fill=(0, 0, 0))
    draw.text(place, "01:02:03:04", fill=(255, 255, 255), font=font, anchor="mm")
    return np.asarray(image)


def with_logo(pixels: np.ndarray) -> np.ndarray:
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image)
    draw.ellipse((415, 20, 455, 60), fill=(235, 235, 235))
    draw.text((435, 40), "7", fill=(20, 20, 90), font=ImageFont.load_default(26), anchor="mm")
    return np.asarray(image)


def with_bar(pixels: np.ndarray) -> np.ndarray:
    """A black bar, as over a face or a name; where a logo or a timecode could stand."""
    result = pixels.copy()
    result[265:300, 330:440] = 0
    return result


def letterboxed(pixels: np.ndarray) -> np.ndarray:
    result = pixels.copy()
    result[:40] = 0
    result[-40:] = 0
    return result


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Intersection over union."""
    wide = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    high = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return wide * high / (areas - wide * high)


def skyline() -> np.ndarray:
    """Flat sky over a wall of fine bars: most of it has nothing to resolve, the rest at the limit of resolution."""
    pixels = np.full((HEIGHT, WIDTH, 3), (110, 140, 175), np.uint8)
    columns, rows = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    bars = (((columns // 4) + (rows // 9)) % 2).astype(bool)
    wall = rows > 0.75 * HEIGHT
    pixels[wall & bars], pixels[wall & ~bars] = (50, 45, 40), (150, 140, 120)
    return pixels


def meshed() -> np.ndarray:
    """A fine mesh of two colours, and a panel of each: what softening makes of the mesh is no tone of the panels."""
    pixels = scene().copy()
    threads = np.random.default_rng(5).random((HEIGHT // 3 + 1, WIDTH // 3 + 1)) < 0.5
    mesh = np.kron(threads, np.ones((3, 3))).astype(bool)[:HEIGHT, :WIDTH, None]
    pixels[:, :288] = np.where(mesh, (30, 30, 35), (215, 205, 190))[:, :288]
    pixels[40:140, 30:150], pixels[180:280, 30:150] = (215, 205, 190), (30, 30, 35)
    return pixels


def cut_out(pixels: np.ndarray, dark: tuple[int, int, int], light: tuple[int, int, int], *, downward: bool) -> np.ndarray:
    """All but an oval in the middle replaced by a wash from one colour to another."""
    subject = np.zeros(pixels.shape[:2], np.uint8)
    cv2.ellipse(subject, (WIDTH // 2, HEIGHT // 2), (130, 100), 0, 0, 360, 1, -1)
    rows, columns = np.mgrid[0 : 1 : HEIGHT * 1j, 0 : 1 : WIDTH * 1j]
    way = (rows if downward else columns)[..., None]
    wash = np.array(dark) * (1 - way) + np.array(light) * way
    return np.where(subject[..., None] == 1, pixels, wash.astype(np.uint8))
