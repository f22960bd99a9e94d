"""Carrying over what people filled in: to the rows of a new scan, by content, then by path. No text of theirs is ever lost.

The column "As scanned" says of each cell what the scan wrote there, as a short digest. A cell that reads otherwise is a person's.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scanner.report.cuesheet.columns import COLUMNS, GONE, NOT_AVAILABLE, NOT_LOCATED, By, Column
from scanner.report.cuesheet.row import Row, Sheet
from scanner.report.withholding import WITHHELD

_PLACEHOLDERS = ("", NOT_LOCATED, WITHHELD)
_OURS = "you"
"""Stands in place of a digest for a cell that a person filled."""
_ID = re.compile(r"AI-(\d{1,9})")
_PER_USE = (Column.TC_IN, Column.TC_OUT, Column.SOURCE_TC)
"""Not copied to another file of the same content: it is another use."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A sheet, and what became of the earlier one."""

    sheet: Sheet
    carried: int = 0
    """Rows of the earlier sheet that are a row of the scan again."""
    gone: int = 0
    """Rows with a person's text whose asset the scan did not list."""
    dropped: int = 0
    """Rows nobody had written in whose asset the scan did not list."""


def merge(rows: Sequence[Row], previous: Sheet | None, scanned: str) -> Merged:
    """Return the sheet of a scan with all that people wrote in the previous one.

    Args:
        rows: what the scan says.
        previous: the earlier sheet, if there is one.
        scanned: day of the scan, for notes.
    """
    if previous is None:
        return Merged(Sheet(tuple(_numbered([_stamped(row, {}) for row in rows], ()))))
    pairs = _pairs(rows, previous.rows)
    more = _further_uses(pairs, previous.rows)
    by_content = _by(previous.rows, lambda row: row[Column.CONTENT_HASH])
    made = []
    for index, row in enumerate(rows):
        stood = [pairs[index], *more.get(index, ())] if index in pairs else []
        made += [_carried(row, previous.rows[at], previous.columns, scanned) for at in stood]
        if not stood:
            same = [previous.rows[at] for at in by_content.get(row[Column.CONTENT_HASH], ())]
            made.append(_copied(row, same, previous.columns))
    taken = {*pairs.values(), *(at for places in more.values() for at in places)}
    left = [row for at, row in enumerate(previous.rows) if at not in taken]
    kept = [_left_over(row) for row in left if _is_by_hand(row) or persons(row, previous.columns) or _has_notes(row)]
    numbered = _numbered([*made, *kept], previous.rows)
    gone = sum(GONE in row[Column.NOTE].splitlines() for row in kept)
    return Merged(Sheet(tuple(numbered), previous.extra), len(taken), gone, len(left) - len(kept))


def persons(row: Row, columns: frozenset[Column] = frozenset(Column)) -> dict[Column, str]:
    """Return the cells of a row read back that a person wrote; `columns` are those that the sheet still has."""
    stamps = _stamps(row[Column.AS_SCANNED])
    if Column.AS_SCANNED not in columns or stamps is None:
        return {column: row[column] for column in COLUMNS if _is_readable(column) and not _is_our_phrase(row, column)}
    return {
        column: row[column]
        for column in COLUMNS
        if _is_readable(column) and row[column].strip() and _digest(row[column]) != stamps.get(column)
    }


def _is_readable(column: Column) -> bool:
    return column not in (Column.ID, Column.AS_SCANNED, Column.NOTE)


def _is_our_phrase(row: Row, column: Column) -> bool:
    text = row[column].strip()
    pictured = column is Column.THUMBNAIL and text.removeprefix(NOT_AVAILABLE).strip() in (
        "",
        row[Column.FILE].rpartition("/")[2],
    )
    return pictured or text in _PLACEHOLDERS


def _carried(row: Row, before: Row, columns: frozenset[Column], scanned: str) -> Row:
    """The row of the scan, with what a person wrote in the row that stood for it before."""
    written = persons(before, columns)
    if _stamps(before[Column.AS_SCANNED]) is None:
        # Nobody can tell who wrote what; where both say the same nobody needs to.
        written = {column: text for column, text in written.items() if _normal(text) != _normal(row[column])}
    note = [line for line in before[Column.NOTE].splitlines() if line.strip() != GONE]
    kept = {column: text for column, text in written.items() if column.by is not By.SCAN}
    note += [
        line for column, text in written.items() if column.by is By.SCAN if (line := f"{column.value} had: {text}") not in note
    ]
    if _differ(row[Column.CONTENT_HASH], before[Column.CONTENT_HASH]) and (kept or _has_notes(before)):
        note.append(f"content changed, seen {scanned}: confirm what is filled in, then delete this line")
    changed = {**kept, Column.ID: before[Column.ID], Column.NOTE: "\n".join(note)}
    return _stamped(replace(row, extra=before.extra), changed)


