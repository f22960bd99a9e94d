"""What a path on the command line names: a file, a numbered sequence, or the one asset of a folder.

A sequence can be named by its folder, by all its frames, or in the notations of the field: ``a.1001-1045#.exr``,
``a.####.exr``, ``a.%04d.exr``, or a glob. Only the folders that paths lie in are listed, not what lies below them.
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass

from fileseq.exceptions import FileSeqException
from fileseq.filesequence import FileSequence

from scanner.crawl.assets import find_assets
from scanner.crawl.sequences import split_name
from scanner.crawl.zones import ZoneMap
from scanner.model.assets import Asset, Crawl, FileEntry
from scanner.model.errors import UsageError
from scanner.model.objects import is_address
from scanner.model.text import shown

_HIDDEN = (".", "Thumbs.db", "desktop.ini")
_TOLD = 5


@dataclass(frozen=True, slots=True)
class Chosen:
    """Paths that were named, by the folders they lie in."""

    folders: tuple[str, ...]
    """Real paths."""
    crawls: tuple[Crawl, ...]
    """What each folder holds itself."""
    assets: tuple[Asset, ...]
    """Those that were named; `Asset.root` is an index into `folders`. Sequences among them are unconfirmed."""
    named: frozenset[tuple[int, str]]
    """Folder and name of every file that was named, the frames of a named sequence included."""


def choose(paths: Iterable[str], zones: ZoneMap) -> Chosen:
    """Find what `paths` name; a path that exists is never taken for a notation.

    Raises:
        UsageError: nothing is there, it is no regular file, or a folder holds more than one asset.
    """
    chosen = _Choice(zones)
    for path in paths:
        chosen.take(path)
    return chosen.result()


def refuse_address(path: str) -> None:
    """Refuse a place in a bucket, where a file on disk is wanted.

    Raises:
        UsageError: it is one.
    """
    if is_address(path):
        raise UsageError("lies in a bucket; here a file on disk is wanted", where=shown(path), next_step="Fetch it first")


class _Choice:
    """Collects what the paths name, a folder listed once."""

    def __init__(self, zones: ZoneMap) -> None:
        self._zones = zones
        self._folders: dict[str, int] = {}
        self._crawls: list[Crawl] = []
        self._assets: list[tuple[Asset, ...]] = []
        self._wanted: dict[tuple[int, str], Asset] = {}
        self._named: set[tuple[int, str]] = set()

    def take(self, path: str) -> None:
        refuse_address(path)
        if os.path.isdir(path):
            self._take_folder(path)
        elif os.path.lexists(path):
            self._take_file(path, path)
        elif not self._take_sequence(path):
            self._take_glob(path)

    def result(self) -> Chosen:
        return Chosen(tuple(self._folders), tuple(self._crawls), tuple(self._wanted.values()), frozenset(self._named))

    def _take_folder(self, path: str) -> None:
        root = self._root(os.path.realpath(path), path)
        telling = [asset for asset in self._assets[root] if not asset.path.startswith(_HIDDEN)]
        folders = self._crawls[root].folders
        if len(telling) == 1 and not folders:
            self._want(telling[0])
            return
        held = f"holds {len(telling)} assets" + (f" and {folders} folders" if folders else "")
        raise UsageError(f"this folder {held}, not one sequence", where=shown(path), next_step="Name what is meant, file by file")

    def _take_file(self, path: str, told: str) -> None:
        real = os.path.realpath(path)
        try:
            regular = stat.S_ISREG(os.stat(real).st_mode)
        except OSError as error:
            raise UsageError(f"cannot be read ({error.strerror})", where=shown(told)) from error
        if not regular:
            raise UsageError("is no regular file", where=shown(told), next_step="Name a file or a sequence")
        folder, name = os.path.split(real)
        root = self._root(folder, told)
        for asset in self._assets[root]:
            if any(file.path == name for file in asset.files):
                self._wanted[root, asset.path] = asset
                self._named.add((root, name))
                return
            if any(sidecar.path == name for sidecar in asset.sidecars):
                raise UsageError(
                    f"is a sidecar of {shown(asset.path, 120)}", where=shown(told), next_step="Name the file it belongs to"
                )
        raise UsageError("vanished while its folder was listed", where=shown(told))

    def _take_sequence(self, path: str) -> bool:
        folder, name = os.path.split(path)
        wanted = _parsed(name)
        if wanted is None or not os.path.isdir(folder or "."):
            return False
        root = self._root(os.path.realpath(folder or "."), path)
        sequences = [asset for asset in self._assets[root] if asset.is_sequence]
        # The notation of the reports is taken as it is: fileseq reads the hyphen of ``a-1-20#.png`` as a minus sign.
        fitting = [one for one in sequences if one.path == name] or [one for one in sequences if _fits(one, wanted)]
        if len(fitting) > 1:
            names = ", ".join(shown(asset.path, 80) for asset in fitting[:_TOLD])
            raise UsageError(f"names several sequences: {names}", where=shown(path), next_step="Name one with its range")
        for asset in fitting:
            self._want(asset)
        return bool(fitting)

    def _take_glob(self, path: str) -> None:
        found = sorted(one for one in glob.glob(path) if os.path.isfile(one))
        if not found:
            raise UsageError(
                "no such file, folder or sequence", where=shown(path), next_step="Check the path, and that the drive is mounted"
            )
        for one in found:
            self._take_file(one, one)

    def _want(self, asset: Asset) -> None:
        self._wanted[asset.root, asset.path] = asset
        self._named.update((asset.root, file.path) for file in asset.files)

    def _root(self, folder: str, told: str) -> int:
        if folder not in self._folders:
            root = self._folders[folder] = len(self._folders)
            self._crawls.append(_listed(folder, told))
            self._assets.append(find_assets(root, self._crawls[root].files, self._zones))
        return self._folders[folder]


def _listed(folder: str, told: str) -> Crawl:
    files: list[FileEntry] = []
    folders = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode):
                    files.append(FileEntry(entry.name, status.st_size, status.st_mtime_ns))
                folders += stat.S_ISDIR(status.st_mode)
    except OSError as error:
        raise UsageError(f"its folder cannot be listed ({error.strerror})", where=shown(told)) from error
    return Crawl(tuple(sorted(files, key=lambda file: file.path)), (), (), folders)


def _parsed(name: str) -> FileSequence | None:
    try:
        parsed = FileSequence(name)
    except (FileSeqException, ValueError):
        return None
    return parsed if parsed.padding() else None


def _fits(asset: Asset, wanted: FileSequence) -> bool:
    """Whether base and extension are equal, and the range too where one is given."""
    held = split_name(asset.files[0].path)
    if held is None or (held.base, held.extension) != (wanted.basename(), wanted.extension()):
        return False
    frames = wanted.frameSet()
    return not frames or (frames.start(), frames.end()) == (asset.frames[0], asset.frames[-1])
