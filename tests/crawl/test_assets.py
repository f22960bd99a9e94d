"""From files to assets. The law over all: every regular file exactly once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from scanner.crawl.assets import find_assets, split_asset
from scanner.crawl.sequences import FrameFacts, confirm
from scanner.crawl.walk import crawl
from scanner.crawl.zones import DEFAULT_GLOBS, ZoneMap, parse_zone_option
from scanner.model.assets import Asset, Crawl, FileEntry
from scanner.model.judging import Zone

FRAMES = [f"shots/a.{frame}.exr" for frame in range(1001, 1021)]

WORDS = st.sampled_from(["a", "b", "a.jpg", "._a", "still_v", "line\nbreak", "bad\udcff", "-x", "a.-", ""])
NUMBERS = st.one_of(st.just(""), st.integers(0, 12).map(str), st.integers(0, 12).map("{:04d}".format), st.just("9" * 30))
ENDINGS = st.sampled_from([".jpg", ".JPG", ".exr", ".png", ".mov", ".xmp", ".XMP", ".c2pa", ".jpg.xmp", ".exr.c2pa", ""])
NAMES = st.builds(lambda word, number, ending: f"{word}{number}{ending}", WORDS, NUMBERS, ENDINGS).filter(bool)
PATHS = st.builds(lambda folder, name: folder + name, st.sampled_from(["", "x/", "final/y/"]), NAMES)
RUNS = st.builds(
    lambda base, start, count, ending: [f"{base}{frame:04d}{ending}" for frame in range(start, start + count)],
    st.sampled_from(["a.", "x/a", "x/b_"]),
    st.integers(0, 30),
    st.integers(6, 24),
    st.sampled_from([".exr", ".jpg", ".xmp", ".exr.xmp"]),
)
TREES = st.builds(
    lambda paths, runs: sorted({*paths, *(path for run in runs for path in run)}),
    st.lists(PATHS, max_size=40),
    st.lists(RUNS, max_size=4),
)
FACTS = st.sampled_from([None, FrameFacts("exr", 10, 10), FrameFacts("jpeg", 20, 10), FrameFacts("exr"), FrameFacts("")])


def crawled(paths: list[str]) -> Crawl:
    return Crawl(tuple(FileEntry(path, 1) for path in paths), (), (), 1)


def assets_of(*paths: str) -> tuple[Asset, ...]:
    return find_assets(0, crawled(list(paths)).files, ZoneMap())


def files_of(assets: tuple[Asset, ...]) -> Counter[str]:
    return Counter(file.path for asset in assets for file in (*asset.files, *asset.sidecars))


@given(TREES)
def test_every_file_is_in_exactly_one_place(paths: list[str]) -> None:
    assets = assets_of(*paths)
    assert files_of(assets) == Counter(paths)
    assert [asset.path.split("/") for asset in assets] == sorted(asset.path.split("/") for asset in assets)
    assert all(len(asset.files) == 1 or asset.is_sequence for asset in assets)
    assert all(len(asset.files) == len(asset.frames) for asset in assets if asset.is_sequence)


@given(TREES, st.data())
def test_breaking_up_loses_and_doubles_nothing(paths: list[str], draw: st.DataObject) -> None:
    for asset in assets_of(*paths):
        if not asset.is_sequence:
            continue
        confirmation = confirm(asset, [draw.draw(FACTS) for _ in asset.files])
        parts = split_asset(asset, confirmation, ZoneMap())
        assert files_of(parts) == files_of((asset,))
        assert (parts == (asset,)) is confirmation.whole


@given(TREES, st.randoms())
def test_the_order_of_arrival_changes_nothing(paths: list[str], shuffler: object) -> None:
    shuffled = list(paths)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    assert assets_of(*shuffled) == assets_of(*paths)


def test_files_sequences_and_sidecars_stand_together() -> None:
    assets = assets_of(*FRAMES, "shots/a.1004.xmp", "shots/a.1002.exr.c2pa", "final/b.jpg", "final/b.xmp", "lone.xmp")
    assert [(asset.path, len(asset.files), [file.name for file in asset.sidecars]) for asset in assets] == [
        ("final/b.jpg", 1, ["b.xmp"]),
        ("lone.xmp", 1, []),
        ("shots/a.1001-1020#.exr", 20, ["a.1002.exr.c2pa", "a.1004.xmp"]),
    ]
    assert [asset.zone.zone for asset in assets] == [Zone.FINAL, Zone.UNASSIGNED, Zone.UNASSIGNED]
    assert assets[2].frames == tuple(range(1001, 1021))
    assert assets[2].size_bytes == 20


def test_a_sidecar_in_doubt_is_an_asset_that_says_so() -> None:
    doubtful = assets_of("a.jpg", "a.png", "a.xmp")[2]
    assert doubtful.path == "a.xmp"
    assert "a.jpg, a.png" in doubtful.sidecar_doubt


def test_root_and_gaps_are_recorded() -> None:
    asset = find_assets(3, crawled([path for path in FRAMES if "1010" not in path]).files, ZoneMap())[0]
    assert (asset.root, asset.missing) == (3, "1010")


def test_camera_pictures_fall_apart_with_their_sidecars_and_zones() -> None:
    names = [f"IMG_{number:04d}.JPG" for number in range(1, 11)]
    zones = ZoneMap((*DEFAULT_GLOBS, parse_zone_option("IMG_0003.*=archival")))
    candidate = find_assets(0, crawled([*names, "IMG_0005.xmp"]).files, zones)[0]
    facts = [FrameFacts("jpeg", 6000, 4000, f"2024:05:01 10:{minute:02}:00", "NIKON Z 9") for minute in range(10)]
    parts = split_asset(candidate, confirm(candidate, facts), zones)
    assert [part.path for part in parts] == names
    assert [part.path for part in parts if part.sidecars] == ["IMG_0005.JPG"]
    assert [part.path for part in parts if part.zone.zone is Zone.ARCHIVAL] == ["IMG_0003.JPG"]
    assert not any(part.is_sequence for part in parts)


def test_a_frame_of_another_size_leaves_a_gap() -> None:
    candidate = assets_of(*FRAMES, "shots/a.1006.xmp")[0]
    facts = [FrameFacts("exr", 10, 10)] * 20
    facts[5] = FrameFacts("exr", 5, 5)
    sequence, single = split_asset(candidate, confirm(candidate, facts), ZoneMap())
    assert (sequence.path, sequence.missing, len(sequence.files)) == ("shots/a.1001-1020#.exr", "1006", 19)
    assert (single.path, [file.name for file in single.sidecars]) == ("shots/a.1006.exr", ["a.1006.xmp"])
    assert sequence.sidecars == ()


def test_a_file_that_bears_a_sequences_name_does_not_hide_it() -> None:
    assets = assets_of(*FRAMES, "shots/a.1001-1020#.exr")
    assert [(asset.path, asset.is_sequence) for asset in assets] == [
        ("shots/a.1001-1020#.exr", False),
        ("shots/a.1001-1020#.exr", True),
    ]


def test_from_a_real_tree(tmp_path: Path) -> None:
    for path in [*FRAMES, "temp/x.png", "report/scan.json", ".DS_Store"]:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(b"")
    found = find_assets(0, crawl(str(tmp_path)).files, ZoneMap())
    assert [asset.path for asset in found] == [".DS_Store", "report/scan.json", "shots/a.1001-1020#.exr", "temp/x.png"]
