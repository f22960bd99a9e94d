"""From a table of texts, as a spreadsheet saved it, to a sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from scanner.report.cells import restored
from scanner.report.cuesheet.columns import COLUMNS, Column
from scanner.report.cuesheet.row import Row, Sheet

_HEADING_WITHIN = 50
"""Rows in which the headings are looked for: people put titles above them."""
_ENOUGH = 4
"""Known headings that make a row the headings."""
_BY_HEADING = {column.value.casefold(): column for column in COLUMNS}


class SheetError(ValueError):
    """A file is no cue sheet that can be read; the text says why."""


def sheet_from(table: Sequence[Sequence[str]]) -> Sheet:
    """Return the sheet in a table: its headings in any order, columns added or taken out, rows in any order.

    Raises:
        SheetError: there are no headings of a cue sheet.
    """
    top = _find_headings(table)
    headings = [_tidy(text) for text in table[top]]
    known = {at: _BY_HEADING[heading.casefold()] for at, heading in enumerate(headings) if heading.casefold() in _BY_HEADING}
    doubled = [column.value for column, count in Counter(known.values()).items() if count > 1]
    if doubled:
        raise SheetError(f"it has the column {doubled[0]} twice")
    rows = [cells for cells in table[top + 1 :] if any(text.strip() for text in cells)]
    width = max([len(headings), *(len(cells) for cells in rows)])
    own = _own_headings(headings, [at for at in range(width) if at not in known], rows)
    return Sheet(
        rows=tuple(_row(cells, known, own) for cells in rows),
        extra=tuple(own.values()),
        columns=frozenset(known.values()),
        left_out=(f"{top} rows above the headings",) if any(text.strip() for cells in table[:top] for text in cells) else (),
    )


def _find_headings(table: Sequence[Sequence[str]]) -> int:
    for at, cells in enumerate(table[:_HEADING_WITHIN]):
        if len({_tidy(text).casefold() for text in cells} & _BY_HEADING.keys()) >= _ENOUGH:
            return at
    raise SheetError("it has no row with the headings of a GenAI cue sheet")


def _own_headings(headings: Sequence[str], places: Sequence[int], rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """Name the columns that people added: each once, one without a heading by its number if anything stands in it."""
    own: dict[int, str] = {}
    for at in places:
        heading = headings[at] if at < len(headings) else ""
        if heading or any(at < len(cells) and cells[at].strip() for cells in rows):
            name = heading or f"Column {at + 1}"
            taken = {other.casefold() for other in own.values()} | _BY_HEADING.keys()
            number = 2
            while name.casefold() in taken:
                name, number = f"{heading or f'Column {at + 1}'} ({number})", number + 1
            own[at] = name
    return own


def _row(cells: Sequence[str], known: dict[int, Column], own: dict[int, str]) -> Row:
    texts = {at: restored(text) for at, text in enumerate(cells) if text.strip()}
    return Row(
        cells={column: texts[at] for at, column in known.items() if at in texts},
        extra=tuple((heading, texts[at]) for at, heading in own.items() if at in texts),
    )


def _tidy(text: str) -> str:
    return " ".join(restored(text).split())
