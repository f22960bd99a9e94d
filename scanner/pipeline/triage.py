"""Which files ExifTool and the C2PA library need not be asked about: decisions 9 and 31.

A file is read by a walk of our own where that gives the same examination. The walk knows what it may pass over from the mark
catalogue, and what it reads is tried on the catalogue: whatever could make a mark, in any surroundings, is ExifTool's to read.
"""

from __future__ import annotations

from scanner.interpret.catalogue import MarkCatalogue
from scanner.model.formats import Probe
from scanner.model.readings import Found, NotFound
from scanner.model.work import ExamineTask
from scanner.read.bare import read_bare
from scanner.read.plain.collected import Needs
from scanner.read.plain.reader import read_plain

_CHARSETS = ("ascii", "utf-16-le", "utf-32-le")


class Triage:
    """Decides for one worker."""

    def __init__(self, catalogue: MarkCatalogue, *, thorough: bool) -> None:
        """`thorough` asks the tools about every file."""
        self._catalogue, self._thorough = catalogue, thorough
        # Of wide characters the zeros are cut off at the end: the same bytes then stand in either byte order.
        words = {tag.encode(charset).rstrip(b"\0") for tag in catalogue.tags_of_any_group() for charset in _CHARSETS}
        self._needs = Needs(catalogue.looks_at, catalogue.own_groups, tuple(sorted(words)))

    def read(self, task: ExamineTask, probed: Probe) -> Found | NotFound | None:
        """Return what the file's container says, where no tool need be asked; None where one must be."""
        if self._thorough or probed.damage or task.sidecar:
            return None
        try:
            bare = read_bare(task.path, probed.format.name, task.size_bytes)
            if bare is not None or task.manifest_sidecar:
                return bare
            plain = read_plain(task.path, probed.format.name, task.size_bytes, self._needs)
        except OSError:
            return None
        return None if plain is None or self._catalogue.could_mark(plain.statements) else plain
