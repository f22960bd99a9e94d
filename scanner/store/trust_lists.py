"""The user's trust lists: dated copies in the data folder, one file each.

The file's name is all that is known beside its content (``C2PA-TRUST-LIST@2026-08-13.anchors.pem``), so there is no index
that could disagree with the folder, and nothing that two programs at once could lose.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scanner.model.errors import StoreError, UsageError
from scanner.model.trust_lists import ListKind, NamedList

_FILE = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)@(?P<origin>file-)?(?P<date>\d{4}-\d\d-\d\d)\.(?P<kind>anchors|allowed|ekus)\.(?:pem|txt)"
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL


@dataclass(frozen=True, slots=True)
class TrustLists:
    """The lists in one folder, which need not exist yet."""

    folder: Path

    def all(self) -> tuple[NamedList, ...]:
        """Return the lists, by name; of a name that two files bear, the newest: a replacement was interrupted there.

        Raises:
            StoreError: a list cannot be read.
        """
        newest: dict[str, tuple[Path, re.Match[str]]] = {}
        for path, named in self._files():
            known = newest.get(named["name"].casefold())
            if known is None or known[1]["date"] < named["date"]:
                newest[named["name"].casefold()] = (path, named)
        return tuple(_read(path, named) for _, (path, named) in sorted(newest.items()))

    def keep(self, lists: Sequence[NamedList], *, replace: bool = False) -> None:
        """Keep copies of `lists`; all names are checked before the first is written.

        Raises:
            UsageError: a name is none, is given twice, or is taken and `replace` is not wanted.
            StoreError: the folder cannot be written to.
        """
        taken = {named["name"].casefold() for _, named in self._files()}
        wanted: set[str] = set()
        for one in lists:
            _check_name(one.name)
            if one.name.casefold() in wanted:
                raise UsageError("two lists of this import have this name", where=one.name, next_step="Import one with --name.")
            if one.name.casefold() in taken and not replace:
                raise UsageError(
                    "a list of this name is kept already",
                    where=one.name,
                    next_step="--replace takes its place, --name adds another.",
                )
            wanted.add(one.name.casefold())
        for one in lists:
            self._write(one)

    def remove(self, name: str) -> None:
        """Forget a list.

        Raises:
            UsageError: there is none of this name; the message says the nearest.
            StoreError: it cannot be removed.
        """
        files = [path for path, named in self._files() if named["name"].casefold() == name.casefold()]
        if not files:
            raise UsageError("no trust list of this name is kept", where=name, next_step=self._nearest(name))
        for path in files:
            _unlink(path)

    def _nearest(self, name: str) -> str:
        names = sorted({named["name"] for _, named in self._files()})
        near = difflib.get_close_matches(name, names, n=1)
        if near:
            return f"Did you mean {near[0]}?"
        return f"Kept are {', '.join(names)}." if names else "None is kept; `scanner trust import FILE` adds one."

    def _files(self) -> list[tuple[Path, re.Match[str]]]:
        try:
            paths = sorted(self.folder.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(f"the folder of trust lists cannot be read: {error.strerror}", where=str(self.folder)) from error
        return [(path, named) for path in paths if (named := _FILE.fullmatch(path.name))]

    def _write(self, one: NamedList) -> None:
        """Write beside the place and move there, then drop what bore the name before: no moment without a whole list."""
        ending = "txt" if one.kind is ListKind.EKUS else "pem"
        path = self.folder / f"{one.name}@{'' if one.dated else 'file-'}{one.date}.{one.kind.value}.{ending}"
        before = [old for old, named in self._files() if named["name"].casefold() == one.name.casefold() and old != path]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write_whole(path, one.text.encode())
        except OSError as error:
            raise StoreError(f"the trust list cannot be kept: {error.strerror}", where=str(path)) from error
        for old in before:
            _unlink(old)


def name_for(path: Path) -> str:
    """Return the name that a list from `path` gets when nobody names it."""
    return _UNSAFE.sub("-", path.stem).strip("-._") or "list"


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(
            "this cannot name a trust list",
            where=name,
            next_step="Use letters, digits, '.', '_' and '-', at most 80, a letter first.",
        )


def _read(path: Path, named: re.Match[str]) -> NamedList:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"a kept trust list cannot be read: {error}", where=str(path), next_step="Import it again.") from error
    return NamedList(named["name"], ListKind(named["kind"]), named["date"], text, dated=not named["origin"])


def _write_whole(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, _NEW_FILE, 0o644), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"the trust list cannot be removed: {error.strerror}", where=str(path)) from error
