"""Sidecars: ``.xmp`` and ``.c2pa`` files that speak about another file of their folder.

``a.jpg.xmp`` names its partner whole; ``a.xmp`` names it by its stem, which is a doubt where ``a.jpg`` and ``a.png`` both exist.
A sidecar never has a sidecar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scanner.model.assets import FileEntry
from scanner.model.text import shown

SIDECAR_EXTENSIONS = frozenset({"xmp", "c2pa"})

_NAMES_SHOWN = 3
_NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which files speak about which."""

    attached: dict[str, tuple[FileEntry, ...]]
    """Path of a file → its sidecars, by path."""
    alone: dict[str, str]
    """Path of a sidecar without partner → why it is in doubt; empty where it simply has none."""


def is_sidecar(path: str) -> bool:
    """Whether a file's name makes it a sidecar. ``._a.xmp`` is macOS' shadow of one, ``.xmp`` a hidden file without stem."""
    name = path.rpartition("/")[2]
    stem, _, extension = name.rpartition(".")
    return extension.lower() in SIDECAR_EXTENSIONS and bool(stem) and not name.startswith("._")


def pair_sidecars(files: Iterable[FileEntry]) -> Pairing:
    """Attach each sidecar to its partner in the same folder, and list those that stay alone."""
    files = tuple(files)
    sidecars = sorted((file for file in files if is_sidecar(file.path)), key=lambda entry: entry.path)
    # Nearly all folders hold no sidecar: their files need no index.
    folders = {_folder(sidecar.path) for sidecar in sidecars}
    partners = _Partners()
    for file in files if sidecars else ():
        if _folder(file.path) in folders and not is_sidecar(file.path) and not file.name.startswith("._"):
            partners.add(file)
    return _pair(sidecars, partners)


def _pair(sidecars: Sequence[FileEntry], partners: _Partners) -> Pairing:
    attached: dict[str, tuple[FileEntry, ...]] = {}
    alone: dict[str, str] = {}
    for sidecar in sidecars:
        found = partners.of(sidecar)
        if len(found) == 1:
            attached[found[0].path] = (*attached.get(found[0].path, ()), sidecar)
        else:
            alone[sidecar.path] = _doubt(found)
    return Pairing(attached, alone)


@dataclass(slots=True)
class _Partners:
    """Files that can have sidecars, by the three ways of naming them; extensions count without letter case."""

    by_path: dict[str, FileEntry] = field(default_factory=dict)
    by_name: dict[str, list[FileEntry]] = field(default_factory=dict)
    by_stem: dict[str, list[FileEntry]] = field(default_factory=dict)

    def add(self, file: FileEntry) -> None:
        self.by_path[file.path] = file
        self.by_name.setdefault(_folded_extension(file.path), []).append(file)
        self.by_stem.setdefault(_stem(file.path), []).append(file)

    def of(self, sidecar: FileEntry) -> list[FileEntry]:
        """All partners it fits, by its strongest way of naming any."""
        named = _stem(sidecar.path)
        if named in self.by_path:
            return [self.by_path[named]]
        return self.by_name.get(_folded_extension(named)) or self.by_stem.get(named) or []


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _stem(path: str) -> str:
    """Path without its last extension; a name that only starts with a dot has none."""
    folder, slash, name = path.rpartition("/")
    stem, _, _ = name.rpartition(".")
    return f"{folder}{slash}{stem or name}"


def _folded_extension(path: str) -> str:
    stem = _stem(path)
    return stem + path[len(stem) :].lower()


def _doubt(found: Sequence[FileEntry]) -> str:
    if not found:
        return ""
    names = [shown(file.name, _NAME_LENGTH) for file in sorted(found, key=lambda entry: entry.path)]
    listed = ", ".join(names[:_NAMES_SHOWN])
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return f"its name fits {len(names)} files ({listed}{more}), so it cannot be told which one it speaks about"
