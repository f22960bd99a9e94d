"""One policy file, read and checked by itself: what it states, and all that is wrong with it."""

from __future__ import annotations

import datetime
import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from scanner.judge.policy.mistakes import MistakeList
from scanner.judge.policy.principle_tables import StatedPrinciple, read_principles
from scanner.judge.policy.rule_tables import RuleRows, read_rules
from scanner.judge.policy.sources import PolicySource
from scanner.judge.policy.words import CASES, FILE_KEYS, KINDS, READERS, ZONES, nearest, told
from scanner.judge.tool_names import tokens
from scanner.model.errors import CatalogueError
from scanner.model.formats import MediaKind
from scanner.model.judging import Zone
from scanner.model.text import shown
from scanner.tools.toml_places import Path, syntax_line, toml_lines

GlobCheck = Callable[[str], object]
"""Raises ValueError, saying why, for what is no zone glob."""

NAME_LIMIT = 80
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "begins with a byte order mark"), (b"\xff\xfe", "is UTF-16"), (b"\xfe\xff", "is UTF-16"))
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """What one file states; None or empty for what it leaves to the policy it extends."""

    where: str
    sha256: str
    mistakes: tuple[CatalogueError, ...] = ()
    lines: Mapping[Path, int] = field(default_factory=dict)
    name: str | None = None
    document: str | None = None
    date: str | None = None
    note: str | None = None
    extends: str | None = None
    approved_tools: tuple[str, ...] | None = None
    required_readings: Mapping[MediaKind, tuple[str, ...]] = field(default_factory=dict)
    zones: tuple[tuple[str, Zone], ...] = ()
    principles: tuple[StatedPrinciple, ...] = ()
    rules: RuleRows = field(default_factory=RuleRows)


def read_policy_file(source: PolicySource, check_glob: GlobCheck | None = None) -> PolicyFile:
    """Read one file whole. What is wrong with it stands in `mistakes`; the rest is read all the same."""
    digest = hashlib.sha256(source.content).hexdigest()
    try:
        tables, lines = _parse(source)
    except CatalogueError as error:
        return PolicyFile(source.where, digest, (error,))
    return _Reading(source.where, tables, lines, check_glob).file(digest)


