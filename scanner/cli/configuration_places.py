"""Where the configuration file is looked for. Never inside what is scanned: a delivery must not configure its own gate."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.cli.configuration import FILE_NAME, Configuration, read_configuration
from scanner.model.errors import UsageError
from scanner.model.text import shown
from scanner.report.writing import root_holding
from scanner.store.places import configuration_path

ENVIRONMENT = "SCANNER_CONFIG"
NONE_WANTED = "SCANNER_NO_CONFIG"
_YES = ("1", "true", "t", "yes", "y", "on")
"""As click reads a switch."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The configuration in force for one command, and what is to be told about it."""

    configuration: Configuration | None = None
    source: str = ""
    """What led to the file: ``--config``, ``SCANNER_CONFIG``, ``the working folder``, ``your own``; empty without a file."""
    notes: tuple[str, ...] = ()
    """Sentences: a file that was found and not used."""


def choose_configuration(flag: str | None, none_wanted: bool, roots: Sequence[str]) -> Chosen:
    """Find the file in force and read it.

    The first wins of ``--config``, ``SCANNER_CONFIG``, ``scanner.toml`` in the working folder, and the user's own.

    Args:
        flag: value of ``--config``, which outranks all others.
        none_wanted: ``--no-config`` was given.
        roots: real paths of what is scanned.

    Raises:
        UsageError: the file that is named lies inside a root or cannot be read, or a file in force has a mistake.
    """
    environment = os.environ.get(ENVIRONMENT)
    refused = os.environ.get(NONE_WANTED, "").strip().lower() in _YES
    if (none_wanted and flag) or (environment and refused and not flag and not none_wanted):
        raise UsageError(
            "--config and --no-config exclude each other",
            where="" if flag else f"{ENVIRONMENT} and {NONE_WANTED}",
            next_step="Give one of them.",
        )
    if none_wanted or (refused and not flag):
        return Chosen()
    if named := flag or environment:
        return _named(named, "--config" if flag else ENVIRONMENT, roots)
    return _found(roots)


def _named(path: str, source: str, roots: Sequence[str]) -> Chosen:
    if inside := root_holding(path, roots):
        raise UsageError(
            f"a configuration file must not lie in the scanned folder {shown(inside)}",
            where=f"{source} {shown(path)}",
            next_step="A delivery does not configure its own gate; keep the file elsewhere.",
        )
    return Chosen(read_configuration(path, named=True), source)


def _found(roots: Sequence[str]) -> Chosen:
    notes: list[str] = []
    for path, source in ((FILE_NAME, "the working folder"), (configuration_path(), "your own")):
        if not os.path.isfile(path):
            continue
        if inside := root_holding(path, roots):
            notes.append(
                f"{shown(os.path.abspath(path))} was not used: it lies in the scanned folder {shown(inside)}, "
                "and a delivery does not configure its own gate"
            )
            continue
        own = source == "your own"
        return Chosen(read_configuration(path, named=own), source, tuple(notes))
    return Chosen(notes=tuple(notes))
