"""Which files ExifTool and the C2PA library need not be asked about: decisions 9 and 31.

A file is read by a walk of our own where that gives the same examination. The walk knows what it may pass over from the mark
catalogue, and what it reads is tried on the catalogue: whatever could make a mark, in any surroundings, is ExifTool's to read.
"""

from __future__ import annotations

from functools import lru_cache

from scanner.interpret.catalogue import MarkCatalogue
from scanner.interpret.generation_note import may_be_noted
from scanner.interpret.row import NAMES_KEPT, field_names
from scanner.model.formats import Probe
from scanner.model.readings import MARKED_NOTE, PLAIN_NOTE, Found, NotFound, Statement
from scanner.model.work import ExamineTask
from scanner.pipeline.facts import is_fact
from scanner.read.bare import read_bare
from scanner.read.plain.collected import Needs
from scanner.read.plain.exact import ALWAYS_TOLD, as_exiftool_tells
from scanner.read.plain.reader import Plain, read_plain
from scanner.read.unsigned import read_unsigned
from scanner.tools.containers.source import Source

_REMEMBERED = 120
"""Characters of a value whose match with the catalogue is remembered."""


class Triage:
    """Decides for one worker."""

    def __init__(self, catalogue: MarkCatalogue, *, thorough: bool) -> None:
        """`thorough` asks the tools about every file."""
        self._catalogue, self._thorough = catalogue, thorough
        words = tuple(sorted(tag.encode() for tag in catalogue.tags_of_any_group()))
        self._could_mark = lru_cache(NAMES_KEPT)(lambda statement: catalogue.could_mark((statement,)))
        self._needs = Needs(lru_cache(NAMES_KEPT)(catalogue.looks_at), catalogue.own_groups, words)

    def read(self, source: Source, task: ExamineTask, probed: Probe) -> Found | NotFound | None:
        """Return what the file's container says, where no tool need be asked; None where one must be."""
        if self._thorough or probed.damage or task.sidecar:
            return None
        try:
            bare = read_bare(source, probed.format.name)
            if bare is not None or task.manifest_sidecar:
                return bare
            plain = read_plain(source, probed.format.name, self._needs)
        except OSError:
            return None
        if plain is None:
            return None
        marking = frozenset(statement for statement in plain.statements if self._marks(statement))
        if marking:
            return self._marked(plain, marking)
        return Found(tuple(statement for statement in plain.statements if is_fact(statement.field)), note=PLAIN_NOTE)

    def _marked(self, plain: Plain, marking: frozenset[Statement]) -> Found | None:
        """What a file with marks says that counts; None where ExifTool might tell it otherwise, or what is unread decides."""
        neighbours = frozenset[str]().union(*map(self._catalogue.neighbours_of, marking))
        if not neighbours <= ALWAYS_TOLD:
            return None
        told: list[Statement] = []
        counting = set[str]()
        for statement in plain.statements:
            field = statement.field
            if statement in marking or may_be_noted(field) or not neighbours.isdisjoint(field_names(field)):
                exact = as_exiftool_tells(statement) if field not in plain.inexact else None
                # Of two texts under one name ExifTool tells either first, by its version.
                if exact is None or exact.field in counting:
                    return None
                counting.add(exact.field)
                told.append(exact)
            elif is_fact(field):
                told.append(statement)
        return Found(tuple(told), note=MARKED_NOTE)

    def read_unsigned(self, source: Source, task: ExamineTask, probed: Probe) -> NotFound | None:
        """Return that a file holds no credentials, where its bytes show it; None where the C2PA library must look."""
        if self._thorough or probed.damage or task.sidecar or task.parts:
            return None
        return read_unsigned(source, probed.format.name)

    def _marks(self, statement: Statement) -> bool:
        # Cameras and programs say the same few things in every file.
        return self._could_mark(statement) if len(statement.value) <= _REMEMBERED else self._catalogue.could_mark((statement,))
