"""Whether a generator that a mark names is on a list of approved tools: by name only, for a mark knows no contract."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_TOKEN = re.compile(r"[^\W_]+")


def is_approved(generator: str, approved: Iterable[str]) -> bool:
    """Whether a generator is one of the approved names, or one of them with more words behind it.

    Case, punctuation and width do not count: ``Adobe Firefly`` approves ``ADOBE_FIREFLY 3``, ``DALL-E`` approves ``DALL·E 3``.
    Parts of words do: ``Wan`` does not approve ``Wanda``. Words in front do too, so that ``Photoshop`` does not approve
    ``Flux in Photoshop``. A generator without a name is on no list.
    """
    words = tokens(generator)
    return any(words[: len(name)] == name for name in map(tokens, approved) if name)


def tokens(name: str) -> tuple[str, ...]:
    """Return a name's words, folded: runs of letters and digits."""
    return tuple(_TOKEN.findall(unicodedata.normalize("NFKC", name).casefold()))
