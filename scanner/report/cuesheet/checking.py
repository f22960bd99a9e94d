"""What a sheet still lacks before it can be handed over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scanner.report.cuesheet.columns import GONE, NOT_LOCATED, REQUIRED, Column
from scanner.report.cuesheet.row import Row, Sheet
from scanner.report.cuesheet.rows import SET_ASIDE

_ENHANCED = "enhanced by AI, not generated"


@dataclass(frozen=True, slots=True)
class Lack:
    """One row that is not finished."""

    identity: str
    """Its id, or where it has none its place in the sheet."""
    file: str
    empty: tuple[Column, ...]
    to_confirm: tuple[str, ...] = ()
    """Lines of its note that ask for a person."""


def lacking(sheet: Sheet) -> tuple[Lack, ...]:
    """Return the rows that are not finished, in their order. Rows of temporaries, and of what is gone, ask for nothing."""
    lacks = (_lack(row, number) for number, row in enumerate(sheet.rows, 1) if is_asked(row))
    return tuple(one for one in lacks if one.empty or one.to_confirm)


def is_asked(row: Row) -> bool:
    """Whether a row may be in the programme, so that its cells are required."""
    aside = row[Column.USE].strip().casefold() in [zone.value for zone in SET_ASIDE]
    return not aside and GONE not in [line.strip() for line in row[Column.NOTE].splitlines()]


def empty_cells(row: Row) -> tuple[Column, ...]:
    """Return the required cells of a row that are empty; what reads "not located in cut" is."""
    return tuple(column for column in REQUIRED if row[column].strip() in ("", NOT_LOCATED) and not _is_needless(row, column))


def missing(sheet: Sheet, rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows of a scan that a sheet has not: by content, or where a file was not hashed by path."""
    contents = {row[Column.CONTENT_HASH].strip() for row in sheet.rows}
    paths = {row[Column.FILE].strip() for row in sheet.rows}
    return tuple(
        row
        for row in rows
        if (row[Column.CONTENT_HASH] not in contents if row[Column.CONTENT_HASH] else row[Column.FILE] not in paths)
    )


def _lack(row: Row, number: int) -> Lack:
    notes = tuple(line.strip() for line in row[Column.NOTE].splitlines() if "confirm" in line)
    return Lack(row[Column.ID].strip() or f"row {number}", row[Column.FILE].strip(), empty_cells(row), notes)


def _is_needless(row: Row, column: Column) -> bool:
    # Enhancement has no prompt.
    return column is Column.PROMPT and row[Column.INVOLVEMENT].strip() == _ENHANCED
