"""Films with stills cut in, as documentaries have them: seeded, with the truth beside them.

A film goes back and forth between moving backgrounds and stills. A background is a photograph panned and shaken like a hand-held
camera, with a part of another one passing before it. A still is pushed in on or panned over, cut in or dissolved; some bear a
lower third. Over all lie the film's grade, its grain and, in half of the films, a mask of 2.39:1. The film's own seed decides
everything, so that a film can be made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.post_production import Pixels, lower_third

NTSC = Fraction(1000, 1001)
_MODERATE = 1.5
"""Zoom up to which a still belongs to the easier half."""
_GRAIN_LEVELS = 6.0
_SPARE = 64
"""Pixels by which the grain is larger than the frame, so that it can be moved about."""


@dataclass(frozen=True, slots=True)
class Master:
    """How a film is delivered."""

    name: str
    container: str
    codec: str
    rate: Fraction
    timecode: str
    """Of its first frame; with a semicolon where it is drop-frame."""
    pixel_format: str = "yuv420p"
    options: Mapping[str, str] = field(default_factory=dict)
    masked: bool = False
    """Whether it is masked to 2.39:1."""
    size: tuple[int, int] = (960, 540)


@dataclass(frozen=True, slots=True)
class OnScreen:
    """A still in a film, in frames of the film."""

    name: str
    first: int
    """The first frame that shows it; of a dissolve the one that shows as much of it as of what was before."""
    past: int
    """The first that no longer does."""
    zoom: float
    """The strongest."""
    dissolves_in: bool
    dissolves_out: bool
    captioned: bool

    @property
    def is_moderate(self) -> bool:
        """Whether it is never enlarged by more than one and a half."""
        return self.zoom <= _MODERATE


@dataclass(frozen=True, slots=True)
class Shot:
    """One shot, with the dissolve that leads to it."""

    name: str
    """Of the photograph."""
    is_still: bool
    length: int
    """Frames, the dissolve among them."""
    dissolve: int
    """Frames in which it comes in; 0 for a cut."""
    zoom: tuple[float, float]
    """At its begin and end; 1 fills the frame."""
    places: tuple[tuple[float, float], tuple[float, float]]
    """Centre at its begin and end, 0 to 1 of the way that the picture leaves."""
    passing: str
    """Photograph of which a part passes before a background; empty for none."""
    captioned: bool = False


def edit(
    rate: Fraction, stills: Sequence[str], backgrounds: Sequence[str], random: np.random.Generator, *, harsh: bool = True
) -> list[Shot]:
    """Return the shots of a film in which each of these stills is once, after and before moving backgrounds.

    Args:
        rate: frames a second.
        stills: names, in order. Every other one is enlarged by up to 1.5, the rest by 1.5 to 2.
        backgrounds: names to draw from.
        random: of the film.
        harsh: whether stills dissolve and bear captions.
    """
    shots = [_background(rate, backgrounds, random, 0)]
    for at, name in enumerate(stills):
        most = random.uniform(1.0, _MODERATE) if at % 2 == 0 else random.uniform(_MODERATE, 2.0)
        least = random.uniform(max(1.0, most - 0.25), most) if random.random() < 0.5 else most
        zoom = (least, most) if random.random() < 0.7 else (most, least)
        dissolves = [int(random.integers(12, 25)) if harsh and random.random() < 0.4 else 0 for _ in range(2)]
        length = round(random.uniform(2.0, 4.0) * rate) + (dissolves[0] + 1) // 2 + (dissolves[1] + 1) // 2
        captioned = harsh and random.random() < 0.3
        places = ((random.uniform(0.2, 0.8), random.uniform(0.2, 0.8)), (random.uniform(0.2, 0.8), random.uniform(0.2, 0.8)))
        shots.append(Shot(name, True, length, dissolves[0], zoom, places, "", captioned))
        shots.append(_background(rate, backgrounds, random, dissolves[1]))
    return shots


def _background(rate: Fraction, names: Sequence[str], random: np.random.Generator, dissolve: int) -> Shot:
    zoom = random.uniform(1.3, 1.8)
    places = ((random.uniform(0, 1), random.uniform(0, 1)), (random.uniform(0, 1), random.uniform(0, 1)))
    name, passing = random.choice(names, 2, replace=False)
    length = round(random.uniform(1.5, 3.5) * rate) + dissolve
    return Shot(str(name), False, length, dissolve, (zoom, zoom * random.uniform(0.9, 1.1)), places, str(passing))


def truth(shots: Sequence[Shot]) -> Iterator[OnScreen]:
    """Yield what is on screen when. Shots overlap by the dissolve between them."""
    start = 0
    for at, shot in enumerate(shots):
        start -= shot.dissolve
        following = shots[at + 1].dissolve if at + 1 < len(shots) else 0
        past = start + shot.length
        if shot.is_still:
            first, until = start + (shot.dissolve + 1) // 2, past - following // 2
            yield OnScreen(shot.name, first, until, max(shot.zoom), shot.dissolve > 0, following > 0, shot.captioned)
        start = past


def frame_count(shots: Sequence[Shot]) -> int:
    """Return how many frames the film has."""
    return sum(shot.length - shot.dissolve for shot in shots)


class Projector:
    """Draws the frames of a film."""

    def __init__(
        self, photographs: Mapping[str, Path], size: tuple[int, int], random: np.random.Generator, *, masked: bool
    ) -> None:
        """Choose the film's look: `random` decides its grade and grain."""
        self._photographs = photographs
        self._width, self._height = size
        self._random = random
        self._masked = masked
        self._mix, self._curves = _grade(random)
        shape = (self._height + _SPARE, self._width + _SPARE)
        luma = cv2.GaussianBlur(random.normal(0, 1, shape).astype(np.float32), (0, 0), 0.6)
        grain = np.rint(luma * (_GRAIN_LEVELS / luma.std())).astype(np.int16)
        self._grain = np.repeat(grain[..., None], 3, axis=2)

    def frames(self, shots: Sequence[Shot]) -> Iterator[Pixels]:
        """Yield RGB frames."""
        last: _Camera | None = None
        for at, shot in enumerate(shots):
            camera = _Camera(shot, self._photographs, (self._width, self._height), self._random)
            hold = shots[at + 1].dissolve if at + 1 < len(shots) else 0
            for number in range(shot.length - hold):
                clean = camera.frame(number)
                if last is not None and number < shot.dissolve:
                    share = (number + 1) / (shot.dissolve + 1)
                    clean = cv2.addWeighted(clean, share, last.frame(last.length - shot.dissolve + number), 1 - share, 0)
                yield self._finished(clean)
            last = camera

    def _finished(self, clean: NDArray[np.generic]) -> Pixels:
        graded = cv2.LUT(cv2.transform(clean, self._mix), self._curves)
        down, across = self._random.integers(0, _SPARE, 2)
        frame = cv2.add(graded, self._grain[down : down + self._height, across : across + self._width], dtype=cv2.CV_8U)
        if self._masked:
            bar = round((self._height - self._width / 2.39) / 2)
            frame[:bar] = 0
            frame[-bar:] = 0
        return np.asarray(frame, np.uint8)


