"""A scan's assets in the order that reports tell them in, and what one walk over them counted; worked out once a scan."""

from __future__ import annotations

import weakref
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from scanner.model.scan import AssetRecord, Scan
from scanner.report.tally import Places, Tally


class Ordered:
    """Assets by root and path; where they came in another order, their places are kept beside them."""

    def __init__(self, assets: Sequence[AssetRecord], order: Places | None = None) -> None:
        self._assets = assets
        self._order = order

    def __len__(self) -> int:
        return len(self._assets)

    def __iter__(self) -> Iterator[AssetRecord]:
        return iter(self._assets) if self._order is None else (self._assets[index] for index in self._order)

    def at(self, place: int) -> AssetRecord:
        """Return the asset at a place of the order."""
        return self._assets[self.index_of(place)]

    def of(self, assets: Sequence[AssetRecord]) -> Ordered:
        """Return other assets in the same order."""
        return Ordered(assets, self._order)

    def index_of(self, place: int) -> int:
        """Return the index in the scan of the asset at a place of the order."""
        return place if self._order is None else self._order[place]

    def find(self, root: int, path: str) -> int | None:
        """Return the index in the scan of the asset that a path names; None where there is none."""
        wanted = (root, path)
        place = bisect_left(range(len(self)), wanted, key=lambda at: _key(self.at(at)))
        found = place < len(self) and _key(self.at(place)) == wanted
        return self.index_of(place) if found else None


def tally_of(scan: Scan) -> Tally:
    """Return what its assets come to."""
    return _walked(scan)[0]


def ordered(scan: Scan) -> Ordered:
    """Return its assets in their order."""
    return _walked(scan)[1]


def remember(scan: Scan, tally: Tally) -> None:
    """Spare a scan whose assets lie in their order the walk, as `tally` counted them on their way into it."""
    _keep(scan, tally, Ordered(scan.assets))


def share(scan: Scan, other: Scan, reworded: Callable[[str], str]) -> None:
    """Spare another scan the walk: its assets are those of `scan` but for some words of theirs."""
    tally, assets = _walked(scan)
    _keep(other, tally.reworded(reworded), assets.of(other.assets))


_Walked = tuple[Tally, Ordered]
_KEPT: dict[int, tuple[weakref.ref[Scan], _Walked]] = {}
"""By identity: two scans that are equal are two, and to compare them would take longer than to count."""


def _walked(scan: Scan) -> _Walked:
    kept = _KEPT.get(id(scan))
    return kept[1] if kept and kept[0]() is scan else _keep(scan, *_walk(scan.assets))


def _keep(scan: Scan, tally: Tally, assets: Ordered) -> _Walked:
    identity, walked = id(scan), (tally, assets)
    _KEPT[identity] = (weakref.ref(scan, lambda _: _KEPT.pop(identity, None)), walked)
    return walked


def _walk(assets: Sequence[AssetRecord]) -> _Walked:
    tally, last = Tally(), (-1, "")
    for record in assets:
        if (here := _key(record)) < last:
            break
        tally.add(record)
        last = here
    else:
        return tally.end(), Ordered(assets)
    return _walk_sorted(assets)


def _walk_sorted(assets: Sequence[AssetRecord]) -> _Walked:
    keys = [_key(record) for record in assets]
    found = Ordered(assets, array("I", sorted(range(len(keys)), key=keys.__getitem__)))
    tally = Tally()
    for record in found:
        tally.add(record)
    return tally.end(), found


def _key(record: AssetRecord) -> tuple[int, str]:
    return record.root, record.path
