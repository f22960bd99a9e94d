"""The vocabulary of local features: from a SIFT description of 128 numbers to 128 bits, and to the words next to it.

A description is rooted (RootSIFT), centred, and turned: once so that its signs make a code whose differing bits grow with the
distance, once down to 32 numbers, of which two halves of 16 are each looked up among 512 centres (an inverted multi-index,
Babenko & Lempitsky 2012). The pair of centres is the word, one of 262,144. The numbers were learnt by scripts/learn_vocabulary.py
from the pictures that scikit-image and scikit-learn ship, not from those that recall is measured on (docs/decisions).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

import numpy as np
from numpy.typing import NDArray

DESCRIPTION = 128
"""Numbers of a SIFT description."""
NEAR_WORDS = 4
"""Words looked up for each point of a query. Of true pairs at push-in 2.0 with grade, grain and q40, 1 / 2 / 4 / 8 / 16 words
hold 30 / 45 / 57 / 65 / 71 %, of all hard cells 64 / 77 / 84 / 90 / 93 %; each doubling costs 1.8 times the work."""
_HALVES_TRIED = 6
"""Nearest centres of each half that are combined: the four best pairs lie among these."""

Descriptions = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What was learnt."""

    mean: NDArray[np.float32]
    """Of rooted descriptions, shape (128,)."""
    to_code: NDArray[np.float32]
    """Shape (128, 128)."""
    to_halves: NDArray[np.float32]
    """Shape (128, 32); the first 16 columns make the first half."""
    centres: NDArray[np.float32]
    """Shape (2, 512, 16)."""

    def codes(self, rooted: Descriptions) -> NDArray[np.uint8]:
        """Return the codes, shape (n, 16), of rooted descriptions."""
        return np.packbits((rooted - self.mean) @ self.to_code > 0, axis=1)

    def words(self, rooted: Descriptions) -> NDArray[np.uint32]:
        """Return the word next to each rooted description, shape (n,): the first of its `near_words`, found in less time."""
        first, second = (
            _far(half, centres).argmin(axis=1) for half, centres in zip(self._halves(rooted), self.centres, strict=True)
        )
        words: NDArray[np.uint32] = (first * self.centres.shape[1] + second).astype(np.uint32)
        return words

    def near_words(self, rooted: Descriptions, count: int = NEAR_WORDS) -> NDArray[np.uint32]:
        """Return the `count` words next to each rooted description, nearest first; shape (n, count)."""
        (first, first_far), (second, second_far) = (
            _nearest(half, centres) for half, centres in zip(self._halves(rooted), self.centres, strict=True)
        )
        far = (first_far[:, :, None] + second_far[:, None, :]).reshape(len(rooted), _HALVES_TRIED**2)
        words = (first[:, :, None] * self.centres.shape[1] + second[:, None, :]).reshape(len(rooted), _HALVES_TRIED**2)
        nearest = _least(far, count)
        order = np.argsort(np.take_along_axis(far, nearest, axis=1), axis=1, kind="stable")
        return np.take_along_axis(words, np.take_along_axis(nearest, order, axis=1), axis=1).astype(np.uint32)

    def _halves(self, rooted: Descriptions) -> tuple[Descriptions, Descriptions]:
        both = cast(Descriptions, (rooted - self.mean) @ self.to_halves)
        width = self.centres.shape[2]
        return both[:, :width], both[:, width:]


def rooted(descriptions: Descriptions) -> Descriptions:
    """Return the descriptions as RootSIFT (Arandjelović & Zisserman 2012): square roots of the shares."""
    total = descriptions.sum(axis=1, keepdims=True)
    return cast(Descriptions, np.sqrt(descriptions / np.maximum(total, 1e-9)))


@cache
def shipped_vocabulary() -> Vocabulary:
    """Return the vocabulary that comes with the package."""
    with (files("scanner.fingerprint") / "vocabulary.npz").open("rb") as stream, np.load(stream) as arrays:
        return Vocabulary(*(arrays[name].astype(np.float32) for name in ("mean", "to_code", "to_halves", "centres")))


def _nearest(points: Descriptions, centres: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The few nearest centres of each point, and how far they are."""
    far = _far(points, centres)
    nearest = _least(far, _HALVES_TRIED)
    return nearest, np.take_along_axis(far, nearest, axis=1)


def _far(points: Descriptions, centres: NDArray[np.float32]) -> NDArray[np.float32]:
    """The squared distance of each point from each centre but for the point's own length, shape (points, centres)."""
    return cast(NDArray[np.float32], (centres**2).sum(axis=1) - 2 * points @ centres.T)


def _least(values: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    return np.argpartition(values, count, axis=1)[:, :count]
