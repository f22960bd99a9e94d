"""The global hashes of a picture: of all of it, and of what black bars leave."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from scanner.fingerprint.dct_hash import ALGORITHM, Box, bits_of, coefficients_of, levels_of
from scanner.fingerprint.failures import told_apart
from scanner.fingerprint.flatness import is_flat
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.tones import to_grey
from scanner.model.matching import Fingerprint, GlobalHash

WHOLE, INNER = "whole", "inner"
"""Variants."""


def global_hashes(picture: Picture, mark: Fingerprint) -> tuple[GlobalHash, ...]:
    """Return the hashes of a small picture whose fingerprint is `mark`; a view too plain to be told from others has none.

    Raises:
        PictureRefused: a mode that cannot be brought to grey, or out of memory.
        PictureBroken: the decoder's picture cannot be worked with.
    """
    with told_apart():
        return tuple(_hashes(to_grey(picture.image), mark))


def _hashes(grey: Image.Image, mark: Fingerprint) -> Iterator[GlobalHash]:
    if not mark.flat:
        yield GlobalHash(ALGORITHM, WHOLE, bits_of(coefficients_of(levels_of(grey))))
    if mark.inner:
        left, top, right, bottom = (round(at * side) for at, side in zip(mark.inner, grey.size * 2, strict=True))
        box: Box = (left, top, right, bottom)
        if not is_flat(grey.crop(box)):
            yield GlobalHash(ALGORITHM, INNER, bits_of(coefficients_of(levels_of(grey, box))))
