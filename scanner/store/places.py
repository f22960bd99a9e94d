"""Where the scanner keeps what is the user's: never inside a scanned tree."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_FOLDER = "media-provenance-scanner"


def user_folder() -> str:
    """The user's data folder for this program: ``$XDG_DATA_HOME`` or ``~/.local/share``; macOS ``~/Library/Application Support``.

    As the XDG Base Directory Specification asks, a relative ``$XDG_DATA_HOME`` is ignored.
    """
    named = os.environ.get("XDG_DATA_HOME", "")
    if os.path.isabs(named):
        return str(Path(named) / _FOLDER)
    home = Path.home()
    base = home / "Library" / "Application Support" if sys.platform == "darwin" else home / ".local" / "share"
    return str(base / _FOLDER)


def configuration_path() -> str:
    """The user's own configuration file: below ``$XDG_CONFIG_HOME`` or ``~/.config``; on macOS beside the data."""
    named = os.environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(named) and sys.platform == "darwin":
        return str(Path(user_folder()) / "scanner.toml")
    base = Path(named) if os.path.isabs(named) else Path.home() / ".config"
    return str(base / _FOLDER / "scanner.toml")


def default_library_path() -> str:
    """The reference library that is used where none is named."""
    return str(Path(user_folder()) / "library.sqlite")


def default_approvals_path() -> str:
    """The approval log that is used where none is named."""
    return str(Path(user_folder()) / "approvals.sqlite")


def reports_fallback_folder() -> str:
    """Where reports go when the default place would lie inside the scanned tree."""
    return str(Path(user_folder()) / "reports")


def trust_folder() -> str:
    """Where the copies of imported trust lists are kept."""
    return str(Path(user_folder()) / "trust")
