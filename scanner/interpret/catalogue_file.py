"""Reads one TOML file of the mark catalogue and checks it: a misspelt key must never be a rule that silently does nothing.

The format is small on purpose: fields, one matcher, neighbours that must or must not be there. There is no expression
language; what needs more than a whole value or a pattern is a named structure in `scanner.interpret.structures`.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from scanner.interpret.catalogue_lines import Place, file_place, row_places, syntax_line
from scanner.interpret.document import Document, Hit
from scanner.interpret.row import Condition, Matcher, Row, Sample
from scanner.interpret.source_types import fold_term, match_terms
from scanner.interpret.structures import STRUCTURES
from scanner.model.errors import CatalogueError
from scanner.model.marks import Confidence, Meaning

_FILE_KEYS = ("family", "mark", "later")
_MATCHERS = ("values", "pattern", "present", "structure", "terms", "names")
_CLOSED_MATCHERS = frozenset({"values", "terms", "names"})
"""Matchers that know each value that they match: nothing else can stand in it."""
_REQUIRED = ("id", "title", "meaning", "confidence", "fields", "why", "cannot_show", "source")
_TEXT_KEYS = ("title", "why", "cannot_show", "source")
_FLAGS = ("vendor_only", "general", "public")
_OPTIONAL = ("also", "generator", "match", "ignore_case", "requires", "forbids", *_FLAGS, "tests", "silent")
_ROW_KEYS = (*_REQUIRED, *_OPTIONAL, *_MATCHERS)
_LATER_KEYS = ("id", "reason", "also")
_SAMPLE_KEYS = ("field", "value", "and", "meaning", "confidence", "generator")
_FIELD = re.compile(r"(?:\*|[^:*\s]+):[^*]+")
_ID = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")

Table = Mapping[str, object]
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Later:
    """A mark that is known and not read yet, with the reason."""

    id: str
    reason: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """The rows of one file."""

    name: str
    sha256: str
    rows: tuple[Row, ...]
    later: tuple[Later, ...]
    places: tuple[tuple[str, Place], ...] = ()
    """Where each row stands, by its id."""

    def where(self, identity: str, key: str = "", value: str = "") -> str:
        """Return ``file:line`` of a row, or of a key or a key's value in it; of rows of one id, of the last."""
        place = dict(self.places).get(identity)
        return f"{self.name}:{place.line_of(key, value)}" if place else self.name


def read_catalogue(name: str, content: bytes) -> CatalogueFile:
    """Read and check the TOML `content` of the file called `name`.

    Raises:
        CatalogueError: it is no TOML, or a row breaks the format; the message names the row and the nearest right name.
    """
    try:
        text = content.decode("utf-8")
        table = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        where = f"{name}:{syntax_line(error, content)}"
        raise CatalogueError(f"not a TOML file: {error}", where=where, next_step="Correct the file") from error
    file = _Checker(name, "", file_place(text))
    file.known_keys(table, _FILE_KEYS)
    family = file.text(table, "family", default="user")
    marks, planned = _placed(file, table, "mark", text), _placed(file, table, "later", text)
    rows = tuple(_row(_Checker(name, "", place), family, entry) for entry, place in marks)
    later = tuple(_later(_Checker(name, "", place), entry) for entry, place in planned)
    ids = (*(row.id for row in rows), *(one.id for one in later))
    places = tuple((identity, place) for identity, (_, place) in zip(ids, (*marks, *planned), strict=True))
    return CatalogueFile(name, hashlib.sha256(content).hexdigest(), rows, later, places)


def _placed(file: _Checker, table: Table, kind: str, text: str) -> list[tuple[Table, Place]]:
    entries = file.tables(table, kind)
    return list(zip(entries, row_places(text, kind, [str(entry.get("id", "")) for entry in entries]), strict=True))


def check_together(files: Iterable[CatalogueFile]) -> None:
    """Check that no two rows of `files` share an id, nor take one that a row of an earlier file answers to.

    Raises:
        CatalogueError: two do.
    """
    owner: dict[str, str] = {}
    for file in files:
        for identity in (*(row.id for row in file.rows), *(later.id for later in file.later)):
            if identity in owner:
                raise CatalogueError(
                    f"mark {identity!r} exists already in {owner[identity]}",
                    where=file.where(identity, "id"),
                    next_step="Give it an id of its own",
                )
            owner[identity] = file.name
        for row in file.rows:
            for identity in row.also:
                owner.setdefault(identity, file.name)


