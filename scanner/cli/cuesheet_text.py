"""What ``scanner cuesheet`` tells on the screen."""

from __future__ import annotations

import os
from collections.abc import Sequence

from scanner.model.recorded import RecordedScan
from scanner.model.text import shown
from scanner.report.cuesheet.checking import Lack, is_asked, lacking
from scanner.report.cuesheet.columns import GONE, NOT_AVAILABLE, Column
from scanner.report.cuesheet.merge import Merged
from scanner.report.cuesheet.row import Row, Sheet
from scanner.report.cuesheet.rows import caption_of
from scanner.report.sentences import counted

_LISTED = 40


def written_text(
    path: str, merged: Merged, recorded: RecordedScan, rows: Sequence[Row], pictures: int, earlier: Sheet | None
) -> str:
    """Return what was written, what became of the earlier sheet, and what is left to do."""
    asked = sum(is_asked(row) for row in rows)
    hints = caption_of(recorded).hints
    lines = [path]
    lines.append(f"{counted(len(rows), 'asset')} listed: {asked} that may be in the programme, {len(rows) - asked} set aside")
    if earlier is not None:
        lines.append(f"{counted(merged.carried, 'row')} carried over, {merged.gone} kept as {GONE}")
        if merged.dropped:
            lines.append(f"{counted(merged.dropped, 'row')} left out: {GONE}, and nobody had written in them")
        if earlier.left_out:
            lines.append(f"not carried over: {shown('; '.join(earlier.left_out))}")
    if hints:
        lines.append(f"{counted(hints, 'asset')} with weak hints only not listed; the report names them")
    if any(row[Column.THUMBNAIL].startswith(NOT_AVAILABLE) for row in rows):
        lines.append(f"{counted(pictures, 'thumbnail')} made; the others are not available: moved, changed or not decoded")
    if not recorded.seal_holds:
        lines.append("the report was changed since it was written: its seal does not hold")
    if not recorded.complete:
        lines.append("the scan was not complete: rows may be missing")
    lacks = lacking(merged.sheet)
    lines.append(
        f"{counted(len(lacks), 'row')} to complete; `scanner cuesheet --check` lists them" if lacks else "nothing left to fill in"
    )
    return "\n".join(lines) + "\n"


def check_text(path: str, sheet: Sheet, lacks: Sequence[Lack], absent: Sequence[Row]) -> str:
    """Return what a sheet still lacks, a line a row."""
    asked = sum(is_asked(row) for row in sheet.rows)
    lines = [
        f"{path}: {len(lacks)} of {counted(asked, 'row')} to complete" if lacks else f"{path}: {counted(asked, 'row')} complete"
    ]
    lines += [_lack(one) for one in lacks[:_LISTED]]
    lines += [f"and {len(lacks) - _LISTED} more"] if len(lacks) > _LISTED else []
    if absent:
        lines.append(f"{counted(len(absent), 'asset')} of the scan not in the sheet:")
        lines += [f"  {shown(row[Column.FILE])}" for row in absent[:_LISTED]]
        lines += [f"  and {len(absent) - _LISTED} more"] if len(absent) > _LISTED else []
    return "\n".join(lines) + "\n"


def _lack(one: Lack) -> str:
    parts = [", ".join(column.value for column in one.empty)] if one.empty else []
    parts += [shown(line) for line in one.to_confirm]
    name = os.path.basename(one.file)
    return f"  {shown(one.identity, 20)}  {shown(name, 60) + ': ' if name else ''}{'; '.join(parts)}"
