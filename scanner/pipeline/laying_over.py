"""Laying a reference over the picture that it lies in; done in a worker process, like all that opens a file."""

from __future__ import annotations

import io
import os

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scanner.fingerprint.failures import PictureBroken, PictureRefused
from scanner.fingerprint.small import small_picture
from scanner.model.matching import LaidOver
from scanner.model.work import Compared, CompareTask
from scanner.probe.detect import probe

_QUALITY = 80
_DIFFERENCE_RGB = (255, 0, 170)
"""A colour that neither photographs nor the page's own signs have."""
_PICTURE_LIMIT_PX = 1024
Pixels = NDArray[np.uint8]


def compare(task: CompareTask) -> Compared:
    """Compare one asset with one reference; nothing where either cannot be decoded."""
    from scanner.match.alteration import compare_pictures  # OpenCV costs 0.1 s and 60 MB, and few scans need it

    try:
        asset = _colour(task.path, task.size_bytes)
        reference = _reference(task)
    except (OSError, ValueError, PictureRefused, PictureBroken, Image.DecompressionBombError):
        return Compared(task.key, None)
    if asset is None or reference is None:
        return Compared(task.key, None)
    comparison = compare_pictures(asset, reference, task.alignment)
    if not task.shown:
        return Compared(task.key, comparison.alteration)
    height, width = asset.shape[:2]
    pictures = LaidOver(
        _jpeg(asset), _jpeg(comparison.reference_aligned), _overlay(comparison.difference), width=width, height=height
    )
    return Compared(task.key, comparison.alteration, pictures)


def _reference(task: CompareTask) -> Pixels | None:
    if task.reference_path:
        return _colour(task.reference_path, task.reference_size_bytes)
    if not task.reference_picture:
        return None
    with Image.open(io.BytesIO(task.reference_picture), formats=["WEBP", "JPEG"]) as image:
        if max(image.size) > _PICTURE_LIMIT_PX:
            return None
        return np.asarray(image.convert("RGB"))


def _colour(path: str, size_bytes: int) -> Pixels | None:
    name = probe(path, os.path.basename(path), size_bytes).format.name
    image = small_picture(path, name, colour=True).colour
    return None if image is None else np.asarray(image)


def _jpeg(pixels: Pixels) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()


def _overlay(difference: Pixels) -> bytes:
    """The map as the opacity of one colour; empty where nothing differs."""
    if not difference.any():
        return b""
    image = Image.new("RGB", (difference.shape[1], difference.shape[0]), _DIFFERENCE_RGB)
    # Sixteen steps are enough to see, and take a tenth of the bytes.
    image.putalpha(Image.fromarray(difference & 0xF0))
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()
