"""Readings on their way from the scans of parts to the report of the whole: noted there, recalled here."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from scanner.crawl.assets import find_assets
from scanner.crawl.walk import root_folder
from scanner.crawl.zones import DEFAULT_GLOBS, ZoneMap
from scanner.model.assets import Crawl, FileEntry
from scanner.model.judging import ZoneGlob
from scanner.model.shards import Shard, ShardFile, ShardPart, ShardReading, ShardRoot
from scanner.model.work import Examination, ExamineTask
from scanner.pipeline.plan import Plan, in_order
from scanner.pipeline.recollection import Recollection
from scanner.pipeline.settings import ScanSettings
from scanner.pipeline.shards import plan_sha256
from scanner.tools.spool import Spool, sorted_spool
from scanner.tools.value_pickles import value_bytes

BLOCK = 500
"""Values pickled and compressed together."""
LISTED = "files-from"
"""Setting that says whether a scan read the files of a list only."""
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ShardRecalled:
    """A reading of a part, for `pipeline.reading`."""

    read: Examination

    def examination(self, key: int = 0) -> Examination:
        """Return it under the number of a task."""
        return replace(self.read, key=key)


class ShardReadings:
    """Stands where a scan's store stands: recalls what parts read, and notes what this scan reads. For one thread at a time."""

    def __init__(self, kept: Recollection | None = None, known: Mapping[_Key, Examination] | None = None) -> None:
        """Note readings, those of `kept` too; or recall those that are `known`, by path and what was asked."""
        self._kept = kept
        self._known = known or {}
        self._noted: Spool[tuple[str, str, Examination]] = Spool()

    @property
    def trouble(self) -> str:
        """As `Recollection.trouble`."""
        return self._kept.trouble if self._kept else ""

    def recall(self, task: ExamineTask, file: FileEntry) -> ShardRecalled | None:
        """Return what is known of a file, if it was asked the same."""
        known = self._known.get((task.path, _asked(task)))
        if known is None and self._kept and (kept := self._kept.recall(task, file)):
            try:
                known = kept.examination(task.key)
            except ValueError:
                return None
            self._noted.append((task.path, _asked(task), known))
        return ShardRecalled(known) if known else None

    def keep(self, task: ExamineTask, file: FileEntry, examination: Examination) -> None:
        """Note what was read of a file."""
        self._noted.append((task.path, _asked(task), examination))
        if self._kept:
            self._kept.keep(task, file, examination)

    def flush(self) -> None:
        """As `Recollection.flush`."""
        if self._kept:
            self._kept.flush()

    def part(self, shard: Shard, whole: Plan, plan: Plan, made_of: Mapping[str, str]) -> ShardPart:
        """Return what the report of a part carries: `plan` of `whole`, and what was noted."""
        roots = [ShardRoot(one.folders, one.specials, one.unreadable_folders) for one in plan.crawls]
        files = (ShardFile(root, file) for root, one in enumerate(plan.crawls) for file in one.files)
        blocks = (_packed(block) for values in (roots, files, self._readings(plan)) for block in _blocks(values))
        return ShardPart(shard, plan_sha256(whole), tuple(sorted(made_of.items())), tuple(blocks))

    def _readings(self, plan: Plan) -> Iterator[ShardReading]:
        folders = [os.path.join(root_folder(root), "") for root in plan.roots]
        for path, asked, examination in self._noted:
            root = next(index for index, folder in enumerate(folders) if path.startswith(folder))
            yield ShardReading(root, path.removeprefix(folders[root]), asked, examination)


@dataclass(frozen=True, slots=True)
class MergedParts:
    """What the reports of parts carry together; parts that are missing are told in `missing`."""

    roots: tuple[str, ...]
    plan_sha256: str
    beside: tuple[ShardRoot, ...]
    files: Sequence[ShardFile]
    readings: Mapping[tuple[int, str, str], Examination]
    """By root, path and what was asked."""
    made_of: Mapping[str, str]
    missing: tuple[Shard, ...] = ()

    def plan(self, zones: Sequence[ZoneGlob], doubt: str) -> Plan:
        """Return the plan of the whole; `doubt` says why the tree cannot be taken for what the parts read, as a clause."""
        zone_map = ZoneMap((*DEFAULT_GLOBS, *zones))
        reasons = [f"the report of part {shard} is missing, so that its files are not in this one" for shard in self.missing]
        reasons += [doubt] if doubt else []
        ordered = sorted(self.files, key=lambda one: (one.root, one.file.path))
        crawls = tuple(
            Crawl(
                Spool(one.file for one in ordered if one.root == root),
                beside.specials,
                (*beside.unreadable_folders, *(("", reason) for reason in (reasons if root == 0 else ()))),
                beside.folders,
            )
            for root, beside in enumerate(self.beside)
        )
        grouped = groupby(ordered, key=lambda one: (one.root, one.file.path.rpartition("/")[0]))
        assets = (asset for (root, _), group in grouped for asset in find_assets(root, [one.file for one in group], zone_map))
        return Plan(self.roots, crawls, sorted_spool(assets, key=in_order), zone_map)

    def recollection(self) -> ShardReadings:
        """Return what the parts read, to be recalled."""
        folders = [root_folder(root) for root in self.roots]
        return ShardReadings(
            known={(os.path.join(folders[root], path), asked): one for (root, path, asked), one in self.readings.items()}
        )


def told_settings(settings: ScanSettings, made_of: str, policy_sha256: str) -> dict[str, str]:
    """Return what parts must have in common, for people: `made_of` is that of the version of readings."""
    told: dict[str, str] = json.loads(made_of)
    return {
        **told,
        "policy": policy_sha256,
        LISTED: "yes" if settings.listed is not None else "",
        "fingerprints": str(settings.fingerprints),
        "check-hashes": str(settings.check_hashes),
    }


def _asked(task: ExamineTask) -> str:
    manifest = task.manifest_sidecar is not None
    return f"{task.sidecar:d}{task.fingerprint:d}{task.hash_always:d}{manifest:d} {' '.join(task.sealed_algorithms)}"


def _blocks(values: Iterable[object]) -> Iterator[tuple[object, ...]]:
    block: list[object] = []
    for value in values:
        block.append(value)
        if len(block) == BLOCK:
            yield tuple(block)
            block = []
    if block:
        yield tuple(block)


def _packed(block: tuple[object, ...]) -> bytes:
    return zlib.compress(value_bytes(block), 6)
