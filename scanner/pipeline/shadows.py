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
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from scanner.model.assets import FileEntry, Spans
from scanner.model.objects import ObjectPlace, parse_address
from scanner.pipeline.part_shadows import LIMIT_BYTES, NotInPartsError, PartFile
from scanner.tools.objects import PART_BYTES, Buckets, ObjectError, ObjectStatus

SCRATCH_LIMIT_BYTES = 8 << 30
"""Of all shadows together. A single one may be larger, and is then alone."""
UNLISTED_LIMIT_BYTES = 512 << 20
"""Of an object that no listing spoke of: a cut that the user named."""
_GLANCE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Need:
    """An object that a task needs."""

    address: str
    size_bytes: int
    partly: bool = False
    """Whether all but its media will do."""

    @property
    def room_bytes(self) -> int:
        """The most that it takes on the disk."""
        return min(self.size_bytes, LIMIT_BYTES) if self.partly else self.size_bytes

    @property
    def key(self) -> tuple[str, bool]:
        """Whole and in part an object has two shadows."""
        return self.address, self.partly


@dataclass(slots=True)
class _Shadow:
    """One object's file, or the room that is kept for it."""

    path: str
    room_bytes: int
    tasks: int = 0
    """Tasks that need it now."""
    fetched: bool = False
    fetching: threading.Lock = field(default_factory=threading.Lock)
    part: PartFile | None = None
    """Of one that was fetched in part."""


