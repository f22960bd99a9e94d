"""``scanner scan``: read a delivery, judge it, write reports, answer with an exit code."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Unpack

import click
from click.core import ParameterSource

from scanner.cli.configuration_places import Chosen
from scanner.cli.configured import ConfiguredCommand, chosen_configuration
from scanner.cli.destination import Destination, choose_destination
from scanner.cli.main import INTERRUPTED
from scanner.cli.part_options import with_part
from scanner.cli.progress import Progress, failures_told, open_progress
from scanner.cli.scan_options import ScanChoices, scan_options
from scanner.cli.signing import open_key, write_signature
from scanner.crawl.zones import parse_zone_option
from scanner.engine.choosing import choose_engine
from scanner.engine.session import exit_code, now, run_on
from scanner.model.errors import ReportError, ScannerError, UsageError
from scanner.model.judging import ZoneGlob
from scanner.model.recorded import RecordedScan
from scanner.model.scan import Scan
from scanner.model.text import shown
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.pipeline.shard_readings import MergedParts
from scanner.pipeline.trusting import kept_trust
from scanner.read.trust import Trust, load_trust
from scanner.report.coverage_statement import STORE_OPTION
from scanner.report.formats import FORMATS, render, write_into
from scanner.report.json_reading import LIMIT_BYTES, load_bytes, load_report
from scanner.report.terminal import summary
from scanner.report.withholding import INCLUDED, OPTION, withhold
from scanner.report.worklist import ONLY_NEW
from scanner.report.writing import in_blocks, root_holding
from scanner.store.places import default_approvals_path, default_library_path, default_store_path
from scanner.tools.signing import SigningKey

_WIDEST = 120
_NO_STORE = "no readings are kept for the next scan: {}"
_RECALLED = "{:,} of {:,} files were read by an earlier scan and have not changed since; --paranoid compares their bytes, too"
_CONFIDENTIALITY_LIMIT = 200


@click.command(name="scan", cls=ConfiguredCommand, short_help="Scan folders or files as one delivery.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@scan_options
def scan_command(paths: tuple[str, ...], **chosen: Unpack[ScanChoices]) -> int:
    """Scan one or more folders or files, or s3://, gs:// and az:// addresses, as one delivery.

    Exit codes: 0 pass, 10 review, 11 blocked, 4 incomplete, 2 wrong usage, 3 nothing to scan, 1 the scanner failed,
    130 interrupted. `scanner explain exit-codes` says more.
    """
    progress = open_progress(chosen["progress"], quiet=chosen["quiet"])
    with failures_told(progress):
        return scan_and_report(paths, chosen, chosen_configuration(), progress)


def scan_and_report(
    paths: tuple[str, ...], chosen: ScanChoices, found: Chosen, progress: Progress, parts: MergedParts | None = None
) -> int:
    """Scan, or put `parts` together, write reports and return the exit code."""
    if chosen["only_new"] and chosen["baseline"] is None:
        raise UsageError(
            "there is nothing to compare with", where="--only-new", next_step="Name the earlier report with --baseline SCAN.json"
        )
    settings = with_part(_settings(paths, chosen, found), chosen, parts)
    engine = choose_engine(chosen["engine"], chosen["map_paths"], chosen["io_limit"] or 0)
    formats = chosen["formats"] or ("json", "html")
    key = _signing_key(chosen["sign"], chosen["output"], formats)
    destination = choose_destination(paths, chosen["output"], formats, now())
    progress.start(paths, found.configuration.path if found.configuration else None)
    with progress:
        scan = run_on(engine, settings, progress, parts)
    # Whoever reads progress as JSON from standard error is not to find prose there.
    quiet = chosen["quiet"] or (destination.folder is None and chosen["progress"] == "json")
    told = scan if chosen["include_prompts"] else withhold(scan)
    written = _deliver(told, destination, quiet=quiet, color=_wants_color(chosen["no_color"]))
    if key and destination.folder:
        report = os.path.join(destination.folder, FORMATS["json"].file_name)
        written = [*written, write_signature(key, report, load_bytes(report, LIMIT_BYTES), None, scan.roots)]
    code = INTERRUPTED if scan.interrupted else exit_code(scan, chosen["fail_on"], chosen["allow_incomplete"])
    progress.end(scan.verdict.value, code, written)
    return code


def _settings(paths: tuple[str, ...], chosen: ScanChoices, found: Chosen) -> ScanSettings:
    store, without = _store(chosen, paths)
    return ScanSettings(
        paths=paths,
        zones=(*_configured_zones(found), *_chosen_zones(chosen["zones"])),
        library=_library(chosen["library"], chosen["no_library"], chosen["learn"]),
        learn=chosen["learn"],
        collections=chosen["collections"],
        approvals=_approvals(chosen["approvals"], chosen["no_approvals"]),
        fingerprints=not chosen["no_fingerprints"],
        films=not chosen["no_films"],
        worker=WorkerSettings(
            exiftool=chosen["exiftool"],
            trust=_trust(chosen["trust"], chosen["no_trust"]),
            extra_marks=tuple(os.path.abspath(path) for path in chosen["marks"]),
            watermarks=chosen["watermarks"],
            thorough=chosen["thorough"],
        ),
        store=store,
        store_on_network=chosen["store_on_network"],
        paranoid=chosen["paranoid"],
        check_hashes=chosen["check_hashes"],
        verify_large=chosen["verify_large"],
        workers=chosen["workers"],
        policy=chosen["policy"],
        thumbnails=not (chosen["no_thumbnails"] or chosen["no_fingerprints"]),
        confidentiality=_confidentiality(chosen["confidentiality"]),
        options=_telling_options(chosen, found, store=store is not None),
        notes=(*found.notes, *without),
        cuts=chosen["cuts"],
        frames_per_second=chosen["rate"],
        baseline=_baseline(chosen["baseline"]),
        baseline_file=os.path.basename(chosen["baseline"] or ""),
    )


def _configured_zones(found: Chosen) -> tuple[ZoneGlob, ...]:
    return found.configuration.zones if found.configuration else ()


def _chosen_zones(texts: Sequence[str]) -> Iterator[ZoneGlob]:
    source = click.get_current_context().get_parameter_source("zones")
    origin = "SCANNER_ZONE" if source is ParameterSource.ENVIRONMENT else "--zone"
    return (parse_zone_option(text, origin) for text in texts)


def _baseline(path: str | None) -> RecordedScan | None:
    if path is None:
        return None
    recorded = load_report(path)
    if not recorded.seal_holds:
        raise UsageError(
            "was changed since it was written: its seal does not hold, and findings must not be hidden by it",
            where=shown(path),
            next_step="Name the report as the scan wrote it.",
        )
    return recorded


def _signing_key(path: str | None, output: str | None, formats: Sequence[str]) -> SigningKey | None:
    if path is None:
        return None
    if output == "-" or "json" not in formats:
        raise UsageError("only a scan.json on disk is signed", where="--sign", next_step="Add --format json, with a folder.")
    return open_key(path)


def _library(path: str | None, none_wanted: bool, learn: bool) -> str | None:
    if none_wanted:
        return None
    if path:
        return path
    own = default_library_path()
    return own if learn or os.path.exists(own) else None


def _store(chosen: ScanChoices, paths: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """The store that is named; else the user's own, if it can be used: a scan does without it, and a note of it says why."""
    if chosen["no_store"] or chosen["store"]:
        return (None if chosen["no_store"] else chosen["store"]), ()
    own = default_store_path()
    if root_holding(os.path.dirname(own), [os.path.realpath(path) for path in paths]):
        return None, (_NO_STORE.format("your cache folder lies in what is scanned"),)
    from scanner.store.readings_opening import open_readings  # SQLAlchemy: scans without a store need none of it

    try:
        open_readings(own, on_network=chosen["store_on_network"]).close()
    except ScannerError as error:
        return None, (_NO_STORE.format(f"{error.what} ({error.where}). {error.next_step}"),)
    return own, ()


