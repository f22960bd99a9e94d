"""Whether a generator that a mark names is one of a policy's approved tools. Names only: no versions, plans or contracts."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+")


def is_approved(generator: str, approved: Sequence[str]) -> bool:
    """Whether `generator` is one of the names in `approved`, or one of them with more words behind it."""
    words = _words(generator)
    return any(words[: len(name)] == name for name in map(_words, approved) if name)


def _words(name: str) -> list[str]:
    return _WORD.findall(name.casefold())
