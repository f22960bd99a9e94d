"""The fingerprint: pHash of 64 bits as imagehash makes it, whether the picture is plain, and what bars leave of it."""

from __future__ import annotations

import imagehash
import numpy as np
from PIL import Image

from scanner.fingerprint.bars import find_bars
from scanner.fingerprint.dct_hash import Levels, levels_of, quality_of
from scanner.fingerprint.failures import told_apart
from scanner.fingerprint.flatness import is_flat
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.tones import to_grey
from scanner.model.matching import Fingerprint

ALGORITHM = "phash64/imagehash-" + ".".join(imagehash.__version__.split(".")[:2])
"""Name and version; golden values in the tests hold it to what it says."""


def fingerprint(picture: Picture) -> Fingerprint:
    """Return the fingerprint of a small picture (`small.small_picture`); any other works too.

    Raises:
        PictureRefused: a mode that cannot be brought to grey, or out of memory.
        PictureBroken: the decoder's picture cannot be worked with.
    """
    with told_apart():
        grey = to_grey(picture.image)
        return fingerprint_of(grey, levels_of(grey), picture.width, picture.height)


def fingerprint_of(grey: Image.Image, levels: Levels, width: int, height: int) -> Fingerprint:
    """Return the fingerprint of an eight-bit grey picture whose `dct_hash.levels_of` are known; the file's size is given."""
    box = find_bars(np.asarray(grey))
    inner = () if box is None else tuple(round(at / side, 4) for at, side in zip(box, grey.size * 2, strict=True))
    return Fingerprint(
        ALGORITHM, str(imagehash.phash(grey)), width, height, is_flat(grey), inner=inner, quality=quality_of(levels)
    )