class _Checker:
    """Takes typed values out of a TOML table, or says what is wrong with them."""

    def __init__(self, file: str, row: str, place: Place) -> None:
        self.file, self.row, self.place = file, row, place

    def fail(self, what: str, next_step: str = "Correct the file", *, key: str = "", value: str = "") -> CatalogueError:
        where = f"{self.file}:{self.place.line_of(key, value)}"
        return CatalogueError(f"mark {self.row!r}: {what}" if self.row else what, where=where, next_step=next_step)

    def known_keys(self, table: Table, known: Sequence[str]) -> None:
        for key in table:
            if key not in known:
                raise self.fail(f"unknown key {key!r}", _nearest(key, known), key=key)

    def text(self, table: Table, key: str, default: str | None = None) -> str:
        value = table.get(key, default)
        if not isinstance(value, str):
            raise self.fail(f"{key!r} is missing" if value is None else f"{key!r} must be text", key=key)
        return value

    def flag(self, table: Table, key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            raise self.fail(f"{key!r} must be true or false", key=key)
        return value

    def texts(self, table: Table, key: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise self.fail(f"{key!r} must be a list of texts", key=key)
        return tuple(value)

    def tables(self, table: Table, key: str) -> list[Table]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self.fail(f"{key!r} must be a list of tables", key=key)
        return value

    def pairs(self, table: Table, key: str) -> dict[str, str]:
        value = table.get(key)
        if not isinstance(value, dict) or not value or not all(isinstance(entry, str) for entry in value.values()):
            raise self.fail(f"{key!r} must be a table of texts", key=key)
        return value

    def choice(self, kind: type[Choice], value: str) -> Choice:
        try:
            return kind(value)
        except ValueError:
            known = [str(one) for one in kind]
            raise self.fail(f"{value!r} is no {kind.__name__.lower()}", _nearest(value, known), value=value) from None

    def pattern(self, text: str, ignore_case: bool = False) -> re.Pattern[str]:
        try:
            return re.compile(text, re.IGNORECASE if ignore_case else 0)
        except re.error as error:
            raise self.fail(f"the pattern {text!r} does not compile: {error}", key="pattern", value=text) from error


def _row(file: _Checker, family: str, table: Table) -> Row:
    check = _Checker(file.file, file.text(table, "id"), file.place)
    if not _ID.fullmatch(check.row):
        raise check.fail("an id is letters and digits with single hyphens", key="id")
    check.known_keys(table, _ROW_KEYS)
    meaning = check.choice(Meaning, check.text(table, "meaning"))
    matcher, shown = _matcher(check, table, meaning)
    public = check.flag(table, "public") or not _CLOSED_MATCHERS.isdisjoint(table)
    return Row(
        **{key: check.text(table, key) for key in ("id", *_TEXT_KEYS)},
        family=family,
        meaning=meaning,
        confidence=check.choice(Confidence, check.text(table, "confidence")),
        fields=_fields(check, table),
        generator=check.text(table, "generator", ""),
        matcher=matcher,
        pattern=shown,
        general=check.flag(table, "general"),
        requires=_conditions(check, table, "requires"),
        forbids=_conditions(check, table, "forbids"),
        vendor_only=check.flag(table, "vendor_only"),
        value_is_public=public,
        also=check.texts(table, "also"),
        tests=tuple(_sample(check, entry) for entry in check.tables(table, "tests")),
        silent=tuple(_sample(check, entry) for entry in check.tables(table, "silent")),
    )


def _fields(check: _Checker, table: Table) -> tuple[str, ...]:
    fields = check.texts(table, "fields")
    if not fields:
        raise check.fail("'fields' names no field", "Name at least one Group:Tag", key="fields")
    for field in fields:
        if not _FIELD.fullmatch(field):
            step = "Write Group:Tag as ExifTool -G1 names it, or *:Tag for any group"
            raise check.fail(f"{field!r} is no field", step, key="fields", value=field)
    return fields


def _matcher(check: _Checker, table: Table, meaning: Meaning) -> tuple[Matcher | None, str]:
    given = [key for key in _MATCHERS if key in table]
    if not given and meaning is Meaning.TRAP:
        return None, "(never matches)"
    if len(given) != 1:
        raise check.fail(
            f"one matcher is needed, found {len(given)}", f"Give one of {', '.join(_MATCHERS)}", key=given[-1] if given else ""
        )
    return _MATCHER_READERS[given[0]](check, table)


def _values(check: _Checker, table: Table) -> tuple[Matcher, str]:
    values = check.texts(table, "values")
    if check.flag(table, "ignore_case"):
        folded = frozenset(value.casefold() for value in values)
        return (lambda document: Hit() if document.text.casefold() in folded else None), " | ".join(values)
    exact = frozenset(values)
    return (lambda document: Hit() if document.text in exact else None), " | ".join(values)


def _pattern(check: _Checker, table: Table) -> tuple[Matcher, str]:
    pattern = check.pattern(check.text(table, "pattern"), check.flag(table, "ignore_case"))
    ways: dict[str, Callable[[str], re.Match[str] | None]] = {
        "full": pattern.fullmatch,
        "start": pattern.match,
        "search": pattern.search,
    }
    way = check.text(table, "match", "full")
    if way not in ways:
        raise check.fail(f"{way!r} is no way to match", _nearest(way, list(ways)), key="match")
    find = ways[way]
    names = "generator" in pattern.groupindex

    def match(document: Document) -> Hit | None:
        found = find(document.text)
        return Hit(generator=(found["generator"] or "") if names else "") if found else None

    return match, f"{way}: {pattern.pattern}"


def _present(check: _Checker, table: Table) -> tuple[Matcher, str]:
    if not check.flag(table, "present"):
        raise check.fail("'present' can only be true", key="present")
    return (lambda document: Hit() if document.whole else None), "present"


def _structure(check: _Checker, table: Table) -> tuple[Matcher, str]:
    name = check.text(table, "structure")
    if name not in STRUCTURES:
        raise check.fail(f"{name!r} is no structure", _nearest(name, list(STRUCTURES)), key="structure")
    return STRUCTURES[name], f"structure: {name}"


def _terms(check: _Checker, table: Table) -> tuple[Matcher, str]:
    pairs = check.pairs(table, "terms")
    meanings = {fold_term(term): check.choice(Meaning, meaning) for term, meaning in pairs.items()}
    return (lambda document: match_terms(document, meanings)), "source type: " + " | ".join(pairs)


def _names(check: _Checker, table: Table) -> tuple[Matcher, str]:
    names = {value.casefold(): name for value, name in check.pairs(table, "names").items()}

    def match(document: Document) -> Hit | None:
        name = names.get(document.text.casefold())
        return Hit(generator=name) if name else None

    return match, " | ".join(check.pairs(table, "names"))


_MATCHER_READERS: dict[str, Callable[[_Checker, Table], tuple[Matcher, str]]] = {
    "values": _values,
    "pattern": _pattern,
    "present": _present,
    "structure": _structure,
    "terms": _terms,
    "names": _names,
}


def _conditions(check: _Checker, table: Table, key: str) -> tuple[Condition, ...]:
    found = []
    for entry in check.tables(table, key):
        check.known_keys(entry, ("field", "pattern"))
        found.append(Condition(check.text(entry, "field"), check.pattern(check.text(entry, "pattern"))))
    return tuple(found)


def _sample(check: _Checker, table: Table) -> Sample:
    check.known_keys(table, _SAMPLE_KEYS)
    others = tuple((check.text(other, "field"), check.text(other, "value")) for other in check.tables(table, "and"))
    return Sample(
        field=check.text(table, "field"),
        value=check.text(table, "value"),
        others=others,
        meaning=check.choice(Meaning, check.text(table, "meaning")) if "meaning" in table else None,
        confidence=check.choice(Confidence, check.text(table, "confidence")) if "confidence" in table else None,
        generator=check.text(table, "generator") if "generator" in table else None,
    )


def _later(file: _Checker, table: Table) -> Later:
    check = _Checker(file.file, file.text(table, "id"), file.place)
    check.known_keys(table, _LATER_KEYS)
    return Later(check.row, check.text(table, "reason"), check.texts(table, "also"))


def _nearest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    return f"Did you mean {close[0]!r}?" if close else f"Known are {', '.join(known)}"
