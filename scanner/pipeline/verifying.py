"""Comparing a delivery with the report of an earlier scan: what was added, changed, moved, and what is gone.

Only what a walk of the delivery finds is ever opened, never a path because a report names it.
"""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scanner.crawl.entries import TOO_LONG
from scanner.crawl.walk import check_roots, crawl, root_folder
from scanner.model.assets import FileEntry
from scanner.model.errors import UsageError
from scanner.model.objects import is_address, parse_address
from scanner.model.recorded import RecordedScan
from scanner.model.scan import FileRecord
from scanner.model.verification import Change, Comparison, Depth, Difference
from scanner.pipeline.plan import Progress
from scanner.tools.bounded import sha256_of
from scanner.tools.objects import Buckets, ObjectStatus

_SECOND = 10**9
_COARSE = 2 * _SECOND
"""FAT keeps times in steps of two seconds, some network disks in whole seconds."""


def verify_delivery(recorded: RecordedScan, paths: Sequence[str], depth: Depth, progress: Progress) -> Comparison:
    """Compare the folders at `paths`, or where none is named the report's own roots, with the report.

    Raises:
        UsageError: a root is missing, or there are not as many as in the report.
    """
    if paths and len(paths) != len(recorded.roots):
        raise UsageError(
            f"the report is of {len(recorded.roots)} roots, {len(paths)} were named",
            next_step="Name a folder for each root, in the report's order.",
        )
    roots = check_roots(paths or recorded.roots)
    comparing = _Comparing(recorded, roots, depth, progress)
    comparing.walk()
    comparing.find_moves()
    comparing.read_bytes()
    return comparing.result()


_Place = tuple[int, str]
"""Root and path below it."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A file of the report and the file that is there now."""

    before: FileRecord
    now: FileEntry

    @property
    def same_time(self) -> bool:
        return same_time(self.before.mtime_ns, self.now.mtime_ns)

    @property
    def same_size(self) -> bool:
        return self.before.size_bytes == self.now.size_bytes


def same_time(first_ns: int, second_ns: int) -> bool:
    """Whether two modification times are one, as far as the coarser of two disks can keep it."""
    if first_ns == second_ns:
        return True
    return abs(first_ns - second_ns) < _COARSE and not (first_ns % _SECOND and second_ns % _SECOND)


