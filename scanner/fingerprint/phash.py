"""The fingerprint: pHash of 64 bits by imagehash, and whether the picture is plain."""

from __future__ import annotations

import imagehash

from scanner.fingerprint.failures import told_apart
from scanner.fingerprint.flatness import is_flat
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.tones import to_grey
from scanner.model.matching import Fingerprint

ALGORITHM = "phash64/imagehash-" + ".".join(imagehash.__version__.split(".")[:2])
"""Name and version; golden values in the tests hold it to what it says."""


def fingerprint(picture: Picture) -> Fingerprint:
    """Return the fingerprint of a decoded picture (`open_picture` with ``small=True``).

    Raises:
        PictureRefused: a mode that cannot be brought to grey, or out of memory.
        PictureBroken: the decoder's picture cannot be worked with.
    """
    with told_apart():
        grey = to_grey(picture.image)
        bits = str(imagehash.phash(grey))
        return Fingerprint(ALGORITHM, bits, picture.width, picture.height, is_flat(grey))
