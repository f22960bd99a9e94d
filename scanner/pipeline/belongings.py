"""Making what a library keeps beside a reference; done in a worker process, like all that opens a file."""

from __future__ import annotations

import os

from scanner.fingerprint.failures import PictureBroken, PictureRefused
from scanner.fingerprint.phash import ALGORITHM
from scanner.fingerprint.small import small_picture
from scanner.model.belongings import KnownAlgorithm
from scanner.model.work import KeptPictures, KeptPicturesTask
from scanner.probe.detect import probe
from scanner.store.kept_pictures import kept_picture, kept_thumbnail

FINGERPRINTS = (KnownAlgorithm(ALGORITHM, 8),)
"""Algorithms of fingerprints that a scan compares."""
HASHES: tuple[KnownAlgorithm, ...] = ()
"""Algorithms of further hashes."""
FEATURES: tuple[KnownAlgorithm, ...] = ()
"""Algorithms of local features."""


def kept_algorithms() -> tuple[str, ...]:
    """Names of what is made of every picture that is added; a reference that lacks one is read again."""
    return tuple(one.name for one in (*HASHES, *FEATURES))


def kept_pictures(task: KeptPicturesTask) -> KeptPictures:
    """Make the pictures of one reference; empty where it cannot be decoded."""
    try:
        name = probe(task.path, os.path.basename(task.path), task.size_bytes).format.name
        image = small_picture(task.path, name, colour=True).colour
    except (OSError, PictureRefused, PictureBroken):
        return KeptPictures(task.key, b"", b"")
    if image is None:
        return KeptPictures(task.key, b"", b"")
    return KeptPictures(task.key, kept_picture(image), kept_thumbnail(image))
