"""Lists every entry of a delivery's tree without opening a file, following a link or trusting a name.

The walk keeps a handle on a folder only every `LEVELS_PER_ANCHOR` levels and opens each folder one name at a time below the
nearest such handle. So no path ever gets too long for the system, no link put in the way during the walk is followed, and a
tree of thousands of levels needs a few hundred handles at most.
"""

from __future__ import annotations

import errno
import operator
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from operator import attrgetter

from scanner.crawl.buckets import by_folder, crawl_bucket, resolve_address
from scanner.crawl.entries import PathLimit, file_entry, kind_of, reason_of
from scanner.model.assets import Crawl, FileEntry, SpecialEntry
from scanner.model.errors import UsageError
from scanner.model.objects import is_address
from scanner.model.text import shown
from scanner.tools.spool import Spool, sorted_spool

LEVELS_PER_ANCHOR = 32
"""Levels between two kept handles: 5,000 levels take 157 of the usual 1,024 handles (256 on macOS)."""

FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def check_roots(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the absolute real path of each root, or its address in a bucket, in the order given.

    Raises:
        UsageError: a path does not exist or is a special file, or two roots are equal or lie inside each other.
        ScannerError: a bucket cannot be asked.
    """
    roots = tuple(_resolve(path) for path in paths)
    for position, root in enumerate(roots):
        for other in roots[:position]:
            _refuse_overlap(root, other)
    return roots


def root_folder(root: str) -> str:
    """Return the folder that the paths of `crawl(root)` stand under: the root, or the parent of a single file."""
    if is_address(root):
        return root[: root.rindex("/") + 1]
    return root if os.path.isdir(root) else os.path.dirname(root)


def crawl(root: str, each_folder: Callable[[Sequence[FileEntry]], None] | None = None) -> Crawl:
    """List all that stands under `root`, a path or an address in a bucket, sorted by path.

    `each_folder` is given the files of one folder after the other.

    A root that is a single file yields that file under its own name. A link is followed only where it is the root itself,
    because then the user named it.

    Raises:
        UsageError: `root` does not exist or is a special file.
    """
    real = _resolve(root)
    if is_address(real):
        listed = crawl_bucket(real)
        return replace(listed, files=sorted_spool(_told(by_folder(listed.files), each_folder), key=attrgetter("path")))
    if os.path.isdir(real):
        walk = _Walk(real)
        files = sorted_spool(_told(walk.run(), each_folder), key=attrgetter("path"))
        return Crawl(files, *walk.beside())
    folder, name = os.path.split(real)
    alone = _told([[file_entry(name, os.stat(real), PathLimit.of(folder))]], each_folder)
    return Crawl(Spool(alone), (), (), 0)


def _told(folders: Iterable[list[FileEntry]], each_folder: Callable[[Sequence[FileEntry]], None] | None) -> Iterator[FileEntry]:
    for files in folders:
        if each_folder and files:
            each_folder(files)
        yield from files


def _resolve(path: str) -> str:
    if is_address(path):
        return resolve_address(path)
    try:
        real = os.path.realpath(path, strict=True)
        mode = os.stat(real).st_mode
    except (OSError, ValueError) as error:
        raise _no_root(path, error) from error
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        raise UsageError(
            f"is a {kind_of(mode)}, neither a folder nor a file",
            where=shown(path),
            next_step="Name a folder or a regular file.",
        )
    return real


def _no_root(path: str, error: Exception) -> UsageError:
    if isinstance(error, OSError) and error.errno not in (errno.ENOENT, errno.ENOTDIR):
        what, step = f"cannot be looked at ({reason_of(error)})", "Check the path and its permissions."
    else:
        what, step = "no such file or folder", "Check the path, and that the drive is mounted."
    return UsageError(what, where=shown(path), next_step=step)


def _refuse_overlap(root: str, other: str) -> None:
    if is_address(root) != is_address(other):
        return
    same_place, lies_in = (operator.eq, _address_lies_in) if is_address(root) else (_same_place, _lies_in)
    if same_place(root, other):
        relation = "is the same place as"
    elif lies_in(root, other):
        relation = "lies inside"
    elif lies_in(other, root):
        relation = "contains"
    else:
        return
    raise UsageError(
        f"{relation} another root, {shown(other)}",
        where=shown(root),
        next_step="Name each tree once: leave one of the two out.",
    )


def _address_lies_in(address: str, folder: str) -> bool:
    return folder.endswith("/") and address.startswith(folder)


def _lies_in(path: str, folder: str) -> bool:
    while (parent := os.path.dirname(path)) != path:
        if _same_place(parent, folder):
            return True
        path = parent
    return False


def _same_place(first: str, second: str) -> bool:
    """Compare by inode too: on a disk without case, ``/Vol/A`` and ``/Vol/a`` are one folder with two real paths."""
    if first == second:
        return True
    one, two = os.stat(first), os.stat(second)
    # Two hard links are two files of a delivery; and some network disks give every entry the inode 0.
    return stat.S_ISDIR(one.st_mode) and one.st_ino != 0 and os.path.samestat(one, two)


@dataclass(frozen=True, slots=True)
class _Pending:
    """A folder still to be listed."""

    path: str
    """Below the root; empty for the root."""
    anchor: int
    """Handle of the nearest kept folder above."""
    steps: tuple[str, ...]
    """Names from the anchor down to this folder."""


@dataclass(frozen=True, slots=True)
class _Leave:
    """Stands in the stack below a folder's children: all of them are done when it comes up."""

    identity: tuple[int, int]
    anchor: int | None


@dataclass(slots=True)
class _Walk:
    """One walk through one tree, depth first, with a stack of its own instead of recursion."""

    root: str
    files: list[FileEntry] = field(default_factory=list)
    """Of the folder that is being listed."""
    specials: list[SpecialEntry] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    folders: int = 0
    stack: list[_Pending | _Leave] = field(default_factory=list)
    above: set[tuple[int, int]] = field(default_factory=set)
    """Device and inode of the folders between the root and the one being listed."""
    handles: set[int] = field(default_factory=set)
    """All open handles, so that none outlives the walk however it ends."""
    limit: PathLimit = field(init=False)

    def __post_init__(self) -> None:
        self.limit = PathLimit.of(self.root)

    def run(self) -> Iterator[list[FileEntry]]:
        """Yield the files of one folder after the other."""
        with ExitStack() as cleanup:
            cleanup.callback(self._close_all)
            self._start()
            while self.stack:
                step = self.stack.pop()
                if isinstance(step, _Leave):
                    self._leave(step)
                else:
                    self._enter(step)
                    yield self.files
                    self.files = []

    def beside(self) -> tuple[tuple[SpecialEntry, ...], tuple[tuple[str, str], ...], int]:
        """What was met beside files, once all is walked: special entries, unreadable folders, and how many folders there are."""
        specials = sorted(self.specials, key=lambda entry: entry.path)
        return tuple(specials), tuple(sorted(self.unreadable)), self.folders

    def _start(self) -> None:
        try:
            anchor = os.open(self.root, FOLDER_FLAGS)
        except OSError as error:
            self._refused("", error)
            return
        self.handles.add(anchor)
        self.stack.append(_Pending("", anchor, ()))

    def _enter(self, folder: _Pending) -> None:
        try:
            handle = open_below(folder.anchor, folder.steps)
        except OSError as error:
            self._refused(folder.path, error)
            return
        self.handles.add(handle)
        status = os.fstat(handle)
        identity = (status.st_dev, status.st_ino)
        keep = False
        if identity in self.above and status.st_ino != 0:
            # A mount that shows one of its own parents: all of it is listed above, and going in would never end.
            self.specials.append(SpecialEntry(folder.path, "folder-loop"))
        else:
            keep = len(folder.steps) >= LEVELS_PER_ANCHOR
            self.above.add(identity)
            self.stack.append(_Leave(identity, handle if keep else None))
            self._stack_children(folder, handle, keep)
        if not keep:
            self._close(handle)

    def _stack_children(self, folder: _Pending, handle: int, keep: bool) -> None:
        self.folders += 1
        anchor, steps = (handle, ()) if keep else (folder.anchor, folder.steps)
        prefix = f"{folder.path}/" if folder.path else ""
        # The first in the order of paths comes up first: what is sorted later then comes nearly sorted.
        for name in sorted(self._list(handle, folder.path, prefix), key=_in_paths, reverse=True):
            self.stack.append(_Pending(prefix + name, anchor, (*steps, name)))

    def _list(self, handle: int, path: str, prefix: str) -> list[str]:
        """Note the entries of one folder; return the names of the folders in it."""
        below: list[str] = []
        try:
            with os.scandir(handle) as entries:
                for entry in entries:
                    self._note(entry, prefix + entry.name, below)
        except OSError as error:
            self.unreadable.append((path or ".", reason_of(error)))
        return below

    def _note(self, entry: os.DirEntry[str], path: str, below: list[str]) -> None:
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            self._note_lost(entry, path, error, below)
            return
        if stat.S_ISREG(status.st_mode):
            self.files.append(file_entry(path, status, self.limit))
        elif stat.S_ISDIR(status.st_mode):
            below.append(entry.name)
        else:
            self.specials.append(SpecialEntry(path, kind_of(status.st_mode)))

    def _note_lost(self, entry: os.DirEntry[str], path: str, error: OSError, below: list[str]) -> None:
        """Note an entry without a status by what the folder's own listing said of its type."""
        with suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                below.append(entry.name)
                return
            if entry.is_symlink():
                self.specials.append(SpecialEntry(path, "symlink"))
                return
        self.files.append(FileEntry(path, 0, 0, reason_of(error)))

    def _refused(self, path: str, error: OSError) -> None:
        self.folders += 1
        self.unreadable.append((path or ".", reason_of(error)))

    def _leave(self, step: _Leave) -> None:
        self.above.discard(step.identity)
        if step.anchor is not None:
            self._close(step.anchor)

    def _close(self, handle: int) -> None:
        self.handles.discard(handle)
        os.close(handle)

    def _close_all(self) -> None:
        for handle in tuple(self.handles):
            self._close(handle)


def _in_paths(name: str) -> str:
    """Where a folder's entries stand among other paths, by its name."""
    return f"{name}/"


def open_below(anchor: int, steps: Sequence[str]) -> int:
    """Open the folder that lies `steps` below a handle, refusing a link at every step."""
    handle = os.open(".", FOLDER_FLAGS, dir_fd=anchor)
    for name in steps:
        try:
            deeper = os.open(name, FOLDER_FLAGS, dir_fd=handle)
        finally:
            os.close(handle)
        handle = deeper
    return handle
