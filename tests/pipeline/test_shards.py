from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.crawl.assets import find_assets
from scanner.crawl.zones import ZoneMap
from scanner.model.assets import Crawl, FileEntry
from scanner.model.errors import NothingToScan, UsageError
from scanner.model.shards import Shard
from scanner.pipeline.plan import Plan, in_order
from scanner.pipeline.shards import parse_shard, part_of, plan_sha256


def plan_of(*files: FileEntry) -> Plan:
    ordered = sorted(files, key=lambda file: file.path)
    zones = ZoneMap()
    folders = sorted({file.path.rpartition("/")[0] for file in ordered})
    assets = [
        asset
        for folder in folders
        for asset in find_assets(0, [file for file in ordered if file.path.rpartition("/")[0] == folder], zones)
    ]
    return Plan(("/root",), (Crawl(tuple(ordered), (), (), 1),), sorted(assets, key=in_order), zones)


def delivery() -> Plan:
    singles = [FileEntry(f"a/{number}.jpg", 1000 * number) for number in range(40)]
    frames = [FileEntry(f"seq/f.{number:04}.exr", 50_000_000) for number in range(60)]
    return plan_of(*singles, *frames, FileEntry("a/3.jpg.xmp", 10), FileEntry("z/master.mov", 200 << 30))


@pytest.mark.parametrize("text", ["1/1", "3/8", " 8/8 "])
def test_a_part_is_read(text):
    assert str(parse_shard(text)) == text.strip().replace("/", " of ")


@pytest.mark.parametrize(
    "text", ["", "x", "0/3", "4/3", "1/0", "1", "1/", "/3", "-1/3", "1/3/5", "1.0/3", "1/10001", "١/٣", "1e1/20"]
)
def test_what_is_no_part_is_told(text):
    with pytest.raises(UsageError, match="Write I/N") as told:
        parse_shard(text)
    assert "\n" not in str(told.value)


@given(st.integers(1, 12), st.integers(0, 30))
def test_every_file_is_in_exactly_one_part_with_its_asset(count, number):
    plan = plan_of(*delivery().crawls[0].files, FileEntry("m.mov", number << 20))
    parts = []
    for index in range(1, count + 1):
        try:
            parts.append(part_of(plan, Shard(index, count)))
        except NothingToScan:
            continue
    assert sorted(file.path for part in parts for file in part.crawls[0].files) == [file.path for file in plan.crawls[0].files]
    assert [asset for part in parts for asset in part.assets] == list(plan.assets)


def test_parts_are_of_about_one_size():
    plan = plan_of(*(FileEntry(f"{number:04}.txt", 1_000_000 + 1000 * (number % 7)) for number in range(1000)))
    lengths = [len(part_of(plan, Shard(index, 8)).assets) for index in range(1, 9)]
    assert max(lengths) - min(lengths) <= 4


def test_fewer_assets_than_parts_leave_parts_empty():
    plan = plan_of(FileEntry("a.jpg", 1), FileEntry("b.jpg", 1))
    with pytest.raises(NothingToScan, match="has no file"):
        part_of(plan, Shard(1, 5))


def test_the_digest_is_of_what_was_found_wherever_it_is_mounted():
    plan = delivery()
    digest = plan_sha256(plan)
    assert plan_sha256(replace(plan, roots=("/elsewhere",))) == digest
    first, *others = plan.crawls[0].files
    for other in (
        replace(first, size_bytes=9),
        replace(first, mtime_ns=9),
        replace(first, path="a/0.jpeg"),
        replace(first, failed="x"),
    ):
        assert plan_sha256(replace(plan, crawls=(replace(plan.crawls[0], files=(other, *others)),))) != digest
    crawl = replace(plan.crawls[0], unreadable_folders=(("x", "y"),))
    assert plan_sha256(replace(plan, crawls=(crawl,))) != digest
