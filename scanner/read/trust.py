"""Trust lists: which signers a user's organisation believes.

The package ships none. A trust file is TOML with the keys ``anchors``, ``allowed`` and ``ekus`` (lists of paths, relative to
the file) and may say ``dates`` (path = "YYYY-MM-DD"), since a PEM file does not tell its own age.
"""

from __future__ import annotations

import datetime
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanner.model.credentials import TrustList
from scanner.model.errors import CatalogueError
from scanner.model.trust_lists import ListKind, NamedList
from scanner.read.certificates import check_list

_KEYS = frozenset({*ListKind, "dates"})
_LARGEST_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class AnchorList:
    """One PEM file of trust anchors."""

    stamp: TrustList
    pem: str


@dataclass(frozen=True, slots=True)
class Trust:
    """Everything a trust file names, read whole."""

    anchors: tuple[AnchorList, ...] = ()
    allowed: tuple[AnchorList, ...] = ()
    ekus: str = ""
    """Extended key usages, one OID a line, comments with //."""

    @property
    def stamps(self) -> tuple[TrustList, ...]:
        """The lists as reports name them."""
        return tuple(entry.stamp for entry in self.anchors)


def load_trust(path: Path) -> Trust:
    """Read a trust file and the lists that it names.

    Raises:
        CatalogueError: the file or one of its lists is missing, unreadable or not what it should be.
    """
    return trust_of(lists_in(path))


def trust_of(lists: Iterable[NamedList]) -> Trust:
    """Put lists of all kinds together."""
    held = tuple(lists)
    return Trust(
        anchors=tuple(_anchor_list(one) for one in held if one.kind is ListKind.ANCHORS),
        allowed=tuple(_anchor_list(one) for one in held if one.kind is ListKind.ALLOWED),
        ekus="\n".join(one.text for one in held if one.kind is ListKind.EKUS),
    )


def _anchor_list(one: NamedList) -> AnchorList:
    return AnchorList(TrustList(one.name, one.shown_date, hashlib.sha256(one.text.encode()).hexdigest()), one.text)


def lists_in(path: Path) -> tuple[NamedList, ...]:
    """Read the lists that a trust file names, each under the path by which it is named there.

    Raises:
        CatalogueError: the file or one of its lists is missing, unreadable or not what it should be.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CatalogueError(f"trust file cannot be read: {error.strerror}", where=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"trust file is no TOML: {error}", where=str(path)) from error
    if unknown := sorted(set(raw) - _KEYS):
        raise CatalogueError(
            f"unknown key {unknown[0]!r} in the trust file", where=str(path), next_step=f"Known keys: {', '.join(sorted(_KEYS))}."
        )
    dates = _dates(path, raw)
    return tuple(
        read_list(path.parent / name, kind, name, dates.get(name)) for kind in ListKind for name in _names(path, raw, kind)
    )


def read_list(path: Path, kind: ListKind, name: str, date: str | None) -> NamedList:
    """Read and check one list; without a `date` it bears that of its file.

    Raises:
        CatalogueError: it is missing, unreadable or not what it should be.
    """
    text = read_text(path)
    check_list(kind, text, str(path))
    return NamedList(name, kind, date or _file_date(path), text, dated=date is not None)


def read_text(path: Path) -> str:
    """Read a list, whatever its kind.

    Raises:
        CatalogueError: it is missing, unreadable, too large or no text.
    """
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise CatalogueError("larger than a trust list can be", where=str(path))
        return path.read_text("utf-8")
    except OSError as error:
        raise CatalogueError(f"trust list cannot be read: {error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise CatalogueError("trust list is no text", where=str(path)) from error


def _names(path: Path, raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    names = raw.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise CatalogueError(f"{key} must be a list of paths", where=str(path))
    return tuple(names)


def _dates(path: Path, raw: Mapping[str, Any]) -> dict[str, str]:
    dates = raw.get("dates", {})
    if not isinstance(dates, dict):
        raise CatalogueError("dates must be a table of path = date", where=str(path))
    return {name: _date(path, name, str(date)) for name, date in dates.items()}


def _date(path: Path, name: str, date: str) -> str:
    try:
        return datetime.date.fromisoformat(date).isoformat()
    except ValueError as error:
        raise CatalogueError(
            f"the date of {name!r} is {date!r}, which is none", where=str(path), next_step="Write YYYY-MM-DD."
        ) from error


def _file_date(path: Path) -> str:
    return datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC).date().isoformat()
