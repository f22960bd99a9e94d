"""Small films that carry their own frame numbers: drawn as a bar code, encoded by PyAV, read back from decoded pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 160, 90
BITS = 10
_CODE_SHARE = 0.2
"""Of the height, from the top, taken by the bar code."""

Pixels = NDArray[np.uint8]


def numbered(number: int, scene: int = 0, width: int = WIDTH, height: int = HEIGHT) -> Pixels:
    """Draw frame `number`: bits as bars, the highest at the left, and below them a picture of its scene that moves slowly."""
    picture = np.zeros((height, width, 3), np.uint8)
    code = round(height * _CODE_SHARE)
    edges = np.linspace(0, width, BITS + 1).round().astype(int)
    for bit in range(BITS):
        picture[:code, edges[bit] : edges[bit + 1]] = 235 if number >> (BITS - 1 - bit) & 1 else 20
    down, across = np.mgrid[0 : height - code, 0:width]
    random = np.random.default_rng(scene)
    slope, phase = random.uniform(-1, 1, 2), random.uniform(0, 255)
    ground = (slope[0] * down * 3 + slope[1] * across * 2 + phase + number) % 256
    picture[code:] = np.stack([ground, 255 - ground, (ground + 60 * scene) % 256], axis=2)
    return picture


def number_on(pixels: Pixels) -> int:
    """Read the number of a frame made by `numbered`, at any size."""
    height, width = pixels.shape[:2]
    rows = pixels[round(height * _CODE_SHARE * 0.25) : round(height * _CODE_SHARE * 0.75)].mean(axis=(0, 2))
    edges = np.linspace(0, width, BITS + 1)
    number = 0
    for bit in range(BITS):
        left, right = edges[bit], edges[bit + 1]
        middle = rows[round(left + (right - left) * 0.3) : round(left + (right - left) * 0.7)]
        number = number * 2 + int(middle.mean() > 128)
    return number


@dataclass(frozen=True)
class Film:
    """What to make."""

    codec: str = "libx264"
    container: str | None = None
    frames: int = 100
    rate: Fraction = Fraction(25)
    pixel_format: str = "yuv420p"
    gop: int | None = None
    b_frames: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    container_options: Mapping[str, str] = field(default_factory=dict)
    stream_metadata: Mapping[str, str] = field(default_factory=dict)
    container_metadata: Mapping[str, str] = field(default_factory=dict)
    width: int = WIDTH
    height: int = HEIGHT
    scene_of: Callable[[int], int] | None = None
    times: Sequence[int] | None = None
    """Presentation times in ticks of the rate; one a frame where None."""
    first_time: int = 0
    sample_aspect: Fraction | None = None
    turn: float = 0.0
    colours: Mapping[str, int] = field(default_factory=dict)
    """Fields of the codec context: matrix, range, transfer, primaries."""
    draw: Callable[[int], Any] | None = None
    """Draws frame `number` as an av.VideoFrame; `numbered` where None."""


def made(path: Path, film: Film) -> Path:
    """Encode the film at `path`."""
    import av

    with av.open(str(path), "w", format=film.container, options=dict(film.container_options)) as output:
        stream = output.add_stream(film.codec, rate=film.rate, options=dict(film.options))
        stream.width, stream.height, stream.pix_fmt = film.width, film.height, film.pixel_format
        stream.codec_context.thread_count = 1
        if film.gop is not None:
            stream.gop_size = film.gop
        if film.b_frames is not None:
            stream.max_b_frames = film.b_frames
        if film.sample_aspect is not None:
            stream.codec_context.sample_aspect_ratio = film.sample_aspect
        if film.turn:
            stream.set_display_rotation(film.turn)
        for name, value in film.colours.items():
            setattr(stream.codec_context, name, value)
        stream.metadata.update(film.stream_metadata)
        output.metadata.update(film.container_metadata)
        stream.codec_context.time_base = 1 / film.rate
        for frame in _frames(film):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def _frames(film: Film) -> Iterable[Any]:
    import av

    for number in range(film.frames):
        if film.draw:
            frame = film.draw(number)
        else:
            drawn = numbered(number, film.scene_of(number) if film.scene_of else 0, film.width, film.height)
            frame = av.VideoFrame.from_ndarray(drawn, "rgb24")
        frame.pts = film.first_time + (film.times[number] if film.times else number)
        frame.time_base = 1 / film.rate
        yield frame


def made_sound(path: Path) -> Path:
    """Encode a second of silence."""
    import av

    with av.open(str(path), "w") as output:
        stream = output.add_stream("aac", rate=48_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 48_000), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 48_000, 0
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path
