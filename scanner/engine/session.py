"""A scan on this machine, for Python callers: ``scanner.scan("/Volumes/DELIVERY")``."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from scanner.crawl.zones import parse_zone_option
from scanner.engine.local import LocalEngine
from scanner.model.errors import UsageError
from scanner.model.scan import Scan
from scanner.pipeline.plan import Progress
from scanner.pipeline.scan import run_scan
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.read.trust import Trust, load_trust


def scan(
    *paths: str | os.PathLike[str],
    zones: Iterable[str] = (),
    library: str | os.PathLike[str] | None = None,
    approvals: str | os.PathLike[str] | None = None,
    trust: str | os.PathLike[str] | None = None,
    marks: Iterable[str | os.PathLike[str]] = (),
    policy: str | os.PathLike[str] | None = None,
    fingerprints: bool = True,
    workers: int = 0,
) -> Scan:
    """Scan one or more folders or files as one delivery and return what was found.

    Args:
        paths: roots; they must not overlap.
        zones: as the option ``--zone`` takes them, ``"final"`` or ``"GFX/**=graphics"``.
        library: reference library to compare pictures with.
        approvals: log of written approvals to judge by; without it nothing is taken as approved.
        trust: trust file for content credentials; without it signers are looked up in no list, kept ones included.
        marks: mark files (TOML) of your own, beside the packaged ones.
        policy: a shipped policy's name, or a policy file; a text is a path where it holds a separator or ends in ``.toml``.
        fingerprints: compare pictures.
        workers: worker processes; 0 means one a processor.

    Raises:
        ScannerError: wrong arguments, no ExifTool, nothing to scan. Files that cannot be read never raise.
    """
    settings = ScanSettings(
        paths=tuple(os.fspath(path) for path in paths),
        zones=tuple(parse_zone_option(text) for text in zones),
        library=os.fspath(library) if library is not None else None,
        policy=policy if policy is None or isinstance(policy, str) else Path(policy),
        approvals=os.fspath(approvals) if approvals is not None else None,
        fingerprints=fingerprints,
        workers=workers,
        worker=WorkerSettings(
            trust=load_trust(Path(trust)) if trust is not None else Trust(),
            extra_marks=tuple(os.path.abspath(path) for path in marks),
        ),
    )
    return run_locally(settings, _silent)


def run_locally(settings: ScanSettings, progress: Progress) -> Scan:
    """Run a scan on worker processes of this machine and stop them, whatever happens."""
    if not settings.paths:
        raise UsageError("no folder or file was named", next_step="Name at least one.")
    with closing(LocalEngine(settings.worker, settings.worker_count)) as engine:
        return run_scan(settings, engine, clock=now, progress=progress)


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
