"""Versions of what a result depends on."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterable

_PACKAGES = (
    "c2pa-python",
    "pillow",
    "ImageHash",
    "numpy",
    "PyExifTool",
    "Fileseq",
    "OpenImageIO",
    "opencv-python-headless",
    "pillow-heif",
)


def package_versions(more: Iterable[str] = ()) -> tuple[tuple[str, str], ...]:
    """Return (name, version) of the libraries in use, and of `more`; those not installed left out, Python itself first."""
    found = [("python", platform.python_version())]
    for name in (*_PACKAGES, *more):
        try:
            found.append((name.lower(), importlib.metadata.version(name)))
        except importlib.metadata.PackageNotFoundError:
            continue
    return tuple(found)