def _grade(random: np.random.Generator) -> tuple[NDArray[np.float32], Pixels]:
    """Saturation as a matrix of channels, then a curve for each channel, as `post_production.grade` draws them."""
    saturation = random.uniform(0.4, 1.3)
    mix = np.full((3, 3), (1 - saturation) / 3, np.float32) + np.eye(3, dtype=np.float32) * np.float32(saturation)
    values = np.arange(256)[:, None] / 255
    lift, gain = random.uniform(-0.06, 0.06, 3), random.uniform(0.8, 1.2, 3)
    gamma = random.uniform(0.75, 1.35) * random.uniform(0.92, 1.08, 3)
    values = np.clip(values * gain + lift, 0, 1) ** gamma
    curve = random.uniform(0.0, 0.6)
    values = (1 - curve) * values + curve * (3 * values**2 - 2 * values**3)
    return mix, np.clip(np.rint(values * 255), 0, 255).astype(np.uint8)[None]


class _Camera:
    """One shot."""

    def __init__(self, shot: Shot, photographs: Mapping[str, Path], size: tuple[int, int], random: np.random.Generator) -> None:
        self.length = shot.length
        self._shot = shot
        self._size = size
        self._picture = _loaded(photographs[shot.name])
        self._shake = random.uniform(-1, 1, 4) if not shot.is_still else np.zeros(4)
        self._caption = _Caption(size, random) if shot.captioned else None
        self._passing = _passing(photographs[shot.passing], size, random) if shot.passing else None

    def frame(self, number: int) -> Pixels:
        share = number / max(1, self.length - 1)
        frame = self._view(share, number)
        if self._passing is not None:
            patch, row, speed = self._passing
            left = round((self._size[0] + patch.shape[1]) * ((share * speed) % 1)) - patch.shape[1]
            first, last = max(0, left), min(self._size[0], left + patch.shape[1])
            if first < last:
                frame[row : row + patch.shape[0], first:last] = patch[:, first - left : last - left]
        return self._caption.over(frame) if self._caption else frame

    def _view(self, share: float, number: int) -> Pixels:
        width, height = self._size
        own_height, own_width = self._picture.shape[:2]
        fill = max(width / own_width, height / own_height)
        scale = fill * float(np.interp(share, (0, 1), self._shot.zoom))
        begin, end = self._shot.places
        across, down = (float(np.interp(share, (0, 1), (begin[axis], end[axis]))) for axis in (0, 1))
        shake = 6 * np.sin(number * 0.11 * (1 + self._shake[:2])) * self._shake[2:]
        left = (own_width * scale - width) * across + shake[0]
        top = (own_height * scale - height) * down + shake[1]
        matrix = np.array([[scale, 0, -left], [0, scale, -top]], np.float64)
        mode = cv2.BORDER_REFLECT
        return np.asarray(
            cv2.warpAffine(self._picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=mode), np.uint8
        )


