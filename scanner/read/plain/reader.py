"""Reads a plain file, or leaves it to ExifTool."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scanner.model.readings import Found
from scanner.read.bare import holds_trailer
from scanner.read.plain.collected import Collected, Needs, OddError
from scanner.read.plain.stills import walk_jpeg, walk_png, walk_tiff, walk_webp
from scanner.tools.bounded import open_regular
from scanner.tools.containers.source import Source

NOTE = "all its metadata is plain, and nothing in it is looked at by any mark, so ExifTool was not asked"

_WALKS: Mapping[str, Callable[[Source, Collected], None]] = {
    "jpeg": walk_jpeg,
    "png": walk_png,
    "tiff": walk_tiff,
    "webp": walk_webp,
}


def read_plain(path: str, format_name: str, size_bytes: int, needs: Needs) -> Found | None:
    """Return the statements of a plain file that an examination may need; None where ExifTool must look.

    They are fewer than ExifTool's. That none of them makes a mark is for the caller to see.

    Raises:
        OSError: the file cannot be read.
    """
    walk = _WALKS.get(format_name)
    if walk is None:
        return None
    collected = Collected(needs)
    with open_regular(path) as stream:
        source = Source(stream, size_bytes)
        try:
            if holds_trailer(source):
                return None
            walk(source, collected)
        except OddError:
            return None
    return Found(tuple(collected.statements), note=NOTE)