def _approvals(path: str | None, none_wanted: bool) -> str | None:
    if none_wanted:
        return None
    own = default_approvals_path()
    return path or (own if os.path.exists(own) else None)


def _trust(path: Path | None, none_wanted: bool) -> Trust:
    if none_wanted:
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


def _telling_options(chosen: ScanChoices, found: Chosen, *, store: bool) -> tuple[tuple[str, str], ...]:
    told = [("fail-on", chosen["fail_on"])] if chosen["fail_on"] != "review" else []
    told += [ONLY_NEW] if chosen["only_new"] else []
    told += [("allow-incomplete", "yes")] if chosen["allow_incomplete"] else []
    told += [("thorough", "yes")] if chosen["thorough"] else []
    told += [(STORE_OPTION, "yes")] if store else []
    told += [("paranoid", "yes")] if store and chosen["paranoid"] else []
    told += [("check-hashes", "yes")] if chosen["check_hashes"] else []
    told += [("verify-large", "yes")] if chosen["verify_large"] else []
    told += [("collection", name) for name in chosen["collections"]]
    told += [("marks", path.name) for path in chosen["marks"]]
    told += [(OPTION, INCLUDED)] if chosen["include_prompts"] else []
    if found.configuration:
        told += [("config", shown(os.path.abspath(found.configuration.path))), ("config-sha256", found.configuration.sha256)]
    return tuple(told)


def _wants_color(no_color: bool) -> bool:
    return sys.stdout.isatty() and not no_color and not os.environ.get("NO_COLOR")


def _deliver(scan: Scan, destination: Destination, *, quiet: bool, color: bool) -> list[str]:
    """Write the reports, then the summary, and return the reports' paths; should writing fail, the summary still comes."""
    if destination.folder is None:
        # As bytes: text would be encoded as the terminal's locale has it.
        for block in in_blocks(render(scan, destination.formats[0])):
            click.echo(block, nl=False)
        _summarise(scan, "", quiet=quiet, color=False, to_stderr=True)
        return []
    try:
        written = [write_into(destination.folder, scan, name) for name in destination.formats]
    except ReportError:
        _summarise(scan, "", quiet=quiet, color=color, to_stderr=False)
        raise
    _summarise(scan, _page_among(written), quiet=quiet, color=color, to_stderr=False)
    return written


def _page_among(paths: Sequence[str]) -> str:
    return next((path for path in paths if path.endswith(".html")), paths[0])


def _summarise(scan: Scan, report: str, *, quiet: bool, color: bool, to_stderr: bool) -> None:
    if not quiet:
        if scan.recalled:
            click.echo(_RECALLED.format(scan.recalled, scan.coverage.files), err=to_stderr)
        width = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
        click.echo(summary(scan, report, width, color), nl=False, err=to_stderr, color=color)
