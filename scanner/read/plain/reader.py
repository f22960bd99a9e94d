"""Reads a plain file, or leaves it to ExifTool."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scanner.model.readings import Statement
from scanner.read.bare import holds_trailer
from scanner.read.plain.collected import Collected, Needs, OddError
from scanner.read.plain.sounds import walk_wave
from scanner.read.plain.stills import walk_jpeg, walk_png, walk_tiff, walk_webp
from scanner.tools.containers.source import Source

_WALKS: Mapping[str, Callable[[Source, Collected], None]] = {
    "jpeg": walk_jpeg,
    "png": walk_png,
    "tiff": walk_tiff,
    "webp": walk_webp,
    "wav": walk_wave,
    "bwf": walk_wave,
}


@dataclass(frozen=True, slots=True)
class Plain:
    """What a plain file says."""

    statements: tuple[Statement, ...]
    inexact: frozenset[str]
    """Fields of which ExifTool might give a text in another form."""


def read_plain(source: Source, format_name: str, needs: Needs) -> Plain | None:
    """Return the statements of a plain file that an examination may need; None where ExifTool must look.

    They are fewer than ExifTool's. That none of them makes a mark is for the caller to see.

    Raises:
        OSError: the file cannot be read.
    """
    walk = _WALKS.get(format_name)
    if walk is None or holds_trailer(source):
        return None
    collected = Collected(needs)
    try:
        walk(source, collected)
    except OddError:
        return None
    return Plain(tuple(collected.statements), frozenset(collected.inexact))
