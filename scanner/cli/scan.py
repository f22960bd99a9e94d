"""``scanner scan``: read a delivery, judge it, write reports, answer with an exit code."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from click.core import ParameterSource

from scanner.cli.destination import Destination, choose_destination
from scanner.cli.main import INTERRUPTED
from scanner.cli.progress import ProgressLine
from scanner.crawl.zones import parse_zone_option
from scanner.engine.session import now, run_locally
from scanner.judge.decide import FAIL_ON, concerns_of, exit_code
from scanner.model.errors import ReportError, UsageError
from scanner.model.scan import Scan
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.pipeline.trusting import kept_trust
from scanner.read.trust import Trust, load_trust
from scanner.report.formats import FORMATS, render
from scanner.report.terminal import summary
from scanner.report.writing import write_report
from scanner.store.places import default_library_path

_WIDEST = 120


@click.command(name="scan")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option("--output", metavar="DIR", help="Folder for the reports; '-' writes one format to standard output.")
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(list(FORMATS)), help="Report to write; repeatable. [json and html]"
)
@click.option(
    "--zone", "zones", multiple=True, metavar="ZONE | GLOB=ZONE", help="'final' sets the whole root, 'GFX/**=graphics' adds one."
)
@click.option(
    "--library",
    type=click.Path(),
    envvar="SCANNER_LIBRARY",
    help="Reference library to compare with. [your own, where there is one]",
)
@click.option("--no-library", is_flag=True, help="Compare with no library.")
@click.option("--learn", is_flag=True, help="Add the AI temporaries found to the library, making it if there is none.")
@click.option(
    "--trust",
    type=click.Path(path_type=Path),
    envvar="SCANNER_TRUST",
    help="Trust file (TOML) for content credentials. [the lists of `scanner trust`]",
)
@click.option("--no-trust", is_flag=True, help="Check signers against no list.")
@click.option(
    "--marks",
    multiple=True,
    type=click.Path(path_type=Path),
    envvar="SCANNER_MARKS",
    help="Your own marks (TOML) beside the packaged ones; repeatable.",
)
@click.option("--policy", type=click.Path(path_type=Path), envvar="SCANNER_POLICY", help="Policy file (TOML). [default]")
@click.option("--no-fingerprints", is_flag=True, help="Do not compare pictures.")
@click.option(
    "--watermarks",
    is_flag=True,
    help="Look for open watermarks in pixels too. Slow: decodes every picture whole. Finding none says nothing.",
)
@click.option(
    "--fail-on", type=click.Choice(list(FAIL_ON)), default="review", show_default=True, help="Least concern that fails."
)
@click.option("--allow-incomplete", is_flag=True, help="Let an incomplete scan pass for what it did see; the report says so.")
@click.option(
    "--workers", type=click.IntRange(0, 256), default=0, envvar="SCANNER_WORKERS", help="Worker processes. [one a processor]"
)
@click.option("--exiftool", default="exiftool", envvar="SCANNER_EXIFTOOL", metavar="PROGRAM", help="ExifTool to use.")
@click.option("--quiet", is_flag=True, help="No progress and no summary: reports and exit code only.")
@click.option("--no-color", is_flag=True, help="No colour; NO_COLOR does the same.")
def scan_command(
    paths: tuple[str, ...],
    output: str | None,
    formats: tuple[str, ...],
    zones: tuple[str, ...],
    library: str | None,
    no_library: bool,
    learn: bool,
    trust: Path | None,
    no_trust: bool,
    marks: tuple[Path, ...],
    policy: Path | None,
    no_fingerprints: bool,
    watermarks: bool,
    fail_on: str,
    allow_incomplete: bool,
    workers: int,
    exiftool: str,
    quiet: bool,
    no_color: bool,
) -> int:
    """Scan one or more folders or files as one delivery.

    Exit codes: 0 pass, 10 review, 11 blocked, 4 incomplete, 2 wrong usage, 3 nothing to scan, 1 the scanner failed,
    130 interrupted. `scanner explain exit-codes` says more.
    """
    settings = ScanSettings(
        paths=paths,
        zones=tuple(parse_zone_option(text) for text in zones),
        library=_library(library, no_library, learn),
        learn=learn,
        fingerprints=not no_fingerprints,
        worker=WorkerSettings(
            exiftool=exiftool,
            trust=_trust(trust, no_trust),
            extra_marks=tuple(os.path.abspath(path) for path in marks),
            watermarks=watermarks,
        ),
        workers=workers,
        policy=policy,
        options=_telling_options(fail_on, allow_incomplete, marks),
    )
    destination = choose_destination(paths, output, formats or ("json", "html"), now())
    with ProgressLine(enabled=not quiet) as progress:
        scan = run_locally(settings, progress)
    _deliver(scan, destination, quiet=quiet, color=_wants_color(no_color))
    if scan.interrupted:
        return INTERRUPTED
    beneath = concerns_of([*scan.findings, *(finding for asset in scan.assets for finding in asset.findings)])
    return exit_code(scan.verdict, fail_on, allow_incomplete, beneath)


def _library(path: str | None, none_wanted: bool, learn: bool) -> str | None:
    if none_wanted and learn:
        raise UsageError("--learn and --no-library exclude each other", next_step="Give one of them.")
    if none_wanted:
        if path:
            raise UsageError("--library and --no-library exclude each other", next_step="Give one of them.")
        return None
    if path:
        return path
    own = default_library_path()
    return own if learn or os.path.exists(own) else None


def _trust(path: Path | None, none_wanted: bool) -> Trust:
    if none_wanted:
        # A flag outranks the environment, so only two flags can contradict each other.
        source = click.get_current_context().get_parameter_source("trust")
        if source is ParameterSource.COMMANDLINE:
            raise UsageError("--trust and --no-trust exclude each other", next_step="Give one of them.")
        return Trust()
    return load_trust(path) if path else kept_trust()


def _telling_options(fail_on: str, allow_incomplete: bool, marks: Sequence[Path]) -> tuple[tuple[str, str], ...]:
    told = [("fail-on", fail_on)] if fail_on != "review" else []
    told += [("allow-incomplete", "yes")] if allow_incomplete else []
    return (*told, *(("marks", path.name) for path in marks))


def _wants_color(no_color: bool) -> bool:
    return sys.stdout.isatty() and not no_color and not os.environ.get("NO_COLOR")


def _deliver(scan: Scan, destination: Destination, *, quiet: bool, color: bool) -> None:
    """Write the reports, then the summary; should writing fail, the summary still comes."""
    if destination.folder is None:
        click.echo(render(scan, destination.formats[0]), nl=False)
        _summarise(scan, "", quiet=quiet, color=False, to_stderr=True)
        return
    try:
        written = [write_report(destination.folder, FORMATS[name], render(scan, name)) for name in destination.formats]
    except ReportError:
        _summarise(scan, "", quiet=quiet, color=color, to_stderr=False)
        raise
    _summarise(scan, _page_among(written), quiet=quiet, color=color, to_stderr=False)


def _page_among(paths: Sequence[str]) -> str:
    return next((path for path in paths if path.endswith(".html")), paths[0])


def _summarise(scan: Scan, report: str, *, quiet: bool, color: bool, to_stderr: bool) -> None:
    if not quiet:
        width = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
        click.echo(summary(scan, report, width, color), nl=False, err=to_stderr, color=color)
