"""Where the reports of a scan go. Never into the scanned tree: a file added to a sealed delivery breaks it."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.model.errors import ReportError, UsageError
from scanner.model.objects import is_address
from scanner.model.text import shown
from scanner.report.writing import root_holding
from scanner.store.places import reports_fallback_folder

__all__ = ["Destination", "choose_destination", "root_holding"]

_UNSAFE = re.compile(r"[^\w.-]+")
_NAME_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Destination:
    """A folder and the formats to write into it; no folder means standard output."""

    folder: str | None
    formats: tuple[str, ...]


def choose_destination(paths: Sequence[str], output: str | None, formats: Sequence[str], time: str) -> Destination:
    """Decide where reports go, and make sure before the scan that they can be written there.

    Raises:
        UsageError: the folder lies in the scanned tree, or standard output is asked for several formats.
        ReportError: the folder cannot be made or written to.
    """
    wanted = tuple(dict.fromkeys(formats))
    if output == "-":
        if len(wanted) != 1:
            raise UsageError("standard output takes one format", where="--output -", next_step="Name it with --format.")
        return Destination(None, wanted)
    roots = [os.path.realpath(path) for path in paths]
    if output is not None and is_address(output):
        raise UsageError("reports are written to disk, not to a bucket", where=shown(output), next_step="Name a folder.")
    if output is not None:
        if inside := root_holding(output, roots):
            raise UsageError(
                f"reports must not be written into the scanned folder {shown(inside)}",
                where=output,
                next_step="Choose a folder outside it.",
            )
        return Destination(_prepared(output), wanted)
    return Destination(_prepared(_default_folder(roots, time)), wanted)


def _default_folder(roots: Sequence[str], time: str) -> str:
    name = _UNSAFE.sub("_", shown(os.path.basename(roots[0])) or "scan")[:_NAME_LIMIT]
    leaf = f"{name}-{re.sub('[^0-9TZ]', '', time)}"
    base = "reports"
    if root_holding(os.path.join(base, leaf), roots):
        base = reports_fallback_folder()
        if root_holding(base, roots):
            raise UsageError(
                "the scanned tree holds every default place for reports",
                where=base,
                next_step="Name a folder outside it with --output.",
            )
    return _unused(os.path.join(base, leaf))


def _unused(folder: str) -> str:
    """A second scan in one second gets a folder of its own; a fixed clock asks for the same one."""
    if os.environ.get("SOURCE_DATE_EPOCH") or not os.path.exists(folder):
        return folder
    return next(path for number in range(2, 10_000) if not os.path.exists(path := f"{folder}-{number}"))


def recorded_folders(roots: Sequence[str]) -> list[str]:
    """Return the real paths of roots that a report names; one that no system can have is left out."""
    return [os.path.realpath(root) for root in roots if "\0" not in root]


def _prepared(folder: str) -> str:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise ReportError(
            f"the folder for reports cannot be made: {error.strerror}", where=folder, next_step="Name another with --output."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ReportError("the folder for reports cannot be written to", where=folder, next_step="Name another with --output.")
    return folder