def _copied(row: Row, same: Sequence[Row], columns: frozenset[Column]) -> Row:
    """A row that is new; where its content was in the earlier sheet under another path, what people said of that content."""
    told: dict[Column, str] = {}
    if row[Column.CONTENT_HASH]:
        for before in same:
            told = {**persons(before, columns), **told}
    wanted = {column: text for column, text in told.items() if column.by is not By.SCAN and column not in _PER_USE}
    return _stamped(row, wanted)


def _left_over(row: Row) -> Row:
    """A row of the earlier sheet that the scan has no asset for: kept as it is, and marked unless a person added it."""
    if _is_by_hand(row) or GONE in row[Column.NOTE].splitlines():
        return replace(row, place=None)
    return replace(row, place=None).with_cells({Column.NOTE: "\n".join([*row[Column.NOTE].splitlines(), GONE])})


def _is_by_hand(row: Row) -> bool:
    return not row[Column.AS_SCANNED].strip() and not row[Column.CONTENT_HASH].strip() and bool(_any_text(row))


def _any_text(row: Row) -> bool:
    return any(text.strip() for text in row.cells.values()) or _has_notes(row)


def _has_notes(row: Row) -> bool:
    return any(text.strip() for _, text in row.extra) or any(line.strip() != GONE for line in row[Column.NOTE].splitlines())


def _pairs(rows: Sequence[Row], before: Sequence[Row]) -> dict[int, int]:
    """Index of a row of the scan → index of the earlier row that stands for it: by content and path, content, path."""
    pairs: dict[int, int] = {}
    for key in (_content_and_path, _content, _path):
        free = _by(before, key, set(pairs.values()))
        for index, row in enumerate(rows):
            places = free.get(key(row), [])
            if index not in pairs and key(row) and places:
                pairs[index] = places.pop(0)
    return pairs


def _further_uses(pairs: Mapping[int, int], before: Sequence[Row]) -> dict[int, list[int]]:
    """Earlier rows that a person doubled, since one file stands in the programme twice: they stay beside the first."""
    stands_for = {_content_and_path(before[at]): index for index, at in pairs.items()}
    taken = set(pairs.values())
    more: defaultdict[int, list[int]] = defaultdict(list)
    for at, row in enumerate(before):
        key = _content_and_path(row)
        if at not in taken and key in stands_for and key:
            more[stands_for[key]].append(at)
    return more


def _content_and_path(row: Row) -> str:
    return f"{_content(row)} {_path(row)}" if _content(row) and _path(row) else ""


def _content(row: Row) -> str:
    return row[Column.CONTENT_HASH].strip()


def _path(row: Row) -> str:
    return row[Column.FILE].strip()


def _by(rows: Sequence[Row], key: Callable[[Row], str], without: Iterable[int] = ()) -> dict[str, list[int]]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    skipped = set(without)
    for index, row in enumerate(rows):
        if index not in skipped and key(row):
            places[key(row)].append(index)
    return places


def _stamped(row: Row, persons_cells: Mapping[Column, str]) -> Row:
    """The row with a person's cells over it, and the record of which are which."""
    stamps = {column: _digest(row[column]) for column in COLUMNS if _is_readable(column) and row[column].strip()}
    stamps |= dict.fromkeys((column for column in persons_cells if _is_readable(column)), _OURS)
    text = " ".join(f"{column.name}={stamp}" for column, stamp in stamps.items())
    return row.with_cells({**persons_cells, Column.AS_SCANNED: text or "nothing"})


def _stamps(text: str) -> dict[Column, str] | None:
    """What a cell "As scanned" says; None where it is empty or no longer of its form."""
    words = [word.partition("=") for word in text.split()]
    if not words or (text.strip() != "nothing" and any(name not in Column.__members__ or not value for name, _, value in words)):
        return None
    return {Column[name]: value for name, _, value in words if name in Column.__members__}


def _numbered(rows: Iterable[Row], before: Iterable[Row]) -> list[Row]:
    """Give rows without an id the next free one; an id that stands twice is the first row's."""
    rows = list(rows)
    numbers = [int(hit.group(1)) for row in (*before, *rows) if (hit := _ID.fullmatch(row[Column.ID].strip()))]
    free = max(numbers, default=0) + 1
    seen: set[str] = set()
    numbered = []
    for row in rows:
        name = row[Column.ID].strip()
        if not name or name in seen:
            name, free = f"AI-{free:03}", free + 1
        seen.add(name)
        numbered.append(row.with_cells({Column.ID: name}))
    return numbered


def _digest(text: str) -> str:
    return hashlib.sha256(_normal(text).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _normal(text: str) -> str:
    # Spreadsheets change line breaks and drop white space at the ends; that is nobody's text.
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()


def _differ(first: str, second: str) -> bool:
    return bool(first.strip() and second.strip()) and first.strip() != second.strip()
