"""Reading a plan: tasks out, examinations in, candidates for sequences confirmed or taken apart."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from scanner.crawl.assets import split_asset
from scanner.crawl.sequences import FrameFacts, confirm
from scanner.crawl.walk import by_components, root_folder
from scanner.model.assets import Asset, FileEntry
from scanner.model.protocols import Engine
from scanner.model.scan import FileRecord
from scanner.model.work import Examination, ExamineTask, WorkFailed
from scanner.pipeline.gather import Gathered, gather, missing_examination, unreached_examination
from scanner.pipeline.plan import Plan, Progress
from scanner.pipeline.sealed_files import SealedLists

_PHOTOGRAPH_EXTENSIONS = (".jpg", ".jpeg", ".heic", ".png")
"""Numbered files of these types are often single pictures after all, so each is fingerprinted from the start."""

FileKey = tuple[int, str]
"""Root index and path below it."""


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
    ) -> None:
        """Prepare to read `plan` on `engine`; files of exactly `hash_sizes` bytes are hashed whatever their size.

        `sealed` are the plan's lists of sealed hashes, which are read before the files.
        """
        self._plan = plan
        self._folders = [root_folder(root) for root in plan.roots]
        self._engine = engine
        self._progress = progress
        self._fingerprints = fingerprints
        self._hash_sizes = frozenset(hash_sizes)
        self._sealed = sealed
        self._read: dict[FileKey, Examination] = {}
        self.interrupted = False

    def read(self) -> tuple[Gathered, ...]:
        """Read every file and return the assets, sorted as the plan has them. Ctrl-C ends the reading, not the method."""
        try:
            if self._sealed:
                self._sealed.read(self._engine, self._progress)
            self._examine(self._plan.assets)
            # What a candidate was taken apart into does not sort where the candidate stood.
            parts = (part for asset in self._plan.assets for part in self._confirmed(asset))
            assets = tuple(sorted(parts, key=lambda part: (part.root, by_components(part.path), part.is_sequence)))
            self._examine_again(assets)
        except KeyboardInterrupt:
            self.interrupted = True
            assets = self._plan.assets
        return tuple(self._gathered(asset) for asset in assets)

    def inventory(self) -> tuple[FileRecord, ...]:
        """Return every regular file of the plan, with the digest of its bytes where it was read."""
        return tuple(
            FileRecord(root, file.path, file.size_bytes, file.mtime_ns, self._digest(root, file.path))
            for root, one in enumerate(self._plan.crawls)
            for file in one.files
        )

    def _digest(self, root: int, path: str) -> str:
        one = self._read.get((root, path))
        # What changed while it was read has no bytes that the report could stand for.
        return "" if one is None or one.changed else one.hash.value or ""

    def absolute(self, root: int, path: str) -> str:
        """Return the absolute path of a file below a root."""
        return os.path.join(self._folders[root], path)

    def _examine(self, assets: Iterable[Asset]) -> None:
        self._run([task for asset in assets for task in self._tasks(asset)], "reading")

    def _examine_again(self, assets: Sequence[Asset]) -> None:
        """Pictures that turned out to be no frames of a sequence lack their fingerprint."""
        lacking = [
            (asset, asset.files[0])
            for asset in assets
            if self._fingerprints and not asset.is_sequence and self._lacks_fingerprint(asset)
        ]
        self._run(
            [(asset.root, file.path, self._task(asset, file, fingerprint=True)) for asset, file in lacking], "reading again"
        )

    def _lacks_fingerprint(self, asset: Asset) -> bool:
        one = self._read.get((asset.root, asset.files[0].path))
        return one is not None and one.format.picture and one.fingerprint is None and not one.picture_note

    def _run(self, work: list[tuple[int, str, ExamineTask]], phase: str) -> None:
        keys = [(root, path) for root, path, _ in work]
        tasks = (replace(task, key=number) for number, (_, _, task) in enumerate(work))
        self._progress(phase, 0, len(work))
        for done, result in enumerate(self._engine.run(tasks), 1):
            if isinstance(result, WorkFailed):
                self._read[keys[result.key]] = missing_examination(result.key, result.why)
            elif isinstance(result, Examination):
                self._read[keys[result.key]] = result
            self._progress(phase, done, len(work))

    def _tasks(self, asset: Asset) -> Iterator[tuple[int, str, ExamineTask]]:
        sampled = compared_frames(asset)
        for index, file in enumerate(asset.files):
            if not file.failed:
                fingerprint = self._fingerprints and (index in sampled or file.name.lower().endswith(_PHOTOGRAPH_EXTENSIONS))
                yield asset.root, file.path, self._task(asset, file, fingerprint=fingerprint)
        for sidecar in asset.sidecars:
            if not sidecar.failed:
                task = ExamineTask(
                    key=0,
                    path=self.absolute(asset.root, sidecar.path),
                    size_bytes=sidecar.size_bytes,
                    sidecar=True,
                    fingerprint=False,
                    sealed_algorithms=self._sealed_algorithms(asset.root, sidecar),
                )
                yield asset.root, sidecar.path, task

    def _task(self, asset: Asset, file: FileEntry, *, fingerprint: bool) -> ExamineTask:
        detached = next((one for one in asset.sidecars if one.name.lower().endswith(".c2pa")), None)
        return ExamineTask(
            key=0,
            path=self.absolute(asset.root, file.path),
            size_bytes=file.size_bytes,
            manifest_sidecar=self.absolute(asset.root, detached.path) if detached and not asset.is_sequence else None,
            fingerprint=fingerprint,
            hash_always=file.size_bytes in self._hash_sizes,
            sealed_algorithms=self._sealed_algorithms(asset.root, file),
        )

    def _sealed_algorithms(self, root: int, file: FileEntry) -> tuple[str, ...]:
        return self._sealed.algorithms(root, file.path) if self._sealed else ()

    def _confirmed(self, asset: Asset) -> tuple[Asset, ...]:
        if not asset.is_sequence:
            return (asset,)
        facts = [self._facts(asset.root, file) for file in asset.files]
        return split_asset(asset, confirm(asset, facts), self._plan.zones)

    def _facts(self, root: int, file: FileEntry) -> FrameFacts | None:
        one = self._read.get((root, file.path))
        return FrameFacts(one.format.name, one.width, one.height, one.captured, one.camera) if one else None

    def _gathered(self, asset: Asset) -> Gathered:
        files = [self.examination(asset.root, file) for file in asset.files]
        return gather(asset, files, [self.examination(asset.root, sidecar) for sidecar in asset.sidecars])

    def examination(self, root: int, file: FileEntry) -> Examination:
        """Return what a file yielded, or what stands for it where it was not read."""
        if file.failed:
            return missing_examination(-1, file.failed)
        return self._read.get((root, file.path)) or unreached_examination()


def compared_frames(asset: Asset) -> frozenset[int]:
    """Return the frames of a sequence whose pictures are compared as stills, by position: first, middle and last.

    Metadata is read of every frame; how pictures in between are looked at is the work of `pipeline.film_matching`.
    """
    last = len(asset.files) - 1
    return frozenset({0, last // 2, last})
