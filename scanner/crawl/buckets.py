"""Lists what a folder of a bucket holds, as `walk` lists a folder of a disk: nothing is fetched, no key is trusted.

A folder marker (an empty object whose key ends with a slash) counts as the folder that it stands for. A key that no path can
stand for (empty parts, ``.``, ``..``, control characters) makes its folder one that could not be listed, so that what lies
beside it is told as not seen: the bucket is then listed folder by folder, and only that one is lost.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scanner.model.assets import Crawl, FileEntry
from scanner.model.errors import ScannerError, UsageError
from scanner.model.objects import ObjectPlace, parse_address
from scanner.model.text import shown
from scanner.tools.objects import Buckets, ObjectError, ObjectStatus, require_obstore

NAME_LIMIT_BYTES = 255
"""Of one part of a path on the file systems that objects are fetched to."""

_TWICE = "two objects have keys that differ only in slashes at an end"
_LONG = f"its name is longer than {NAME_LIMIT_BYTES} bytes"


def resolve_address(text: str, buckets: Buckets | None = None) -> str:
    """Return the address of what `text` names: with a slash at its end for a folder, without for an object.

    Raises:
        UsageError: the extra is missing, the address is none, or nothing is there.
        ScannerError: the bucket cannot be asked.
    """
    place = parse_address(text)
    require_obstore(shown(text))
    if not place.key or text.endswith("/"):
        return place.folder
    asked = buckets or Buckets()
    try:
        if any(page for page in asked.pages(place)):
            return place.folder
        asked.status(place)
    except ObjectError as error:
        if error.odd_key:
            return place.folder
        raise _refused(place.address, error) from error
    return place.address


def crawl_bucket(address: str, buckets: Buckets | None = None) -> Crawl:
    """List all objects below an address that `resolve_address` returned, sorted by path.

    Raises:
        UsageError, ScannerError: as for `resolve_address`.
    """
    place, asked = parse_address(address), buckets or Buckets()
    try:
        if place.key and not address.endswith("/"):
            return Crawl((_entry(place.key.rpartition("/")[2], asked.status(place)),), (), (), 0)
        try:
            listed = _Listing(place, asked).whole()
        except ObjectError as error:
            if not error.odd_key:
                raise
            listed = _Listing(place, asked).by_folder()
    except ObjectError as error:
        raise _refused(address, error) from error
    return listed.crawl()


def by_folder(files: Iterable[FileEntry]) -> Iterator[list[FileEntry]]:
    """Yield the files of one folder after the other."""
    folders: defaultdict[str, list[FileEntry]] = defaultdict(list)
    for file in files:
        folders[file.path.rpartition("/")[0]].append(file)
    yield from folders.values()


def _refused(address: str, error: ObjectError) -> ScannerError:
    if error.missing:
        return UsageError(
            error.why if "bucket" in error.why else "there is no such folder or object",
            where=shown(address),
            next_step="Check the address, and the account that the environment names.",
        )
    return ScannerError(f"cannot be listed: {error.why}", where=shown(address), next_step="See docs/buckets.md.")


@dataclass(slots=True)
class _Listing:
    """What was listed so far below one folder."""

    root: ObjectPlace
    buckets: Buckets
    found: dict[str, list[ObjectStatus]] = field(default_factory=dict)
    unreadable: list[tuple[str, str]] = field(default_factory=list)

    def whole(self) -> _Listing:
        for page in self.buckets.pages(self.root):
            self._take(page)
        return self

    def by_folder(self) -> _Listing:
        waiting = [self.root]
        while waiting:
            place = waiting.pop()
            try:
                objects, folders = self.buckets.folder(place)
            except ObjectError as error:
                if not error.odd_key:
                    raise
                self.unreadable.append((self._below(place.key) or ".", error.why))
                continue
            self._take(objects)
            waiting += [ObjectPlace(place.scheme, place.bucket, key) for key in folders]
        return self

    def crawl(self) -> Crawl:
        files = [entry for key, found in self.found.items() for entry in self._entries(key, found)]
        folders = {folder for key in self.found for folder in _folders(self._below(key))}
        return Crawl(
            tuple(sorted(files, key=lambda entry: entry.path)),
            (),
            tuple(sorted(self.unreadable)),
            len(folders) + 1,
        )

    def _take(self, objects: Iterable[ObjectStatus]) -> None:
        for one in objects:
            self.found.setdefault(one.key, []).append(one)

    def _below(self, key: str) -> str:
        return key[len(self.root.key) :].lstrip("/")

    def _entries(self, key: str, found: list[ObjectStatus]) -> Iterator[FileEntry]:
        path = self._below(key)
        # obstore takes slashes off the ends of keys: a marker "a/" arrives as an empty "a".
        real = [one for one in found if one.size_bytes] or [one for one in found[:1] if path and self._is_object(one)]
        if len(real) > 1:
            yield FileEntry(path, real[0].size_bytes, failed=_TWICE)
        elif real:
            yield _entry(path, real[0])

    def _is_object(self, empty: ObjectStatus) -> bool:
        try:
            self.buckets.status(ObjectPlace(self.root.scheme, self.root.bucket, empty.key))
        except ObjectError as error:
            if error.missing:
                return False
            raise
        return True


def _entry(path: str, status: ObjectStatus) -> FileEntry:
    failed = _LONG if len(os.fsencode(path.rpartition("/")[2])) > NAME_LIMIT_BYTES else ""
    inode = int.from_bytes(hashlib.sha256(status.version.encode()).digest()[:8])
    return FileEntry(path, status.size_bytes, status.mtime_ns, failed, inode=inode, version=status.version)


def _folders(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path
