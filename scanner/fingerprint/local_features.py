"""Local features: up to 800 marked points of a picture and what surrounds each, in 28 bytes a point.

SIFT (Lowe 2004, as OpenCV makes it) on a grey picture whose longer side is 512 pixels at most; descriptions become codes of
128 bits (fingerprint.vocabulary). Pictures too plain to be told from others have no points, and points that occur again and
again in one picture (bricks, checkerboards, lettering) are left out: what is everywhere places nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scanner.fingerprint.failures import told_apart
from scanner.fingerprint.flatness import is_flat
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.plainness import in_two_tones, stands_in_plain
from scanner.fingerprint.tones import to_grey
from scanner.fingerprint.vocabulary import DESCRIPTION, Descriptions, Vocabulary, rooted, shipped_vocabulary
from scanner.model.algorithms import LOCAL_FEATURES
from scanner.model.matching import LocalFeatures, LocalQuery

# One process a processor is started: threads would only wait for each other, and cost twice the time.
cv2.setNumThreads(1)

POINTS = 800
"""Most points kept of a picture; recall by their number is in docs/decisions/0017."""

_SOUGHT = 4000
"""Strongest points that are looked at; bounds the time for a picture of sand or foliage."""
_CONTRAST = 0.01
"""SIFT's contrast threshold, a quarter of the usual: log footage and night have little; the strongest are kept in any case."""
_LEVELS = 7
_LEVEL_SHARE = 0.45
"""Most that one octave of sizes may take of the places left, coarse ones first. Strength alone keeps fine points only, which a
reduced or soft copy has lost: of 40 push-ins of 2.0 the least tenth had 78 agreeing points by strength and 131 so."""
_ALIKE_BITS = 16
_ALIKE_APART = 0.02
_ALIKE_LIMIT = 3
"""A point is left out where this many others, at least this share of the longer side away, have nearly the same code."""
_MOST_GRAPHIC = 0.3
"""Share of points in lettering and graphics from which a picture that looks plain has none: 0.13 at most in 50 photographs, a
third of the worst made title over a gradient."""
_FEWEST = 24
"""Pictures with fewer points have none: made clouds and gradients keep up to 20, photographs hundreds."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How closely a picture is looked at."""

    side_px: int
    """Longer side of the picture that points are sought in; smaller ones are not enlarged."""
    points: int
    """Most points kept."""


STILL = Detail(side_px=512, points=POINTS)
"""At 640 it cost a third more, and pictures in pictures of 25 % were found less often (93 % against 100 % of 60): more of the 800
points went to the background."""
FRAME = Detail(side_px=384, points=500)
"""For the frames of films, which are many and show a still again and again: half the time. Of 12 hard cells one lost by it,
pictures in pictures of 25 % of the width (90 % found in one frame against 95 % of 60)."""


@dataclass(frozen=True, slots=True)
class _Points:
    """Points and their rooted descriptions; the arrays have one row a point."""

    places: NDArray[np.float32]
    """Shape (n, 2), pixels of the small picture."""
    sizes: NDArray[np.float32]
    angles: NDArray[np.float32]
    """Degrees, 0 to 360, clockwise as rows grow downwards."""
    descriptions: Descriptions

    def __getitem__(self, chosen: NDArray[np.generic]) -> _Points:
        return _Points(self.places[chosen], self.sizes[chosen], self.angles[chosen], self.descriptions[chosen])

    def mirrored(self, width: int) -> _Points:
        """The points of the picture flopped left to right.

        SIFT turns each surrounding to the point's own angle, 4 × 4 places of 8 directions each: flopped, the rows of places
        change order and directions turn the other way. No second search is needed.
        """
        flopped = self.places * np.array([-1, 1], np.float32) + np.array([width - 1, 0], np.float32)
        by_place = self.descriptions.reshape(-1, 4, 4, 8)[:, ::-1][..., -np.arange(8) % 8]
        return _Points(flopped, self.sizes, (180 - self.angles) % 360, by_place.reshape(-1, DESCRIPTION))


def local_features(picture: Picture) -> LocalFeatures:
    """Return the local features of a decoded picture (`open_picture` with ``small=True``).

    Raises:
        PictureRefused: a mode that cannot be brought to grey, or out of memory.
        PictureBroken: the decoder's picture cannot be worked with.
    """
    with told_apart():
        vocabulary = shipped_vocabulary()
        points, size = _points_of(to_grey(picture.image), STILL, vocabulary)
        return _packed(points, size, picture, vocabulary, vocabulary.words(points.descriptions))


def local_query(picture: Picture, detail: Detail = STILL) -> LocalQuery:
    """Return what to look for among references: as `local_features`, with the mirror image and the words near by.

    Args:
        picture: as for `local_features`.
        detail: how closely to look.

    Raises:
        PictureRefused: a mode that cannot be brought to grey, or out of memory.
        PictureBroken: the decoder's picture cannot be worked with.
    """
    with told_apart():
        vocabulary = shipped_vocabulary()
        points, size = _points_of(to_grey(picture.image), detail, vocabulary)
        ways = points, points.mirrored(size[0])
        near = [vocabulary.near_words(way.descriptions) for way in ways]
        plain, mirrored = (_packed(way, size, picture, vocabulary, words[:, 0]) for way, words in zip(ways, near, strict=True))
        return LocalQuery(plain, mirrored, *(words.astype("<u4").tobytes() for words in near))


