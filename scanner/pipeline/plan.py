"""What there is to do: roots, files, assets and their zones, before anything is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from scanner.crawl.assets import find_assets
from scanner.crawl.listed import crawl_listed
from scanner.crawl.walk import check_roots, crawl
from scanner.crawl.zones import DEFAULT_GLOBS, ZoneMap
from scanner.model.assets import Asset, Crawl, FileEntry
from scanner.model.errors import NothingToScan
from scanner.pipeline.settings import ScanSettings
from scanner.tools.spool import Sorting, Spool

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is (0: not known)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One delivery, found but not read."""

    roots: tuple[str, ...]
    crawls: tuple[Crawl, ...]
    assets: Sequence[Asset]
    """Sorted by root and path, a file before a sequence."""
    zones: ZoneMap

    @property
    def files(self) -> int:
        """Regular files under all roots."""
        return sum(len(one.files) for one in self.crawls)


def make_plan(settings: ScanSettings) -> Plan:
    """Walk the roots and sort their files into assets.

    Raises:
        UsageError: a root is missing, overlaps another or is no file or folder.
        NothingToScan: there is no file under any root.
    """
    roots = check_roots(settings.paths)
    zones = ZoneMap((*DEFAULT_GLOBS, *settings.zones))
    crawls, assets = zip(*(_found(index, root, zones, settings.listed) for index, root in enumerate(roots)), strict=True)
    if not any(one.files or one.unreadable_folders for one in crawls):
        if settings.listed is not None:
            raise NothingToScan("the list names no file", where="--files-from", next_step="Is it the right list?")
        raise NothingToScan("there is no file to scan", where=", ".join(settings.paths), next_step="Is the drive mounted?")
    return Plan(roots, crawls, assets[0] if len(roots) == 1 else Spool(chain.from_iterable(assets)), zones)


def in_order(asset: Asset) -> tuple[int, str, bool]:
    """Sort key of assets."""
    return asset.root, asset.path, asset.is_sequence


def _found(index: int, root: str, zones: ZoneMap, listed: Sequence[str] | None) -> tuple[Crawl, Spool[Asset]]:
    assets: Sorting[Asset] = Sorting(in_order)

    def each_folder(files: Sequence[FileEntry]) -> None:
        assets.extend(find_assets(index, files, zones))

    crawled = crawl(root, each_folder) if listed is None else crawl_listed(root, listed, each_folder)
    return crawled, assets.end()
