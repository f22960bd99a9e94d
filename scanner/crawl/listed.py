"""Files that a list names, found without listing anything else; no link is followed on the way to them."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Sequence

from scanner.crawl.entries import PathLimit, file_entry, kind_of, reason_of
from scanner.crawl.walk import FOLDER_FLAGS, open_below
from scanner.model.assets import Crawl, FileEntry, SpecialEntry
from scanner.model.errors import UsageError
from scanner.model.text import shown
from scanner.tools.spool import Spool

_OPTION = "--files-from"


def parse_list(content: bytes, root: str, *, null: bool) -> tuple[str, ...]:
    """Return the paths of a list as paths below `root`, each once, sorted.

    Args:
        content: one path a line, or each ended by a NUL; in the file system's own bytes.
        root: absolute path of the folder that relative paths start from.
        null: whether NULs part the paths.

    Raises:
        UsageError: a path leads out of the root, or lines hold NULs.
    """
    if not null and b"\0" in content:
        raise UsageError("the list holds NUL characters", where=_OPTION, next_step="Add --null where NULs part its paths.")
    return tuple(sorted({_below(os.fsdecode(line), root) for line in content.split(b"\0" if null else b"\n") if line}))


def _below(path: str, root: str) -> str:
    inside = os.path.join(root, "")
    told = path.removeprefix(inside) if path.startswith(inside) else path
    parts = [part for part in told.split("/") if part not in ("", ".")]
    if told.startswith("/") or ".." in parts or not parts:
        raise UsageError(
            f"{shown(path, 200)!r} names no file below {shown(root)}",
            where=_OPTION,
            next_step="Give paths relative to the scanned folder.",
        )
    return "/".join(parts)


def crawl_listed(root: str, paths: Sequence[str], each_folder: Callable[[Sequence[FileEntry]], None] | None = None) -> Crawl:
    """Find the files at `paths` below `root`, sorted; what is not there or cannot be read is a file that failed.

    Args:
        root: absolute real path of a folder.
        paths: as `parse_list` returns them.
        each_folder: is given the files of one folder after the other.

    Raises:
        UsageError: a path is that of a folder.
    """
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    specials: list[SpecialEntry] = []
    files: list[FileEntry] = []
    limit = PathLimit.of(root)
    for folder, inside in folders.items():
        found = list(_found(root, folder, inside, limit, specials))
        if each_folder and found:
            each_folder(found)
        files += found
    failed = sum(bool(file.failed) for file in files)
    lost = (("", f"{failed:,} of {len(paths):,} listed files could not be read"),) if failed else ()
    return Crawl(Spool(sorted(files, key=lambda file: file.path)), tuple(specials), lost, len(folders))


def _found(root: str, folder: str, paths: Sequence[str], limit: PathLimit, specials: list[SpecialEntry]) -> Iterable[FileEntry]:
    try:
        anchor = os.open(root, FOLDER_FLAGS)
        try:
            handle = open_below(anchor, folder.split("/") if folder else ())
        finally:
            os.close(anchor)
    except OSError as error:
        yield from (_missing(path, error) for path in paths)
        return
    try:
        for path in paths:
            try:
                status = os.stat(path.rpartition("/")[2], dir_fd=handle, follow_symlinks=False)
            except (OSError, ValueError) as error:
                yield _missing(path, error)
                continue
            if stat.S_ISREG(status.st_mode):
                yield file_entry(path, status, limit)
            elif stat.S_ISDIR(status.st_mode):
                raise UsageError(
                    "is a folder", where=f"{_OPTION}: {shown(path, 200)}", next_step="List files; their folders need no line."
                )
            else:
                specials.append(SpecialEntry(path, kind_of(status.st_mode)))
    finally:
        os.close(handle)


def _missing(path: str, error: OSError | ValueError) -> FileEntry:
    if isinstance(error, (FileNotFoundError, NotADirectoryError, ValueError)):
        return FileEntry(path, 0, 0, "is listed, but not there")
    return FileEntry(path, 0, 0, f"is listed, but cannot be read ({reason_of(error)})")
