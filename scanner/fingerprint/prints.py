"""The global hashes of a picture: of all of it and of what bars leave, and for references of all eight ways to lay it."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from scanner.fingerprint.coefficients import WAYS, bits_above_median, laid
from scanner.fingerprint.dct_hash import ALGORITHM, FIRST, Box, coefficients_of, levels_of, quality_of
from scanner.fingerprint.failures import told_apart
from scanner.fingerprint.flatness import is_flat
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.tones import to_grey
from scanner.model.matching import Fingerprint, GlobalHash

WHOLE, INNER = "whole", "inner"


def global_hashes(picture: Picture, mark: Fingerprint, *, reference: bool) -> tuple[GlobalHash, ...]:
    """Return the hashes of a small picture whose fingerprint is `mark`; a view too plain to be told from others has none.

    A reference is hashed in all eight ways, whole first, so that a query needs its own way only.

    Raises:
        PictureRefused: a mode that cannot be brought to grey, or out of memory.
        PictureBroken: the decoder's picture cannot be worked with.
    """
    with told_apart():
        grey = to_grey(picture.image)
        return tuple(_hashes(grey, mark, len(WAYS) if reference else 1))


def _hashes(grey: Image.Image, mark: Fingerprint, ways: int) -> Iterator[GlobalHash]:
    if not mark.flat:
        yield from _of_view(grey, None, WHOLE, ways)
    if mark.inner:
        left, top, right, bottom = (round(at * side) for at, side in zip(mark.inner, grey.size * 2, strict=True))
        if not is_flat(grey.crop((left, top, right, bottom))):
            yield from _of_view(grey, (left, top, right, bottom), INNER, ways)


def _of_view(grey: Image.Image, box: Box | None, view: str, ways: int) -> Iterator[GlobalHash]:
    levels = levels_of(grey, box)
    quality = quality_of(levels)
    for way, coefficients in zip(WAYS[:ways], laid(coefficients_of(levels), FIRST), strict=False):
        yield GlobalHash(ALGORITHM, f"{view} {way}".strip(), bits_above_median(coefficients), quality)