def _parse(source: PolicySource) -> tuple[Mapping[str, object], Mapping[Path, int]]:
    for mark, what in _BYTE_ORDER_MARKS:
        if source.content.startswith(mark):
            raise CatalogueError(what, where=f"{source.where}:1", next_step="Save it as UTF-8 without a byte order mark.")
    try:
        text = source.content.decode("utf-8")
        return tomllib.loads(text), toml_lines(text)
    except UnicodeDecodeError as error:
        line, byte = syntax_line(error, source.content), source.content[error.start]
        raise CatalogueError(
            f"holds the byte 0x{byte:02x}, which is no UTF-8", where=f"{source.where}:{line}", next_step="Save it as UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        where = f"{source.where}:{syntax_line(error, source.content)}"
        raise CatalogueError(f"is no valid TOML: {shown(str(error), 160)}", where=where, next_step=_hint(str(error))) from error
    except RecursionError as error:
        raise CatalogueError("is nested too deeply", where=source.where, next_step="Policies are flat tables.") from error


def _hint(message: str) -> str:
    if "Invalid value" in message:
        return 'Texts stand in quotes: final = "high".'
    if "Cannot declare" in message or "Cannot overwrite" in message:
        return "Each table and key may stand once; put the lines together."
    return "Each line is [a.table], key = value, or # a comment."


class _Reading:
    """Takes a file's tables apart."""

    def __init__(self, where: str, tables: Mapping[str, object], lines: Mapping[Path, int], check_glob: GlobCheck | None) -> None:
        self._where = where
        self._tables = tables
        self._lines = lines
        self._check_glob = check_glob
        self._mistakes = MistakeList(where, lines)

    def file(self, digest: str) -> PolicyFile:
        if not self._tables:
            self._mistakes.wrong((), "is empty", 'Write at least name = "…" and extends = "default".')
            return PolicyFile(self._where, digest, self._mistakes.found)
        self._check_keys()
        stated = PolicyFile(
            where=self._where,
            sha256=digest,
            lines=self._lines,
            name=self._name(),
            document=self._text("document"),
            date=self._date(),
            note=self._text("note"),
            extends=self._text("extends"),
            approved_tools=self._approved_tools(),
            required_readings=self._required_readings(),
            zones=tuple(self._zones()),
            principles=read_principles(self._mistakes, self._tables.get("principles", [])),
            rules=read_rules(self._mistakes, self._tables.get("rules", {})),
        )
        return replace(stated, mistakes=self._mistakes.found)

    def _check_keys(self) -> None:
        for key in self._tables:
            if key in FILE_KEYS:
                continue
            if key in CASES:
                step = f"Write [rules.{key}]."
            elif key in ZONES:
                step = "Zones stand below a rule, as in [rules.ai-declared]."
            else:
                step = nearest(key, FILE_KEYS)
            self._mistakes.wrong((key,), f"{told(key)} is no key of a policy", step)

    def _text(self, key: str) -> str | None:
        return self._mistakes.text((key,), self._tables[key]) if key in self._tables else None

    def _name(self) -> str | None:
        if "name" not in self._tables:
            self._mistakes.wrong((), "has no name", 'Write name = "…", the name that reports show.')
            return None
        name = self._text("name")
        if name and len(name) > NAME_LIMIT:
            self._mistakes.wrong(("name",), f"the name is longer than {NAME_LIMIT} characters", "Choose a short one.")
        elif name and shown(name) != name:
            self._mistakes.wrong(("name",), f"the name {told(name)} holds characters that cannot be shown", "Leave them out.")
        return name

    def _date(self) -> str | None:
        value = self._tables.get("date")
        if value is None:
            return None
        text = value.isoformat()[:10] if isinstance(value, datetime.date) else value
        if isinstance(text, str) and _is_day(text):
            return text
        step = 'Write the day, month or year of the document: date = "2025-08-22", "2025-08" or "2025".'
        self._mistakes.wrong(("date",), f"{told(value)} is no date", step)
        return None

    def _approved_tools(self) -> tuple[str, ...] | None:
        if "approved_tools" not in self._tables:
            return None
        path, value = ("approved_tools",), self._tables["approved_tools"]
        names = self._mistakes.texts(path, value, 'approved_tools = ["Adobe Firefly"]')
        for name in names or ():
            if not tokens(name):
                place = value.index(name) if isinstance(value, list) and name in value else 0
                self._mistakes.wrong((*path, place), f"{told(name)} names no tool", "Write its name in letters or digits.")
        return names

    def _required_readings(self) -> Mapping[MediaKind, tuple[str, ...]]:
        example = 'still = ["exiftool", "c2pa"]'
        path: Path = ("required_readings",)
        table = self._mistakes.table(path, self._tables.get("required_readings", {}), f"[required_readings] and {example}")
        stated: dict[MediaKind, tuple[str, ...]] = {}
        for kind in self._mistakes.known(path, table, KINDS, "media kind"):
            readers = self._mistakes.choices((*path, kind), table[kind], READERS, "reader", example)
            if readers is not None:
                stated[MediaKind(kind)] = readers
        return stated

    def _zones(self) -> list[tuple[str, Zone]]:
        path: Path = ("zones",)
        example = '[zones] and "GFX/**" = "graphics"'
        stated: list[tuple[str, Zone]] = []
        for pattern, zone in self._mistakes.table(path, self._tables.get("zones", {}), example).items():
            if not isinstance(zone, str) or zone not in ZONES:
                step = nearest(zone, ZONES) if isinstance(zone, str) else f"Write {example}."
                self._mistakes.wrong((*path, pattern), f"{told(zone)} is no zone (of {told(pattern)})", step)
                continue
            try:
                if self._check_glob:
                    self._check_glob(pattern)
                stated.append((pattern, Zone(zone)))
            except ValueError as error:
                self._mistakes.wrong((*path, pattern), f"the glob {told(pattern)} {shown(str(error), 120)}", f"Write {example}.")
        return stated


def _is_day(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text + "0000-01-01"[len(text) :])
    except ValueError:
        return False
    return True
