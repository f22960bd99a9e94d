"""``scanner scan``: read a delivery, judge it, write reports, answer with an exit code."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

import click
from click.core import ParameterSource

from scanner.cli.destination import Destination, choose_destination
from scanner.cli.main import INTERRUPTED
from scanner.cli.progress import ProgressLine
from scanner.cli.scan_options import ScanChoices, scan_options
from scanner.crawl.zones import parse_zone_option
from scanner.engine.session import now, run_locally
from scanner.judge.decide import concerns_of, exit_code
from scanner.model.errors import ReportError, UsageError
from scanner.model.scan import Scan
from scanner.model.text import shown
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.pipeline.trusting import kept_trust
from scanner.read.trust import Trust, load_trust
from scanner.report.formats import FORMATS, render
from scanner.report.terminal import summary
from scanner.report.withholding import INCLUDED, OPTION, withhold
from scanner.report.writing import report_bytes, write_report
from scanner.store.places import default_approvals_path, default_library_path

_WIDEST = 120
_CONFIDENTIALITY_LIMIT = 200


@click.command(name="scan")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@scan_options
def scan_command(paths: tuple[str, ...], **chosen: Unpack[ScanChoices]) -> int:
    """Scan one or more folders or files as one delivery.

    Exit codes: 0 pass, 10 review, 11 blocked, 4 incomplete, 2 wrong usage, 3 nothing to scan, 1 the scanner failed,
    130 interrupted. `scanner explain exit-codes` says more.
    """
    settings = _settings(paths, chosen)
    destination = choose_destination(paths, chosen["output"], chosen["formats"] or ("json", "html"), now())
    with ProgressLine(enabled=not chosen["quiet"]) as progress:
        scan = run_locally(settings, progress)
    told = scan if chosen["include_prompts"] else withhold(scan)
    _deliver(told, destination, quiet=chosen["quiet"], color=_wants_color(chosen["no_color"]))
    if scan.interrupted:
        return INTERRUPTED
    beneath = concerns_of([*scan.findings, *(finding for asset in scan.assets for finding in asset.findings)])
    return exit_code(scan.verdict, chosen["fail_on"], chosen["allow_incomplete"], beneath)


def _settings(paths: tuple[str, ...], chosen: ScanChoices) -> ScanSettings:
    return ScanSettings(
        paths=paths,
        zones=tuple(parse_zone_option(text) for text in chosen["zones"]),
        library=_library(chosen["library"], chosen["no_library"], chosen["learn"]),
        learn=chosen["learn"],
        approvals=_approvals(chosen["approvals"], chosen["no_approvals"]),
        fingerprints=not chosen["no_fingerprints"],
        worker=WorkerSettings(
            exiftool=chosen["exiftool"],
            trust=_trust(chosen["trust"], chosen["no_trust"]),
            extra_marks=tuple(os.path.abspath(path) for path in chosen["marks"]),
            watermarks=chosen["watermarks"],
            thorough=chosen["thorough"],
        ),
        workers=chosen["workers"],
        policy=chosen["policy"],
        thumbnails=not (chosen["no_thumbnails"] or chosen["no_fingerprints"]),
        confidentiality=_confidentiality(chosen["confidentiality"]),
        options=_telling_options(chosen),
    )


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


def _approvals(path: str | None, none_wanted: bool) -> str | None:
    if none_wanted:
        # A flag outranks the environment, so only two flags can contradict each other.
        if click.get_current_context().get_parameter_source("approvals") is ParameterSource.COMMANDLINE:
            raise UsageError("--approvals and --no-approvals exclude each other", next_step="Give one of them.")
        return None
    own = default_approvals_path()
    return path or (own if os.path.exists(own) else None)


def _trust(path: Path | None, none_wanted: bool) -> Trust:
    if none_wanted:
        # A flag outranks the environment, so only two flags can contradict each other.
        source = click.get_current_context().get_parameter_source("trust")
        if source is ParameterSource.COMMANDLINE:
            raise UsageError("--trust and --no-trust exclude each other", next_step="Give one of them.")
        return Trust()
    return load_trust(path) if path else kept_trust()


def _confidentiality(text: str) -> str:
    line = text.strip()
    if len(line) > _CONFIDENTIALITY_LIMIT or line != shown(line):
        raise UsageError(
            f"the confidentiality line must be one line of at most {_CONFIDENTIALITY_LIMIT} characters",
            where="--confidentiality",
            next_step="Shorten it.",
        )
    return line


def _telling_options(chosen: ScanChoices) -> tuple[tuple[str, str], ...]:
    told = [("fail-on", chosen["fail_on"])] if chosen["fail_on"] != "review" else []
    told += [("allow-incomplete", "yes")] if chosen["allow_incomplete"] else []
    told += [("thorough", "yes")] if chosen["thorough"] else []
    told += [("marks", path.name) for path in chosen["marks"]]
    return (*told, *([(OPTION, INCLUDED)] if chosen["include_prompts"] else []))


def _wants_color(no_color: bool) -> bool:
    return sys.stdout.isatty() and not no_color and not os.environ.get("NO_COLOR")


def _deliver(scan: Scan, destination: Destination, *, quiet: bool, color: bool) -> None:
    """Write the reports, then the summary; should writing fail, the summary still comes."""
    if destination.folder is None:
        # As bytes: text would be encoded as the terminal's locale has it.
        click.echo(report_bytes(render(scan, destination.formats[0])), nl=False)
        _summarise(scan, "", quiet=quiet, color=False, to_stderr=True)
        return
    try:
        written = [write_report(destination.folder, FORMATS[name].file_name, render(scan, name)) for name in destination.formats]
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
