"""Making what a library keeps beside a reference, and what is looked for; done in a worker, like all that opens a file."""

from __future__ import annotations

import os

from scanner.fingerprint.failures import PictureBroken, PictureRefused
from scanner.fingerprint.phash import ALGORITHM as FINGERPRINT
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.small import small_picture
from scanner.model.algorithms import GLOBAL_HASH, LOCAL_FEATURES
from scanner.model.belongings import KnownAlgorithm
from scanner.model.matching import LocalFeatures
from scanner.model.work import KeptPictures, KeptPicturesTask, PointsFound, PointsTask
from scanner.probe.detect import probe
from scanner.store.kept_pictures import kept_picture, kept_thumbnail
from scanner.store.packed_features import BYTES_A_POINT, BYTES_BEFORE

FINGERPRINTS = (KnownAlgorithm(FINGERPRINT, 8),)
"""Algorithms of fingerprints that a scan compares."""
HASHES = (KnownAlgorithm(GLOBAL_HASH, 32),)
"""Algorithms of further hashes."""
FEATURES = (KnownAlgorithm(LOCAL_FEATURES, BYTES_A_POINT, BYTES_BEFORE),)
"""Algorithms of local features."""


def kept_algorithms() -> tuple[str, ...]:
    """Names of what is made of every picture that is added; a reference that lacks one is read again."""
    return tuple(one.name for one in (*HASHES, *FEATURES))


def kept_pictures(task: KeptPicturesTask) -> KeptPictures:
    """Make the pictures and local features of one reference, of one decode; empty where it cannot be decoded."""
    small = _small(task, colour=True)
    if small is None or small.colour is None:
        return KeptPictures(task.key, b"", b"")
    return KeptPictures(task.key, kept_picture(small.colour), kept_thumbnail(small.colour), _features(small))


def found_points(task: PointsTask) -> PointsFound:
    """Make the points to look for of one picture."""
    from scanner.fingerprint.local_features import local_query  # OpenCV costs 0.1 s and 60 MB, and few scans need it

    small = _small(task)
    try:
        return PointsFound(task.key, local_query(small) if small else None)
    except (PictureRefused, PictureBroken):
        return PointsFound(task.key, None)


def _small(task: KeptPicturesTask | PointsTask, *, colour: bool = False) -> Picture | None:
    try:
        name = probe(task.path, os.path.basename(task.path), task.size_bytes).format.name
        return small_picture(task.path, name, colour=colour)
    except (OSError, PictureRefused, PictureBroken):
        return None


def _features(small: Picture) -> LocalFeatures | None:
    from scanner.fingerprint.local_features import local_features  # OpenCV costs 0.1 s and 60 MB, and few scans need it

    try:
        return local_features(small)
    except (PictureRefused, PictureBroken):
        return None
