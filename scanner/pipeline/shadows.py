"""Shadows of objects: files in a private scratch folder of the driver's, for workers that have no network.

A shadow stands while a task needs it, and then for as long as there is room: most objects are needed again (a second look, a
thumbnail), and none should be fetched twice. What is there longest without being asked for goes first.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field

from scanner.model.assets import FileEntry
from scanner.model.objects import ObjectPlace, parse_address
from scanner.tools.objects import PART_BYTES, Buckets, ObjectError, ObjectStatus

SCRATCH_LIMIT_BYTES = 8 << 30
"""Of all shadows together. A single one may be larger, and is then alone."""
_GLANCE_SECONDS = 0.2


@dataclass(slots=True)
class _Shadow:
    """One object's file, or the room that is kept for it."""

    path: str
    size_bytes: int
    tasks: int = 0
    """Tasks that need it now."""
    fetched: bool = False
    fetching: threading.Lock = field(default_factory=threading.Lock)


class Shadows:
    """Fetches objects into files, within a bound."""

    def __init__(self, buckets: Buckets, limit_bytes: int = SCRATCH_LIMIT_BYTES) -> None:
        """Make nothing yet: the folder comes with the first object."""
        self._buckets = buckets
        self._limit_bytes = limit_bytes
        self._scratch = ""
        self._homes: dict[tuple[str, str], str] = {}
        self._listed: dict[str, FileEntry] = {}
        self._shadows: OrderedDict[str, _Shadow] = OrderedDict()
        self._held_bytes = 0
        self._changed = threading.Condition()
        self._closed = False

    def expect(self, address: str, entry: FileEntry) -> None:
        """Take an object for what a listing says of it; another one under its key is then refused."""
        self._listed[address] = entry

    def listed_in(self, folder: str) -> list[tuple[str, int]]:
        """Return address and size of all expected objects that lie in a folder, given with its slash, and not below it."""
        found = (item for item in self._listed.items() if item[0].startswith(folder))
        return [(address, entry.size_bytes) for address, entry in found if "/" not in address[len(folder) :]]

    def size_bytes(self, address: str) -> int:
        """Return the size of an object by its listing; 0 where none spoke of it."""
        entry = self._listed.get(address)
        return entry.size_bytes if entry else 0

    def path(self, address: str) -> str:
        """Return where the shadow of an object, or of a folder of objects, stands once it is fetched."""
        place = parse_address(address)
        with self._changed:
            home = self._homes.get((place.scheme, place.bucket))
            if home is None:
                self._scratch = self._scratch or tempfile.mkdtemp(prefix="scanner-objects-")
                home = self._homes[place.scheme, place.bucket] = os.path.join(self._scratch, str(len(self._homes)))
        return os.path.join(home, place.key) if place.key else home

    def reserve(self, wanted: Collection[tuple[str, int]], *, wait: bool) -> bool:
        """Keep room for objects, by address and size in bytes, until they are let go.

        Without `wait`, False says that there is no room yet; with it, False says that all was closed meanwhile.
        """
        paths = {address: self.path(address) for address, _ in wanted}
        with self._changed:
            while not self._closed:
                new_bytes = sum(size for address, size in wanted if address not in self._shadows)
                self._make_room(new_bytes, {address for address, _ in wanted})
                if self._held_bytes + new_bytes <= self._limit_bytes or not any(one.tasks for one in self._shadows.values()):
                    for address, size_bytes in wanted:
                        self._keep(address, paths[address], size_bytes)
                    return True
                if not wait:
                    return False
                self._changed.wait(_GLANCE_SECONDS)
        return False

    def fetch(self, address: str) -> str:
        """Fetch a reserved object whole, unless its shadow stands already, and return its path.

        Raises:
            ObjectError: it cannot be had whole; nothing is left of it then.
        """
        shadow = self._shadows[address]
        with shadow.fetching:
            if not shadow.fetched:
                self._fill(address, shadow)
                shadow.fetched = True
        return shadow.path

    def let_go(self, addresses: Collection[str]) -> None:
        """Say that a task needs these no more."""
        with self._changed:
            for address in addresses:
                shadow = self._shadows[address]
                shadow.tasks -= 1
                if not shadow.tasks and not shadow.fetched:
                    self._drop(address)
            self._changed.notify_all()

    def close(self) -> None:
        """Remove all that was fetched."""
        with self._changed:
            self._closed = True
            self._shadows.clear()
            self._changed.notify_all()
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _keep(self, address: str, path: str, size_bytes: int) -> None:
        if address not in self._shadows:
            self._shadows[address] = _Shadow(path, size_bytes)
            self._held_bytes += size_bytes
        self._shadows[address].tasks += 1
        self._shadows.move_to_end(address)

    def _make_room(self, new_bytes: int, wanted: Collection[str]) -> None:
        idle = [address for address, one in self._shadows.items() if not one.tasks and address not in wanted]
        for address in idle:
            if self._held_bytes + new_bytes <= self._limit_bytes:
                return
            self._drop(address)

    def _drop(self, address: str) -> None:
        shadow = self._shadows.pop(address)
        self._held_bytes -= shadow.size_bytes
        with contextlib.suppress(OSError):
            os.unlink(shadow.path)

    def _fill(self, address: str, shadow: _Shadow) -> None:
        place = parse_address(address)
        expected = self._expected(address, place)
        try:
            os.makedirs(os.path.dirname(shadow.path), exist_ok=True)
            descriptor = os.open(shadow.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _no_place(error) from error
        try:
            with os.fdopen(descriptor, "wb") as stream:
                for start in range(0, expected.size_bytes, PART_BYTES):
                    end = min(start + PART_BYTES, expected.size_bytes)
                    stream.write(self._buckets.read(place, start, end, expected))
            os.utime(shadow.path, ns=(expected.mtime_ns, expected.mtime_ns))
        except BaseException as error:
            with contextlib.suppress(OSError):
                os.unlink(shadow.path)
            if isinstance(error, OSError) and not isinstance(error, ObjectError):
                raise _no_place(error) from error
            raise

    def _expected(self, address: str, place: ObjectPlace) -> ObjectStatus:
        entry = self._listed.get(address)
        if entry is None:
            return self._buckets.status(place)
        return ObjectStatus(place.key, entry.size_bytes, entry.mtime_ns, entry.version)


def _no_place(error: OSError) -> ObjectError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ObjectError("there is no room for it in the scratch folder (TMPDIR)")
    if error.errno in (errno.EEXIST, errno.ENOTDIR, errno.EISDIR):
        return ObjectError("on this machine its key and another's stand for the same file")
    return ObjectError(f"it cannot be written to the scratch folder (TMPDIR): {error.strerror}")
