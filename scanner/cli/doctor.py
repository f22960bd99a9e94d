"""``scanner doctor``: what is installed, what is missing, and what each lack loses."""

from __future__ import annotations

import os
import sys
import tempfile

import click

from scanner.engine.session import run_locally
from scanner.interpret.catalogue import MarkCatalogue
from scanner.model.errors import ScannerError, ToolError
from scanner.model.version import VERSION
from scanner.pipeline.settings import ScanSettings, WorkerSettings, usable_processors
from scanner.read.exiftool_installation import LOST_WITHOUT, NAMES_2025_FIELDS, inspect_exiftool
from scanner.read.safe_exiftool import parse_version
from scanner.store.places import default_approvals_path, default_library_path
from scanner.tools.confine import offered
from scanner.tools.process import limits_enforced
from scanner.tools.versions import package_versions

_PROBE_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


@click.command(name="doctor")
@click.option("--exiftool", default="exiftool", envvar="SCANNER_EXIFTOOL", metavar="PROGRAM", help="ExifTool to look at.")
def doctor_command(exiftool: str) -> int:
    """Say which versions are in use, what is missing, and what each lack loses. Exit 1 where scanning cannot work."""
    _line("scanner", VERSION)
    for name, version in package_versions():
        _line(name, version)
    _line("marks", f"{len(MarkCatalogue.load().cards())} rows, {MarkCatalogue.load().sha256[:12]}")
    works = _exiftool_lines(exiftool) and _trial(exiftool)
    _system_lines()
    return 0 if works else 1


def _exiftool_lines(executable: str) -> bool:
    try:
        found = inspect_exiftool(executable)
    except ToolError as error:
        _line("exiftool", f"MISSING: {error}")
        return False
    _line("exiftool", f"{found.version} (Perl {found.perl})")
    if parse_version(found.version) < NAMES_2025_FIELDS:
        _line("", "older than 13.40: newer tags come under the names that the files use")
    for module in found.missing:
        _line("", f"without Perl module {module}: {LOST_WITHOUT[module]}")
    return True


def _trial(exiftool: str) -> bool:
    """Scan one tiny picture through real workers: the shortest proof that everything starts."""
    with tempfile.TemporaryDirectory(prefix="scanner-doctor-") as folder:
        with open(os.path.join(folder, "trial.png"), "wb") as stream:
            stream.write(_PROBE_PNG)
        try:
            scan = run_locally(ScanSettings((folder,), worker=WorkerSettings(exiftool=exiftool), workers=1), lambda *_: None)
        except ScannerError as error:
            _line("trial", f"FAILED: {error}")
            return False
    lost = [reading.reason or reading.reader for asset in scan.assets for reading in asset.readings if reading.state == "failed"]
    _line("trial", f"FAILED: {lost[0]}" if lost else "a picture was read by every reader")
    return not lost


def _system_lines() -> None:
    _line("processors", str(usable_processors()))
    memory = "enforced" if limits_enforced() and sys.platform == "linux" else "NOT enforced: a hostile file can take all memory"
    _line("limits", f"memory limits of ExifTool and workers are {memory}")
    writing = "workers cannot write or connect" if offered() else "not offered by this kernel: workers are not confined"
    _line("landlock", writing)
    library = default_library_path()
    _line("library", f"{library}{'' if os.path.exists(library) else ' (none yet: scanner library add makes it)'}")
    approvals = default_approvals_path()
    _line("approvals", f"{approvals}{'' if os.path.exists(approvals) else ' (none yet: scanner approve makes it)'}")


def _line(name: str, text: str) -> None:
    click.echo(f"{name:<14} {text}")
