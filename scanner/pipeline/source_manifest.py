"""A CSV file (RFC 4180) that names material for the library, with its source and terms."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from scanner.model.belongings import COLLECTION_LIMIT
from scanner.model.errors import UsageError
from scanner.model.matching import Rights, Role
from scanner.model.text import shown
from scanner.pipeline.learning import Source

COLUMNS = ("path", "role", "collection", "source", "owner", "licence", "no_ai_alteration")
_SIZE_LIMIT_BYTES = 64 << 20
_MISTAKES_TOLD = 20
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_HEADER_LINE = 1


def read_source_manifest(path: str, given: Source, *, has_role: bool) -> tuple[Source, ...]:
    """Read the manifest at `path`; what is `given` stands in where a row leaves a column empty, its role where it has one.

    Paths in it are relative to its folder. A row's collection comes beside those given; several are parted by semicolons.

    Raises:
        UsageError: it cannot be read, or has mistakes; all of them are told, with their lines.
    """
    reading = _Reading(os.path.dirname(os.path.abspath(path)), given, has_role=has_role)
    reading.take(_text(path))
    if reading.mistakes:
        told = "; ".join(reading.mistakes[:_MISTAKES_TOLD])
        more = f"; and {len(reading.mistakes) - _MISTAKES_TOLD} more" if len(reading.mistakes) > _MISTAKES_TOLD else ""
        raise UsageError(told + more, where=shown(path), next_step="Nothing was added; correct them, then run this again")
    return tuple(reading.sources)


class _Reading:
    """One manifest while it is read: its sources, and its mistakes with their lines."""

    def __init__(self, folder: str, given: Source, *, has_role: bool) -> None:
        self.sources: list[Source] = []
        self.mistakes: list[str] = []
        self._folder = folder
        self._role = given.role if has_role else None
        self._rights = given.rights
        self._collections = given.collections
        self._lines: dict[str, int] = {}

    def take(self, text: str) -> None:
        """Read all rows."""
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        line, header = _HEADER_LINE, list[str]()
        try:
            for cells in rows:
                if not header:
                    header = [cell.strip().lower() for cell in cells]
                    if not self._takes_header(header):
                        return
                elif cells:
                    self._take_row(line, header, cells)
                line = rows.line_num + 1
        except csv.Error as error:
            self._wrong(line, f"is no CSV ({error})")
        if not header:
            self._wrong(_HEADER_LINE, f"a header is missing: {','.join(COLUMNS)}")
        self._refuse_nested()

    def _takes_header(self, header: list[str]) -> bool:
        unknown = [shown(name, 40) or "(empty)" for name in header if name not in COLUMNS]
        twice = sorted({name for name in header if header.count(name) > 1})
        if unknown:
            self._wrong(_HEADER_LINE, f"unknown column {', '.join(unknown)} (there are {', '.join(COLUMNS)})")
        if twice:
            self._wrong(_HEADER_LINE, f"column {shown(', '.join(twice), 80)} stands twice")
        if "path" not in header:
            self._wrong(_HEADER_LINE, "the column path is missing")
        return not self.mistakes

    def _take_row(self, line: int, header: list[str], cells: list[str]) -> None:
        if len(cells) != len(header):
            self._wrong(line, f"has {len(cells)} cells, the header {len(header)}")
            return
        row = {name: cell.strip() if name != "path" else cell for name, cell in zip(header, cells, strict=True)}
        path, role, forbidden = self._path(line, row["path"]), self._role_of(line, row), self._clause(line, row)
        if path is not None and role is not None:
            self.sources.append(Source(path, role, self._rights_of(row, forbidden), self._collections_of(line, row)))

    def _path(self, line: int, cell: str) -> str | None:
        path = os.path.join(self._folder, cell)
        if not cell or "\0" in cell or not os.path.exists(path):
            self._wrong(line, f"there is no file {shown(cell, 200)}" if cell else "the path is empty")
            return None
        real = os.path.realpath(path)
        if (first := self._lines.get(real)) is not None:
            self._wrong(line, f"{shown(cell, 200)} is in line {first} already")
            return None
        self._lines[real] = line
        return real

    def _refuse_nested(self) -> None:
        for path, line in self._lines.items():
            holder = next((self._lines[folder] for folder in _folders_above(path) if folder in self._lines), None)
            if holder is not None:
                self._wrong(line, f"lies in the folder of line {holder}")

    def _role_of(self, line: int, row: Mapping[str, str]) -> Role | None:
        named = row.get("role", "")
        if not named and self._role is None:
            self._wrong(line, "no role (give the column role, or --role)")
        elif named and named.lower() not in list(Role):
            self._wrong(line, f"unknown role {shown(named, 40)} (there are {', '.join(Role)})")
        else:
            return Role(named.lower()) if named else self._role
        return None

    def _clause(self, line: int, row: Mapping[str, str]) -> bool:
        cell = row.get("no_ai_alteration", "").lower()
        if not cell:
            return self._rights.no_ai_alteration
        if cell not in _TRUTH:
            self._wrong(line, f"no_ai_alteration is {shown(cell, 40)}, not one of {', '.join(_TRUTH)}")
        return _TRUTH.get(cell, True)

    def _collections_of(self, line: int, row: Mapping[str, str]) -> tuple[str, ...]:
        names = [name for cell in row.get("collection", "").split(";") if (name := cell.strip())]
        if wrong := next((name for name in names if len(name) > COLLECTION_LIMIT or name != shown(name)), None):
            self._wrong(line, f"collection {shown(wrong, 40)} is not one line of at most {COLLECTION_LIMIT} characters")
        return (*self._collections, *names)

    def _rights_of(self, row: Mapping[str, str], forbidden: bool) -> Rights:
        given = self._rights
        return Rights(
            row.get("source") or given.source, row.get("owner") or given.owner, row.get("licence") or given.licence, forbidden
        )

    def _wrong(self, line: int, what: str) -> None:
        self.mistakes.append(f"line {line}: {what}")


def _folders_above(path: str) -> Iterator[str]:
    while (folder := os.path.dirname(path)) != path:
        yield folder
        path = folder


def _text(path: str) -> str:
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(_SIZE_LIMIT_BYTES + 1)
    except OSError as error:
        raise UsageError(f"the manifest cannot be read ({error.strerror})", where=shown(path)) from error
    if len(content) > _SIZE_LIMIT_BYTES:
        raise UsageError(f"the manifest is larger than {_SIZE_LIMIT_BYTES >> 20} MB", where=shown(path), next_step="Split it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(f"line {line}: is not UTF-8", where=shown(path), next_step="Save it as UTF-8") from error
