"""``scanner doctor``: what is installed, what is missing, and what each lack loses."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from scanner.cli.configuration_places import Chosen
from scanner.cli.configured import ConfiguredCommand, chosen_configuration
from scanner.cli.option_types import Program
from scanner.cli.scan_options import options_of_a_scan
from scanner.engine.session import now, run_locally
from scanner.interpret.catalogue import MarkCatalogue
from scanner.model.errors import ScannerError, ToolError
from scanner.model.text import shown
from scanner.model.trust_lists import OUTDATED_AFTER_DAYS, ListKind, is_outdated
from scanner.model.version import VERSION
from scanner.pipeline.settings import ScanSettings, WorkerSettings, usable_processors
from scanner.read.exiftool_installation import LOST_WITHOUT, NAMES_2025_FIELDS, inspect_exiftool
from scanner.read.safe_exiftool import parse_version
from scanner.store.library import open_library
from scanner.store.places import (
    configuration_path,
    default_approvals_path,
    default_library_path,
    is_address,
    shown_place,
    trust_folder,
)
from scanner.store.trust_lists import TrustLists
from scanner.tools.confine import offered
from scanner.tools.process import limits_enforced
from scanner.tools.versions import package_versions

OK, NOTE, FAILED = "ok", "note", "failed"
"""States of a check: as it should be; works, and something is lost; a scan cannot work."""

_PROBE_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the answer."""

    name: str
    text: str
    state: str = OK


@click.command(name="doctor", short_help="Say what is installed, missing and in force.")
@click.option("--exiftool", type=Program(), metavar="PROGRAM", help="ExifTool to look at. [the one that a scan would use]")
@click.option("--format", "layout", type=click.Choice(("text", "json")), default="text", help="How to say it. [text]")
def doctor_command(exiftool: str | None, layout: str) -> int:
    """Say which versions and settings are in force, what is missing, and what each lack loses.

    Ends with 1 where scanning cannot work.
    """
    checks: list[Check] = []
    for check in _checks(exiftool):
        checks.append(check)
        if layout == "text":
            said_before = len(checks) > 1 and checks[-2].name == check.name
            click.echo(f"{'' if said_before else check.name:<14} {check.text}")
    works = all(check.state != FAILED for check in checks)
    if layout == "json":
        click.echo(json.dumps({"works": works, "checks": [asdict(check) for check in checks]}, indent=2))
    return 0 if works else 1


def _checks(exiftool: str | None) -> Iterator[Check]:
    yield Check("scanner", VERSION)
    yield from (Check(name, version) for name, version in package_versions())
    catalogue = MarkCatalogue.load()
    yield Check("marks", f"{len(catalogue.cards())} rows, {catalogue.sha256[:12]}")
    try:
        context = ConfiguredCommand("scan", params=[*options_of_a_scan()]).make_context("scan", [])
    except (ScannerError, click.ClickException) as error:
        said = error.format_message() if isinstance(error, click.ClickException) else str(error)
        yield Check("configuration", f"WRONG: {said}", FAILED)
        settings: dict[str, Any] = {}
    else:
        settings = context.params
        yield from _configuration(chosen_configuration(context))
    yield from _tools(exiftool or settings.get("exiftool") or "exiftool")
    yield Check("policy", shown(str(settings.get("policy") or "default")))
    yield from _trust(settings)
    yield _library(settings)
    yield _approvals(settings)
    yield from _system()


def _configuration(found: Chosen) -> Iterator[Check]:
    if found.configuration:
        yield Check("configuration", f"{shown(found.configuration.path)} ({found.source}), checked")
    else:
        yield Check("configuration", f"none (./scanner.toml or {shown(configuration_path())} would be used)")


