"""Where the scanner keeps what is the user's: never inside a scanned tree. And how a place is named where others read it."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from scanner.model.text import shown

_FOLDER = "media-provenance-scanner"
_ADDRESS = re.compile(r"postgres(?:ql)?(?:\+\w+)?://", re.IGNORECASE)
_SERVER = re.compile(r"(?P<host>[\w.-]*|\[[\da-fA-F:]+\])(?P<port>:\d+)?(?P<database>/[\w.-]*)?(?:\?.*)?", re.DOTALL)


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


def cache_folder() -> str:
    """Where what can be made again is kept: below ``$XDG_CACHE_HOME`` or ``~/.cache``; macOS ``~/Library/Caches``."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(named):
        return str(Path(named) / _FOLDER)
    base = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
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


def default_store_path() -> str:
    """The store of readings that is used where none is named: what is in it can be read again, so it is a cache."""
    return str(Path(cache_folder()) / "readings.sqlite")


def reports_fallback_folder() -> str:
    """Where reports go when the default place would lie inside the scanned tree."""
    return str(Path(user_folder()) / "reports")


def trust_folder() -> str:
    """Where the copies of imported trust lists are kept."""
    return str(Path(user_folder()) / "trust")


def is_address(place: str) -> bool:
    """Whether a library's place is the address of a PostgreSQL database, and no path of a file."""
    return _ADDRESS.match(place) is not None


def shown_place(place: str) -> str:
    """Return a library's place for people: a path as it is, of an address server and database only.

    Nothing that stands before the last ``@``, nor what follows a ``?``, comes along: neither user nor password. Where an ``@`` in
    an odd place makes it unsure which is which, nothing at all is told.
    """
    if not is_address(place):
        return shown(place)
    before, _, after = place.partition("://")[2].rpartition("@")
    server = _SERVER.fullmatch(after)
    if server is None or re.search(r"[/?#]", before):
        return "postgresql://…"
    return shown(f"postgresql://{server['host']}{server['port'] or ''}{server['database'] or ''}")


def library_name(place: str) -> str:
    """Return what a report calls the library: a file's name, or server and database."""
    return shown_place(place) if is_address(place) else place.rpartition("/")[2]