class _Caption:
    """A lower third, drawn once."""

    def __init__(self, size: tuple[int, int], random: np.random.Generator) -> None:
        ground = np.full((size[1], size[0], 3), 255, np.uint8)
        self._drawn = lower_third(ground, random)
        self._where = (self._drawn != 255).any(axis=2)
        rows, columns = np.flatnonzero(self._where.any(axis=1)), np.flatnonzero(self._where.any(axis=0))
        self._box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)

    def over(self, frame: Pixels) -> Pixels:
        frame[self._box] = self._drawn[self._box]
        return frame


def _passing(path: Path, size: tuple[int, int], random: np.random.Generator) -> tuple[Pixels, int, float]:
    """A part of a photograph that crosses the frame: its pixels, its row, and how often it does."""
    picture = _loaded(path)
    height, width = round(size[1] * random.uniform(0.3, 0.6)), round(size[0] * random.uniform(0.15, 0.3))
    factor = max(height / picture.shape[0], width / picture.shape[1])
    scaled = np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR), np.uint8)
    return scaled[:height, :width], int(random.integers(0, size[1] - height)), float(random.uniform(0.5, 1.5))


def _loaded(path: Path) -> Pixels:
    read = cv2.imread(str(path))
    if read is None:
        raise FileNotFoundError(path)
    return np.asarray(cv2.cvtColor(read, cv2.COLOR_BGR2RGB), np.uint8)


def encode(path: Path, master: Master, frames: Iterator[Pixels]) -> None:
    """Write the film."""
    with av.open(str(path), "w", format=master.container) as output:
        stream = output.add_stream(master.codec, rate=master.rate, options=dict(master.options))
        stream.width, stream.height = master.size
        stream.pix_fmt = master.pixel_format
        stream.time_base = 1 / master.rate
        if master.timecode:
            output.metadata["timecode"] = master.timecode
            stream.metadata["timecode"] = master.timecode
        for number, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            frame.pts, frame.time_base = number, 1 / master.rate
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
