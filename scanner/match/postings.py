"""Postings: the points of many references, sorted by word; 14 bytes each, in memory or mapped from files."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from scanner.model.matching import LocalFeatures

WORDS = 1 << 18
"""Words of the vocabulary; one that is larger than this is not of it."""
POSTING_BYTES = 14
_FINE_STEPS = 256
_SMALLEST = -9.0
"""Logarithm to the base 2 of the smallest size told apart, in units of the longer side; the scale goes on for
256 steps of a 32nd of an octave."""
_Number = TypeVar("_Number", np.uint16, np.uint32, np.uint64)
_ARRAYS = ("starts", "rows", "poses", "signatures")


@dataclass(frozen=True, slots=True)
class Postings:
    """An inverted file of consecutive references."""

    references: int
    """How many; rows count from 0."""
    starts: NDArray[np.uint32]
    """Where each word's list begins, shape (WORDS + 1,)."""
    rows: NDArray[np.uint32]
    """Of the reference of each posting."""
    poses: NDArray[np.uint16]
    """Size and angle of its point, a byte each."""
    signatures: NDArray[np.uint64]
    """First 64 bits of its code."""


@dataclass(frozen=True, slots=True)
class Poses:
    """Sizes and angles of points."""

    sizes: NDArray[np.float64]
    """Logarithms to the base 2, in units of the longer side."""
    angles: NDArray[np.float64]
    """Turns, 0 to 1."""


def build_postings(references: Iterable[LocalFeatures]) -> Postings:
    """Return the inverted file of these references, in their order.

    Raises:
        ValueError: a word that is not of the vocabulary (a damaged store).
    """
    words, rows, poses, signatures, count = [], [], [], [], 0
    for row, features in enumerate(references):
        count = row + 1
        words.append(np.frombuffer(features.words, "<u4"))
        rows.append(np.full(features.count, row, np.uint32))
        poses.append(_packed(poses_of(features)))
        signatures.append(np.frombuffer(features.codes, "<u8").reshape(-1, 2)[:, 0])
    return sorted_postings(
        count,
        _joined(words, np.uint32),
        _joined(rows, np.uint32),
        _joined(poses, np.uint16),
        _joined(signatures, np.uint64),
    )


def sorted_postings(
    references: int,
    words: NDArray[np.uint32],
    rows: NDArray[np.uint32],
    poses: NDArray[np.uint16],
    signatures: NDArray[np.uint64],
) -> Postings:
    """Return the inverted file of points given one a row, by reference.

    Raises:
        ValueError: a word that is not of the vocabulary.
    """
    if len(words) and int(words.max()) >= WORDS:
        raise ValueError("local features have a word that is not of the vocabulary")
    order = np.argsort(words, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(words, minlength=WORDS))]).astype(np.uint32)
    return Postings(references, starts, rows[order], poses[order], signatures[order])


def save_postings(postings: Postings, folder: str) -> None:
    """Write the arrays to files in `folder`, which exists."""
    for name in _ARRAYS:
        np.save(os.path.join(folder, f"{name}.npy"), getattr(postings, name))
    np.save(os.path.join(folder, "references.npy"), np.array(postings.references))


def map_postings(folder: str) -> Postings:
    """Open what `save_postings` wrote, mapped into memory: only the lists that a query visits are read.

    Raises:
        OSError: a file is not there.
    """
    mapped = [np.load(os.path.join(folder, f"{name}.npy"), mmap_mode="r") for name in _ARRAYS]
    return Postings(int(np.load(os.path.join(folder, "references.npy"))), *mapped)


def poses_of(features: LocalFeatures) -> Poses:
    """Return sizes and angles of all points, exactly."""
    numbers = np.frombuffer(features.places, "<u2").reshape(-1, 4).astype(np.float64)
    return Poses((numbers[:, 2] - 32768) / 2048, numbers[:, 3] / 65536)


def unpacked(poses: NDArray[np.uint16]) -> Poses:
    """Return sizes and angles of packed poses, as exactly as a byte can tell."""
    sizes, angles = (poses >> np.uint16(8)).astype(np.float64), (poses & np.uint16(255)).astype(np.float64)
    return Poses(_SMALLEST + (sizes + 0.5) / 32, (angles + 0.5) / _FINE_STEPS)


def _packed(poses: Poses) -> NDArray[np.uint16]:
    sizes = np.floor((poses.sizes - _SMALLEST) * 32).clip(0, _FINE_STEPS - 1)
    packed: NDArray[np.uint16] = (sizes * 256 + np.floor(poses.angles * _FINE_STEPS)).astype(np.uint16)
    return packed


def _joined(arrays: list[NDArray[_Number]], dtype: type[_Number]) -> NDArray[_Number]:
    return np.concatenate([np.zeros(0, dtype), *arrays]).astype(dtype)
