"""``scanner markers``: findings of a scan as markers in the cut, for editing programs."""

from __future__ import annotations

import os
import re

import click

from scanner.cli.destination import recorded_folders, root_holding
from scanner.model.errors import UsageError
from scanner.model.recorded import RecordedScan
from scanner.model.text import shown
from scanner.report.json_reading import load_report
from scanner.report.markers import FORMATS, Marked, marked, named
from scanner.report.writing import report_bytes, write_report

_UNSAFE = re.compile(r"[^\w.-]+")
_STEM_LIMIT = 60


@click.command(name="markers", short_help="Write the findings of a scan as markers in the cut.")
@click.argument("report", metavar="SCAN.json", type=click.Path())
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="edl", show_default=True, help="What is written.")
@click.option(
    "--cut", "names", multiple=True, metavar="NAME", help="Of this cut only, by its file name or title; repeatable. [all]"
)
@click.option(
    "--output", metavar="DIR", type=click.Path(), help="Where the files go; '-' writes one to standard output. [beside SCAN.json]"
)
def markers_command(report: str, form: str, names: tuple[str, ...], output: str | None) -> int:
    """Write the findings of a scan that was given a cut (`scan --cut`) as markers: a file a cut, a marker a finding.

    Formats: edl (DaVinci Resolve's timeline markers, with Avid locators), avid (text for Media Composer's marker window),
    otio, csv.
    A file that is there is never overwritten.
    """
    scan = load_report(report)
    numbers = named(scan, names)
    if not scan.cuts:
        raise UsageError("was scanned without a cut", where=shown(report), next_step="Scan again with --cut FILE.")
    if not numbers:
        has = ", ".join(shown(stamp.file, 60) for stamp in scan.cuts[:8])
        raise UsageError(f"has no cut of that name, but {has}", where=shown(report), next_step="Name one with --cut.")
    ending, write = FORMATS[form]
    told = [marked(scan, number) for number in numbers]
    if output == "-":
        if len(told) > 1:
            raise UsageError("standard output takes one cut", where="--output -", next_step="Name it with --cut.")
        click.echo(report_bytes(write(told[0])), nl=False)
        return 0
    folder = _folder(output or os.path.dirname(report) or ".", scan)
    for number, one in zip(numbers, told, strict=True):
        path = write_report(folder, _name(folder, scan, number, ending), write(one))
        click.echo(f"{shown(path)}: {_counted(one)}")
    return 0


def _folder(folder: str, scan: RecordedScan) -> str:
    if inside := root_holding(folder, recorded_folders(scan.roots)):
        raise UsageError(
            f"nothing is written into the scanned folder {shown(inside)}",
            where=shown(folder),
            next_step="Choose another with --output.",
        )
    return folder


def _name(folder: str, scan: RecordedScan, number: int, ending: str) -> str:
    # The report may be by another hand: of the name in it only what is harmless in every file system is kept.
    stem = _UNSAFE.sub("_", os.path.splitext(scan.cuts[number].file)[0])[:_STEM_LIMIT].strip("._") or "cut"
    stem = f"{stem}-markers"
    names = (f"{stem}{ending}", *(f"{stem}-{count}{ending}" for count in range(2, 10_000)))
    return next(name for name in names if not os.path.lexists(os.path.join(folder, name)))


def _counted(told: Marked) -> str:
    return "1 marker" if len(told.markers) == 1 else f"{len(told.markers):,} markers"
