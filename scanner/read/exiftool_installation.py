"""Which ExifTool is installed, and what it cannot read for want of a Perl module."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scanner.model.errors import ToolError
from scanner.read.safe_exiftool import OLDEST_VERSION, exiftool_environment, missing_exiftool, parse_version
from scanner.tools.process import ChildFailedError, run_once

LOST_WITHOUT = {
    "Compress::Zlib": "PDF streams and compressed headers stay unread; compressed PNG text is read by the scanner itself",
    "IO::Uncompress::Brotli": "Brotli-compressed metadata in JPEG XL stays unread",
    "Archive::Zip": "metadata inside ZIP-based documents stays unread",
    "Digest::MD5": "JPEG extended XMP cannot be checked against its digest",
}
"""Perl module → what is lost without it."""

NAMES_2025_FIELDS = (13, 40)
"""ExifTool that names the AI fields of IPTC 2025.1; older ones hand them on under their XMP names."""

_LIBRARY_LINE = re.compile(r"^\s+([A-Z]\w+(?:::\w+)+)\s+(\S.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ExifToolInstallation:
    """One installed ExifTool."""

    executable: str
    version: str
    perl: str
    missing: tuple[str, ...]
    """Perl modules that it lacks, of those whose lack loses something here."""


def inspect_exiftool(executable: str) -> ExifToolInstallation:
    """Ask ExifTool for its version and its optional libraries.

    Raises:
        ToolError: it is missing, does not answer, or is too old to be safe.
    """
    try:
        code, text = run_once([executable, "-config", "", "-v", "-ver"], environment=exiftool_environment())
    except FileNotFoundError as error:
        raise missing_exiftool(executable) from error
    except (OSError, ChildFailedError) as error:
        raise ToolError(f"ExifTool does not start: {error}", where=executable) from error
    version = _after(text, "ExifTool version ")
    if code or parse_version(version) == (0, 0):
        raise ToolError("this program does not answer as ExifTool does", where=executable)
    if parse_version(version) < OLDEST_VERSION:
        raise ToolError(
            f"ExifTool {version} is too old to be safe with foreign file names",
            where=executable,
            next_step="Install 12.38 or newer.",
        )
    return ExifToolInstallation(executable, version, _after(text, "Perl version "), _missing(text))


def _missing(text: str) -> tuple[str, ...]:
    present = dict(_LIBRARY_LINE.findall(text))
    # Versions before 12.60 list only what is installed, later ones say "(not installed)".
    return tuple(name for name in LOST_WITHOUT if "not" in present.get(name, "not"))


def _after(text: str, prefix: str) -> str:
    line = next((line for line in text.splitlines() if line.startswith(prefix)), "")
    return line.removeprefix(prefix).split(" ")[0]
