"""Which walk tells, for each format, whether the container breaks off: only what the bytes themselves declare.

Every walk is bounded in steps and bytes. A false "damaged" on a healthy file is worse than an exotic cut missed.
"""

from __future__ import annotations

from collections.abc import Callable

from scanner.probe import bmff, film, gif, jpeg, matroska, mxf, ogg, pdf, photoshop, png, riff, tiff
from scanner.tools.containers.source import Source

Walk = Callable[[Source, str], str | None]

_WALKS: tuple[tuple[Walk, tuple[str, ...]], ...] = (
    (jpeg.find_damage, ("jpeg",)),
    (png.find_damage, ("png", "apng")),
    (gif.find_damage, ("gif",)),
    (riff.find_damage, ("webp", "wav", "bwf", "rf64", "avi")),
    (bmff.find_damage, ("avif", "heic", "heif", "jxl", "jp2", "cr3", "mp4", "mov", "m4v", "m4a", "3gp")),
    (tiff.find_damage, ("tiff", "bigtiff", "dng", "cr2", "nef", "arw", "pef", "srw", "3fr", "iiq")),
    (photoshop.find_damage, ("psd", "psb")),
    (film.find_dpx_damage, ("dpx",)),
    (film.find_exr_damage, ("exr",)),
    (matroska.find_damage, ("mkv", "webm")),
    (mxf.find_damage, ("mxf",)),
    (ogg.find_damage, ("ogg", "opus", "ogv")),
    (pdf.find_damage, ("pdf",)),
)

_BY_NAME = {name: walk for walk, names in _WALKS for name in names}

WALKED: frozenset[str] = frozenset(_BY_NAME)
"""Names of the formats that have a walk."""


def find_damage(source: Source, name: str) -> str | None:
    """Return what is missing or broken in a container of the format called `name`, or None."""
    walk = _BY_NAME.get(name)
    return walk(source, name) if walk else None
