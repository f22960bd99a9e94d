"""What the fields of an approval must be, however they come in: by the command line, CSV or TOML."""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction

from scanner.model.approvals import Category
from scanner.model.stretches import Stretch
from scanner.model.text import shown

TEXT_LIMIT = 2000
"""Characters of one text: a paragraph, not a letter."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SECONDS = re.compile(r"[0-9]{1,12}(?:/[1-9][0-9]{0,11}|\.[0-9]{1,9})?", re.ASCII)
_STEERING = {"Cc", "Cs", "Zl", "Zp"}


def text_field(name: str, value: str, *, required: bool = True) -> str:
    """Return the text without white space around it.

    Raises:
        ValueError: it is empty though required, too long, of several lines, or holds control characters or stray bytes.
    """
    value = value.strip()
    if not value and required:
        raise ValueError(f"{name} is empty")
    if len(value) > TEXT_LIMIT:
        raise ValueError(f"{name} is longer than {TEXT_LIMIT:,} characters")
    if any(unicodedata.category(char) in _STEERING for char in value):
        raise ValueError(f"{name} holds a line break, a control character or a stray byte: {shown(value, 60)}")
    return value


def day_field(name: str, value: str, *, required: bool = True) -> str:
    """Return a day as ISO 8601 has it, ``2026-11-25``.

    Raises:
        ValueError: it is none.
    """
    value = value.strip()
    if not value and not required:
        return value
    try:
        if not _DAY.fullmatch(value):
            raise ValueError
        datetime.date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{name} is no day as YYYY-MM-DD: {shown(value, 40) or 'empty'}") from None
    return value


def category_field(word: str) -> Category:
    """Return the category.

    Raises:
        ValueError: there is none of this name; says the nearest.
    """
    wanted = word.strip().lower().replace("_", "-").replace(" ", "-")
    if wanted in list(Category):
        return Category(wanted)
    near = difflib.get_close_matches(wanted, list(Category), n=1, cutoff=0.4)
    hint = f"did you mean {near[0]}? " if near else ""
    raise ValueError(f"{shown(word, 40) or 'nothing'} is no category ({hint}there are {', '.join(Category)})")


def span(date: str, expires: str) -> None:
    """Refuse a permission that ends before it begins.

    Raises:
        ValueError: it does.
    """
    if expires and expires < date:
        raise ValueError(f"it expires on {expires}, before its date {date}")


def segment_field(value: str) -> Stretch | None:
    """Return a part of a film, given as two numbers of seconds on its own clock: ``12.5 30``, ``1001/24 2002/24``; None for none.

    Raises:
        ValueError: it is none.
    """
    parts = value.split()
    if not parts:
        return None
    if len(parts) != 2 or not all(_SECONDS.fullmatch(part) for part in parts):
        raise ValueError(f"a part of a film is two numbers of seconds, as 12.5 30 or 1001/24 30, not {shown(value, 60)}")
    first, after = map(Fraction, parts)
    if first >= after:
        raise ValueError(f"the part of the film ends at {parts[1]}, not after its beginning at {parts[0]}")
    return Stretch(first, after)


def is_one_of(name: str, names: Iterable[str]) -> bool:
    """Whether a name is one of `names`, whatever its case, spaces, invisible characters and forms of one letter."""
    return bool(_written(name)) and _written(name) in map(_written, names)


def _written(name: str) -> str:
    visible = "".join(char for char in unicodedata.normalize("NFKC", name) if unicodedata.category(char) != "Cf")
    return " ".join(visible.casefold().split())
