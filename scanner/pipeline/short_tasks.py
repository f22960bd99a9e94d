"""What a worker does of one file beside examining it: digests of bytes and of pixels, and small pictures."""

from __future__ import annotations

import os

from scanner.fingerprint.failures import PictureBroken, PictureRefused
from scanner.fingerprint.picture import SMALL_PX
from scanner.fingerprint.pixels import pixel_digest
from scanner.fingerprint.small import made_small
from scanner.fingerprint.thumbnail import thumbnail, thumbnail_of
from scanner.frames.failures import FilmError
from scanner.frames.opening import decodes
from scanner.model.work import DigestTask, FileDigest, PixelDigest, PixelsTask, Thumbnail, ThumbnailTask
from scanner.pipeline.frame_sources import frame_at, picture_of, telling_frame
from scanner.probe.detect import probe
from scanner.tools.bounded import sha256_of


def digest_file(task: DigestTask) -> FileDigest:
    """Digest a file's bytes; empty where it cannot be read."""
    try:
        return FileDigest(task.key, sha256_of(task.path)[0])
    except OSError:
        return FileDigest(task.key, "")


def digest_pixels(task: PixelsTask) -> PixelDigest:
    """Digest a picture's pixels; empty where it cannot be decoded whole."""
    try:
        return PixelDigest(task.key, pixel_digest(task.path, _format_of(task)))
    except (OSError, PictureRefused, PictureBroken):
        return PixelDigest(task.key, "")


def make_thumbnail(task: ThumbnailTask) -> Thumbnail:
    """Make a small picture of a file, or of one frame of a film; empty where none can be made."""
    try:
        format_name, side_px = _format_of(task), max(task.longest_px, SMALL_PX)
        if task.at is None and not decodes(format_name):
            return Thumbnail(task.key, *thumbnail(task.path, format_name, task.longest_px))
        pixels = (
            telling_frame(task.path, format_name, side_px)
            if task.at is None
            else frame_at(task.path, format_name, task.at, side_px)
        )
        if pixels is None:
            return Thumbnail(task.key, b"")
        picture = made_small(picture_of(pixels), colour=True, longest_px=side_px)
        return Thumbnail(task.key, *thumbnail_of(picture, task.longest_px))
    except (OSError, FilmError, PictureRefused, PictureBroken):
        return Thumbnail(task.key, b"")


def _format_of(task: PixelsTask | ThumbnailTask) -> str:
    return probe(task.path, os.path.basename(task.path), task.size_bytes).format.name
