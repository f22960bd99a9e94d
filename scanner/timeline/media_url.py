"""Where a cut says its media lies, as a path for people and for comparing names. Nothing is opened by it."""

from __future__ import annotations

import re
from urllib.parse import unquote

_FILE_URL = re.compile(r"file://(localhost(?=/)|[^/]*)(.*)", re.IGNORECASE | re.DOTALL)
_DRIVE = re.compile(r"/[A-Za-z]:/")


def media_path(written: str) -> str:
    """The path in a file URL: of this machine, of a Windows drive, or of a server (``//server/share/name``); else as written."""
    found = _FILE_URL.fullmatch(written.strip())
    if not found:
        return written.strip()
    server, path = unquote(found[1]), unquote(found[2])
    if server and server != "localhost":
        return f"//{server}{path}"
    return path[1:] if _DRIVE.match(path) else path
