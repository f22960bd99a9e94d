"""The cue sheet as CSV (RFC 4180), written and read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from scanner.report.cells import neutralised
from scanner.report.cuesheet.columns import COLUMNS
from scanner.report.cuesheet.row import Sheet
from scanner.report.cuesheet.table import SheetError, sheet_from

_SEPARATORS = ",;\t"
ROWS_LIMIT = 200_000


def to_csv(sheet: Sheet) -> str:
    """Return a sheet as CSV: all columns, lines ended by CR LF, no cell that a spreadsheet would take for a formula.

    A byte order mark stands in front: without it Excel reads UTF-8 as something else.
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([neutralised(heading) for heading in (*(column.value for column in COLUMNS), *sheet.extra)])
    for row in sheet.rows:
        extra = dict(row.extra)
        texts = (*(row[column] for column in COLUMNS), *(extra.get(heading, "") for heading in sheet.extra))
        writer.writerow([neutralised(text) for text in texts])
    return "\ufeff" + stream.getvalue()


def read_csv(content: bytes) -> Sheet:
    """Read a sheet back; commas, semicolons or tabs part the cells, as the heading shows.

    Raises:
        SheetError: it is not UTF-8, no CSV, or has no heading of ours.
    """
    text = _decoded(content)
    heading = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=heading.count)
    try:
        return sheet_from(_bounded(csv.reader(io.StringIO(text, newline=""), delimiter=separator)))
    except csv.Error as error:
        raise SheetError(f"it is no CSV: {error}") from None


def _bounded(reader: Iterable[list[str]]) -> list[list[str]]:
    table: list[list[str]] = []
    for cells in reader:
        table.append(cells)
        if len(table) > ROWS_LIMIT:
            raise SheetError(f"it has more than {ROWS_LIMIT:,} rows")
    return table


def _decoded(content: bytes) -> str:
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetError('it is not UTF-8: save it as "CSV UTF-8", or as XLSX') from None
