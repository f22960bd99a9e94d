from __future__ import annotations

import gc
from dataclasses import replace

from scanner.report import ordered as ordering
from scanner.report.ordered import ordered, remember, share, tally_of
from scanner.report.tally import Tally
from scanner.report.worklist import in_order
from scanner.tools.spool import Spool
from tests.report.large import large
from tests.report.parts import asset


def scan_of(*paths, kept=tuple):
    return replace(large(0), assets=kept(asset(path) for path in paths))


def test_assets_come_by_root_and_path_with_their_index():
    scan = scan_of("b.jpg", "a/z.jpg", "a.jpg")
    assert [(index, record.path) for index, record in in_order(scan)] == [(2, "a.jpg"), (1, "a/z.jpg"), (0, "b.jpg")]
    assert [record.path for record in ordered(scan)] == ["a.jpg", "a/z.jpg", "b.jpg"]
    assert ordered(scan).at(0).path == "a.jpg"


def test_an_asset_is_found_by_root_and_path():
    for kept in (tuple, Spool):
        scan = scan_of(*(f"{number:04}.jpg" for number in range(600)), kept=kept)
        assert [ordered(scan).find(0, f"{number:04}.jpg") for number in (0, 299, 599)] == [0, 299, 599]
    unsorted = scan_of("b.jpg", "a.jpg")
    assert (ordered(unsorted).find(0, "b.jpg"), ordered(unsorted).find(0, "a.jpg")) == (0, 1)
    assert ordered(unsorted).find(1, "a.jpg") is None
    assert ordered(unsorted).find(0, "ab.jpg") is None
    assert ordered(scan_of()).find(0, "a.jpg") is None


def test_assets_are_counted_once_a_scan():
    walks = []

    class Watched(tuple):
        def __iter__(self):
            walks.append(1)
            return super().__iter__()

    scan = replace(large(0), assets=Watched(large(5).assets[:1]))
    assert tally_of(scan) is tally_of(scan)
    assert len(walks) == 1


def test_a_scan_that_was_counted_on_its_way_is_not_walked():
    scan, tally = large(3), Tally()
    remember(scan, tally)
    assert tally_of(scan) is tally
    other = replace(scan)
    share(scan, other, str)
    assert tally_of(other).count == tally.count
    assert tally_of(replace(scan)).count == 3, "equal is not the same"


def test_what_was_counted_goes_with_its_scan():
    scan = large(3)
    tally_of(scan)
    kept = len(ordering._KEPT)
    del scan
    gc.collect()
    assert len(ordering._KEPT) < kept
