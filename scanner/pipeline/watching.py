"""Deliveries that arrive in a folder: when each is whole, and what was said of it.

A delivery is one folder directly in the watched one. It is whole when nothing in it has changed for a while, no name in it is one
that copying programs give what they have not finished, and the file that says so is there, where such a file is asked for.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from scanner.crawl.walk import crawl
from scanner.model.assets import Crawl
from scanner.model.errors import UsageError

_UNFINISHED = re.compile(
    r"\.(?:part|partial|filepart|crdownload|download|tmp|temp|aspx|aspera-ckpt|aspera-inprogress|!ut|inprogress|incomplete)$"
    r"|^\.~|~$|^\.[^/]+\.[A-Za-z0-9]{6}$",
    re.IGNORECASE,
)
"""Names of files that a browser, rsync (``.name.Xa3f9Q``), Aspera, Signiant or an editor is still writing."""
UNFINISHED_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a delivery's tree: names, sizes and times; no file is opened."""

    signature: str
    """Digest of what was seen: equal for an equal tree."""
    files: int
    unfinished: tuple[str, ...]
    """Paths whose names say that they are still being written; a few of them."""
    ready: bool
    """Whether the file that says so is there, or none is asked for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the scan of a delivery ended."""

    signature: str
    """Of the tree that was scanned."""
    verdict: str
    exit_code: int
    report: str
    """Folder of its reports."""
    finished: str
    """ISO 8601, UTC."""
    told: bool = False
    """Whether the command that is to know of it has ended well."""


@dataclass(slots=True)
class _Watched:
    look: Look
    since: float
    """Seconds on the clock when the tree was first seen like this."""


@dataclass(slots=True)
class Arrivals:
    """The deliveries in one folder, and which of them are to be scanned."""

    folder: str
    settle_seconds: float
    ready_name: str = ""
    """Glob of the file that says that a delivery is whole; empty for none."""
    done: dict[str, Outcome] = field(default_factory=dict)
    """Name of a delivery → how its last scan ended."""
    _watched: dict[str, _Watched] = field(default_factory=dict)

    def look(self, now: float) -> Iterator[tuple[str, str]]:
        """Look at all deliveries; yield what each waits for, by name: an empty text for one that is to be scanned.

        Those that were scanned as they are now are left out.

        Raises:
            UsageError: the watched folder is gone.
        """
        for name in self._names():
            try:
                seen = look_at(os.path.join(self.folder, name), self.ready_name)
            except UsageError:
                # Gone between the listing and the look.
                self._watched.pop(name, None)
                continue
            known = self._watched.get(name)
            if known is None or known.look.signature != seen.signature:
                known = self._watched[name] = _Watched(seen, now)
            outcome = self.done.get(name)
            if outcome is None or outcome.signature != seen.signature:
                yield name, self._waits_for(known, now)

    def is_unchanged(self, name: str) -> bool:
        """Whether a delivery still is what was last seen; asked after its scan."""
        try:
            return look_at(os.path.join(self.folder, name), self.ready_name).signature == self._watched[name].look.signature
        except UsageError:
            return False

    def signature(self, name: str) -> str:
        """Return the signature of a delivery as it was last seen."""
        return self._watched[name].look.signature

    def tell(self, name: str) -> None:
        """Note that the command took the outcome of a delivery."""
        self.done[name] = replace(self.done[name], told=True)

    def settle(self, name: str, outcome: Outcome) -> Outcome:
        """Note how the scan of a delivery ended, as it was last seen."""
        settled = self.done[name] = replace(outcome, signature=self._watched[name].look.signature)
        return settled

    def _waits_for(self, known: _Watched, now: float) -> str:
        look = known.look
        if not look.files:
            return "its first file"
        if look.unfinished:
            return f"{', '.join(look.unfinished)} to be finished"
        if not look.ready:
            return f"{self.ready_name} to appear"
        left = self.settle_seconds - (now - known.since)
        return f"{left:.0f} s without a change" if left > 0 else ""

    def _names(self) -> list[str]:
        try:
            with os.scandir(self.folder) as entries:
                return sorted(one.name for one in entries if one.is_dir(follow_symlinks=False) and not one.name.startswith("."))
        except OSError as error:
            raise UsageError(
                f"the watched folder cannot be listed ({error.strerror})",
                where=self.folder,
                next_step="Check that the share is mounted; deliveries scanned so far are remembered",
            ) from error


def look_at(path: str, ready_name: str = "") -> Look:
    """Look at one delivery's tree.

    Raises:
        UsageError: it is gone.
    """
    listed = crawl(path)
    unfinished = [one.path for one in listed.files if _UNFINISHED.search(one.name)]
    return Look(
        _signature(listed),
        len(listed.files),
        tuple(unfinished[:UNFINISHED_SHOWN]),
        not ready_name or any(fnmatch.fnmatchcase(one.path, ready_name) for one in listed.files),
    )


def _signature(listed: Crawl) -> str:
    digest = hashlib.sha256()
    for one in listed.files:
        digest.update(
            f"{one.path}\0{one.size_bytes} {one.mtime_ns} {one.ctime_ns} {one.inode}\0".encode("utf-8", "surrogateescape")
        )
    for special in listed.specials:
        digest.update(f"{special.path}\0{special.kind}\0".encode("utf-8", "surrogateescape"))
    for folder, why in listed.unreadable_folders:
        digest.update(f"{folder}\0{why}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def environment_of(name: str, folder: str, outcome: Outcome) -> Mapping[str, str]:
    """Return the variables that tell a command of a verdict; nothing that comes from a file stands in its arguments."""
    return {
        "SCANNER_VERDICT": outcome.verdict,
        "SCANNER_EXIT_CODE": str(outcome.exit_code),
        "SCANNER_DELIVERY": os.path.join(folder, name),
        "SCANNER_REPORT": outcome.report,
    }
