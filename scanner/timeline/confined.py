"""Paths that a package or history names: below its own folder, or refused."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote

_LEADING_OUT_OF_URLS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|.*[\\\x00-\x1f\x7f]", re.DOTALL)
"""A scheme or drive letter, a backslash, a control character; in plain paths these are characters of a name."""


def confined_path(written: str, *, is_url: bool = False) -> str | None:
    """The POSIX path below its folder that `written` names; None where it leads out of it, or cannot be a path.

    In a URL percent signs stand for characters, and are resolved before anything is asked.
    """
    path = (unquote(written) if is_url else written).strip()
    if not path or "\0" in path or path.startswith("/") or (is_url and _LEADING_OUT_OF_URLS.match(path)):
        return None
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return "/".join(parts) if parts and ".." not in parts else None


def confined_file(folder: str, path: str) -> str | None:
    """The file `path` below `folder`; None where a symlink leads out of it."""
    home = os.path.realpath(folder)
    found = os.path.realpath(os.path.join(home, path))
    return found if os.path.commonpath([home, found]) == home else None
