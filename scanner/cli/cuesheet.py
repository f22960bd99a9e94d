"""``scanner cuesheet``: the GenAI cue sheet of a report, merged with what people filled in; and the check of a sheet."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from scanner.cli.cuesheet_text import check_text, written_text
from scanner.cli.destination import recorded_folders, root_holding
from scanner.cli.progress import Progress, ProgressLine
from scanner.engine.local import LocalEngine
from scanner.model.errors import UsageError
from scanner.model.recorded import RecordedScan
from scanner.model.text import shown
from scanner.pipeline.cue_thumbnails import cue_thumbnails
from scanner.pipeline.settings import WorkerSettings, usable_processors
from scanner.probe.formats import ALL
from scanner.report.cuesheet.checking import lacking, missing
from scanner.report.cuesheet.csv_sheet import read_csv, to_csv
from scanner.report.cuesheet.merge import Merged, merge
from scanner.report.cuesheet.row import Place, Row, Sheet
from scanner.report.cuesheet.rows import caption_of, rows_of, with_thumbnail_text
from scanner.report.cuesheet.table import SheetError
from scanner.report.cuesheet.xlsx_reading import read_xlsx
from scanner.report.cuesheet.xlsx_sheet import to_xlsx
from scanner.report.json_reading import load_bytes, load_report
from scanner.report.writing import write_report

LACKING = 10
_SHEET_LIMIT_BYTES = 256 << 20
_STEM = "genai-cue-sheet"
_FORMATS = ("xlsx", "csv")


@click.command(name="cuesheet", short_help="Write the GenAI cue sheet of a scan.")
@click.argument("report", metavar="[SCAN.json]", required=False, type=click.Path())
@click.option(
    "--output", metavar="DIR | FILE", help="Where the sheet goes; '-' writes CSV to standard output. [beside SCAN.json]"
)
@click.option("--format", "sheet_format", type=click.Choice(_FORMATS), help="[xlsx, or as FILE ends]")
@click.option(
    "--previous", metavar="SHEET", type=click.Path(), help="An earlier sheet (XLSX, CSV): what people filled in is kept."
)
@click.option("--delivery", "deliveries", multiple=True, type=click.Path(), help="Where the delivery is now, for thumbnails.")
@click.option("--no-thumbnails", is_flag=True, help="Make no small pictures.")
@click.option("--check", metavar="SHEET", type=click.Path(), help="List required cells that are still empty; exit 10 if any.")
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
def cuesheet_command(
    report: str | None,
    output: str | None,
    sheet_format: str | None,
    previous: str | None,
    deliveries: tuple[str, ...],
    no_thumbnails: bool,
    check: str | None,
    quiet: bool,
) -> int:
    """Write the GenAI cue sheet of a scan: each asset that declares, matches or may hold generative AI, for people to complete.

    A sheet that is there is never overwritten. With --check nothing is written: the sheet is looked at, and with SCAN.json also
    whether it has every asset of that scan.
    """
    if check is not None:
        if output or sheet_format or previous or deliveries:
            raise UsageError("--check writes nothing", where=shown(check), next_step="Leave out the options of writing.")
        return _check(check, report, quiet=quiet)
    if report is None:
        raise UsageError("no report was named", next_step="Name the scan.json of a scan, or a sheet with --check.")
    recorded = load_report(report)
    place, form = _destination(report, output, sheet_format, [*recorded.roots, *deliveries])
    rows = rows_of(recorded, _media_type)
    pictures = {}
    if form == "xlsx" and not no_thumbnails:
        with ProgressLine(enabled=not quiet) as progress:
            pictures = _pictures(recorded, rows, deliveries, progress)
        rows = tuple(with_thumbnail_text(row, row.place in pictures) for row in rows)
    earlier = load_sheet(previous) if previous else None
    merged = merge(rows, earlier, recorded.finished[:10])
    content = _rendered(merged, recorded, form, pictures)
    if place is None:
        click.echo(content.decode("utf-8"), nl=False)
        return 0
    path = write_report(*place, content)
    if not quiet:
        click.echo(written_text(shown(path), merged, recorded, rows, len(pictures), earlier), nl=False)
    return 0


def load_sheet(path: str) -> Sheet:
    """Read an earlier sheet.

    Raises:
        UsageError: it cannot be read, or is no cue sheet.
    """
    content = load_bytes(path, _SHEET_LIMIT_BYTES)
    try:
        # By its bytes: people rename files.
        return read_xlsx(content) if content.startswith(b"PK\x03\x04") else read_csv(content)
    except SheetError as error:
        raise UsageError(
            f"is no cue sheet: {shown(str(error), 200)}",
            where=shown(path),
            next_step="Name a sheet that `scanner cuesheet` wrote.",
        ) from None


def _check(path: str, report: str | None, *, quiet: bool) -> int:
    sheet = load_sheet(path)
    rows = rows_of(load_report(report), _media_type) if report else ()
    lacks, absent = lacking(sheet), missing(sheet, rows)
    if not quiet:
        click.echo(check_text(shown(path), sheet, lacks, absent), nl=False)
    return LACKING if lacks or absent else 0


def _rendered(merged: Merged, recorded: RecordedScan, form: str, pictures: dict[Place, bytes]) -> bytes:
    if form == "csv":
        return to_csv(merged.sheet).encode("utf-8", "backslashreplace")
    try:
        return to_xlsx(merged.sheet, caption_of(recorded), pictures)
    except SheetError as error:
        raise UsageError(str(error), next_step="Give --format csv.") from None


def _destination(
    report: str, output: str | None, sheet_format: str | None, roots: Sequence[str]
) -> tuple[tuple[str, str] | None, str]:
    """Where the sheet goes, as folder and name (None: standard output), and its format."""
    if output == "-":
        if sheet_format == "xlsx":
            raise UsageError("standard output takes CSV only", where="--output -", next_step="Give --format csv.")
        return None, "csv"
    ending = Path(output or "").suffix.lower().removeprefix(".")
    named = ending in _FORMATS and not os.path.isdir(output or "")
    form = sheet_format or (ending if named else "xlsx")
    if named and ending != form:
        raise UsageError(
            f"the file's name says {ending}, --format says {form}", where=shown(output or ""), next_step="Let both agree."
        )
    folder, name = os.path.split(os.path.abspath(output)) if named and output else (output or os.path.dirname(report) or ".", "")
    if inside := root_holding(folder, recorded_folders(roots)):
        raise UsageError(
            f"nothing is written into the scanned folder {shown(inside)}",
            where=shown(folder),
            next_step="Choose another with --output.",
        )
    if name and os.path.lexists(os.path.join(folder, name)):
        raise UsageError(
            "is there already, and may hold what people filled in",
            where=shown(output or ""),
            next_step="Give it as --previous, and another name as --output.",
        )
    return (folder, name or _unused(folder, form)), form


def _unused(folder: str, form: str) -> str:
    names = (f"{_STEM}.{form}", *(f"{_STEM}-{number}.{form}" for number in range(2, 10_000)))
    return next(name for name in names if not os.path.lexists(os.path.join(folder, name)))


def _pictures(recorded: RecordedScan, rows: Sequence[Row], deliveries: Sequence[str], progress: Progress) -> dict[Place, bytes]:
    if deliveries and len(deliveries) != len(recorded.roots):
        raise UsageError(
            f"the report is of {len(recorded.roots)} roots, {len(deliveries)} were named",
            where="--delivery",
            next_step="Name a folder for each root, in the report's order.",
        )
    places = [row.place for row in rows if row.place]
    if not places:
        return {}
    with closing(LocalEngine(WorkerSettings(), min(usable_processors(), len(places)))) as engine:
        return cue_thumbnails(recorded, deliveries or recorded.roots, places, engine, progress)


def _media_type(format_name: str) -> str:
    return next((one.kind.value for one in ALL if one.name == format_name), "unknown")
