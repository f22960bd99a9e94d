"""Who runs the scanner, as the operating system knows it."""

from __future__ import annotations

import os
import pwd


def current_user() -> tuple[str, str]:
    """Return the login name and the full name of the user this process belongs to; the full name may be empty.

    Asked of the system's own user table: ``USER`` and ``LOGNAME`` are whatever somebody set them to.
    """
    number = os.getuid()
    try:
        entry = pwd.getpwuid(number)
    except KeyError:
        # A container's user often has no name.
        return f"uid {number}", ""
    return entry.pw_name, entry.pw_gecos.partition(",")[0].strip()
