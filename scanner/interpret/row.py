"""One row of the mark catalogue, as the engine uses it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from scanner.interpret.document import Document, Hit
from scanner.model.marks import Confidence, Mark, MarkCard, Meaning

Matcher = Callable[[Document], Hit | None]

SURENESS = {Confidence.WEAK: 0, Confidence.STRONG: 1, Confidence.DEFINITIVE: 2}
_WEIGHT = {
    meaning: place
    for place, meaning in enumerate(
        (
            Meaning.GENERATED,
            Meaning.EDITED,
            Meaning.COMPOSITE,
            Meaning.ENHANCED,
            Meaning.MAY_CONTAIN,
            Meaning.HISTORY,
            Meaning.DECLARED_OTHER,
            Meaning.PERMISSION,
            Meaning.TRAP,
        )
    )
}
_NOT_IN_NAMES = re.compile(r"[^-_a-z0-9]")
_LANGUAGE = re.compile(r"-(?:x-default|[a-z]{2,3}(?:-[a-z0-9]{2,8})*)$")
_USER_TEXT = re.compile(r"\(([^()\n]{1,80})\) ")
NAMES_KEPT = 4096
"""Field names remembered between files: cameras and programs write the same few hundred; a hostile file can only push out."""
_SAME_GROUP = {"png-text": "png"}
"""Our own chunk reader keeps keywords as they are written; ExifTool files the same text under PNG."""


@lru_cache(maxsize=NAMES_KEPT)
def fold_field(field: str) -> str:
    """Return ``group:tag`` in lower case, with the characters dropped that ExifTool drops from a keyword (``SD:prompt``)."""
    group, _, tag = field.lower().partition(":")
    return f"{_SAME_GROUP.get(group, group)}:{_NOT_IN_NAMES.sub('', tag)}"


def unwrap_user_text(field: str, value: str) -> tuple[str, str]:
    """Return the field and value that an ID3 user text stands for.

    ExifTool before 13 gives ``TXXX`` frames as ``UserDefinedText: (AIGC) {…}``, later ones as ``Aigc: {…}``.
    """
    group, _, tag = field.partition(":")
    named = _USER_TEXT.match(value) if tag.lower().startswith("userdefinedtext") else None
    return (f"{group}:{named[1]}", value[named.end() :]) if named else (field, value)


@lru_cache(maxsize=NAMES_KEPT)
def field_names(field: str) -> tuple[str, ...]:
    """Return the folded names under which rows may know `field`: itself, without its language, and by tag alone."""
    exact = fold_field(field)
    neutral = _LANGUAGE.sub("", exact)
    names = (exact, neutral, "*:" + exact.partition(":")[2], "*:" + neutral.partition(":")[2])
    return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class Condition:
    """Something another statement of the same place must, or must not, say."""

    field: str
    pattern: re.Pattern[str]

    def holds(self, said: Mapping[str, list[Document]]) -> bool:
        """Whether a statement under `field` matches, given the documents of one place by folded field name."""
        return any(self.pattern.search(document.text) for document in said.get(fold_field(self.field), ()))


@dataclass(frozen=True, slots=True)
class Sample:
    """A statement with which a row is tried, and what must come of it."""

    field: str
    value: str
    others: tuple[tuple[str, str], ...] = ()
    """Further statements of the same file."""
    meaning: Meaning | None = None
    """The mark's meaning where it is not the row's own."""
    confidence: Confidence | None = None
    generator: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it looks at, how it matches, what that means, and how it is known."""

    id: str
    title: str
    family: str
    meaning: Meaning
    confidence: Confidence
    fields: tuple[str, ...]
    generator: str = ""
    matcher: Matcher | None = None
    """None only for traps that need no matching of their own."""
    pattern: str = ""
    """The matcher, as people read it."""
    general: bool = False
    """Speaks only of a value that no other row spoke of."""
    requires: tuple[Condition, ...] = ()
    forbids: tuple[Condition, ...] = ()
    vendor_only: bool = False
    """The value names a vendor, and says nothing of this asset unless a source type does."""
    why: str = ""
    cannot_show: str = ""
    source: str = ""
    value_is_public: bool = False
    """Whether what it matches is a term, a product's name or a number, and so can hold no prompt and no person's name."""
    also: tuple[str, ...] = ()
    """Ids of research rows that this one covers besides its own."""
    tests: tuple[Sample, ...] = ()
    silent: tuple[Sample, ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether a match of this row becomes a mark."""
        return self.meaning is not Meaning.TRAP and not self.vendor_only

    def matches(self, document: Document, said: Mapping[str, list[Document]]) -> Hit | None:
        """Match one value, with its neighbours `said` of the same place."""
        hit = self.matcher(document) if self.matcher else None
        if hit is None or any(condition.holds(said) for condition in self.forbids):
            return None
        return hit if all(condition.holds(said) for condition in self.requires) else None

    def card(self) -> MarkCard:
        """The row as reports and ``scanner explain`` show it."""
        return MarkCard(
            id=self.id,
            title=self.title,
            family=self.family,
            meaning=self.meaning,
            confidence=self.confidence,
            generator=self.generator,
            fields=self.fields,
            pattern=self.pattern,
            why=self.why,
            cannot_show=self.cannot_show,
            source=self.source,
            value_is_public=self.value_is_public,
        )


def cap(row: Confidence, found: Confidence | None) -> Confidence:
    """Return the less sure of a row's confidence and what its matcher found."""
    return row if found is None or SURENESS[found] > SURENESS[row] else found


def rank(mark: Mark) -> tuple[int, int, str, str, str, str]:
    """Sort key that puts the best mark first."""
    return (-SURENESS[mark.confidence], _WEIGHT[mark.meaning], mark.id, mark.where, mark.value, mark.generator)
