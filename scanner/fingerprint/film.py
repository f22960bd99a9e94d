"""Film frames, OpenEXR, DPX and Cineon, through OpenImageIO: read in strips, reduced as they come, mapped to a display.

The whole frame is never held. What a header may ask for is bounded before anything is read; deep pictures, volumes and
frames without colour or luminance are refused. Names in the file choose nothing: the probe's format does.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from PIL import Image

from scanner.fingerprint.display import BRIGHTEST, Light, from_cineon, shown_light, to_levels
from scanner.fingerprint.failures import PictureRefused
from scanner.fingerprint.film_frame import Frame, find_frame
from scanner.fingerprint.tones import MATTE

_EXTENSIONS = {"exr": "exr", "dpx": "dpx", "cineon": "cin"}
_NO_READER = "film frames need OpenImageIO: pip install OpenImageIO"
_STRIP_PIXELS = 1_000_000
_ROWS_A_ROW = 2
"""Rows read for each row of the result where the format lets rows be left out."""
_SQUEEZES = (0.2, 5.0)
"""Pixel aspect ratios that are believed; anamorphic is 2.0, PAL 1.09."""


def read_film(path: str, descriptor: int, format_name: str, side_px: int, pixels_limit: int) -> tuple[Image.Image, int, int]:
    """Return the frame in RGB, its longer side `side_px` at most, and width and height of the whole in pixels.

    It is what the display window shows, its pixels made square, transparency over mid-grey. How DPX says that a frame lies is
    not believed: hardly a writer means it, and the hashes look in all eight ways.
    `descriptor` is the file, open; `path` names it where the system has no names for descriptors.

    Raises:
        PictureRefused: OpenImageIO is missing; too large, deep, without colour.
        OSError: what OpenImageIO says of a damaged or unknown variety.
    """
    with _opened(path, descriptor, format_name) as source:
        frame = find_frame(source, side_px, pixels_limit)
        shrink = max(1, max(frame.shown.width, frame.shown.height) // side_px)
        levels = to_levels(_displayed(_light(source, frame, shrink), frame))
    image = _windowed(Image.fromarray(levels), frame, shrink)
    return _squared(image, frame, side_px), frame.full_width, frame.full_height


@contextmanager
def _opened(path: str, descriptor: int, format_name: str) -> Iterator[Any]:
    library = _library()
    with tempfile.TemporaryDirectory(prefix="frame") as folder:
        # OpenImageIO takes a name and goes by its ending: this one says the probe's format, and is ours whatever the file's is.
        name = os.path.join(folder, f"frame.{_EXTENSIONS[format_name]}")
        numbered = f"/proc/self/fd/{descriptor}"
        os.symlink(numbered if os.path.exists(numbered) else os.path.abspath(path), name)
        source = library.ImageInput.open(name)
        if source is None:
            raise OSError(_told(library.geterror(), name))
        try:
            yield source
        finally:
            source.close()


def _library() -> Any:  # noqa: ANN401 - OpenImageIO has no types
    try:
        import OpenImageIO as library  # noqa: N813
    except ImportError as error:
        raise PictureRefused(_NO_READER) from error
    library.attribute("try_all_readers", 0)
    library.attribute("threads", 1)
    library.attribute("exr_threads", -1)
    return library


def _told(error: str, name: str) -> str:
    return error.replace(name, "the file").partition("\n")[0] or "OpenImageIO does not open it"


def _light(source: Any, frame: Frame, shrink: int) -> Light:  # noqa: ANN401
    """Read the data window, each `shrink` × `shrink` pixels averaged to one; shape (rows, columns, channels)."""
    if frame.rows_apart and shrink >= 2 * _ROWS_A_ROW:
        step = shrink // _ROWS_A_ROW
        return np.concatenate([_averaged(rows, shrink, shrink) for rows in _some_rows(source, frame, shrink, step)])
    blocks, rest = [], np.zeros((0, frame.data.width, len(frame.channels)), np.float32)
    # Whole chunks, so that none is unpacked twice; what is left of a block goes before the next.
    rows = max(1, _STRIP_PIXELS // (frame.data.width * frame.chunk_rows)) * frame.chunk_rows
    for top in range(0, frame.data.height, rows):
        read = np.concatenate([rest, _read(source, frame, top, min(top + rows, frame.data.height))])
        whole = len(read) - len(read) % shrink
        blocks.append(_averaged(read[:whole], shrink, shrink))
        rest = read[whole:]
    return np.concatenate([*blocks, _averaged(rest, shrink, shrink)])


def _some_rows(source: Any, frame: Frame, shrink: int, step: int) -> Iterator[Light]:  # noqa: ANN401
    for top in range(0, frame.data.height, shrink):
        rows = range(top, min(top + shrink, frame.data.height), step)
        yield np.concatenate([_read(source, frame, row, row + 1) for row in rows])


def _read(source: Any, frame: Frame, top: int, bottom: int) -> Light:  # noqa: ANN401
    first, last = frame.channels[0], frame.channels[-1] + 1
    start = frame.data.top
    if frame.tiled:
        left, right = frame.data.left, frame.data.left + frame.data.width
        read = source.read_tiles(
            frame.subimage, frame.level, left, right, start + top, start + bottom, 0, 1, first, last, "float"
        )
    else:
        read = source.read_scanlines(frame.subimage, frame.level, start + top, start + bottom, 0, first, last, "float")
    if read is None:
        raise OSError(_told(source.geterror(), "frame"))
    values = np.asarray(read, dtype=np.float32).reshape(bottom - top, frame.data.width, last - first)
    values = values[..., [channel - first for channel in frame.channels]]
    return np.clip(np.nan_to_num(values, nan=0.0, posinf=BRIGHTEST, neginf=0.0), 0.0, BRIGHTEST)


def _averaged(values: Light, down: int, across: int) -> Light:
    if not len(values):
        return np.zeros((0, -(-values.shape[1] // across), values.shape[2]), np.float32)
    # Blocks at the end may hold less than a whole one.
    tops, lefts = np.arange(0, values.shape[0], down), np.arange(0, values.shape[1], across)
    counts = np.diff(np.append(tops, values.shape[0]))[:, None] * np.diff(np.append(lefts, values.shape[1]))[None, :]
    sums = np.add.reduceat(np.add.reduceat(values, tops, axis=0), lefts, axis=1)
    means: Light = (sums / counts[..., None]).astype(np.float32)
    return means


def _displayed(values: Light, frame: Frame) -> Light:
    colours = values[..., :3] if frame.has_colour else np.repeat(values[..., :1], 3, axis=2)
    if frame.curve == "display":
        return _over_grey(colours, values, frame, MATTE / 255)
    light = from_cineon(colours) if frame.curve == "cineon" else colours
    return shown_light(_over_grey(light, values, frame, 0.0))


def _over_grey(colours: Light, values: Light, frame: Frame, ground: float) -> Light:
    # Film's transparency is premultiplied: colour is there already, only the ground is missing.
    return colours + (1 - np.clip(values[..., -1:], 0, 1)) * np.float32(ground) if frame.has_alpha else colours


def _windowed(image: Image.Image, frame: Frame, shrink: int) -> Image.Image:
    """What the display window shows of the data window; black where it holds nothing."""
    if frame.data == frame.shown:
        return image
    size = (-(-frame.shown.width // shrink), -(-frame.shown.height // shrink))
    window = Image.new("RGB", size)
    place = ((frame.data.left - frame.shown.left) // shrink, (frame.data.top - frame.shown.top) // shrink)
    window.paste(image, place)
    return window


def _squared(image: Image.Image, frame: Frame, side_px: int) -> Image.Image:
    squeeze = frame.pixel_aspect if _SQUEEZES[0] <= frame.pixel_aspect <= _SQUEEZES[1] else 1.0
    width, height = image.width * squeeze, float(image.height)
    share = min(1.0, side_px / max(width, height))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return image if size == image.size else image.resize(size, Image.Resampling.BOX)
