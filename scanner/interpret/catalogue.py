"""The mark catalogue: rows of TOML that give a file's statements their meaning.

A row looks at named fields and matches whole values, so that Taiwan is no "wan" and a Pixel photograph no Google AI. Rows
are indexed by field: a file with thousands of statements costs a few dictionary look-ups a statement.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from scanner.interpret.catalogue_file import CatalogueFile, Later, check_together, read_catalogue
from scanner.interpret.catalogue_samples import check_samples
from scanner.interpret.document import Document, Hit
from scanner.interpret.row import NAMES_KEPT, Row, cap, field_names, fold_field, rank, unwrap_user_text
from scanner.model.errors import CatalogueError
from scanner.model.marks import Confidence, Mark, MarkCard, Meaning
from scanner.model.readings import VALUE_LIMIT, Failed, Found, Reading, Statement


@dataclass(frozen=True, slots=True)
class GeneratorName:
    """A product that a value names, and what the name alone is worth."""

    name: str
    by_itself: bool
    """Whether the name alone is the claim that `meaning` says; else a source type must say it, and this only names."""
    meaning: Meaning
    confidence: Confidence
    id: str
    """Id of the row that knows the name."""
    value_is_public: bool
    """As `Mark.value_is_public`."""


class _Said(NamedTuple):
    """A statement, the field it stands for, and its value as matchers see it."""

    statement: Statement
    field: str
    document: Document


class MarkCatalogue:
    """All rows, ready to match; implements `scanner.model.protocols.Catalogue`."""

    def __init__(self, files: Sequence[CatalogueFile], own: Sequence[CatalogueFile] = ()) -> None:
        files = (*files, *own)
        check_together(files)
        self.rows = tuple(row for file in files for row in file.rows)
        self.later: tuple[Later, ...] = tuple(later for file in files for later in file.later)
        """Marks that are known and not read yet."""
        self.own_groups = frozenset(field.partition(":")[0].lower() for file in own for row in file.rows for field in row.fields)
        """Groups of the fields that the user's rows look at, in lower case; ``*`` among them for any."""
        self._files = tuple(files)
        conditions = (condition for row in self.rows for condition in (*row.requires, *row.forbids))
        self._conditions = frozenset(fold_field(condition.field) for condition in conditions)
        self._by_field: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            for field in dict.fromkeys(fold_field(field) for field in row.fields):
                self._by_field[field].append(row)
        self._rows_for = lru_cache(maxsize=NAMES_KEPT)(self._find_rows)

    @classmethod
    def load(cls, extra: Sequence[Path] = ()) -> MarkCatalogue:
        """Load the packaged catalogue and the user's `extra` files.

        Raises:
            CatalogueError: a file cannot be read or breaks the catalogue's rules, or a sample of the user's does not hold.
        """
        own = [_user_file(path) for path in extra]
        catalogue = cls(_packaged_files(), own)
        for file in own:
            check_samples(catalogue, file)
        return catalogue

    @cached_property
    def sha256(self) -> str:
        """Digest of all its files."""
        return _digest_of((file.name, file.sha256) for file in self._files)

    def cards(self) -> tuple[MarkCard, ...]:
        """All rows, traps included, sorted by id."""
        return tuple(sorted((row.card() for row in self.rows), key=lambda card: card.id))

    def names_of(self, mark_id: str) -> frozenset[str]:
        """The id of a row and the other ids that it answers to, empty for an unknown id."""
        return frozenset(name for row in self.rows if row.id == mark_id for name in (row.id, *row.also))

    def find_marks(self, reading: Reading) -> tuple[Mark, ...]:
        """The marks among one reading's statements, best first, no two alike."""
        if not isinstance(reading.outcome, Found | Failed):
            return ()
        places: dict[str, list[_Said]] = defaultdict(list)
        for statement in reading.outcome.statements:
            field, value = unwrap_user_text(statement.field, statement.value)
            # Most of what a camera writes concerns no row: it is let go before anything is made of it.
            if self._rows_for(field) or not self._conditions.isdisjoint(field_names(field)):
                places[statement.where].append(_Said(statement, field, Document(value)))
        marks = {mark for said in places.values() for mark in self._marks_of_place(said, reading)}
        return tuple(sorted(marks, key=rank))

    def looks_at(self, field: str) -> bool:
        """Whether any row that can make a mark looks at a field."""
        return any(row.speaks for row in self._rows_for(field))

    def could_mark(self, statements: Iterable[Statement]) -> bool:
        """Whether any of the statements could make a mark, whatever stands beside it."""
        for statement in statements:
            field, value = unwrap_user_text(statement.field, statement.value)
            rows = self._rows_for(field)
            if rows:
                document = Document(value)
                if any(row.speaks and row.matcher and row.matcher(document) for row in rows):
                    return True
        return False

    def neighbours_of(self, statement: Statement) -> frozenset[str]:
        """Folded fields that decide if a statement, which could make a mark, makes one."""
        field, value = unwrap_user_text(statement.field, statement.value)
        document = Document(value)
        conditional = (row for row in self._rows_for(field) if row.speaks and (row.requires or row.forbids))
        hits = (row for row in conditional if row.matcher is not None and row.matcher(document) is not None)
        return frozenset(fold_field(condition.field) for row in hits for condition in (*row.requires, *row.forbids))

    def tags_of_any_group(self) -> frozenset[str]:
        """Tags that rows look at whatever their group, in lower case."""
        fields = (fold_field(field) for row in self.rows if row.speaks for field in row.fields)
        return frozenset(field.removeprefix("*:") for field in fields if field.startswith("*:"))

    def generator_of(self, field: str, value: str) -> GeneratorName | None:
        """Name the product that `value` names in `field`; rows that claim by themselves come first, then the surer ones."""
        document = Document(value)
        named = [
            GeneratorName(
                name=(hit.generator or row.generator),
                by_itself=row.speaks,
                meaning=hit.meaning or row.meaning,
                confidence=cap(row.confidence, hit.confidence),
                id=row.id,
                value_is_public=row.value_is_public,
            )
            for row in self._rows_for(field)
            if row.meaning is not Meaning.TRAP and (hit := row.matcher(document) if row.matcher else None)
        ]
        return min(
            (name for name in named if name.name),
            key=lambda name: (not name.by_itself, list(Confidence).index(name.confidence), name.id),
            default=None,
        )

    def _find_rows(self, field: str) -> tuple[Row, ...]:
        """Return the rows that look at a field, each once."""
        found: dict[str, Row] = {}
        for name in field_names(field):
            for row in self._by_field.get(name, ()):
                found.setdefault(row.id, row)
        return tuple(found.values())

    def _marks_of_place(self, said: Sequence[_Said], reading: Reading) -> Iterator[Mark]:
        neighbours: dict[str, list[Document]] = defaultdict(list)
        for one in said:
            for name in field_names(one.field):
                if name in self._conditions:
                    neighbours[name].append(one.document)
        for one in said:
            for row, hit in self._hits(one, neighbours):
                yield self._mark(row, hit, one.statement, reading)

    def _hits(self, said: _Said, neighbours: Mapping[str, list[Document]]) -> list[tuple[Row, Hit]]:
        rows = [row for row in self._rows_for(said.field) if row.speaks]
        found = [(row, hit) for row in rows if (hit := row.matches(said.document, neighbours)) is not None]
        specific = [(row, hit) for row, hit in found if not row.general]
        return specific or found

    def _mark(self, row: Row, hit: Hit, statement: Statement, reading: Reading) -> Mark:
        return Mark(
            id=row.id,
            meaning=hit.meaning or row.meaning,
            confidence=cap(row.confidence, hit.confidence),
            generator=hit.generator or self._named_inside(hit.inner) or row.generator,
            where=f"{statement.where}, {statement.field}",
            value=statement.value[:VALUE_LIMIT],
            reader=reading.reader,
            reader_version=reading.version,
            value_is_public=row.value_is_public,
        )

    def _named_inside(self, inner: Iterable[tuple[str, str]]) -> str:
        names = (self.generator_of(field, value) for field, value in inner)
        return next((name.name for name in names if name), "")


def catalogue_sha256(extra: Sequence[Path] = ()) -> str:
    """Return the digest of the catalogue that `MarkCatalogue.load` gives, which is only loaded where the user adds to it.

    Raises:
        CatalogueError: as `MarkCatalogue.load` does.
    """
    if extra:
        return MarkCatalogue.load(extra).sha256
    return _digest_of((name, hashlib.sha256(content).hexdigest()) for name, content in _packaged_contents())


def _digest_of(files: Iterable[tuple[str, str]]) -> str:
    digest = hashlib.sha256()
    for name, sha256 in sorted(files):
        digest.update(f"{name}\n{sha256}\n".encode())
    return digest.hexdigest()


def _packaged_contents() -> Iterator[tuple[str, bytes]]:
    folder = resources.files("scanner.interpret") / "marks"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            yield entry.name, entry.read_bytes()


@cache
def _packaged_files() -> tuple[CatalogueFile, ...]:
    return tuple(read_catalogue(name, content) for name, content in _packaged_contents())


def _user_file(path: Path) -> CatalogueFile:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CatalogueError(
            f"the mark catalogue cannot be read: {error.strerror}", where=str(path), next_step="Check the path"
        ) from error
    return read_catalogue(str(path), content)
