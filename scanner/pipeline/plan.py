"""What there is to do: roots, files, assets and their zones, before anything is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scanner.crawl.assets import find_assets
from scanner.crawl.walk import check_roots, crawl
from scanner.crawl.zones import DEFAULT_GLOBS, ZoneMap
from scanner.model.assets import Asset, Crawl
from scanner.model.errors import NothingToScan
from scanner.pipeline.settings import ScanSettings

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is (0: not known)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One delivery, found but not read."""

    roots: tuple[str, ...]
    crawls: tuple[Crawl, ...]
    assets: tuple[Asset, ...]
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
    crawls = tuple(crawl(root) for root in roots)
    zones = ZoneMap((*DEFAULT_GLOBS, *settings.zones))
    if not any(one.files or one.unreadable_folders for one in crawls):
        raise NothingToScan("there is no file to scan", where=", ".join(settings.paths), next_step="Is the drive mounted?")
    assets = tuple(asset for index, one in enumerate(crawls) for asset in find_assets(index, one, zones))
    return Plan(roots, crawls, assets, zones)