def _points_of(grey: Image.Image, detail: Detail, vocabulary: Vocabulary) -> tuple[_Points, tuple[int, int]]:
    """The points of a grey picture, strongest first, and width and height of the picture they were sought in."""
    small = _reduced(grey, detail.side_px)
    size = small.shape[1], small.shape[0]
    plain = is_flat(Image.fromarray(small))
    if plain and not stands_in_plain(small):
        return _no_points(), size
    points = _described(small, _sought(small, detail.points))
    graphic = in_two_tones(small, points.places)
    if plain and graphic.sum() > _MOST_GRAPHIC * len(graphic):
        return _no_points(), size
    points = points[~graphic]
    points = points[~_repeated(points, vocabulary.codes(points.descriptions), max(size))]
    return (points, size) if len(points.sizes) >= _FEWEST else (_no_points(), size)


def _reduced(grey: Image.Image, side_px: int) -> NDArray[np.uint8]:
    factor = side_px / max(grey.size)
    pixels = np.asarray(grey)
    if factor >= 1:
        return pixels
    size = (max(1, round(grey.width * factor)), max(1, round(grey.height * factor)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8)


def _sought(small: NDArray[np.uint8], most: int) -> list[cv2.KeyPoint]:
    """Up to `most` key points, strongest first, of all sizes."""
    found = _sift().detect(small, None)
    strengths = np.array([-point.response for point in found], np.float32)
    places = np.array([point.pt for point in found], np.float32).reshape(-1, 2)
    angles = np.array([point.angle for point in found], np.float32)
    # Equal strengths by place and angle, so that the order never depends on how OpenCV shared the work out.
    order = np.lexsort((angles, places[:, 0], places[:, 1], strengths))
    octaves = np.floor(np.log2(np.array([point.size for point in found], np.float32) / 2)).clip(0, _LEVELS - 1)[order]
    chosen = np.zeros(len(found), bool)
    left = most
    for octave in range(_LEVELS - 1, -1, -1):
        rows = np.flatnonzero(octaves == octave)[: left if octave == 0 else int(left * _LEVEL_SHARE)]
        chosen[rows] = True
        left -= len(rows)
    return [found[at] for at in order[chosen]]


def _sift() -> cv2.SIFT:
    # Without the precise upscaling every point lies a quarter of a pixel off, and a push-in shows the difference.
    return cv2.SIFT.create(nfeatures=_SOUGHT, contrastThreshold=_CONTRAST, enable_precise_upscale=True)


def _described(small: NDArray[np.uint8], sought: list[cv2.KeyPoint]) -> _Points:
    if not sought:
        return _no_points()
    kept, descriptions = _sift().compute(small, sought)
    return _Points(
        np.array([point.pt for point in kept], np.float32),
        np.array([point.size for point in kept], np.float32),
        np.array([point.angle for point in kept], np.float32),
        rooted(descriptions.astype(np.float32)),
    )


def _repeated(points: _Points, codes: NDArray[np.uint8], side_px: int) -> NDArray[np.bool_]:
    """Which points occur again and again in the picture."""
    signs = np.unpackbits(codes, axis=1).astype(np.float32) * 2 - 1
    # Signs that agree add one, signs that differ take one away.
    one, other = np.nonzero(signs @ signs.T >= DESCRIPTION - 2 * _ALIKE_BITS)
    apart = np.abs(points.places[one] - points.places[other]).max(axis=1, initial=0.0) > _ALIKE_APART * side_px
    repeated: NDArray[np.bool_] = np.bincount(one[apart], minlength=len(codes)) >= _ALIKE_LIMIT
    return repeated


def _packed(
    points: _Points, size: tuple[int, int], picture: Picture, vocabulary: Vocabulary, words: NDArray[np.uint32]
) -> LocalFeatures:
    # A point in the middle of the first pixel is at half a pixel, whatever the size of the decode.
    shares = (points.places + 0.5) / np.array(size, np.float32)
    numbers = np.column_stack(
        [
            shares * 65535,
            np.log2(points.sizes / max(size)) * 2048 + 32768,
            points.angles * (65536 / 360) % 65536,
        ]
    )
    return LocalFeatures(
        LOCAL_FEATURES,
        picture.width,
        picture.height,
        np.clip(np.rint(numbers), 0, 65535).astype("<u2").tobytes(),
        vocabulary.codes(points.descriptions).tobytes(),
        words.astype("<u4").tobytes(),
    )


def _no_points() -> _Points:
    none = np.zeros(0, np.float32)
    return _Points(none.reshape(0, 2), none, none, none.reshape(0, DESCRIPTION))