@dataclass(slots=True)
class _Comparing:
    """One comparison under way."""

    recorded: RecordedScan
    roots: tuple[str, ...]
    depth: Depth
    progress: Progress
    differences: list[Difference] = field(default_factory=list)
    unlisted: list[tuple[int, str, str]] = field(default_factory=list)
    gone: dict[_Place, FileRecord] = field(default_factory=dict)
    added: dict[_Place, FileEntry] = field(default_factory=dict)
    to_read: list[_Pair] = field(default_factory=list)
    same_by_bytes: int = 0
    same_by_stat: int = 0
    unhashed: int = 0
    touched: int = 0

    def walk(self) -> None:
        """List what is there, and settle what size and time can settle."""
        by_root: defaultdict[int, dict[str, FileRecord]] = defaultdict(dict)
        for record in self.recorded.inventory:
            by_root[record.root][record.path] = record
        for index, root in enumerate(self.roots):
            self.progress("walking", 0, 0)
            now = crawl(root)
            before = by_root[index]
            self.unlisted += [(index, path, why) for path, why in now.unreadable_folders]
            there = {entry.path: entry for entry in now.files}
            self.added |= {(index, path): entry for path, entry in there.items() if path not in before}
            for path, record in before.items():
                if path in there:
                    self._compare(_Pair(record, there[path]))
                else:
                    self._miss(record)
            self._compare_specials(index, {(each.path, each.kind) for each in now.specials})

    def find_moves(self) -> None:
        """Pair what is gone with what was added: by another spelling of the name, then by equal bytes."""
        self._pair_spellings()
        if self.depth is not Depth.STAT:
            self._pair_bytes()
        self.differences += [Difference(Change.GONE, root, path) for root, path in self.gone]
        self.differences += [Difference(Change.ADDED, root, path) for root, path in self.added]

    def read_bytes(self) -> None:
        """Read the files that only their bytes can settle."""
        for done, pair in enumerate(self.to_read, 1):
            try:
                digest, size_bytes = _sha256_at(self._absolute(pair.before.root, pair.now.path), pair.now)
            except (OSError, ValueError) as error:
                self._differs(Change.UNREADABLE, pair, _why(error))
            else:
                self._settle(pair, digest, size_bytes)
            self.progress("comparing", done, len(self.to_read))

    def result(self) -> Comparison:
        ordered = sorted(self.differences, key=lambda one: (one.root, one.path, one.change))
        return Comparison(
            roots=self.roots,
            depth=self.depth,
            same_by_bytes=self.same_by_bytes,
            same_by_stat=self.same_by_stat,
            unhashed=self.unhashed,
            touched=self.touched,
            differences=tuple(ordered),
            unlisted=tuple(sorted(self.unlisted)),
        )

    def _compare(self, pair: _Pair) -> None:
        if pair.now.failed and pair.now.failed != TOO_LONG:
            self._differs(Change.UNREADABLE, pair, pair.now.failed)
        elif not pair.same_size:
            self._differs(Change.CHANGED, pair, f"{pair.now.size_bytes:,} bytes, {pair.before.size_bytes:,} when scanned")
        elif self.depth is Depth.HASH and pair.before.sha256:
            self.to_read.append(pair)
        elif pair.same_time:
            self.same_by_stat += 1
            self.unhashed += not pair.before.sha256
        elif self.depth is Depth.STAT:
            self._differs(Change.CHANGED, pair, "its modification time differs; its bytes were not compared")
        elif pair.before.sha256:
            self.to_read.append(pair)
        else:
            self._differs(Change.UNSETTLED, pair, "its modification time differs, and the scan did not hash it")

    def _settle(self, pair: _Pair, digest: str, size_bytes: int) -> None:
        if digest != pair.before.sha256 or size_bytes != pair.before.size_bytes:
            self._differs(Change.CHANGED, pair, "its bytes differ; its size is the same")
            return
        self.same_by_bytes += 1
        self.touched += not pair.same_time

    def _differs(self, change: Change, pair: _Pair, why: str) -> None:
        self.differences.append(Difference(change, pair.before.root, pair.now.path, why))

    def _miss(self, record: FileRecord) -> None:
        folders = [path for root, path, _ in self.unlisted if root == record.root]
        if any(path == "." or record.path.startswith(f"{path}/") for path in folders):
            self.differences.append(Difference(Change.UNREADABLE, record.root, record.path, "its folder cannot be listed"))
        else:
            self.gone[record.root, record.path] = record

    def _compare_specials(self, index: int, now: set[tuple[str, str]]) -> None:
        before = {(path, kind) for root, path, kind in self.recorded.specials if root == index}
        self.differences += [Difference(Change.ADDED, index, path, f"a {kind}") for path, kind in now - before]
        self.differences += [Difference(Change.GONE, index, path, f"a {kind}") for path, kind in before - now]

    def _pair_spellings(self) -> None:
        """Take as moved what is alone under its folded name on both sides and is the same file otherwise."""
        before = _by_spelling(self.gone)
        for spelling, now in _by_spelling(self.added).items():
            was = before.get(spelling, [])
            if len(now) == len(was) == 1 and self._is_same(_Pair(self.gone[was[0]], self.added[now[0]])):
                self._moved(was[0], now[0], "only the spelling of its name differs")

    def _is_same(self, pair: _Pair) -> bool:
        if not pair.same_size or pair.now.failed:
            return False
        if self.depth is Depth.STAT or not pair.before.sha256:
            return pair.same_time
        return self._digest((pair.before.root, pair.now.path), pair.now) == pair.before.sha256

    def _pair_bytes(self) -> None:
        sizes = {record.size_bytes for record in self.gone.values() if record.sha256 and record.size_bytes}
        before: defaultdict[tuple[int, str], list[_Place]] = defaultdict(list)
        for place, record in self.gone.items():
            before[record.root, record.sha256].append(place)
        candidates = [place for place, entry in self.added.items() if entry.size_bytes in sizes]
        for done, place in enumerate(candidates, 1):
            digest = self._digest(place, self.added[place])
            was = before.get((place[0], digest), []) if digest else []
            if was:
                self._moved(was.pop(0), place, "the same bytes")
            self.progress("looking for moved files", done, len(candidates))

    def _moved(self, was: _Place, now: _Place, why: str) -> None:
        del self.gone[was], self.added[now]
        self.differences.append(Difference(Change.MOVED, *now, why, was=was[1]))

    def _digest(self, place: _Place, entry: FileEntry) -> str:
        try:
            return _sha256_at(self._absolute(*place), entry)[0]
        except (OSError, ValueError):
            # It stays told as added; that nobody can read it changes nothing of that.
            return ""

    def _absolute(self, root: int, path: str) -> str:
        return os.path.join(root_folder(self.roots[root]), path)


def _sha256_at(path: str, entry: FileEntry) -> tuple[str, int]:
    if not is_address(path):
        return sha256_of(path)
    place = parse_address(path)
    return Buckets().sha256(place, ObjectStatus(place.key, entry.size_bytes, entry.mtime_ns, entry.version))


def _by_spelling(places: Iterable[_Place]) -> dict[_Place, list[_Place]]:
    """Group by what stays of a name on disks that do not tell cases or Unicode forms apart."""
    grouped: defaultdict[_Place, list[_Place]] = defaultdict(list)
    for root, path in places:
        grouped[root, unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())].append((root, path))
    return grouped


def _why(error: Exception) -> str:
    strerror = error.strerror if isinstance(error, OSError) else None
    return f"cannot be read: {(strerror or str(error)).lower()}"