def _tools(executable: str) -> Iterator[Check]:
    try:
        found = inspect_exiftool(executable)
    except ToolError as error:
        yield Check("exiftool", f"MISSING: {error}", FAILED)
        return
    yield Check("exiftool", f"{found.version} (Perl {found.perl})")
    if parse_version(found.version) < NAMES_2025_FIELDS:
        yield Check("exiftool", "older than 13.40: newer tags come under the names that the files use", NOTE)
    for module in found.missing:
        yield Check("exiftool", f"without Perl module {module}: {LOST_WITHOUT[module]}", NOTE)
    yield _trial(executable)


def _trial(exiftool: str) -> Check:
    """Scan one tiny picture through real workers: the shortest proof that everything starts."""
    with tempfile.TemporaryDirectory(prefix="scanner-doctor-") as folder:
        with open(os.path.join(folder, "trial.png"), "wb") as stream:
            stream.write(_PROBE_PNG)
        try:
            scan = run_locally(ScanSettings((folder,), worker=WorkerSettings(exiftool=exiftool), workers=1), lambda *_: None)
        except ScannerError as error:
            return Check("trial", f"FAILED: {error}", FAILED)
    lost = [reading.reason or reading.reader for asset in scan.assets for reading in asset.readings if reading.state == "failed"]
    return Check("trial", f"FAILED: {lost[0]}", FAILED) if lost else Check("trial", "a picture was read by every reader")


def _trust(settings: dict[str, Any]) -> Iterator[Check]:
    if settings.get("no_trust") or settings.get("trust"):
        named = settings.get("trust")
        yield Check("trust lists", f"those of {shown(str(named))}" if named else "switched off: signers are not checked", NOTE)
        return
    try:
        lists = TrustLists(Path(trust_folder())).all()
    except ScannerError as error:
        yield Check("trust lists", f"FAILED: {error}", FAILED)
        return
    if not any(one.kind is ListKind.ANCHORS for one in lists):
        yield Check("trust lists", "none kept: signers are not checked (`scanner trust import FILE` adds one)", NOTE)
    for one in lists:
        old = one.kind is not ListKind.EKUS and is_outdated(one.date, now())
        more = f": OLDER than {OUTDATED_AFTER_DAYS} days, signers listed since are not known" if old else ""
        yield Check("trust lists", f"{one.name} of {one.shown_date}, {one.kind}{more}", NOTE if old else OK)


def _approvals(settings: dict[str, Any]) -> Check:
    named = settings.get("approvals")
    log = named or default_approvals_path()
    if settings.get("no_approvals"):
        return Check("approvals", "switched off: nothing is taken as approved", NOTE)
    if os.path.exists(log):
        return Check("approvals", shown(log))
    if named:
        return Check("approvals", f"MISSING: {shown(log)}", FAILED)
    return Check("approvals", f"{shown(log)} (none yet: scanner approve makes it)", NOTE)


def _library(settings: dict[str, Any]) -> Check:
    named = settings.get("library")
    library = named or default_library_path()
    if settings.get("no_library"):
        return Check("library", "switched off: pictures are compared within a delivery only", NOTE)
    if is_address(library):
        return _library_on_server(library)
    if os.path.exists(library):
        return Check("library", shown(library))
    if named and not settings.get("learn"):
        return Check("library", f"MISSING: {shown(library)}", FAILED)
    return Check("library", f"{shown(library)} (none yet: scanner library add makes it)", NOTE)


def _library_on_server(address: str) -> Check:
    try:
        open_library(address, create=False).close()
    except ScannerError as error:
        return Check("library", f"FAILED: {error}", FAILED)
    return Check("library", shown_place(address))


def _system() -> Iterator[Check]:
    yield Check("processors", str(usable_processors()))
    if limits_enforced() and sys.platform == "linux":
        yield Check("limits", "memory limits of ExifTool and workers are enforced")
    else:
        yield Check("limits", "memory limits are NOT enforced: a hostile file can take all memory", NOTE)
    if offered():
        yield Check("landlock", "workers cannot write or connect")
    else:
        yield Check("landlock", "not offered by this kernel: workers are not confined", NOTE)
