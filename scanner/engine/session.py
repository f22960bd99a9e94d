"""A scan on this machine, for Python callers: ``scanner.scan("/Volumes/DELIVERY")``."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from scanner.crawl.zones import parse_zone_option
from scanner.engine.choosing import EngineChoice, choose_engine, open_engine
from scanner.engine.local import LocalEngine
from scanner.judge.decide import concerns_of
from scanner.judge.decide import exit_code as decided_code
from scanner.model.errors import UsageError
from scanner.model.objects import is_address
from scanner.model.protocols import Engine
from scanner.model.scan import Scan
from scanner.model.text import shown
from scanner.pipeline.fetching import FetchingEngine
from scanner.pipeline.plan import Progress
from scanner.pipeline.scan import run_scan
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.pipeline.shard_readings import MergedParts
from scanner.pipeline.trusting import kept_trust
from scanner.read.trust import Trust, load_trust
from scanner.report.formats import FORMATS, write_into
from scanner.report.ordered import share
from scanner.report.withholding import withhold
from scanner.report.writing import root_holding

_Listed = TypeVar("_Listed")


def scan(
    *paths: str | os.PathLike[str],
    zones: Iterable[str] = (),
    policy: str | os.PathLike[str] | None = None,
    library: str | os.PathLike[str] | None = None,
    collections: Iterable[str] = (),
    learn: bool = False,
    approvals: str | os.PathLike[str] | None = None,
    trust: str | os.PathLike[str] | None = None,
    kept_trust_lists: bool = False,
    marks: Iterable[str | os.PathLike[str]] = (),
    fingerprints: bool = True,
    watermarks: bool = False,
    thorough: bool = False,
    check_hashes: bool = False,
    verify_large: bool = False,
    confidentiality: str = "",
    workers: int = 0,
    engine: str = "local",
    map_paths: Iterable[str] = (),
    io_limit: int = 0,
    exiftool: str = "exiftool",
    progress: Progress | None = None,
) -> Scan:
    """Scan one or more folders or files as one delivery and return what was found.

    Nothing is taken from the environment, a configuration file or the user's own folder: what is not given is not used.

    Args:
        paths: roots, which must not overlap: folders, files, or addresses in buckets (``s3://``, ``gs://``, ``az://``).
        zones: as the option ``--zone`` takes them, ``"final"`` or ``"GFX/**=graphics"``.
        policy: a shipped policy's name, or a policy file; a text is a path where it holds a separator or ends in ``.toml``.
        library: reference library to compare pictures with: a path, or the address of a PostgreSQL database.
        collections: collections of the library to compare with; without any, the whole of it.
        learn: add the AI temporaries that are found to `library`.
        approvals: log of written approvals to judge by; without it nothing is taken as approved.
        trust: trust file for content credentials; without it signers are looked up in no list.
        kept_trust_lists: use the lists that ``scanner trust import`` keeps; not together with `trust`.
        marks: mark files (TOML) of your own, beside the packaged ones.
        fingerprints: compare pictures.
        watermarks: look for open watermarks in the pixels; slow.
        thorough: ask ExifTool also about files whose metadata the scanner can read by itself.
        check_hashes: compare files with the hashes that ASC MHL histories and packing lists in the delivery seal.
        verify_large: read large files whole too, to hash them and to check their credentials; of buckets, fetch them whole.
        confidentiality: a line that every report shows at its top.
        workers: worker processes; 0 means one a processor.
        engine: where the work runs, as the option ``--engine`` names it.
        map_paths: ``HERE=THERE`` for each folder that the workers' hosts name differently.
        io_limit: files worked on at once, at most; 0 for as many as there are workers.
        exiftool: the program, by name or path.
        progress: called with (phase, done, total) while the scan runs; total is 0 where it is not known.

    Raises:
        ScannerError: wrong arguments, no ExifTool, nothing to scan. Files that cannot be read never raise.
    """
    settings = ScanSettings(
        paths=tuple(os.fspath(path) for path in paths),
        zones=tuple(parse_zone_option(text, "zones") for text in _listed("zones", zones)),
        library=os.fspath(library) if library is not None else None,
        approvals=os.fspath(approvals) if approvals is not None else None,
        collections=tuple(_listed("collections", collections)),
        learn=learn,
        confidentiality=shown(confidentiality),
        fingerprints=fingerprints,
        check_hashes=check_hashes,
        verify_large=verify_large,
        workers=workers,
        policy=policy if policy is None or isinstance(policy, str) else Path(policy),
        worker=WorkerSettings(
            exiftool=exiftool,
            trust=_trust(trust, kept=kept_trust_lists),
            extra_marks=tuple(os.path.abspath(path) for path in _listed("marks", marks)),
            watermarks=watermarks,
            thorough=thorough,
        ),
    )
    return run_on(choose_engine(engine, tuple(_listed("map_paths", map_paths)), io_limit), settings, progress or _silent)


def write_reports(
    scan: Scan, folder: str | os.PathLike[str], formats: Iterable[str] = ("json", "html"), *, include_prompts: bool = False
) -> tuple[str, ...]:
    """Write reports of a scan into a folder, which is made where it is missing, and return their paths.

    Args:
        scan: what was scanned.
        folder: where to; not inside a scanned root.
        formats: as the option ``--format`` names them.
        include_prompts: tell prompts and names of persons, which reports otherwise withhold.

    Raises:
        UsageError: the folder lies in a scanned root, or a format is none.
        ReportError: the folder cannot be written.
    """
    wanted = tuple(dict.fromkeys(_listed("formats", formats)))
    for name in wanted:
        if name not in FORMATS:
            raise UsageError(f"there is no report format {name!r}", next_step=f"Formats are {', '.join(FORMATS)}.")
    place = os.fspath(folder)
    if inside := root_holding(place, [os.path.realpath(root) for root in scan.roots]):
        raise UsageError(
            f"reports must not be written into the scanned folder {shown(inside)}",
            where=shown(place),
            next_step="Choose a folder outside it.",
        )
    told = scan if include_prompts else withhold(scan)
    return tuple(write_into(place, told, name) for name in wanted)


def exit_code(scan: Scan, fail_on: str = "review", allow_incomplete: bool = False) -> int:
    """Return the exit code that ``scanner scan`` would end with: 0, 4, 10 or 11.

    Args:
        scan: what was scanned.
        fail_on: the least concern that still fails: ``review``, ``blocked`` or ``never``.
        allow_incomplete: let an incomplete scan pass for what it did see.

    Raises:
        UsageError: `fail_on` is none of its values.
    """
    beneath = concerns_of([*scan.findings, *(finding for asset in scan.assets for finding in asset.findings)])
    return decided_code(scan.verdict, fail_on, allow_incomplete, beneath)


def _trust(path: str | os.PathLike[str] | None, *, kept: bool) -> Trust:
    if path is not None and kept:
        raise UsageError("trust and kept_trust_lists exclude each other", next_step="Give one of them.")
    if path is not None:
        return load_trust(Path(path))
    return kept_trust() if kept else Trust()


def _listed(name: str, values: Iterable[_Listed]) -> tuple[_Listed, ...]:
    # A text is an iterable of letters, and nobody means these.
    if isinstance(values, str):
        raise UsageError(f"{name} takes a list", next_step=f"Write [{values!r}].")
    return tuple(values)


def run_locally(settings: ScanSettings, progress: Progress) -> Scan:
    """Run a scan on worker processes of this machine and stop them, whatever happens."""
    return run_on(EngineChoice(), settings, progress)


def run_on(choice: EngineChoice, settings: ScanSettings, progress: Progress, parts: MergedParts | None = None) -> Scan:
    """Run a scan where `choice` says and let go of the workers, whatever happens; `parts` are what scans of its parts read."""
    if not settings.paths:
        raise UsageError("no folder or file was named", next_step="Name at least one.")
    if choice.cluster is not None:
        progress("waiting for workers", 0, 0)
    settings = _with_large_verified(settings)
    fetches = any(map(is_address, (*settings.paths, *settings.cuts)))
    if fetches and choice.cluster is not None:
        raise UsageError(
            "what lies in buckets is fetched to this machine, where a cluster's workers do not find it",
            where="--engine",
            next_step="Scan it with --engine local, on as many machines as there are folders.",
        )
    with closing(open_engine(choice, settings)) as engine:
        if not fetches:
            scan = run_scan(settings, engine, clock=now, progress=progress, parts=parts)
            return _with(scan, notes=(*scan.notes, *engine.notes))
        with closing(FetchingEngine(engine, verify_large=settings.verify_large)) as fetching:
            scan = run_scan(settings, fetching, clock=now, progress=progress, parts=parts)
            return _with(scan, coverage=replace(scan.coverage, fetched_bytes=fetching.received_bytes))


def _with(scan: Scan, **more: Any) -> Scan:  # noqa: ANN401 - fields of a scan
    changed = replace(scan, **more)
    share(scan, changed, lambda words: words)
    return changed


def open_local(settings: ScanSettings, paths: Iterable[str]) -> Engine:
    """Open worker processes of this machine; where any of `paths` is an address in a bucket, with a driver that fetches."""
    settings = _with_large_verified(settings)
    local = LocalEngine(settings.worker, settings.worker_count)
    return FetchingEngine(local, verify_large=settings.verify_large) if any(map(is_address, paths)) else local


def _with_large_verified(settings: ScanSettings) -> ScanSettings:
    worker = replace(settings.worker, hash_below_bytes=sys.maxsize) if settings.verify_large else settings.worker
    return replace(settings, worker=worker)


def now() -> str:
    """Return the time as ISO 8601 in UTC; ``SOURCE_DATE_EPOCH`` fixes it.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is no number of seconds.
    """
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        seconds = int(fixed) if fixed else None
        moment = (
            datetime.datetime.now(datetime.UTC) if seconds is None else datetime.datetime.fromtimestamp(seconds, datetime.UTC)
        )
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError("SOURCE_DATE_EPOCH is no number of seconds", where=str(fixed)) from error
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _silent(_phase: str, _done: int, _total: int) -> None:
    return
