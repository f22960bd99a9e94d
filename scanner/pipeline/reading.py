"""Reading a plan: tasks out, examinations in, candidates for sequences confirmed or taken apart.

Files have numbers, in the order of the plan: an asset's files, then its sidecars. What is known of a million files lies on disk
(`tools.spool`); here are their numbers.
"""

from __future__ import annotations

import heapq
import os
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from operator import attrgetter

from scanner.crawl.assets import split_asset
from scanner.crawl.sequences import FrameFacts, confirm
from scanner.crawl.walk import root_folder
from scanner.model.assets import Asset, FileEntry
from scanner.model.protocols import Engine
from scanner.model.quick import quickly_made
from scanner.model.scan import FileRecord
from scanner.model.work import DigestTask, Examination, ExamineTask, FileDigest, WorkFailed
from scanner.pipeline.examined import Examined
from scanner.pipeline.gather import Gathered, gather, missing_examination, unreached_examination
from scanner.pipeline.plan import Plan, Progress, in_order
from scanner.pipeline.recollection import Recollection
from scanner.pipeline.sealed_files import SealedLists
from scanner.pipeline.shard_readings import ShardReadings
from scanner.tools.spool import Spool, sorted_spool

_PHOTOGRAPH_EXTENSIONS = (".jpg", ".jpeg", ".heic", ".png")
"""Numbered files of these types are often single pictures after all, so each is fingerprinted from the start."""

FileKey = tuple[int, str]
"""Root index and path below it."""


@quickly_made
@dataclass(frozen=True, slots=True)
class _Numbered:
    """An asset, and the numbers of its files, then of its sidecars."""

    asset: Asset
    numbers: Sequence[int]

    def pairs(self) -> Iterator[tuple[int, FileEntry]]:
        return zip(self.numbers, (*self.asset.files, *self.asset.sidecars), strict=True)


