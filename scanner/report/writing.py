"""Reports on disk: whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scanner.model.errors import ReportError
from scanner.model.text import shown

BLOCK = 1 << 18
"""Characters written at once."""

_ELSEWHERE = "Choose another folder with --output DIR."
_NEXT_STEPS = {
    errno.ENOSPC: f"Free some space there, or: {_ELSEWHERE}",
    errno.EDQUOT: f"Free some space there, or: {_ELSEWHERE}",
    errno.ENAMETOOLONG: "Choose a shorter folder with --output DIR.",
}


def root_holding(folder: str, roots: Sequence[str]) -> str | None:
    """Return the root (a real path) that is `folder` or holds it, None where none does."""
    real = os.path.realpath(folder)
    return next((root for root in roots if real == root or real.startswith(root.rstrip("/") + "/")), None)


def write_report(folder: str, name: str, content: bytes | str | Iterable[str]) -> str:
    """Write one report into `folder`, which is made where it is missing, and return its path.

    Text becomes UTF-8; of text in pieces only some are in memory at a time. The report is written beside its place and moved
    there in one step: a reader sees the old report or the new one, and a killed scan leaves no half of one. Permissions follow
    the umask, as for any file the user makes.

    Raises:
        ReportError: the folder or the file cannot be written.
    """
    path = str(Path(folder) / name)
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        replace_file(path, _bytes_of(content))
    except OSError as error:
        raise ReportError(
            f"the report cannot be written ({error.strerror or error})",
            where=shown(path),
            next_step=_NEXT_STEPS.get(error.errno or 0, _ELSEWHERE),
        ) from error
    return path


def write_folder(folder: str, name: str, files: Iterable[tuple[str, Iterable[str]]]) -> None:
    """Write a folder of files, told by name and text in pieces, into `folder`, in place of the one of that name.

    It is made beside its place and moved there when it is whole. Without files there is none, and an old one goes.

    Raises:
        ReportError: it cannot be written, or something else than files of a report stands in its place.
    """
    place = Path(folder) / name
    new, old = (place.with_name(f"{name}.{secrets.token_hex(4)}.{ending}") for ending in ("part", "old"))
    try:
        _check_replaceable(place)
        for file, pieces in files:
            new.mkdir(parents=True, exist_ok=True)
            replace_file(str(new / file), in_blocks(pieces))
        if place.exists():
            place.replace(old)
        if new.exists():
            new.replace(place)
    except OSError as error:
        raise ReportError(
            f"the report's pages cannot be written ({error.strerror or error})",
            where=shown(str(place)),
            next_step=_NEXT_STEPS.get(error.errno or 0, _ELSEWHERE),
        ) from error
    finally:
        for rest in (new, old):
            shutil.rmtree(rest, ignore_errors=True)


def _check_replaceable(place: Path) -> None:
    """Make sure that what is to be replaced is a folder of pages, and nothing that somebody else keeps there."""
    if not os.path.lexists(place):
        return
    if place.is_symlink() or not place.is_dir() or any(each.suffix != ".html" or each.is_dir() for each in place.iterdir()):
        raise ReportError(
            "stands where the report's pages go, and holds something else",
            where=shown(str(place)),
            next_step="Move it away, or choose another folder with --output DIR.",
        )


def report_bytes(text: str) -> bytes:
    """Return a report's text as it stands on disk and on standard output: UTF-8, line breaks as they are."""
    return text.encode("utf-8", "backslashreplace")


def in_blocks(pieces: Iterable[str]) -> Iterator[bytes]:
    """Return a report's pieces as bytes, in blocks worth a call of the system."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= BLOCK:
            yield report_bytes("".join(held))
            held.clear()
            size = 0
    if held:
        yield report_bytes("".join(held))


def replace_file(path: str, content: bytes | Iterable[bytes]) -> None:
    """Put `content` at `path` in one step; a reader sees the old file or the new one.

    Raises:
        OSError: it cannot be written; the old file stands as it was.
    """
    temporary = f"{path}.{secrets.token_hex(4)}.part"
    # O_EXCL with mode 666: a new file under the user's umask; tempfile would leave 600.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            for block in (content,) if isinstance(content, bytes) else content:
                stream.write(block)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _bytes_of(content: bytes | str | Iterable[str]) -> Iterable[bytes]:
    if isinstance(content, bytes):
        return (content,)
    return in_blocks((content,) if isinstance(content, str) else content)
