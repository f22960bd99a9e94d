"""Rows of a cue sheet, and the sheet: plain values between the scan, the people and the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from scanner.report.cuesheet.columns import Column

Place = tuple[int, str]
"""Root and path of the file whose picture stands for a row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One use of generative AI."""

    cells: Mapping[Column, str] = field(default_factory=dict)
    """Texts as people see them; a column that is not there is empty."""
    extra: tuple[tuple[str, str], ...] = ()
    """Columns that people added: heading and text."""
    place: Place | None = None
    """None for a row that this scan did not see."""

    def __getitem__(self, column: Column) -> str:
        """Return the text of a cell."""
        return self.cells.get(column, "")

    def with_cells(self, cells: Mapping[Column, str]) -> Row:
        """Return the row with these cells in place of its own."""
        return replace(self, cells={**self.cells, **cells})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole sheet."""

    rows: tuple[Row, ...]
    extra: tuple[str, ...] = ()
    """Headings of the columns that people added, in their order."""
    columns: frozenset[Column] = frozenset(Column)
    """The known columns that a sheet read back has: people delete some."""
    left_out: tuple[str, ...] = ()
    """What stood in a sheet read back beside its table, and is not carried over: other tabs, rows above the headings."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What a sheet says of itself."""

    delivery: str
    scanned: str
    """When the scan ended, ISO 8601, UTC."""
    scanner: str
    policy: str
    verdict: str
    complete: bool
    confidentiality: str
    statement: str
    seal: str
    hints: int = 0
    """Assets with weak hints only, which are not listed."""
