"""Over how much of a picture points agree where a film shows a clip, and where it only has one thing in common with it.

    python -m benchmarks.clip_reach [--photos FOLDER] [--clips N]

Each clip is a camera that moves, turns and zooms over a photograph of ../shared/corpus/photos, with one to three other
photographs that cross it. It is shown for 1 to 2.5 seconds, cropped, graded, softened and with noise; frames of the clip are
known each half second, those of the film looked at each second. For each the other side is a clip over another photograph that
has one of the crossing ones too. Told are the share of the picture over which points agree in the best frame
(`pipeline.clip_parts`), and how many reach what is asked for.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from benchmarks.matching import ROOT, picture_of
from benchmarks.post_production import Pixels
from scanner.fingerprint.local_features import FRAME, local_features, local_query
from scanner.match.alignment import align
from scanner.match.points import Points, points_of
from scanner.model.matching import LocalFeatures
from scanner.pipeline.clip_parts import LEAST_REACH

WIDTH, HEIGHT = 512, 288
_GROUND = (900, 520)


class Clip:
    """A made clip; `speed` scales all its motion."""

    def __init__(self, ground: Path, things: Sequence[Pixels], chance: random.Random, speed: float) -> None:
        self._ground, self.things, self._speed = _filling(ground, *_GROUND), list(things), speed
        self._pace = [chance.uniform(30, 220) * speed * chance.choice((-1, 1)) for _ in things]
        self._place = [(chance.uniform(0, WIDTH), chance.uniform(0, HEIGHT / 2)) for _ in things]
        self._camera = [chance.uniform(0.3, 1.6) * speed for _ in range(4)]
        self._zoom, self._turn = chance.uniform(0.1, 0.35), chance.uniform(0, 6) * speed

    def at(self, seconds: float) -> Pixels:
        """Draw a frame."""
        zoom, across, down, turn = (np.sin(seconds * pace) for pace in self._camera)
        middle = (_GROUND[0] / 2 + 120 * across, _GROUND[1] / 2 + 40 * down)
        matrix = cv2.getRotationMatrix2D(middle, float(self._turn * turn), float(1.25 + self._zoom * zoom))
        matrix[:, 2] += (WIDTH / 2 - middle[0], HEIGHT / 2 - middle[1])
        drawn = cv2.warpAffine(self._ground, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
        for thing, pace, (x, y) in zip(self.things, self._pace, self._place, strict=True):
            height, width = thing.shape[:2]
            left, top = int((x + pace * seconds) % (WIDTH - width)), int(min(y, HEIGHT - height))
            drawn[top : top + height, left : left + width] = thing
        return drawn.astype(np.uint8)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", default=str(ROOT / "../shared/corpus/photos"))
    parser.add_argument("--clips", type=int, default=40)
    given = parser.parse_args()
    photos = sorted(Path(given.photos).glob("*.jpg"))
    random.Random(3).shuffle(photos)
    told = [_reaches(photos, number) for number in range(given.clips)]
    for name, reaches in zip(("shown", "one thing in common"), zip(*told, strict=True), strict=True):
        enough = sum(reach >= LEAST_REACH for reach in reaches)
        print(f"{name}: {sum(reach > 0 for reach in reaches)} of {len(reaches)} seen, {enough} reach {LEAST_REACH}")
        print(" ".join(f"{reach:.2f}" for reach in sorted(reaches)))


def _reaches(photos: Sequence[Path], number: int) -> tuple[float, float]:
    chance = random.Random(number)
    speed = chance.choice((0.5, 1.0, 2.0))
    first = 60 + 3 * number
    things = [_thing(photos[at % len(photos)], chance) for at in range(first, first + chance.choice((1, 2, 3)))]
    clip = Clip(photos[number % 60], things, chance, speed)
    begin, length, crop = chance.uniform(0, 5), chance.choice((1.0, 1.5, 2.5)), chance.choice((1.0, 0.85, 0.7))
    known = {
        half / 2: points_of(_features(clip.at(half / 2))) for half in range(int(begin * 2) - 1, int((begin + length) * 2) + 2)
    }
    times = np.arange(begin + chance.uniform(0, 0.25), begin + length)
    shown = max((_reach(_film_frame(clip.at(at), crop, number), _nearest(known, at)) for at in times), default=0.0)
    other = Clip(photos[(number + 17) % 60], things[:1], random.Random(number + 100), speed)
    common = max(_reach(_film_frame(other.at(at), crop, number), known.values()) for at in (1.0, 2.0, 3.0))
    return shown, common


def _nearest(known: dict[float, Points], at: float) -> list[Points]:
    return [known[time] for time in sorted(known, key=lambda time: abs(time - at))[:3]]


def _reach(frame: Points, known: Iterable[Points]) -> float:
    found = [aligned[0] for points in known if (aligned := align(frame, points)) is not None]
    return max((one.coverage * max(one.asset_share, one.reference_share) for one in found), default=0.0)


def _features(pixels: Pixels) -> LocalFeatures:
    return local_features(picture_of(pixels))


def _film_frame(pixels: Pixels, crop: float, seed: int) -> Points:
    across, down = round(WIDTH * (1 - crop) / 2), round(HEIGHT * (1 - crop) / 2)
    kept = cv2.resize(pixels[down : HEIGHT - down, across : WIDTH - across], (WIDTH, HEIGHT))
    soft = cv2.GaussianBlur(kept, (0, 0), 0.7).astype(float) / 255
    noise = np.random.default_rng(seed).normal(0, 6, soft.shape)
    graded = np.clip(soft**1.15 * np.array([1.08, 1, 0.85]) * 235 + noise + 8, 0, 255).astype(np.uint8)
    return points_of(local_query(picture_of(graded), FRAME).features)


def _thing(path: Path, chance: random.Random) -> Pixels:
    return _filling(path, int(WIDTH * chance.uniform(0.18, 0.4)), int(HEIGHT * chance.uniform(0.25, 0.55)))


def _filling(path: Path, width: int, height: int) -> Pixels:
    pixels = np.asarray(Image.open(path).convert("RGB"))
    scale = max(width / pixels.shape[1], height / pixels.shape[0])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    larger = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=way)
    top, left = (larger.shape[0] - height) // 2, (larger.shape[1] - width) // 2
    return larger[top : top + height, left : left + width].astype(np.uint8)


if __name__ == "__main__":
    main()
