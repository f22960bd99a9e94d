"""IMF packages: the asset map (SMPTE ST 429-9, 2067-9), the packing lists (ST 2067-2) and their compositions.

Every path that a package names is confined to its folder; one that leads out refuses the package, since nothing else that
it says can be believed then. Namespaces of 2013, 2016 and 2020 differ in nothing that is read here.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass

from scanner.model.cut import Cut, CutError
from scanner.model.sealed import SealedFile, SealedHash
from scanner.timeline.confined import confined_file, confined_path
from scanner.timeline.content import parse_sized_xml_file, parse_xml_file
from scanner.timeline.imf_composition import read_composition, uuid_of
from scanner.timeline.notes import Notes
from scanner.tools.hardened_xml import Element

ASSET_MAPS = ("ASSETMAP.xml", "ASSETMAP")

_XML_BYTES_LIMIT = 256 << 20
_PACKAGE_HINT = "Have the package made again, or give its composition playlist alone"


@dataclass(frozen=True, slots=True)
class Package:
    """What an IMF package says of itself."""

    folder: str
    files: Mapping[str, SealedFile]
    """By UUID in lower case: all that the asset map lists. Without hashes where no packing list speaks of it."""
    names: Mapping[str, str]
    """By UUID: the original file name, where a packing list has one."""
    compositions: tuple[tuple[str, Element], ...]
    """Path below the folder and content of each composition playlist."""
    notes: tuple[str, ...]


def read_imf(path: str) -> tuple[Cut, ...]:
    """Read the compositions of a package: its folder, or its asset map.

    Raises:
        CutError: something of it cannot be read, leads out of the folder, or it has no composition.
    """
    package = read_package(path)
    if not package.compositions:
        raise CutError("the package holds no composition playlist", where=path, next_step=_PACKAGE_HINT)
    paths = {uuid: (sealed.path, package.names.get(uuid, "")) for uuid, sealed in package.files.items()}
    return tuple(
        read_composition(root, os.path.join(package.folder, name), paths, package.notes) for name, root in package.compositions
    )


def read_package(path: str, *, playlists: bool = True) -> Package:
    """Read asset map, packing lists and, unless told not to, composition playlists; track files are not opened.

    Raises:
        CutError: something of it cannot be read, or leads out of the folder.
    """
    asset_map = find_asset_map(path) or path
    return _Reader(asset_map).read(playlists=playlists)


def find_asset_map(path: str) -> str | None:
    """The asset map in the folder `path`; None where `path` is none, or has none."""
    if not os.path.isdir(path):
        return None
    return next((found for name in ASSET_MAPS if os.path.isfile(found := os.path.join(path, name))), None)


class _Reader:
    def __init__(self, asset_map: str) -> None:
        self._asset_map = asset_map
        self._folder = os.path.dirname(asset_map) or "."
        self._files: dict[str, SealedFile] = {}
        self._names: dict[str, str] = {}
        self._split: set[str] = set()
        """Assets in several files: what is sealed of them is sealed of all together."""
        self._packing_lists: dict[str, None] = {}
        """Paths, in the order of the asset map."""
        self._playlists: dict[str, None] = {}
        self._left_bytes = _XML_BYTES_LIMIT
        self._notes = Notes()

    def read(self, *, playlists: bool) -> Package:
        root = parse_xml_file(self._asset_map)
        if root.name != "AssetMap":
            raise CutError(f"is no asset map but {root.name[:40]!r}", where=self._asset_map, next_step=_PACKAGE_HINT)
        for asset in (root.first("AssetList") or root).all("Asset"):
            self._list(asset)
        for path in self._packing_lists:
            self._read_packing_list(path)
        wanted = self._playlists if playlists else ()
        compositions = tuple((name, content) for name, content in map(self._playlist, wanted) if content)
        return Package(self._folder, self._files, self._names, compositions, self._notes.sentences())

    def _list(self, asset: Element) -> None:
        uuid, chunks = uuid_of(asset.text_of("Id")), (asset.first("ChunkList") or asset).all("Chunk")
        place = f"{self._asset_map}, line {asset.line}"
        if not uuid or not chunks:
            raise CutError("an asset has no identity or no path", where=place, next_step=_PACKAGE_HINT)
        written = chunks[0].text_of("Path")
        path = confined_path(written, is_url=True)
        if path is None:
            raise CutError(f"the path {written[:80]!r} leads out of the package", where=place, next_step=_PACKAGE_HINT)
        if len(chunks) > 1:
            self._split.add(uuid)
            self._notes.add("an asset is cut into several files; only its first is known here", f"line {asset.line}")
        self._files[uuid] = SealedFile(path, None, ())
        packing = asset.first("PackingList")
        if packing and packing.text.lower() in ("true", "1", ""):
            self._packing_lists[path] = None

    def _read_packing_list(self, path: str) -> None:
        place, root = self._open(path)
        if root.name != "PackingList":
            raise CutError(f"is no packing list but {root.name[:40]!r}", where=place, next_step=_PACKAGE_HINT)
        for asset in (root.first("AssetList") or root).all("Asset"):
            self._seal(asset, place)

    def _seal(self, asset: Element, place: str) -> None:
        uuid = uuid_of(asset.text_of("Id"))
        known = self._files.get(uuid)
        if not known:
            self._notes.add("a packing list speaks of an asset that the asset map does not list", f"{place}, line {asset.line}")
            return
        size = asset.text_of("Size")
        sealed = _packed_hash(asset)
        if sealed is None:
            self._notes.add("a packing list's hash cannot be read", f"{place}, line {asset.line}")
        if uuid not in self._split:
            self._files[uuid] = SealedFile(known.path, int(size) if _is_size(size) else None, (sealed,) if sealed else ())
        if name := asset.text_of("OriginalFileName"):
            self._names[uuid] = name
        if asset.text_of("Type").startswith(("text/xml", "application/xml")):
            self._playlists[known.path] = None

    def _playlist(self, path: str) -> tuple[str, Element | None]:
        """A composition playlist; a packing list names other XML as well, which is passed over."""
        _, root = self._open(path)
        return path, root if root.name == "CompositionPlaylist" else None

    def _open(self, path: str) -> tuple[str, Element]:
        found = confined_file(self._folder, path)
        if found is None:
            raise CutError(f"{path[:80]!r} is a link out of the package", where=self._asset_map, next_step=_PACKAGE_HINT)
        root, size_bytes = parse_sized_xml_file(found)
        self._left_bytes -= size_bytes
        if self._left_bytes < 0:
            what = f"its packing lists and playlists are larger than {_XML_BYTES_LIMIT >> 20} MB together"
            raise CutError(what, where=self._asset_map, next_step=_PACKAGE_HINT)
        return found, root


def _is_size(text: str) -> bool:
    # Python refuses to make a number of some thousand digits.
    return text.isdecimal() and len(text) < 20


def _packed_hash(asset: Element) -> SealedHash | None:
    """The hash in a packing list: base64; SHA-1 where no algorithm is named."""
    named = asset.first("HashAlgorithm")
    written = named.attributes.get("Algorithm", "") if named else "#sha1"
    try:
        value = base64.b64decode(asset.text_of("Hash"), validate=True).hex()
    except (binascii.Error, ValueError):
        return None
    return SealedHash(written.rpartition("#")[2].lower(), value) if value else None
