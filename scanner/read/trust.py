"""Trust lists: which signers a user's organisation believes.

The package ships none. A trust file is TOML with the keys ``anchors``, ``allowed`` and ``ekus`` (lists of paths, relative to
the file) and may say ``dates`` (path = "YYYY-MM-DD"), since a PEM file does not tell its own age.
"""

from __future__ import annotations

import datetime
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanner.model.credentials import TrustList
from scanner.model.errors import CatalogueError

_KEYS = frozenset({"anchors", "allowed", "ekus", "dates"})
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
    dates = raw.get("dates", {})
    if not isinstance(dates, dict):
        raise CatalogueError("dates must be a table of path = date", where=str(path))
    return Trust(
        anchors=tuple(_anchor_list(path, name, dates) for name in _names(path, raw, "anchors")),
        allowed=tuple(_anchor_list(path, name, dates) for name in _names(path, raw, "allowed")),
        ekus="\n".join(_read(path.parent / name) for name in _names(path, raw, "ekus")),
    )


def _names(path: Path, raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    names = raw.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise CatalogueError(f"{key} must be a list of paths", where=str(path))
    return tuple(names)


def _anchor_list(trust_file: Path, name: str, dates: Mapping[str, Any]) -> AnchorList:
    path = trust_file.parent / name
    pem = _read(path)
    if "-----BEGIN CERTIFICATE-----" not in pem:
        raise CatalogueError("no certificate in PEM form in this list", where=str(path))
    date = str(dates.get(name) or _file_date(path))
    return AnchorList(TrustList(name, date, hashlib.sha256(pem.encode()).hexdigest()), pem)


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise CatalogueError("larger than a trust list can be", where=str(path))
        return path.read_text("utf-8")
    except OSError as error:
        raise CatalogueError(f"trust list cannot be read: {error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise CatalogueError("trust list is no text", where=str(path)) from error


def _file_date(path: Path) -> str:
    return datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC).date().isoformat() + " (file date)"