class Shadows:
    """Fetches objects into files, within a bound."""

    def __init__(self, buckets: Buckets, limit_bytes: int = SCRATCH_LIMIT_BYTES) -> None:
        """Make nothing yet: the folder comes with the first object."""
        self._buckets = buckets
        self._limit_bytes = limit_bytes
        self._scratch = ""
        self._homes: dict[tuple[str, str, bool], str] = {}
        self._listed: dict[str, FileEntry] = {}
        self._shadows: OrderedDict[tuple[str, bool], _Shadow] = OrderedDict()
        self._held_bytes = 0
        self._changed = threading.Condition()

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

    def path(self, address: str, *, partly: bool = False) -> str:
        """Return where the shadow of an object, or of a folder of objects, stands once it is fetched."""
        place = parse_address(address)
        named = (place.scheme, place.bucket, partly)
        with self._changed:
            home = self._homes.get(named)
            if home is None:
                self._scratch = self._scratch or tempfile.mkdtemp(prefix="scanner-objects-")
                home = self._homes[named] = os.path.join(self._scratch, str(len(self._homes)))
        return os.path.join(home, place.key) if place.key else home

    def address(self, path: str) -> str:
        """Return the address of the object that the shadow at `path` stands for; any other text as it is."""
        for (scheme, bucket, _), home in self._homes.items():
            if path.startswith(f"{home}/"):
                return ObjectPlace(scheme, bucket, path[len(home) + 1 :]).address
        return path

    def reserve(self, needs: Collection[Need]) -> bool:
        """Keep room for objects until they are let go; False where there is none now."""
        paths = {need: self.path(need.address, partly=need.partly) for need in needs}
        with self._changed:
            new_bytes = sum(need.room_bytes for need in needs if need.key not in self._shadows)
            self._make_room(new_bytes, {need.key for need in needs})
            crowded = self._held_bytes + new_bytes > self._limit_bytes
            if crowded and any(one.tasks for one in self._shadows.values()):
                return False
            for need, path in paths.items():
                self._keep(need, path)
            return True

    def await_room(self) -> None:
        """Wait until something is let go, for a moment at most."""
        with self._changed:
            self._changed.wait(_GLANCE_SECONDS)

    def fetch(self, need: Need, more: Spans = (), stopped: Callable[[], bool] = lambda: False) -> Spans:
        """Fetch a reserved object unless it stands already; of one that is fetched in part return what stands there.

        Args:
            need: what was reserved.
            more: parts that readers asked for.
            stopped: asked before each part of a whole object; if it says so, the fetching ends with an error.

        Raises:
            ObjectError: it cannot be had; nothing is left of it then. NotInPartsError: nothing less than all of it will do.
        """
        shadow = self._shadows[need.key]
        with shadow.fetching:
            if not shadow.fetched:
                self._fill(need, shadow, stopped)
                shadow.fetched = True
            if shadow.part is None:
                return ()
            try:
                for start, end in more:
                    shadow.part.ensure(start, end)
            except NotInPartsError:
                pass
            except ObjectError:
                raise
            except OSError as error:
                raise _no_place(error) from error
            return shadow.part.parts

    def let_go(self, needs: Collection[Need]) -> None:
        """Say that a task needs these no more."""
        with self._changed:
            for need in needs:
                shadow = self._shadows[need.key]
                shadow.tasks -= 1
                if not shadow.tasks and not shadow.fetched:
                    self._drop(need.key)
            self._changed.notify_all()

    def close(self) -> None:
        """Remove all that was fetched."""
        with self._changed:
            for key in tuple(self._shadows):
                self._drop(key)
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _keep(self, need: Need, path: str) -> None:
        if need.key not in self._shadows:
            self._shadows[need.key] = _Shadow(path, need.room_bytes)
            self._held_bytes += need.room_bytes
        self._shadows[need.key].tasks += 1
        self._shadows.move_to_end(need.key)

    def _make_room(self, new_bytes: int, wanted: Collection[tuple[str, bool]]) -> None:
        idle = [key for key, one in self._shadows.items() if not one.tasks and key not in wanted]
        for key in idle:
            if self._held_bytes + new_bytes <= self._limit_bytes:
                return
            self._drop(key)

    def _drop(self, key: tuple[str, bool]) -> None:
        shadow = self._shadows.pop(key)
        self._held_bytes -= shadow.room_bytes
        if shadow.part is not None:
            shadow.part.close()
        with contextlib.suppress(OSError):
            os.unlink(shadow.path)

    def _fill(self, need: Need, shadow: _Shadow, stopped: Callable[[], bool]) -> None:
        place = parse_address(need.address)
        expected = self._expected(need.address, place)
        try:
            os.makedirs(os.path.dirname(shadow.path), exist_ok=True)
            if os.path.lexists(shadow.path):
                raise FileExistsError(errno.EEXIST, "exists")
        except OSError as error:
            raise _no_place(error) from error
        try:
            if need.partly:
                shadow.part = PartFile(self._buckets, place, expected, shadow.path)
                shadow.part.fetch_around_media()
            else:
                self._fetch_whole(place, expected, shadow.path, stopped)
            os.utime(shadow.path, ns=(expected.mtime_ns, expected.mtime_ns))
        except BaseException as error:
            self._empty(shadow)
            if isinstance(error, OSError) and not isinstance(error, ObjectError):
                raise _no_place(error) from error
            raise

    def _fetch_whole(self, place: ObjectPlace, expected: ObjectStatus, path: str, stopped: Callable[[], bool]) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            for start in range(0, expected.size_bytes, PART_BYTES):
                if stopped():
                    raise ObjectError("the scan was stopped")
                end = min(start + PART_BYTES, expected.size_bytes)
                stream.write(self._buckets.read(place, start, end, expected))

    def _empty(self, shadow: _Shadow) -> None:
        if shadow.part is not None:
            shadow.part.close()
            shadow.part = None
        with contextlib.suppress(OSError):
            os.unlink(shadow.path)

    def _expected(self, address: str, place: ObjectPlace) -> ObjectStatus:
        entry = self._listed.get(address)
        if entry is None:
            found = self._buckets.status(place)
            if found.size_bytes > UNLISTED_LIMIT_BYTES:
                raise ObjectError(f"it has more than {UNLISTED_LIMIT_BYTES >> 20} MB")
            return found
        return ObjectStatus(place.key, entry.size_bytes, entry.mtime_ns, entry.version)


def _no_place(error: OSError) -> ObjectError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ObjectError("there is no room for it in the scratch folder (TMPDIR)")
    if error.errno in (errno.EEXIST, errno.ENOTDIR, errno.EISDIR):
        return ObjectError("on this machine its key and another's stand for the same file")
    return ObjectError(f"it cannot be written to the scratch folder (TMPDIR): {error.strerror}")