class ReadingRoom:
    """Keeps what was read, file by file, and knows what is still to read."""

    def __init__(
        self,
        plan: Plan,
        engine: Engine,
        progress: Progress,
        *,
        fingerprints: bool,
        hash_sizes: Collection[int] = (),
        sealed: SealedLists | None = None,
        kept: Recollection | ShardReadings | None = None,
        paranoid: bool = False,
    ) -> None:
        """Prepare to read `plan` on `engine`.

        Args:
            plan: what there is to read.
            engine: reads it.
            progress: is told.
            fingerprints: whether pictures are to be compared.
            hash_sizes: files of exactly so many bytes are hashed whatever their size.
            sealed: the plan's lists of sealed hashes, which are read before the files.
            kept: readings of earlier scans; what they have is not read again, and what is read is added.
            paranoid: take a kept reading only where the file's bytes have the digest that they had then.
        """
        self._plan = plan
        self._prefixes = [os.path.join(root_folder(root), "") for root in plan.roots]
        self._engine = engine
        self._progress = progress
        self._fingerprints = fingerprints
        self._hash_sizes = frozenset(hash_sizes)
        self._sealed = sealed
        self._kept = kept
        self._paranoid = paranoid
        self._at_work: dict[int, tuple[ExamineTask, FileEntry]] = {}
        """What the engine has been given and has not answered."""
        self.recalled = 0
        """Files that an earlier scan had read."""
        self._starts = array("I", [0])
        """First number of each of the plan's assets, and how many numbers there are."""
        self._sequences: list[int] = []
        self._files = 0
        """Files that can be read."""
        for index, asset in enumerate(plan.assets):
            self._starts.append(self._starts[-1] + len(asset.files) + len(asset.sidecars))
            self._files += sum(not file.failed for file in (*asset.files, *asset.sidecars))
            if asset.is_sequence:
                self._sequences.append(index)
        self._examined = Examined(self._starts[-1])
        self._broken: frozenset[int] = frozenset()
        """The plan's assets that turned out to be several."""
        self._parts: Sequence[_Numbered] = ()
        """What these are, in order."""
        self._by_path: dict[FileKey, int] | None = None
        self.interrupted = False
        self.inventory: Sequence[FileRecord] = ()
        """Every regular file of the plan, with the digest of its bytes where it was read, by root and path; once all is read."""

    def read(self, wanted: Callable[[Gathered], bool] = lambda _: True) -> Sequence[Gathered]:
        """Read every file and return the wanted assets, sorted as the plan has them. Ctrl-C ends the reading, not the method.

        Args:
            wanted: is shown each asset once, in that order, and says whether to return it.
        """
        try:
            if self._sealed:
                self._sealed.read(self._engine, self._progress)
            self._recall()
            self._run(chain.from_iterable(map(self._tasks, self._planned())), self._files - self.recalled, "reading")
            self._take_apart()
            self._read_again()
        except KeyboardInterrupt:
            self.interrupted = True
            self._broken, self._parts = frozenset(), ()
        if self._kept:
            self._kept.flush()
        gathered: Spool[Gathered] = Spool()
        self.inventory = sorted_spool(self._gather(gathered, wanted), key=attrgetter("root", "path"))
        return gathered

    def absolute(self, root: int, path: str) -> str:
        """Return the absolute path of a file below a root."""
        return self._prefixes[root] + path

    def examination(self, root: int, file: FileEntry) -> Examination:
        """Return what a file yielded, or what stands for it where it was not read."""
        if self._by_path is None:
            self._by_path = {(each.asset.root, one.path): number for each in self._planned() for number, one in each.pairs()}
        return self._examination(self._by_path[root, file.path], file)

    def _planned(self) -> Iterator[_Numbered]:
        """The plan's assets."""
        for index, asset in enumerate(self._plan.assets):
            yield _Numbered(asset, range(self._starts[index], self._starts[index + 1]))

    def _assets(self) -> Iterator[_Numbered]:
        """The assets as they turned out to be, in order."""
        whole = (each for index, each in enumerate(self._planned()) if index not in self._broken)
        return heapq.merge(whole, self._parts, key=lambda each: in_order(each.asset)) if self._parts else whole

    def _take_apart(self) -> None:
        parts: list[_Numbered] = []
        broken: set[int] = set()
        for index in self._sequences:
            asset = self._plan.assets[index]
            numbered = _Numbered(asset, range(self._starts[index], self._starts[index + 1]))
            confirmation = confirm(asset, [self._facts(number) for number in numbered.numbers[: len(asset.files)]])
            if not confirmation.whole:
                broken.add(index)
                numbers = {file.path: number for number, file in numbered.pairs()}
                for part in split_asset(asset, confirmation, self._plan.zones):
                    parts.append(_Numbered(part, tuple(numbers[file.path] for file in (*part.files, *part.sidecars))))
        self._broken, self._parts = frozenset(broken), sorted_spool(parts, key=lambda each: in_order(each.asset))

    def _facts(self, number: int) -> FrameFacts | None:
        one = self._examined.get(number)
        return FrameFacts(one.format.name, one.width, one.height, one.captured, one.camera) if one else None

    def _read_again(self) -> None:
        """Pictures that turned out to be no frames of a sequence lack their fingerprint."""
        lacking = [each for each in self._parts if not each.asset.is_sequence and self._lacks_fingerprint(each.numbers[0])]
        work = [
            (self._task(one.asset, one.asset.files[0], one.numbers[0], fingerprint=True), one.asset.files[0]) for one in lacking
        ]
        for task, file in work:
            self._examined.forget(task.key)
            self._take_kept(task, file)
        count = sum(not self._examined.has(task.key) for task, _ in work)
        self._run(work, count, "reading again")

    def _lacks_fingerprint(self, number: int) -> bool:
        one = self._examined.get(number) if self._fingerprints else None
        return one is not None and one.format.picture and one.fingerprint is None and not one.picture_note

    def _recall(self) -> None:
        """Take what earlier scans read of files that have not changed since."""
        if self._kept is None:
            return
        self._progress("recalling", 0, self._files)
        work = chain.from_iterable(map(self._tasks, self._planned()))
        for done, (task, file) in enumerate(work, 1):
            self.recalled += self._take_kept(task, file)
            self._progress("recalling", done, self._files)
        if self._paranoid and self.recalled:
            self._doubt()

    def _take_kept(self, task: ExamineTask, file: FileEntry) -> bool:
        kept = self._kept.recall(task, file) if self._kept else None
        if kept is None:
            return False
        try:
            self._examined.put_shared(task.key, kept.examination(task.key))
        except ValueError:
            # Damaged where it was kept: as if it had not been.
            return False
        return True

    def _doubt(self) -> None:
        """Forget what was recalled of files whose bytes are not those of then."""
        work = chain.from_iterable(map(self._tasks, self._planned()))
        tasks = (DigestTask(task.key, task.path, task.size_bytes) for task, _ in work if self._examined.has(task.key))
        total = self.recalled
        for done, result in enumerate(self._engine.run(tasks), 1):
            known = self._examined.get(result.key)
            digest = result.sha256 if isinstance(result, FileDigest) else ""
            if known is None or not digest or digest != known.hash.value:
                self._examined.forget(result.key)
                self.recalled -= 1
            self._progress("comparing with what was kept", done, total)

    def _run(self, work: Iterable[tuple[ExamineTask, FileEntry]], count: int, phase: str) -> None:
        self._progress(phase, 0, count)
        if not count:
            return
        for done, result in enumerate(self._engine.run(self._handed_out(work)), 1):
            task, file = self._at_work.pop(result.key)
            if isinstance(result, WorkFailed):
                self._examined.put(result.key, missing_examination(result.key, result.why))
            elif isinstance(result, Examination):
                self._examined.put(result.key, result)
                if self._kept:
                    self._kept.keep(task, file, result)
            self._progress(phase, done, count)

    def _handed_out(self, work: Iterable[tuple[ExamineTask, FileEntry]]) -> Iterator[ExamineTask]:
        """The tasks of files that are not read yet; noted until they are answered."""
        for task, file in work:
            if not self._examined.has(task.key):
                self._at_work[task.key] = task, file
                yield task

    def _tasks(self, each: _Numbered) -> Iterator[tuple[ExamineTask, FileEntry]]:
        asset = each.asset
        sampled = compared_frames(asset) if self._fingerprints else frozenset()
        for index, (number, file) in enumerate(each.pairs()):
            if file.failed:
                continue
            if index < len(asset.files):
                fingerprint = self._fingerprints and (index in sampled or file.name.lower().endswith(_PHOTOGRAPH_EXTENSIONS))
                yield self._task(asset, file, number, fingerprint=fingerprint), file
            else:
                yield self._sidecar_task(asset, file, number), file

    def _sidecar_task(self, asset: Asset, file: FileEntry, number: int) -> ExamineTask:
        return ExamineTask(
            key=number,
            path=self.absolute(asset.root, file.path),
            size_bytes=file.size_bytes,
            sidecar=True,
            fingerprint=False,
            sealed_algorithms=self._sealed_algorithms(asset.root, file),
        )

    def _task(self, asset: Asset, file: FileEntry, number: int, *, fingerprint: bool) -> ExamineTask:
        detached = next((one for one in asset.sidecars if one.name.lower().endswith(".c2pa")), None) if asset.sidecars else None
        return ExamineTask(
            key=number,
            path=self.absolute(asset.root, file.path),
            size_bytes=file.size_bytes,
            manifest_sidecar=self.absolute(asset.root, detached.path) if detached and not asset.is_sequence else None,
            fingerprint=fingerprint,
            hash_always=file.size_bytes in self._hash_sizes,
            sealed_algorithms=self._sealed_algorithms(asset.root, file),
        )

    def _sealed_algorithms(self, root: int, file: FileEntry) -> tuple[str, ...]:
        return self._sealed.algorithms(root, file.path) if self._sealed else ()

    def _gather(self, gathered: Spool[Gathered], wanted: Callable[[Gathered], bool]) -> Iterator[FileRecord]:
        """Put together what the assets are, and yield their files on the way."""
        for each in self._assets():
            asset = each.asset
            files = (*asset.files, *asset.sidecars)
            examinations = [self._examination(number, file) for number, file in zip(each.numbers, files, strict=True)]
            count = len(asset.files)
            one = gather(asset, examinations[:count], examinations[count:])
            if wanted(one):
                gathered.append(one)
            yield from map(_record, repeat(asset.root), files, examinations)

    def _examination(self, number: int, file: FileEntry) -> Examination:
        if file.failed:
            return missing_examination(-1, file.failed)
        return self._examined.get(number) or unreached_examination()


def _record(root: int, file: FileEntry, one: Examination) -> FileRecord:
    # What changed while it was read has no bytes that the report could stand for.
    return FileRecord(root, file.path, file.size_bytes, file.mtime_ns, "" if one.changed else one.hash.value or "")


def compared_frames(asset: Asset) -> frozenset[int]:
    """Return the frames of a sequence whose pictures are compared as stills, by position: first, middle and last.

    Metadata is read of every frame; how pictures in between are looked at is the work of `pipeline.film_matching`.
    """
    last = len(asset.files) - 1
    return frozenset({0, last // 2, last})
