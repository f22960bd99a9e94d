"""All that a picture is known by as a whole: its fingerprint, and global hashes of all of it and of what black bars leave."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from scanner.fingerprint.dct_hash import Levels, bits_of, coefficients_of, levels_of
from scanner.fingerprint.failures import told_apart
from scanner.fingerprint.flatness import is_flat
from scanner.fingerprint.phash import fingerprint_of
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.tones import to_grey
from scanner.model.algorithms import GLOBAL_HASH
from scanner.model.matching import Fingerprint, GlobalHash

WHOLE, INNER = "whole", "inner"
"""Variants."""


def prints_of(picture: Picture) -> tuple[Fingerprint, tuple[GlobalHash, ...]]:
    """Return fingerprint and global hashes of a small picture; a view too plain to be told from others has no hash.

    Raises:
        PictureRefused: a mode that cannot be brought to grey, or out of memory.
        PictureBroken: the decoder's picture cannot be worked with.
    """
    with told_apart():
        grey = to_grey(picture.image)
        levels = levels_of(grey)
        mark = fingerprint_of(grey, levels, picture.width, picture.height)
        return mark, tuple(_hashes(grey, levels, mark))


def _hashes(grey: Image.Image, levels: Levels, mark: Fingerprint) -> Iterator[GlobalHash]:
    if not mark.flat:
        yield _hash(WHOLE, levels)
    if mark.inner:
        left, top, right, bottom = (round(at * side) for at, side in zip(mark.inner, grey.size * 2, strict=True))
        view = grey.crop((left, top, right, bottom))
        if not is_flat(view):
            yield _hash(INNER, levels_of(view))


def _hash(variant: str, levels: Levels) -> GlobalHash:
    return GlobalHash(GLOBAL_HASH, variant, bits_of(coefficients_of(levels)))
