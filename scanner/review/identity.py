"""Who records: the operating system's user, or whom a proxy in front names."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

NAME_LIMIT = 200
_STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Identity:
    """Says who makes a request."""

    user: str
    """Of the operating system."""
    header: str = ""
    """Name of the header, in lower case, in which a trusted proxy says who asks; empty without one."""

    def recorder(self, header_of: Callable[[str], str]) -> str:
        """Return who is recorded for a request with these headers; empty where a proxy should say and does not."""
        if not self.header:
            return self.user
        # Servers hand bytes on as Latin-1; proxies write UTF-8.
        try:
            named = header_of(self.header).encode("latin-1").decode("utf-8").strip()
        except UnicodeError:
            return ""
        is_odd = len(named) > NAME_LIMIT or any(unicodedata.category(char) in _STEERING for char in named)
        return "" if is_odd else named

    def is_missing(self, header_of: Callable[[str], str]) -> bool:
        """Whether nobody can be named."""
        return not self.recorder(header_of)
